#include "provider/config/proxmox_settings.h"

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::config {
namespace {

using schema::Value;

void FindUnknown(const Value<ProxmoxBlock>& block, std::string& unknown) {
  auto look = [&unknown](const auto& setting, std::string_view name) { NoteUnknown(setting, name, unknown); };
  look(block, "proxmox");
  if (!block.has_value()) return;
  look(block->endpoints, "proxmox.endpoints");
  if (block->endpoints.has_value()) {
    for (const Value<std::string>& endpoint : *block->endpoints) look(endpoint, "proxmox.endpoints");
  }
  look(block->api_token, "proxmox.api_token");
  look(block->username, "proxmox.username");
  look(block->password, "proxmox.password");
  look(block->ca_file, "proxmox.ca_file");
  look(block->fingerprint, "proxmox.fingerprint");
  look(block->insecure, "proxmox.insecure");
  look(block->timeout, "proxmox.timeout");
}

// One set of credentials: that of the block where it has any, else that of the environment.
absl::StatusOr<proxmox::Credentials> ResolveCredentials(const ProxmoxBlock& block,
                                                        const Environment& environment) {
  bool const has_login = block.username.has_value() || block.password.has_value();
  if (block.api_token.has_value() && has_login) {
    return InvalidSetting(
        "proxmox",
        "Two ways to log in to Proxmox\n`proxmox` has `api_token` and also `username` or `password`. Keep one of the "
        "two.");
  }
  if (block.api_token.has_value()) return proxmox::ApiToken{Secret(*block.api_token)};
  auto const username = block.username.has_value() ? std::optional(*block.username)
                                                   : NonEmpty(environment("PROXMOX_VE_USERNAME"));
  auto const password = block.password.has_value() ? std::optional(*block.password)
                                                   : NonEmpty(environment("PROXMOX_VE_PASSWORD"));
  if (!has_login) {
    if (auto token = NonEmpty(environment("PROXMOX_VE_API_TOKEN"))) {
      return proxmox::ApiToken{Secret(*std::move(token))};
    }
    if (auto ticket = NonEmpty(environment("PROXMOX_VE_AUTH_TICKET"))) {
      return proxmox::Ticket{Secret(*std::move(ticket)),
                             Secret(environment("PROXMOX_VE_CSRF_PREVENTION_TOKEN").value_or(""))};
    }
  }
  if (username.has_value() && password.has_value()) return proxmox::Login{*username, Secret(*password)};
  if (!username.has_value() && !password.has_value()) {
    return InvalidSetting(
        "proxmox",
        "No credentials for Proxmox\nGive `api_token`, or `username` and `password`, in `proxmox`, or set "
        "PROXMOX_VE_API_TOKEN in the environment.");
  }
  return InvalidSetting(
      "proxmox",
      Cat({"Half a login for Proxmox\n`", username.has_value() ? "password" : "username",
           "` is missing: give it in `proxmox`, or as ",
           username.has_value() ? "PROXMOX_VE_PASSWORD" : "PROXMOX_VE_USERNAME", " in the environment."}));
}

absl::StatusOr<bool> InsecureFromEnvironment(const Environment& environment) {
  std::string const text = absl::AsciiStrToLower(environment("PROXMOX_VE_INSECURE").value_or(""));
  if (text == "true" || text == "1" || text == "yes") return true;
  if (text.empty() || text == "false" || text == "0" || text == "no") return false;
  return InvalidSetting(
      "proxmox", Cat({"PROXMOX_VE_INSECURE is neither true nor false\nIt is \"", ValidUtf8(text), "\"."}));
}

}  // namespace

absl::StatusOr<std::optional<proxmox::Settings>> ResolveProxmox(const Value<ProxmoxBlock>& block,
                                                                const Environment& environment,
                                                                std::string& unknown) {
  FindUnknown(block, unknown);
  if (!unknown.empty()) return std::nullopt;
  ProxmoxBlock const proxmox = block.value_or(ProxmoxBlock{});
  proxmox::Settings settings;
  if (proxmox.endpoints.has_value()) {
    for (const Value<std::string>& endpoint : *proxmox.endpoints) settings.endpoints.push_back(*endpoint);
  } else if (auto endpoint = NonEmpty(environment("PROXMOX_VE_ENDPOINT"))) {
    settings.endpoints.push_back(*std::move(endpoint));
  } else if (!block.has_value()) {
    return std::nullopt;
  } else {
    return InvalidSetting(
        "proxmox",
        "No endpoint of Proxmox\n`proxmox` needs `endpoints`, such as [\"https://pve1.example.org:8006\"], or "
        "PROXMOX_VE_ENDPOINT in the environment.");
  }
  ASSIGN_OR_RETURN(settings.credentials, ResolveCredentials(proxmox, environment));
  settings.tls.ca_file = proxmox.ca_file.value_or("");
  settings.tls.fingerprint = proxmox.fingerprint.value_or("");
  if (proxmox.insecure.has_value()) {
    settings.tls.insecure = *proxmox.insecure;
  } else if (settings.tls.ca_file.empty() && settings.tls.fingerprint.empty()) {
    ASSIGN_OR_RETURN(settings.tls.insecure, InsecureFromEnvironment(environment));
  }
  if (proxmox.timeout.has_value())
    absl::ParseDuration(*proxmox.timeout, &settings.timeout);  // a rule has checked it
  return settings;
}

}  // namespace fediversity::config
