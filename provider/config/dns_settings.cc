#include "provider/config/dns_settings.h"

#include <charconv>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"

namespace fediversity::config {
namespace {

using schema::Value;

constexpr std::uint16_t kDnsPort = 53;

void NoteUnknownIn(const Value<TsigBlock>& tsig, const std::string& name, std::string& unknown) {
  NoteUnknown(tsig, name, unknown);
  if (!tsig.has_value()) return;
  NoteUnknown(tsig->name, name + ".name", unknown);
  NoteUnknown(tsig->algorithm, name + ".algorithm", unknown);
  NoteUnknown(tsig->secret, name + ".secret", unknown);
}

void FindUnknown(const Value<DnsBlock>& block, std::string& unknown) {
  NoteUnknown(block, "dns", unknown);
  if (!block.has_value()) return;
  NoteUnknown(block->server, "dns.server", unknown);
  NoteUnknown(block->port, "dns.port", unknown);
  NoteUnknown(block->timeout, "dns.timeout", unknown);
  NoteUnknownIn(block->tsig, "dns.tsig", unknown);
  NoteUnknown(block->transfer, "dns.transfer", unknown);
  if (!block->transfer.has_value()) return;
  NoteUnknown(block->transfer->server, "dns.transfer.server", unknown);
  NoteUnknown(block->transfer->port, "dns.transfer.port", unknown);
  NoteUnknownIn(block->transfer->tsig, "dns.transfer.tsig", unknown);
}

std::optional<dns::TsigSettings> FromBlock(const Value<TsigBlock>& block) {
  if (!block.has_value()) return std::nullopt;
  dns::TsigSettings tsig;
  tsig.name = block->name.value_or("");
  tsig.algorithm = block->algorithm.value_or(tsig.algorithm);
  tsig.secret = Secret(block->secret.value_or(""));
  return tsig;
}

absl::StatusOr<std::optional<dns::TsigSettings>> TsigFromEnvironment(const Environment& environment) {
  auto const name = NonEmpty(environment("DNS_UPDATE_KEYNAME"));
  auto const secret = NonEmpty(environment("DNS_UPDATE_KEYSECRET"));
  if (!name.has_value() && !secret.has_value()) return std::nullopt;
  if (!name.has_value() || !secret.has_value()) {
    return absl::InvalidArgumentError(
        "Half a TSIG key in the environment\nOf DNS_UPDATE_KEYNAME and DNS_UPDATE_KEYSECRET only one is set. Set both, "
        "or give the key as `dns.tsig` in the provider block.");
  }
  dns::TsigSettings tsig;
  tsig.name = *name;
  tsig.algorithm = NonEmpty(environment("DNS_UPDATE_KEYALGORITHM")).value_or(tsig.algorithm);
  tsig.secret = Secret(*secret);
  return tsig;
}

absl::StatusOr<std::uint16_t> PortFromEnvironment(const Environment& environment) {
  auto const text = NonEmpty(environment("DNS_UPDATE_PORT"));
  if (!text.has_value()) return kDnsPort;
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), port);
  if (error != std::errc() || end != text->data() + text->size() || port == 0) {
    return absl::InvalidArgumentError(
        Cat({"DNS_UPDATE_PORT is no port number\nIt is \"", *text, "\"; it must be 1 to 65535."}));
  }
  return port;
}

// hashicorp/dns takes a plain number of seconds there, or a duration.
absl::StatusOr<absl::Duration> TimeoutFromEnvironment(const Environment& environment,
                                                      absl::Duration otherwise) {
  auto const text = NonEmpty(environment("DNS_UPDATE_TIMEOUT"));
  if (!text.has_value()) return otherwise;
  absl::Duration timeout;
  if ((absl::ParseDuration(*text, &timeout) || absl::ParseDuration(*text + "s", &timeout)) &&
      timeout > absl::ZeroDuration() && timeout < absl::InfiniteDuration()) {
    return timeout;
  }
  return absl::InvalidArgumentError(
      Cat({"DNS_UPDATE_TIMEOUT is no duration\nIt is \"", *text, "\"; write it as \"10s\"."}));
}

}  // namespace

absl::StatusOr<std::optional<dns::Rfc2136Settings>> ResolveDns(const Value<DnsBlock>& block,
                                                               const Environment& environment,
                                                               std::string& unknown) {
  FindUnknown(block, unknown);
  if (!unknown.empty()) return std::nullopt;
  DnsBlock const dns = block.value_or(DnsBlock{});
  dns::Rfc2136Settings settings;

  auto const server =
      dns.server.has_value() ? std::optional(*dns.server) : NonEmpty(environment("DNS_UPDATE_SERVER"));
  if (!server.has_value()) {
    if (!block.has_value()) return std::nullopt;
    return schema::OnAttribute(
        absl::InvalidArgumentError(
            "No name server\n`dns` needs `server`, the primary name server of the zones, or "
            "DNS_UPDATE_SERVER in the environment."),
        "dns");
  }
  settings.update.server = *server;
  if (dns.port.has_value()) {
    settings.update.port = static_cast<std::uint16_t>(*dns.port);
  } else {
    ASSIGN_OR_RETURN(settings.update.port, PortFromEnvironment(environment));
  }
  settings.update.tsig = FromBlock(dns.tsig);
  if (!settings.update.tsig.has_value()) {
    ASSIGN_OR_RETURN(settings.update.tsig, TsigFromEnvironment(environment));
  }
  if (dns.timeout.has_value()) {
    absl::ParseDuration(*dns.timeout, &settings.timeout);  // a rule has checked it
  } else {
    ASSIGN_OR_RETURN(settings.timeout, TimeoutFromEnvironment(environment, settings.timeout));
  }
  if (dns.transfer.has_value()) {
    const TransferBlock& transfer = *dns.transfer;
    dns::ServerSettings source = settings.update;
    if (transfer.server.has_value()) {
      source = {.server = *transfer.server, .port = kDnsPort, .tsig = std::nullopt};
    }
    if (transfer.port.has_value()) source.port = static_cast<std::uint16_t>(*transfer.port);
    if (transfer.tsig.has_value()) source.tsig = FromBlock(transfer.tsig);
    settings.transfer = std::move(source);
  }
  return settings;
}

}  // namespace fediversity::config
