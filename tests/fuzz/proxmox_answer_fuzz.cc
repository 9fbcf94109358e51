#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "provider/backends/proxmox/access_check.h"
#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/error.h"

namespace {

using namespace fediversity;           // NOLINT
using namespace fediversity::proxmox;  // NOLINT

// Whatever a refusal says, it is an error, and no VM is taken for gone that the message does not call so.
void Refuse(const std::string& body, std::string_view reason, int status) {
  http::Request const request{.path = {"nodes", "pve", "qemu", "100", "config"}};
  http::Response const response{.status = status, .reason = std::string(reason), .body = body};
  absl::Status const error = ErrorOf(request, response, "x");
  if (error.ok()) std::abort();
  if (absl::IsNotFound(error) && CauseOf(error) != Cause::kNoSuchVm) std::abort();
  if (!ErrorOf(request, response, "x").message().empty() && TaskError(reason, body, reason, "x").ok())
    std::abort();
}

}  // namespace

// Bodies of answers: as refusals, and as the data of each call.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string const body(reinterpret_cast<const char*>(data), size);
  for (int const status : {400, 401, 403, 500, 501, 596})
    Refuse(body, std::string_view(body).substr(0, 80), status);
  nlohmann::json const answer = nlohmann::json::parse(body, nullptr, false);
  if (answer.is_discarded()) return 0;
  auto const resources = DecodeResources(answer, "x");
  if (resources.ok()) {
    for (const VmSummary& vm : resources->vms) {
      if (resources->Find(vm.vmid) == nullptr) std::abort();
    }
  }
  auto const config = DecodeConfig(answer, "x");
  if (config.ok() && config->Find("digest") != nullptr) std::abort();
  auto const pending = DecodePending(answer, "x");
  if (pending.ok()) {
    for (const PendingChange& change : *pending) {
      if (!change.deleted && !change.pending.has_value()) std::abort();
    }
  }
  auto const permissions = DecodePermissions(answer, "x");
  if (permissions.ok()) static_cast<void>(CheckAccess(*permissions));
  static_cast<void>(DecodeStatus(answer, "x"));
  static_cast<void>(DecodeVersion(answer, "x"));
  static_cast<void>(DecodeClusterStatus(answer, "x"));
  static_cast<void>(DecodeInterfaces(answer, "x"));
  static_cast<void>(DecodeHa(answer, "x"));
  static_cast<void>(DecodeGuestInterfaces(answer, "x"));
  static_cast<void>(DecodeGuestFile(answer, "x"));
  static_cast<void>(DecodeStorages(answer, "pve", "x"));
  static_cast<void>(DecodeVolumes(answer, "x"));
  static_cast<void>(DecodeTaskLog(answer, "x"));
  auto const status = DecodeTaskStatus(answer, "x");
  if (status.ok() && status->running != status->exit_status.empty() && !status->running) std::abort();
  if (auto const upid = DecodeUpid(answer); upid.has_value() && NodeOfUpid(*upid).empty()) std::abort();
  return 0;
}
