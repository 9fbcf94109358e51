# fediversity_proxmox_vm: a virtual machine in a Proxmox VE cluster.
{ lib }:
let
  inherit (lib) mkOption types;
  inherit (import ../shared/timeouts.nix { inherit lib; }) timeouts;
  inherit (import ../shared/checks.nix { inherit lib; }) among listed matches stated;
  limit = import ../shared/limit.nix { inherit lib; };
  size = import ../shared/size.nix { inherit lib; };
  option =
    type: example: description:
    mkOption {
      type = types.nullOr type;
      default = null;
      inherit example description;
    };
  object = options: types.submodule { inherit options; };
in
{
  apiVersion = 1;

  request = {
    name = option types.nonEmptyStr "alice-social" "Name of the machine.";
    node = option types.nonEmptyStr "pve1" "Node that it runs on.";
    vmid = option types.ints.positive 204 "Number of the machine in the cluster.";
    clone =
      option
        (object {
          source = option (types.either types.str types.int) "nixos-25.11" "Template that is copied, by name or number.";
          full = option types.bool true "Whether disks are copied in full.";
          storage = option types.nonEmptyStr "ceph" "Storage that gets the copies.";
        })
        { source = "nixos-25.11"; }
        "What the machine is made from.";
    cpu = option (object {
      cores = option types.ints.positive 2 "Cores for each socket.";
      sockets = option types.ints.positive 1 "Sockets.";
      type = option types.nonEmptyStr "x86-64-v2-AES" "Model of the processor.";
    }) { cores = 2; } "Processors.";
    memory = option (object {
      size = option size.type "4G" "Memory.";
      balloon = option size.type "2G" "Memory that stays when the host is short of it.";
    }) { size = "4G"; } "Memory.";
    disks = option (types.attrsOf (object {
      storage = option types.nonEmptyStr "ceph" "Storage that holds the disk.";
      size = option size.type "40G" "Size of the disk.";
      volume = option types.nonEmptyStr "ceph:vm-204-disk-1" "Volume that exists already.";
      import_from = option types.nonEmptyStr "local:import/nixos.qcow2" "Image that a new disk starts with.";
      on_remove = option types.nonEmptyStr "detach" "What becomes of the disk when it is taken out.";
    })) { scsi0.size = "40G"; } "Disks by slot.";
    efi_disk = option (object {
      storage = option types.nonEmptyStr "ceph" "Storage that holds it.";
    }) { storage = "ceph"; } "Volume for UEFI variables.";
    tpm_state = option (object {
      storage = option types.nonEmptyStr "ceph" "Storage that holds it.";
    }) { storage = "ceph"; } "Volume for the state of a TPM.";
    networks = option (types.attrsOf (object {
      bridge = option types.nonEmptyStr "vmbr0" "Bridge that the interface is on.";
      vlan = option (types.ints.between 0 4094) 120 "VLAN of the interface.";
      trunks = option (types.listOf types.str) [ "120" "200-210" ] "VLANs that pass tagged.";
      ipv4 = option (object {
        address = option types.nonEmptyStr "203.0.113.9/24" "Address with the length of its prefix, or `dhcp`.";
        gateway = option types.nonEmptyStr "203.0.113.1" "Gateway.";
      }) { address = "dhcp"; } "Address that cloud-init sets.";
      ipv6 = option (object {
        address = option types.nonEmptyStr "2001:db8::9/64" "Address with the length of its prefix, `dhcp` or `auto`.";
        gateway = option types.nonEmptyStr "2001:db8::1" "Gateway.";
      }) { address = "auto"; } "Address that cloud-init sets.";
    })) { net0.bridge = "vmbr0"; } "Network interfaces by slot.";
    cloud_init = option (object {
      storage = option types.nonEmptyStr "ceph" "Storage that holds the drive.";
      user = option types.nonEmptyStr "ops" "User that is made.";
      ssh_keys = option (types.listOf types.str) [ "ssh-ed25519 AAAA..." ] "Keys that may log in as that user.";
    }) { user = "ops"; } "What cloud-init sets up.";
    agent = option (object {
      enabled = option types.bool true "Whether the guest runs it.";
    }) { enabled = true; } "The QEMU guest agent.";
    migration = option (object {
      target_storage = option types.nonEmptyStr "ceph" "Storage that gets the disks on another node.";
    }) { target_storage = "ceph"; } "How the machine moves to another node.";
    started = option types.bool true "Whether the machine runs.";
    reboot = option types.nonEmptyStr "never" "When a change may reboot it.";
    inherit timeouts;
  };

  offer = {
    max_cores = limit types.ints.positive 8 "Most cores of a machine, over all sockets. No limit where null.";
    max_memory = limit size.type "16G" "Most memory of a machine. No limit where null.";
    max_disk_size = limit size.type "200G" "Largest disk. One that starts with an image has to say its size; one of a template stays as large as it is there. No limit where null.";
    max_disks = limit types.ints.positive 4 "Most disks of a machine. No limit where null.";
    allowed_storage = limit (types.listOf types.nonEmptyStr) [ "ceph" ] "Storage that may hold disks and whatever else belongs to a machine, but for CD-ROM images. Disks and full copies have to say on which they are; linked clones are where their template is. Any where null.";
    allowed_bridges = limit (types.listOf types.nonEmptyStr) [ "vmbr0" ] "Bridges that interfaces may be on. Interfaces have to say which. Any where null.";
    allowed_vlans = limit (types.listOf (types.ints.between 0 4094)) [ 120 ] "VLANs that interfaces may be in, tagged ones among them; 0 stands for none, and interfaces that do not say one are in none. Any where null.";
    allowed_nodes = limit (types.listOf types.nonEmptyStr) [ "pve1" ] "Nodes that machines may be put on. Machines have to say which. Any where null.";
    name_pattern = limit types.nonEmptyStr "[a-z0-9-]+" "Regular expression (POSIX, extended) that names must match as a whole. Machines have to have one. All names where null.";
  };

  checks =
    { request, offer }:
    let
      given = attrs: if attrs == null then { } else attrs;
      cores = given request.cpu;
      count = (if cores.cores or null == null then 1 else cores.cores) * (if cores.sockets or null == null then 1 else cores.sockets);
      # The storage that a volume names; a file or device of the node stands for itself.
      storageOf =
        volume:
        let
          parts = builtins.match "([^:/]+):.*" volume;
        in
        if volume == null then null else if parts == null then volume else lib.head parts;
      # Where disks go on another node: "ceph", or pairs such as "local:ceph,ssd:ceph"; "1" keeps each where it is.
      targetsOf = text: if text == null || text == "1" then [ ] else map (pair: lib.last (lib.splitString ":" pair)) (lib.splitString "," text);
      # The VLANs of a trunk, "20" or "20-30". What is none is for the provider to refuse.
      vlansOf =
        trunk:
        let
          parts = builtins.match "0*([0-9]{1,4})(-0*([0-9]{1,4}))?" trunk;
          first = builtins.fromJSON (lib.head parts);
          last = if lib.elemAt parts 2 == null then first else builtins.fromJSON (lib.elemAt parts 2);
        in
        if parts == null then [ ] else lib.genList (n: first + n) (lib.max 0 (last - first + 1));
      onStorage = path: storage: {
        inherit path;
        offer = "allowed_storage";
        holds = among offer.allowed_storage storage;
        message = "The environment allows no disks on `${storage}`, only on: ${listed offer.allowed_storage}.";
      };
      statesStorage =
        path: value:
        stated {
          inherit path value;
          offer = "allowed_storage";
          allowed = offer.allowed_storage;
          things = "disks";
        };
      # Each disk and each interface is judged by itself, so that one that is not known yet hides no other.
      forDisks = f: lib.concatLists (lib.mapAttrsToList f (given request.disks));
      forNetworks = f: lib.concatLists (lib.mapAttrsToList f (given request.networks));
    in
    [
      (matches {
        path = [ "name" ];
        offer = "name_pattern";
        pattern = offer.name_pattern;
        text = request.name;
      })
      (stated {
        path = [ "node" ];
        offer = "allowed_nodes";
        allowed = offer.allowed_nodes;
        value = request.node;
        things = "machines";
      })
      {
        path = [
          "cpu"
          "cores"
        ];
        offer = "max_cores";
        holds = offer.max_cores == null || request.cpu == null || count <= offer.max_cores;
        message = "${toString count} cores are more than the environment's limit of ${toString offer.max_cores}.";
      }
      {
        path = [
          "memory"
          "size"
        ];
        offer = "max_memory";
        holds =
          offer.max_memory == null
          || request.memory == null
          || request.memory.size == null
          || size.atMost offer.max_memory request.memory.size;
        message = "${request.memory.size} of memory are more than the environment's limit of ${offer.max_memory}.";
      }
      {
        path = [ "disks" ];
        offer = "max_disks";
        holds = offer.max_disks == null || request.disks == null || lib.length (lib.attrNames request.disks) <= offer.max_disks;
        message = "${toString (lib.length (lib.attrNames request.disks))} disks are more than the environment's limit of ${toString offer.max_disks}.";
      }
      (lib.optionals (offer.allowed_storage != null || offer.max_disk_size != null) (
        forDisks (slot: disk: [
          # A volume names its storage, and what is cloned goes where the clone does.
          (lib.optionals (disk != null && (disk.storage != null || disk.volume == null && request.clone == null)) (
            statesStorage [ "disks" slot "storage" ] disk.storage
          ))
          (onStorage [ "disks" slot "volume" ] (storageOf ((given disk).volume or null)))
          {
            path = [
              "disks"
              slot
              "size"
            ];
            offer = "max_disk_size";
            holds =
              offer.max_disk_size == null
              || disk == null
              || (if disk.size == null then disk.import_from == null else size.atMost offer.max_disk_size disk.size);
            message =
              if disk.size == null then
                "The environment's limit for disks is ${offer.max_disk_size}, and the image may be larger. Say in `size` how large the disk is to be."
              else
                "A disk of ${disk.size} is larger than the environment's limit of ${offer.max_disk_size}.";
          }
        ])
      ))
      (lib.optionals (offer.allowed_storage != null) [
        (onStorage [ "efi_disk" "storage" ] (given request.efi_disk).storage or null)
        (onStorage [ "tpm_state" "storage" ] (given request.tpm_state).storage or null)
        (onStorage [ "cloud_init" "storage" ] (given request.cloud_init).storage or null)
        (lib.optionals (request.clone != null && (request.clone.storage != null || request.clone.full != false)) {
          path = [
            "clone"
            "storage"
          ];
          offer = "allowed_storage";
          holds = request.clone.storage != null && among offer.allowed_storage request.clone.storage;
          message =
            if request.clone.storage == null then
              "The environment allows disks only on: ${listed offer.allowed_storage}. Say where the copies go, or set `full = false` for a linked clone, which is where its template is."
            else
              "The environment allows no disks on `${request.clone.storage}`, only on: ${listed offer.allowed_storage}.";
        })
        {
          path = [
            "migration"
            "target_storage"
          ];
          offer = "allowed_storage";
          holds = lib.all (among offer.allowed_storage) (targetsOf ((given request.migration).target_storage or null));
          message = "The environment allows no disks on `${request.migration.target_storage}`, only on: ${listed offer.allowed_storage}.";
        }
      ])
      (lib.optionals (offer.allowed_bridges != null || offer.allowed_vlans != null) (
        forNetworks (slot: network: [
          (lib.optionals (network != null) (stated {
            path = [
              "networks"
              slot
              "bridge"
            ];
            offer = "allowed_bridges";
            allowed = offer.allowed_bridges;
            value = network.bridge;
            things = "interfaces";
          }))
          {
            path = [
              "networks"
              slot
              "vlan"
            ];
            offer = "allowed_vlans";
            # Without a VLAN an interface is in that of the bridge, or in all of them.
            holds = network == null || among offer.allowed_vlans (if network.vlan == null then 0 else network.vlan);
            message = "The environment allows no interfaces ${
              if network.vlan == null then "without a VLAN" else "in VLAN ${toString network.vlan}"
            }, only in: ${listed (map toString offer.allowed_vlans)}.";
          }
          {
            path = [
              "networks"
              slot
              "trunks"
            ];
            offer = "allowed_vlans";
            holds =
              network == null || network.trunks == null || lib.all (among offer.allowed_vlans) (lib.concatMap vlansOf network.trunks);
            message = "The environment allows the VLANs ${listed (map toString offer.allowed_vlans)} only, and more would pass: ${listed network.trunks}.";
          }
        ])
      ))
    ];
}
