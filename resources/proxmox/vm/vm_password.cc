#include "resources/proxmox/vm/vm_password.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "provider/base/secret.h"

namespace fediversity::resources {
namespace {

constexpr std::string_view kPasswordDue = "password_due";

schema::Value<std::int64_t> VersionIn(const ProxmoxVm& vm) {
  return vm.cloud_init.has_value() ? vm.cloud_init->password_wo_version : schema::Value<std::int64_t>();
}

schema::Value<std::string> PasswordOf(const VmContext& context) {
  ProxmoxVm const config = context.config();
  return config.cloud_init.has_value() ? config.cloud_init->password_wo : schema::Value<std::string>();
}

}  // namespace

void MarkPassword(const ProxmoxVm* prior, const ProxmoxVm& plan, VmContext& context) {
  bool const is_new = prior == nullptr || VersionIn(*prior) != VersionIn(plan);
  if (is_new && PasswordOf(context).has_value()) context.private_state()[std::string(kPasswordDue)] = "";
}

void AddPassword(VmContext& context, proxmox::Parameters& parameters) {
  auto const password = PasswordOf(context);
  if (!password.has_value() || !context.private_state().contains(kPasswordDue)) return;
  parameters.push_back({"cipassword", Secret(*password)});
}

void UnmarkPassword(VmContext& context) { context.private_state().erase(std::string(kPasswordDue)); }

void ForgetUnsentPassword(const schema::PrivateState& private_state, ProxmoxVm& vm) {
  if (vm.cloud_init.has_value() && private_state.contains(kPasswordDue)) {
    vm.cloud_init->password_wo_version = {};
  }
}

}  // namespace fediversity::resources
