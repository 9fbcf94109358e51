import {
  to = fediversity_proxmox_vm.web
  id = "100"
}

resource "fediversity_proxmox_vm" "web" {
  name        = "web"
  vmid        = 100
  description = "Runs $${the} \"site\"\nsecond line"
  tags        = ["prod", "web"]
  started     = true
  cpu = {
    type  = "x86-64-v2-AES"
    cores = 2
    flags = ["+aes"]
  }
  memory = { size = "4G", balloon = "2G" }
  disks = {
    scsi0 = {
      storage  = "local-lvm"
      size     = "40G"
      format   = "raw"
      discard  = "on"
      iothread = true
      ssd      = true
    }
  }
  networks = {
    net0 = {
      bridge      = "vmbr0"
      model       = "virtio"
      mac_address = "BC:24:11:00:01:00"
      vlan        = 120
      firewall    = true
      ipv4        = { address = "203.0.113.9/24", gateway = "203.0.113.1" }
    }
  }
  cloud_init = {
    drive    = "ide2"
    storage  = "local-lvm"
    user     = "ops"
    ssh_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1 ops@example.org"]
  }
  agent         = { enabled = true }
  scsi_hardware = "virtio-scsi-single"
  boot_order    = ["scsi0", "net0"]
}

import {
  to = fediversity_proxmox_vm.db_example_org
  id = "101"
}

resource "fediversity_proxmox_vm" "db_example_org" {
  name    = "db.example.org"
  vmid    = 101
  pool    = "customers"
  started = false
  memory  = { size = "512M" }
  disks = {
    virtio0 = { storage = "shared", size = "10G", format = "qcow2" }
  }
  cdroms = {
    sata1 = { volume = "none" }
  }
  efi_disk       = { storage = "shared", type = "4m", pre_enrolled_keys = true, format = "qcow2" }
  bios           = "ovmf"
  startup        = { order = 2, up_delay = 30 }
  hotplug        = ["disk", "network"]
  serial_devices = { serial0 = "socket" }
  usb_devices = {
    usb0 = { host = "spice" }
  }
}

import {
  to = fediversity_proxmox_vm.web_2
  id = "102"
}

resource "fediversity_proxmox_vm" "web_2" {
  name    = "web"
  vmid    = 102
  tags    = ["test", "web"]
  pool    = "customers"
  started = false
  memory  = { size = "1025M" }
}

import {
  to = fediversity_proxmox_vm.vm_103
  id = "103"
}

resource "fediversity_proxmox_vm" "vm_103" {
  vmid    = 103
  tags    = ["prod"]
  started = false
  memory  = { size = "2G" }
}
