#include "tests/resources/proxmox/vm/vm_fixture.h"

#include <utility>

#include "provider/base/text.h"
#include "provider/wire/json.h"
#include "resources/proxmox/vm.h"
#include "tests/emulators/proxmox/open_api.h"

namespace fediversity::resources {

using ::testing::IsEmpty;

VmTest::VmTest(emulators::Cluster::Settings settings)
    : proxmox_(std::move(settings)),
      credentials_(proxmox::ApiToken{Secret(proxmox_.root_token())}),
      resource_(MakeProxmoxVm(backends_.proxmox, backends_.journal)),
      host_(*resource_) {
  backends_.journal = journal_.journal();
}

void VmTest::SetUp() { Configure(); }

void VmTest::TearDown() { EXPECT_THAT(host_.faults(), IsEmpty()); }

void VmTest::Configure(const proxmox::Credentials& credentials) {
  backends_.proxmox.Fill(emulators::OpenApi(proxmox_, credentials, *clock_));
}

wire::Value VmTest::Config(std::string_view json) const {
  auto config = wire::DecodeJson(json, resource_->table().type);
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *std::move(config) : wire::Value::Null();
}

bool VmTest::Apply(std::string_view json) {
  Configure();
  if (host_.exists() && !host_.Refresh()) return false;
  auto const plan = host_.MakePlan(Config(json));
  if (!plan.has_value()) return false;
  Configure();
  return host_.Apply(*plan);
}

VmTest::Action VmTest::Planned(std::string_view json) {
  Configure();
  if (host_.exists() && !host_.Refresh()) {
    ADD_FAILURE() << host_.Errors();
    return Action::kNoOp;
  }
  auto const plan = host_.MakePlan(Config(json));
  if (!plan.has_value()) {
    ADD_FAILURE() << host_.Errors();
    return Action::kNoOp;
  }
  return plan->action;
}

bool VmTest::Import(std::string_view id) {
  Configure();
  return host_.Import({.id = std::string(id), .identity = {}});
}

bool VmTest::Destroy() {
  Configure();
  return host_.Destroy();
}

std::string VmTest::State(std::string_view attribute) const {
  const wire::Value* value = &host_.state();
  while (value != nullptr && !attribute.empty()) {
    std::size_t const dot = std::min(attribute.find('.'), attribute.size());
    value = value->Find(attribute.substr(0, dot));
    attribute.remove_prefix(std::min(dot + 1, attribute.size()));
  }
  if (value == nullptr) return "nothing";
  auto const json = wire::WriteJson(*value);
  return json.ok() ? *json : json.status().ToString();
}

int VmTest::vmid() const { return std::atoi(State("vmid").c_str()); }

std::string VmTest::Held(std::string_view option) {
  return proxmox_.With([&](emulators::Cluster& cluster) -> std::string {
    const emulators::Vm* const vm = cluster.FindVm(vmid());
    return vm == nullptr ? "no VM" : vm->Get(option);
  });
}

std::string VmTest::Differences(const oracle::Host::Plan& plan) {
  std::string text;
  for (const auto& [name, after] : plan.after.entries()) {
    const wire::Value* const before = plan.before.Find(name);
    if (before != nullptr && *before == after) continue;
    auto const show = [](const wire::Value* value) {
      absl::StatusOr<std::string> const json =
          value == nullptr ? absl::StatusOr<std::string>("nothing") : wire::WriteJson(*value);
      return json.ok() ? *json : "unknown in part";
    };
    text += Cat({name, ": ", show(before), " -> ", show(&after), "\n"});
  }
  return text;
}

void VmTest::Edit(const std::function<void(emulators::Vm&)>& edit) {
  proxmox_.With([&](emulators::Cluster& cluster) {
    edit(*cluster.FindVm(vmid()));
    return 0;
  });
}

std::vector<std::uint64_t> VmTest::Sizes() {
  return proxmox_.With([](emulators::Cluster& cluster) {
    std::vector<std::uint64_t> sizes;
    sizes.reserve(cluster.volumes().size());
    for (const auto& [id, volume] : cluster.volumes()) sizes.push_back(volume.size >> 30);
    return sizes;
  });
}

std::vector<std::string> VmTest::Requests() const {
  std::vector<std::string> lines;
  for (const auto& request : proxmox_.requests()) lines.push_back(Cat({request.method, " ", request.path}));
  return lines;
}

}  // namespace fediversity::resources
