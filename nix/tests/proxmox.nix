# What an environment may say about Proxmox.
{ lib }:
let
  rules = environment: import ../. { inherit lib environment; };
  unknown = {
    _fediversity = "unknown";
  };
  paths =
    type: offer: config:
    builtins.sort builtins.lessThan (
      map (finding: builtins.concatStringsSep "." finding.path)
        ((rules { offer.${type} = offer; }).judge {
          inherit type config;
        }).errors
    );
  vm = paths "proxmox_vm";
  image = paths "proxmox_image";
  base = {
    node = "pve1";
    storage = "local";
    file_name = "nixos.qcow2";
    url = "https://images.example.org/nixos.qcow2";
  };
  case = name: value: expected: { inherit name value expected; };
in
[
  (case "a machine without limits" (vm { } {
    name = "web";
    vmid = unknown;
    cpu = { cores = 64; };
    disks = { scsi0 = { storage = "local"; size = "40T"; }; };
    networks = { net0 = { bridge = "vmbr9"; trunks = [ "1-4094" ]; }; };
  }) [ ])
  (case "names of machines" (map (vm { name_pattern = "alice-.*"; }) [
    { name = "alice-web"; }
    { name = "web"; }
    { name = unknown; }
    { }
  ]) [ [ ] [ "name" ] [ ] [ "name" ] ])
  (case "nodes of machines" (map (vm { allowed_nodes = [ "pve1" ]; }) [
    { node = "pve1"; }
    { node = "pve2"; }
    { node = unknown; }
    { }
  ]) [ [ ] [ "node" ] [ ] [ "node" ] ])
  (case "what the environment fills in is named" (
    (rules {
      offer.proxmox_vm = { allowed_nodes = [ "pve1" ]; allowed_bridges = [ "vmbr0" ]; };
      defaults.proxmox_vm = { node = "pve1"; "networks.*.bridge" = "vmbr0"; };
    }).judge {
      type = "proxmox_vm";
      config = { networks = { net0 = { }; }; };
    }
  ).errors [ ])
  (case "cores over all sockets" (map (vm { max_cores = 4; }) [
    { cpu = { cores = 4; }; }
    { cpu = { cores = 5; }; }
    { cpu = { cores = 2; sockets = 3; }; }
    { cpu = { cores = unknown; }; }
  ]) [ [ ] [ "cpu.cores" ] [ "cpu.cores" ] [ ] ])
  (case "memory of machines" (map (vm { max_memory = "4G"; }) [
    { memory = { size = "4096M"; }; }
    { memory = { size = "5G"; }; }
    { memory = { balloon = "1G"; }; }
  ]) [ [ ] [ "memory.size" ] [ ] ])
  (case "number of disks" (map (vm { max_disks = 1; }) [
    { disks = { scsi0 = { size = "1G"; }; }; }
    { disks = { scsi0 = { size = "1G"; }; scsi1 = { size = "1G"; }; }; }
  ]) [ [ ] [ "disks" ] ])
  (case "size of disks" (vm { max_disk_size = "10G"; } {
    disks = {
      scsi0 = { size = "10G"; };
      scsi1 = { size = "11G"; };
      scsi2 = { size = unknown; };
      scsi3 = { import_from = "local:import/nixos.qcow2"; };
      scsi4 = { import_from = "local:import/nixos.qcow2"; size = "5G"; };
      scsi5 = { storage = "local"; };
    };
  }) [ "disks.scsi1.size" "disks.scsi3.size" ])
  (case "storage of whatever a machine has" (vm { allowed_storage = [ "ceph" ]; } {
    clone = { source = "900"; storage = "a"; };
    cloud_init = { storage = "a"; };
    disks = {
      scsi0 = { storage = "ceph"; };
      scsi1 = { storage = "a"; };
      scsi2 = { volume = "a:100/vm-100-disk-0.raw"; };
      scsi3 = { volume = "ceph:vm-100-disk-0"; };
      scsi4 = { volume = "/dev/disk/by-id/a:b"; };
      scsi5 = { storage = unknown; };
      scsi6 = { size = "1G"; };
    };
    cdroms = { ide0 = { volume = "local:iso/nixos.iso"; }; };
    efi_disk = { storage = "a"; };
    migration = { target_storage = "a"; };
    tpm_state = { storage = "a"; };
  }) [
    "clone.storage"
    "cloud_init.storage"
    "disks.scsi1.storage"
    "disks.scsi2.volume"
    "disks.scsi4.volume"
    "efi_disk.storage"
    "migration.target_storage"
    "tpm_state.storage"
  ])
  (case "storage of disks that nobody clones" (vm { allowed_storage = [ "ceph" ]; } {
    disks = {
      scsi0 = { size = "1G"; };
      scsi1 = { volume = "ceph:vm-100-disk-0"; };
      scsi2 = { storage = "ceph"; volume = unknown; };
    };
  }) [ "disks.scsi0.storage" ])
  (case "storage of copies" (map (clone: vm { allowed_storage = [ "ceph" ]; } { inherit clone; }) [
    { source = "900"; }
    { source = "900"; full = true; }
    { source = "900"; full = false; }
    { source = "900"; storage = "ceph"; }
    { source = "900"; storage = unknown; }
  ]) [ [ "clone.storage" ] [ "clone.storage" ] [ ] [ ] [ ] ])
  (case "storage on another node" (map (target_storage: vm { allowed_storage = [ "ceph" ]; } { migration = { inherit target_storage; }; }) [
    "1"
    "local:ceph,ssd:ceph"
    "local:ceph,ssd:ssd"
  ]) [ [ ] [ ] [ "migration.target_storage" ] ])
  (case "bridges" (vm { allowed_bridges = [ "vmbr1" ]; } {
    networks = {
      net0 = { bridge = "vmbr1"; };
      net1 = { bridge = "vmbr0"; };
      net2 = { };
      net3 = { bridge = unknown; };
    };
  }) [ "networks.net1.bridge" "networks.net2.bridge" ])
  (case "VLANs, tagged and none" (vm { allowed_vlans = [ 120 121 ]; } {
    networks = {
      net0 = { vlan = 120; };
      net1 = { vlan = 1; };
      net2 = { bridge = "vmbr0"; };
      net3 = { vlan = unknown; };
      net4 = { vlan = 120; trunks = [ "120" "120-121" ]; };
      net5 = { vlan = 120; trunks = [ "120-122" ]; };
    };
  }) [ "networks.net1.vlan" "networks.net2.vlan" "networks.net5.trunks" ])
  (case "no VLAN where 0 is allowed" (vm { allowed_vlans = [ 0 ]; } { networks = { net0 = { bridge = "vmbr0"; }; }; }) [ ])
  (case "an image without limits" (image { } base) [ ])
  (case "storage, nodes and kinds of images" (image {
    allowed_storage = [ "ceph" ];
    allowed_nodes = [ "pve2" ];
    allowed_content = [ "iso" ];
  } (base // { content = "import"; })) [ "content" "node" "storage" ])
  (case "sources of images" (map (image { allowed_sources = [ "https://images.example.org/" ]; }) [
    base
    (base // { url = "https://images.example.org.evil.example/nixos.qcow2"; })
    (removeAttrs base [ "url" ] // { path = "result"; })
  ]) [ [ ] [ "url" ] [ ] ])
  (case "checksums of downloads" (map (image { require_checksum = true; }) [
    base
    (base // { checksum = "sha256:00"; })
    (removeAttrs base [ "url" ] // { path = "result"; })
  ]) [ [ "checksum" ] [ ] [ ] ])
  (case "certificates of servers" (map (image { require_certificates = true; }) [
    base
    (base // { verify_certificates = true; })
    (base // { verify_certificates = false; })
  ]) [ [ ] [ ] [ "verify_certificates" ] ])
  (case "names of images" (map (image { name_pattern = "nixos.*"; }) [
    base
    (base // { file_name = "debian.qcow2"; })
  ]) [ [ ] [ "file_name" ] ])
]
