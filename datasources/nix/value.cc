#include "datasources/nix/value.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "provider/backends/nix/flake_source.h"
#include "provider/backends/nix/value.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/typed_data_source.h"
#include "provider/wire/json.h"

namespace fediversity::datasources {
namespace {

struct NixValue {
  schema::Value<std::string> file;
  schema::Value<std::string> flake;
  schema::Value<schema::List<std::string>> attribute;
  schema::Value<schema::Dynamic> arguments;
  schema::Value<schema::Dynamic> value;
};

constexpr schema::RuleSpec kPath = {
    "must be a path. A flake is named by `flake`.", [](const wire::Value& value) {
      return !value.string().empty() && !nix::IsFlakeReference(value.string());
    }};
constexpr schema::RuleSpec kFlake = {
    "must be a reference to a flake with its scheme, such as `path:/srv/hosting` or `github:example/hosting`.",
    [](const wire::Value& value) { return nix::IsFlakeReference(value.string()); }};
constexpr schema::RuleSpec kObject = {"must be an object.", [](const wire::Value& value) {
                                        return value.kind() == wire::Value::Kind::kDynamic &&
                                               value.dynamic_value().kind() == wire::Value::Kind::kMap;
                                      }};

constexpr auto kNixValue = schema::Describe<NixValue>(
    {.name = "fediversity_nix_value",
     .doc =
         "A value that is written in Nix, such as a list of hosts that other tools use as well. It is evaluated without "
         "network, builds or the Nix store, and reads nothing but the file, what lies below its folder, and the inputs of "
         "its flake.",
     .together = {{{schema::Together::Kind::kExactlyOne, {"file", "flake"}}}}},
    schema::Attr<&NixValue::file>("file").Optional().Check(kPath).Doc(
        "File with the value, or a folder with a `default.nix`. Relative paths begin where OpenTofu runs."),
    schema::Attr<&NixValue::flake>("flake").Optional().Check(kFlake).Doc(
        "Reference to a flake, whose outputs are meant. It is fetched together with its inputs."),
    schema::Attr<&NixValue::attribute>("attribute")
        .Optional()
        .Doc(
            "Names of attributes that lead to the value, outermost first. Left out, it is all that is there."),
    schema::Attr<&NixValue::arguments>("arguments")
        .Optional()
        .Check(kObject)
        .Doc(
            "Arguments for a function: the one in the file, or else the one that `attribute` leads to. If it asks for "
            "`lib`, it gets nixpkgs's from where the provider setting `nix.nixpkgs` says, or the part of it that is built in."),
    schema::Attr<&NixValue::value>("value").Computed().Doc(
        "The value, as `jsondecode` would give it: sets are objects, lists are tuples."));

class NixValueSource final : public schema::DataSource<NixValue> {
 public:
  NixValueSource(const Slot<nix::ResourceRules>& rules, const Logger& logger)
      : rules_(rules),
        logger_(logger.Named("nix")) {}

  absl::StatusOr<NixValue> Read(NixValue config, schema::Context<NixValue>& context) override {
    ASSIGN_OR_RETURN(auto const rules, rules_.Get());
    nix::ValueRequest request{.file = config.file.value_or(""), .flake = config.flake.value_or("")};
    if (config.attribute.has_value()) {
      for (const schema::Value<std::string>& name : *config.attribute) request.attribute.push_back(*name);
    }
    if (config.arguments.has_value()) {
      ASSIGN_OR_RETURN(request.arguments, wire::WriteJson(config.arguments->value));
    }
    absl::StatusOr<std::string> const json =
        nix::ReadValue(*rules, request, logger_, {context.cancel(), context.deadline()});
    if (absl::IsInvalidArgument(json.status())) return schema::OnAttribute(json.status(), "arguments");
    if (!json.ok()) return schema::OnAttribute(json.status(), config.file.has_value() ? "file" : "flake");
    ASSIGN_OR_RETURN(wire::Value value, wire::ParseDynamicJson(*json));
    // Null has no type that a dynamic could carry.
    if (value.is_null()) {
      config.value = {};
    } else {
      config.value = schema::Dynamic{std::move(value)};
    }
    return config;
  }

 private:
  const Slot<nix::ResourceRules>& rules_;
  const Logger logger_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeNixValue(const Slot<nix::ResourceRules>& rules,
                                                    const Logger& logger) {
  return schema::MakeDataSource<NixValue>(kNixValue, std::make_unique<NixValueSource>(rules, logger));
}

}  // namespace fediversity::datasources
