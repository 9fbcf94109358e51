#ifndef FEDIVERSITY_PROVIDER_SCHEMA_ENGINE_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_ENGINE_H_

// What the protocol asks of every resource, data source and ephemeral resource, derived from its table. The
// functions never fail: whatever goes wrong is a diagnostic in the answer, next to the state that holds by then.
// Thread-safe as far as the resource is.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/base/cancel.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/ephemeral_resource.h"
#include "provider/schema/policy.h"
#include "provider/schema/resource.h"
#include "provider/wire/path.h"
#include "provider/wire/value.h"

namespace fediversity::schema {

// What every call gets from the process.
struct CallContext {
  const CancelToken& cancel;
  // Whether the host takes write-only attributes.
  bool write_only_allowed = true;
  // Rules beside the tables; null: there are none.
  Policy* policy = nullptr;
};

Diagnostics ValidateConfig(const AnyResource& resource, const wire::Value& config, const CallContext& call);
Diagnostics ValidateConfig(const AnyDataSource& source, const wire::Value& config);
Diagnostics ValidateConfig(const AnyEphemeralResource& resource, const wire::Value& config);
// For the provider block.
void ValidateTable(const Table& table, const wire::Value& config, Diagnostics& diagnostics);

// Private state travels as opaque bytes; empty bytes are an empty state.
struct ReadRequest {
  wire::Value state;
  std::string private_bytes;
};
struct ReadResponse {
  wire::Value state;  // null: the object is gone
  std::optional<wire::Value> identity;
  std::string private_bytes;
  Diagnostics diagnostics;
};
ReadResponse ReadResource(AnyResource& resource, const ReadRequest& request, const CallContext& call);

struct PlanRequest {
  wire::Value prior;     // null: create
  wire::Value proposed;  // null: destroy
  wire::Value config;
  std::string prior_private;
};
struct PlanResponse {
  wire::Value planned;
  std::vector<wire::Path> requires_replace;
  std::optional<wire::Value> identity;  // absent until every part of it is known
  std::string planned_private;
  Diagnostics diagnostics;
};
PlanResponse PlanResource(AnyResource& resource, const PlanRequest& request, const CallContext& call);

struct ApplyRequest {
  wire::Value prior;    // null: create
  wire::Value planned;  // null: destroy
  wire::Value config;
  std::string planned_private;
};
struct ApplyResponse {
  wire::Value state;
  std::optional<wire::Value> identity;
  std::string private_bytes;
  Diagnostics diagnostics;
};
ApplyResponse ApplyResource(AnyResource& resource, const ApplyRequest& request, const CallContext& call);

struct ImportRequest {
  std::string id;  // empty: by identity
  std::optional<wire::Value> identity;
};
struct ImportResponse {
  wire::Value state;  // null where diagnostics has errors
  std::optional<wire::Value> identity;
  std::string private_bytes;
  Diagnostics diagnostics;
};
ImportResponse ImportResource(AnyResource& resource, const ImportRequest& request, const CallContext& call);

struct StateResponse {
  wire::Value state;
  std::optional<wire::Value> identity;
  std::string private_bytes;  // of a state that was moved; an upgraded one keeps its own
  Diagnostics diagnostics;
};
// `json` is the state as stored, written at schema version `version`. Calls no service.
StateResponse UpgradeState(const AnyResource& resource, std::int64_t version, std::string_view json);
// `source_json` is the other resource's state as stored.
StateResponse MoveState(const AnyResource& resource, ForeignState source, std::string_view source_json);

struct DataResponse {
  wire::Value state;
  Diagnostics diagnostics;
};
DataResponse ReadDataSource(AnyDataSource& source, const wire::Value& config, const CallContext& call);

// The private bytes of an ephemeral resource never leave the run.
struct OpenResponse {
  wire::Value result;                            // null where diagnostics has errors
  absl::Time renew_at = absl::InfiniteFuture();  // InfiniteFuture: never
  std::string private_bytes;
  Diagnostics diagnostics;
};
OpenResponse OpenEphemeral(AnyEphemeralResource& resource, const wire::Value& config,
                           const CallContext& call);

struct RenewResponse {
  absl::Time renew_at = absl::InfiniteFuture();
  std::string private_bytes;
  Diagnostics diagnostics;
};
RenewResponse RenewEphemeral(AnyEphemeralResource& resource, std::string_view private_bytes,
                             const CallContext& call);
Diagnostics CloseEphemeral(AnyEphemeralResource& resource, std::string_view private_bytes,
                           const CallContext& call);

// The identity of an object; nullopt where the type has none or a part of it is null or unknown.
std::optional<wire::Value> IdentityOf(const Table& table, const wire::Value& object);

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_ENGINE_H_
