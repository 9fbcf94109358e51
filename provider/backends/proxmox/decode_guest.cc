#include <utility>

#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/expect.h"
#include "provider/backends/proxmox/json_fields.h"
#include "provider/base/status_macros.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

GuestInterface InterfaceOf(const json& row) {
  GuestInterface interface {
    .name = TextAt(row, "name"), .mac = TextAt(row, "hardware-address"), .addresses = {}
  };
  auto const addresses = row.find("ip-addresses");
  if (addresses == row.end() || !addresses->is_array()) return interface;
  for (const json& address : *addresses) {
    std::string text = TextAt(address, "ip-address");
    if (text.empty()) continue;
    interface.addresses.push_back({.address = std::move(text),
                                   .prefix = static_cast<int>(IntegerAt(address, "prefix")),
                                   .ipv6 = TextAt(address, "ip-address-type") == "ipv6"});
  }
  return interface;
}

}  // namespace

absl::StatusOr<std::vector<GuestInterface>> DecodeGuestInterfaces(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectObject(data, what));
  auto const result = data.find("result");
  if (result == data.end()) return NotAsDescribed(what, "it has no `result`");
  RETURN_IF_ERROR(ExpectTable(*result, what));
  std::vector<GuestInterface> interfaces;
  for (const json& row : *result) interfaces.push_back(InterfaceOf(row));
  return interfaces;
}

absl::StatusOr<GuestFile> DecodeGuestFile(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectObject(data, what));
  auto const content = data.find("content");
  if (content == data.end() || !content->is_string()) return NotAsDescribed(what, "it has no `content`");
  return GuestFile{content->get<std::string>(), FlagAt(data, "truncated")};
}

}  // namespace fediversity::proxmox
