#include "tests/resources/proxmox/lives.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <optional>
#include <utility>

#include "provider/backends/proxmox/api.h"
#include "provider/base/log.h"
#include "provider/base/text.h"
#include "provider/wire/json.h"

namespace fediversity::resources {
namespace {

constexpr int kForbidden = 403;

wire::Value Parse(schema::AnyResource& resource, const emulators::Json& json) {
  auto config = wire::DecodeJson(json.dump(), resource.table().type);
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *std::move(config) : wire::Value::Null();
}

}  // namespace

ProxmoxLives::ProxmoxLives(Backends& backends)
    : backends_(backends),
      proxmox_({.task_latency = std::chrono::milliseconds(0)}) {
  std::string pattern = (std::filesystem::temp_directory_path() / "images-XXXXXX").string();
  EXPECT_NE(mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  ConfigureAnew();
}

ProxmoxLives::~ProxmoxLives() {
  std::error_code ignored;  // a folder that stays behind in /tmp fails no test
  std::filesystem::remove_all(folder_, ignored);
}

void ProxmoxLives::ConfigureAnew() {
  proxmox::Settings settings;
  settings.endpoints = {proxmox_.Url()};
  settings.credentials = proxmox::ApiToken{Secret(proxmox_.root_token())};
  settings.tls.fingerprint = proxmox_.Fingerprint();
  auto const no_environment = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  auto api = proxmox::MakeApi(settings, no_environment, Logger(), clock_);
  EXPECT_TRUE(api.ok()) << api.status();
  if (api.ok()) backends_.proxmox.Fill(*std::move(api));
}

wire::Value ProxmoxLives::RandomVm(schema::AnyResource& resource, oracle::Random& random) const {
  using emulators::Json;
  auto const maybe = [&random](Json& json, const char* key, Json value) {
    if (random.Percent(60)) json[key] = std::move(value);
  };
  Json vm = {{"name", name_}, {"memory", {{"size", random.Percent(50) ? "1G" : "2048M"}}}};
  maybe(vm, "node", "pve" + std::to_string(1 + random.Below(3)));
  maybe(vm, "description", random.Percent(30) ? "" : "Grüße " + std::to_string(random.Below(9)) + "\n");
  maybe(vm, "tags",
        random.Percent(30) ? Json::array() : Json::array({"Prod", "t" + std::to_string(random.Below(3))}));
  maybe(vm, "on_boot", random.Percent(50));
  maybe(vm, "started", random.Percent(50));
  maybe(vm, "cpu",
        {{"cores", 1 + random.Below(4)}, {"limit", 0.5 * static_cast<double>(1 + random.Below(4))}});
  maybe(vm, "agent", {{"enabled", random.Percent(50)}});
  maybe(vm, "rng", {{"source", "/dev/urandom"}, {"max_bytes", 1024 * (1 + random.Below(2))}});
  maybe(vm, "startup", {{"order", random.Below(5)}});
  maybe(vm, "smbios", {{"serial", "no, " + std::to_string(random.Below(9))}});
  Json disks = Json::object();
  for (const char* const slot : {"scsi0", "scsi7", "virtio1", "sata3"}) {
    if (random.Percent(50)) continue;
    // Shared, since the VM moves between nodes; never of another size, since disks do not shrink.
    disks[slot] = {{"storage", "shared"}, {"size", random.Percent(50) ? "1G" : "1024M"}};
    maybe(disks[slot], "discard", random.Percent(50) ? "on" : "ignore");
    maybe(disks[slot], "backup", random.Percent(50));
    if (random.Percent(40)) disks[slot]["on_remove"] = "delete";
  }
  maybe(vm, "disks", std::move(disks));
  Json networks = {{"net0", {{"bridge", "vmbr0"}}}};
  maybe(networks["net0"], "vlan", 1 + random.Below(4094));
  maybe(networks["net0"], "ipv4", {{"address", random.Percent(50) ? "10.0.0.7/24" : "dhcp"}});
  if (random.Percent(40))
    networks["net2"] = {{"bridge", "vmbr0"}, {"model", "e1000"}, {"mac_address", "bc:24:11:0a:00:01"}};
  if (random.Percent(60)) {
    vm["networks"] = std::move(networks);
    maybe(vm, "boot_order", Json::array({"net0"}));
  }
  return Parse(resource, vm);
}

void ProxmoxLives::DisturbVm(oracle::Random& random) {
  proxmox_.With([&](emulators::Cluster& cluster) {
    for (auto& [vmid, vm] : cluster.vms) {
      if (vm.Get("name") != name_) continue;
      vm.config["memory"] = std::to_string(512 * (1 + random.Below(8)));
      vm.config["onboot"] = random.Percent(50) ? "1" : "0";
      vm.node = "pve" + std::to_string(1 + random.Below(3));
    }
    return 0;
  });
  proxmox_.Refresh();
  ConfigureAnew();
}

void ProxmoxLives::RefuseWrites() {
  for (const char* const method : {"POST", "PUT"}) {
    proxmox_.AddFault({.action = emulators::Fault::Action::kAnswerBefore,
                       .method = method,
                       .path = "/nodes/.*",
                       .times = 1000,
                       .status = kForbidden,
                       .message = "Permission check failed\n"});
  }
  proxmox_.ForgetRequests();
}

bool ProxmoxLives::WereWritesRefused() {
  proxmox_.ClearFaults();
  ConfigureAnew();
  bool refused = false;
  for (const auto& request : proxmox_.requests()) refused = refused || request.status == kForbidden;
  return refused;
}

oracle::Subject ProxmoxLives::Vms(schema::AnyResource& resource) {
  return {
      .resource = resource,
      .config =
          [this, &resource](oracle::Random& random) {
            name_ = "vm-" + std::to_string(random.Below(1'000'000));
            return RandomVm(resource, random);
          },
      .change = [this, &resource](oracle::Random& random,
                                  const wire::Value&) { return RandomVm(resource, random); },
      .disturb = [this](oracle::Random& random) { DisturbVm(random); },
      .fail = [this](oracle::Random&) { RefuseWrites(); },
      .struck = [this] { return WereWritesRefused(); },
      .count = [this] { return proxmox_.Vmids().size(); },
      // What is to become of a disk that is taken out is a wish of the configuration, which no VM knows.
      .imported_config =
          [](const wire::Value& config) {
            wire::Value known = config;
            wire::Value* const disks = known.FindMutable("disks");
            if (disks == nullptr || disks->kind() != wire::Value::Kind::kMap) return known;
            // Nobody writes down that there are none.
            if (disks->entries().empty()) *disks = wire::Value::Null();
            for (const auto& [slot, disk] : config.Find("disks")->entries()) {
              disks->FindMutable(slot)->Set("on_remove", wire::Value::Null());
            }
            return known;
          },
      .known_at_plan = {"unset"},
  };
}

wire::Value ProxmoxLives::RandomImage(schema::AnyResource& resource, oracle::Random& random) {
  std::string const path = (folder_ / (name_ + std::to_string(random.Below(3)))).string();
  std::ofstream(path) << "an image, made up: " << random.Next();
  return Parse(resource,
               {{"node", "pve1"}, {"storage", "local"}, {"file_name", name_ + ".qcow2"}, {"path", path}});
}

oracle::Subject ProxmoxLives::Images(schema::AnyResource& resource) {
  return {
      .resource = resource,
      .config =
          [this, &resource](oracle::Random& random) {
            name_ = "image-" + std::to_string(random.Below(1'000'000));
            return RandomImage(resource, random);
          },
      .change = [this, &resource](oracle::Random& random,
                                  const wire::Value&) { return RandomImage(resource, random); },
      .fail = [this](oracle::Random&) { RefuseWrites(); },
      .struck = [this] { return WereWritesRefused(); },
      .count = [this] { return proxmox_.Volumes().size(); },
      // Where a file came from is not known of one that was found, so a person leaves it out of what is imported.
      .imported_config =
          [](const wire::Value& config) {
            wire::Value without = config;
            without.Set("path", wire::Value::Null());
            return without;
          },
  };
}

}  // namespace fediversity::resources
