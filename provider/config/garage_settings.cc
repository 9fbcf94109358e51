#include "provider/config/garage_settings.h"

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "provider/base/text.h"

namespace fediversity::config {
namespace {

using schema::Value;

void FindUnknown(const Value<GarageBlock>& block, std::string& unknown) {
  auto look = [&unknown](const auto& setting, std::string_view name) { NoteUnknown(setting, name, unknown); };
  look(block, "garage");
  if (!block.has_value()) return;
  look(block->endpoint, "garage.endpoint");
  look(block->token, "garage.token");
  look(block->s3_endpoint, "garage.s3_endpoint");
  look(block->region, "garage.region");
  look(block->ca_file, "garage.ca_file");
  look(block->fingerprint, "garage.fingerprint");
  look(block->insecure, "garage.insecure");
  look(block->timeout, "garage.timeout");
}

// What the block has, else the first of the variables that is set.
std::optional<std::string> Choose(const Value<std::string>& field, const Environment& environment,
                                  std::initializer_list<const char*> variables) {
  if (field.has_value()) return *field;
  for (const char* const variable : variables) {
    if (auto text = NonEmpty(environment(variable))) return text;
  }
  return std::nullopt;
}

// GARAGE_HOST is "garage.example:3903", and in some providers a whole URL.
std::optional<std::string> EndpointOfHost(const Environment& environment) {
  auto const host = NonEmpty(environment("GARAGE_HOST"));
  if (!host.has_value() || absl::StrContains(*host, "://")) return host;
  return Cat({NonEmpty(environment("GARAGE_SCHEME")).value_or("https"), "://", *host});
}

}  // namespace

absl::StatusOr<std::optional<garage::Settings>> ResolveGarage(const Value<GarageBlock>& block,
                                                              const Environment& environment,
                                                              std::string& unknown) {
  FindUnknown(block, unknown);
  if (!unknown.empty()) return std::nullopt;
  GarageBlock const garage = block.value_or(GarageBlock{});
  auto endpoint = Choose(garage.endpoint, environment, {"GARAGE_ENDPOINT"});
  if (!endpoint.has_value()) endpoint = EndpointOfHost(environment);
  if (!endpoint.has_value()) {
    if (!block.has_value()) return std::nullopt;
    return InvalidSetting(
        "garage",
        "No endpoint of Garage\n`garage` needs `endpoint`, such as \"http://[::1]:3903\", or GARAGE_ENDPOINT in the "
        "environment.");
  }
  auto token = Choose(garage.token, environment, {"GARAGE_TOKEN", "GARAGE_ADMIN_TOKEN"});
  if (!token.has_value()) {
    // A variable alone, which other programs use too, does not ask for Garage to be managed.
    if (!block.has_value()) return std::nullopt;
    return InvalidSetting(
        "garage", "No token for Garage\nGive `token` in `garage`, or set GARAGE_TOKEN in the environment.");
  }
  garage::Settings settings{
      .endpoint = *std::move(endpoint),
      .token = Secret(*std::move(token)),
      .s3_endpoint = Choose(garage.s3_endpoint, environment, {"GARAGE_S3_ENDPOINT"}).value_or("")};
  if (auto region = Choose(garage.region, environment, {"GARAGE_REGION"}))
    settings.region = *std::move(region);
  settings.tls = {.ca_file = garage.ca_file.value_or(""),
                  .fingerprint = garage.fingerprint.value_or(""),
                  .insecure = garage.insecure.value_or(false)};
  if (garage.timeout.has_value())
    absl::ParseDuration(*garage.timeout, &settings.timeout);  // a rule has checked it
  return settings;
}

}  // namespace fediversity::config
