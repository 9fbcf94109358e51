#include "tests/emulators/proxmox/open_api.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "provider/base/log.h"

namespace fediversity::emulators {

std::unique_ptr<proxmox::Api> OpenApi(const ProxmoxEmulator& cluster, proxmox::Credentials credentials,
                                      Clock& clock) {
  proxmox::Settings const settings{.endpoints = {cluster.Url()},
                                   .credentials = std::move(credentials),
                                   .tls = {.fingerprint = cluster.Fingerprint()}};
  auto const no_environment = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  auto api = proxmox::MakeApi(settings, no_environment, Logger(), clock);
  EXPECT_TRUE(api.ok()) << api.status();
  return api.ok() ? *std::move(api) : nullptr;
}

}  // namespace fediversity::emulators
