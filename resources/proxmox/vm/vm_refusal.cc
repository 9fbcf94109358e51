#include "resources/proxmox/vm/vm_refusal.h"

#include <string>
#include <string_view>
#include <utility>

#include "provider/backends/proxmox/error.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/typed_resource.h"
#include "resources/proxmox/vm/vm_parts.h"

namespace fediversity::resources {
namespace {

using schema::Nesting;
using wire::Path;

bool IsObject(const wire::Value* value) {
  return value != nullptr && value->kind() == wire::Value::Kind::kMap;
}

// The one element that differs, else the map as a whole.
Path DifferingElement(const wire::Value& before, const wire::Value* after, const Path& path) {
  Path found;
  for (const auto& [key, element] : before.entries()) {
    const wire::Value* const left = IsObject(after) ? after->Find(key) : nullptr;
    if (left != nullptr && *left == element) continue;
    if (!found.empty()) return path;
    found = path.AtKey(key);
  }
  return found.empty() ? path : found;
}

// The attribute in which the objects differ; where there are several, what holds them all.
Path DifferingAttribute(const schema::Table& table, const wire::Value& before, const wire::Value* after,
                        const Path& path) {
  const schema::Row* found = nullptr;
  for (const schema::Row& row : table.rows) {
    const wire::Value* const one = before.Find(row.name);
    const wire::Value* const other = IsObject(after) ? after->Find(row.name) : nullptr;
    // What is unknown was left to Proxmox.
    if (one == nullptr || one->is_null() || one->is_unknown() || (other != nullptr && *one == *other))
      continue;
    if (found != nullptr) return path;
    found = &row;
  }
  if (found == nullptr) return path;
  Path const at = path.Child(found->name);
  const wire::Value* const one = before.Find(found->name);
  const wire::Value* const other = IsObject(after) ? after->Find(found->name) : nullptr;
  if (!IsObject(one)) return at;
  return found->nesting == Nesting::kSingle ? DifferingAttribute(*found->nested, *one, other, at)
                                            : DifferingElement(*one, other, at);
}

// Addresses stand in an option beside their network card's.
std::string SlotOf(std::string_view option) {
  constexpr std::string_view kIpConfig = "ipconfig";
  return option.starts_with(kIpConfig) ? Cat({"net", option.substr(kIpConfig.size())}) : std::string(option);
}

wire::Value ObjectOf(const schema::Table& table, const ProxmoxVm& vm) {
  ProxmoxVm const none;
  return schema::EncodeModel(kProxmoxVm.erased(), &vm, &none, schema::NullObject(table));
}

// What is no longer there once the option is cleared stands in it.
Path AttributeAt(std::string_view option, const ProxmoxVm& plan) {
  ProxmoxVm without = plan;
  std::string const slot = SlotOf(option);
  ClearVmOption({.key = slot}, without);
  auto const table = schema::MakeTable(kProxmoxVm.erased());
  if (!table.ok()) return {};
  wire::Value const after = ObjectOf(*table, without);
  return DifferingAttribute(*table, ObjectOf(*table, plan), &after, {});
}

}  // namespace

absl::Status OnRefusedAttribute(absl::Status status, const ProxmoxVm& plan) {
  if (proxmox::CauseOf(status) == proxmox::Cause::kNoSuchPool && plan.pool.has_value())
    return schema::OnAttribute(std::move(status), "pool");
  for (const std::string& option : proxmox::RefusedParameters(status)) {
    Path const path = AttributeAt(option, plan);
    if (!path.empty()) return schema::OnAttribute(std::move(status), path);
  }
  return status;
}

}  // namespace fediversity::resources
