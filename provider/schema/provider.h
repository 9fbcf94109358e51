#ifndef FEDIVERSITY_PROVIDER_SCHEMA_PROVIDER_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_PROVIDER_H_

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/ephemeral_resource.h"
#include "provider/schema/policy.h"
#include "provider/schema/resource.h"
#include "provider/schema/table.h"

namespace fediversity::schema {

// The provider block: its table, and what to do with its values.
class ProviderBlock {
 public:
  virtual ~ProviderBlock() = default;

  virtual const Table& table() const = 0;
  // Parts may be unknown. The host configures nothing before it validates resources: what that needs is taken from here.
  virtual void Validate(const wire::Value& config, Diagnostics& diagnostics) const = 0;
  // Takes over the settings; connects to nothing. May be called again and again: the latest settings hold.
  // Parts may be unknown during a plan.
  virtual void Configure(const wire::Value& config, Diagnostics& diagnostics) = 0;
};

// Everything that the process serves. Built once in main.cc (or by a test), immutable afterwards; the
// resources themselves are thread-safe.
struct Provider {
  std::unique_ptr<ProviderBlock> block;
  std::vector<std::unique_ptr<AnyResource>> resources;
  std::vector<std::unique_ptr<AnyDataSource>> data_sources;
  std::vector<std::unique_ptr<AnyEphemeralResource>> ephemeral_resources;
  // Every resource's configuration goes through it; null: there is none.
  std::unique_ptr<Policy> policy;

  // The one of that type; null where there is none.
  AnyResource* FindResource(std::string_view type_name) const;
  AnyDataSource* FindDataSource(std::string_view type_name) const;
  AnyEphemeralResource* FindEphemeralResource(std::string_view type_name) const;
  // Refuses what would crash a host or could never work: a table that was not finished, two of one name and kind.
  // Answers FailedPrecondition naming it. Called before serving.
  absl::Status Check() const;
};

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_PROVIDER_H_
