#include "tests/resources/proxmox/lives.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <utility>

#include "provider/wire/json.h"
#include "tests/emulators/proxmox/open_api.h"

namespace fediversity::resources {
namespace {

constexpr int kForbidden = 403;
constexpr const char* kTemplate = "golden";

wire::Value Parse(schema::AnyResource& resource, const emulators::Json& json) {
  auto config = wire::DecodeJson(json.dump(), resource.table().type);
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *std::move(config) : wire::Value::Null();
}

// `config` without the wishes that no VM knows of, and without maps that say that there is nothing, which nobody writes.
wire::Value KnownOfAnImportedVm(const wire::Value& config) {
  wire::Value known = config;
  for (const char* const wish : {"clone", "reboot", "shutdown", "unset"})
    known.Set(wish, wire::Value::Null());
  for (const auto& [name, value] : config.entries()) {
    if (value.kind() == wire::Value::Kind::kMap && value.entries().empty())
      known.Set(name, wire::Value::Null());
  }
  if (wire::Value* const disks = known.FindMutable("disks"); disks->kind() == wire::Value::Kind::kMap) {
    for (const auto& [slot, disk] : config.Find("disks")->entries()) {
      disks->FindMutable(slot)->Set("on_remove", wire::Value::Null());
    }
  }
  return known;
}

// What somebody does to a VM by hand.
void Disturb(oracle::Random& random, emulators::Vm& vm) {
  vm.config["memory"] = std::to_string(512 * (1 + random.Below(8)));
  vm.config["onboot"] = random.Percent(50) ? "1" : "0";
  vm.node = "pve" + std::to_string(1 + random.Below(3));
  for (const char* const option : {"tags", "description", "net0", "serial0", "boot", "watchdog", "startup"}) {
    if (random.Percent(20)) vm.config.erase(option);
  }
  if (random.Percent(30)) vm.config["tags"] = "byhand";
  if (vm.running && random.Percent(30)) vm.pending["cores"] = "7";
}

}  // namespace

ProxmoxLives::ProxmoxLives(Backends& backends)
    : backends_(backends),
      proxmox_({.task_latency = std::chrono::milliseconds(0)}) {
  std::string pattern = (std::filesystem::temp_directory_path() / "images-XXXXXX").string();
  EXPECT_NE(mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  ConfigureAnew();
  MakeTemplate();
}

ProxmoxLives::~ProxmoxLives() {
  std::error_code ignored;  // a folder that stays behind in /tmp fails no test
  std::filesystem::remove_all(folder_, ignored);
}

void ProxmoxLives::ConfigureAnew() {
  backends_.proxmox.Fill(
      emulators::OpenApi(proxmox_, proxmox::ApiToken{Secret(proxmox_.root_token())}, clock_));
}

void ProxmoxLives::DisturbVm(oracle::Random& random) {
  proxmox_.With([&](emulators::Cluster& cluster) {
    for (auto& [vmid, vm] : cluster.vms) {
      if (vm.Get("name") == life_.name) Disturb(random, vm);
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
  proxmox_.Refresh();  // whoever comes back after a failure finds the listing up to date
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
            life_ = {.name = "vm-" + std::to_string(random.Below(1'000'000)),
                     .source = random.Percent(30) ? kTemplate : ""};
            return Parse(resource, RandomVm(random, life_));
          },
      .change = [this, &resource](oracle::Random& random,
                                  const wire::Value&) { return Parse(resource, RandomVm(random, life_)); },
      .disturb = [this](oracle::Random& random) { DisturbVm(random); },
      .fail = [this](oracle::Random&) { RefuseWrites(); },
      .struck = [this] { return WereWritesRefused(); },
      .count = [this] { return proxmox_.Vmids().size() - present_vms_; },
      .imported_config = KnownOfAnImportedVm,
      .known_at_plan = {"unset"},
  };
}

// Without slots: those that a clone inherits and nobody names come and go in state, which tests of their own show.
void ProxmoxLives::MakeTemplate() {
  CancelToken const never;
  auto const api = backends_.proxmox.Get();
  ASSERT_TRUE(api.ok()) << api.status();
  auto const made = (*api)->CreateVm({.vmid = 900, .node = "pve1"},
                                     {{"name", kTemplate},
                                      {"description", "made by hand"},
                                      {"tags", "golden"},
                                      {"cores", "2"},
                                      {"watchdog", "i6300esb"},
                                      {"smbios1", "serial=golden"}},
                                     {}, {never});
  ASSERT_TRUE(made.ok()) << made.status();
  auto const converted = (*api)->ConvertToTemplate(made->vm, {never});
  ASSERT_TRUE(converted.ok()) << converted.status();
  present_vms_ = proxmox_.Vmids().size();
  present_volumes_ = proxmox_.Volumes().size();
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
      .count = [this] { return proxmox_.Volumes().size() - present_volumes_; },
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
