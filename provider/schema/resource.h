#ifndef FEDIVERSITY_PROVIDER_SCHEMA_RESOURCE_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_RESOURCE_H_

// The type-erased side of a resource: what the engine (engine.h) calls. Resources are written against
// Resource<T> in typed_resource.h, which implements this by converting between T and wire values.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/base/cancel.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/table.h"

namespace fediversity::schema {

// Small facts about an object that belong in state but not before the user's eyes: no secrets, no schema.
using PrivateState = std::map<std::string, std::string, std::less<>>;

// What an operation knows beside its values, and what it can say. One per call; used by one thread.
struct Operation {
  Diagnostics& diagnostics;
  PrivateState& private_state;
  // Fires when the user interrupts the run.
  const CancelToken& cancel;
  // From the `timeouts` attribute; InfiniteFuture where nothing bounds the operation.
  absl::Time deadline = absl::InfiniteFuture();
  // The configuration, the only place where write-only values exist. Null while reading.
  wire::Value config;
  // Records what exists so far: a later failure leaves that in state. Empty while planning and reading.
  std::function<void(wire::Value)> checkpoint;
  // Set while creating: the object exists, but is not as planned yet, and the next apply is to carry on. The host would
  // destroy and make anew whatever a failed creation leaves, so this is a warning, and state claims what was planned
  // until the next read.
  bool unfinished = false;
  // Set while opening or renewing an ephemeral resource: when the host has to renew it.
  absl::Time renew_at = absl::InfiniteFuture();
};

// Other providers' states that MoveState() is offered.
struct ForeignState {
  std::string provider_address;  // "registry.opentofu.org/hashicorp/dns"
  std::string type_name;         // "dns_a_record_set"
  std::int64_t schema_version = 0;
  wire::Value state;  // parsed without a type: objects are maps, arrays lists
};

// One step of a state upgrade, from version N to N+1, on the state's raw JSON.
using StateUpgrade = std::function<absl::StatusOr<wire::Value>(wire::Value)>;

// All values are objects of table().type. Statuses carry the attribute at fault where there is one
// (OnAttribute). Thread-safe: the host makes up to ten calls at once.
class AnyResource {
 public:
  virtual ~AnyResource() = default;

  virtual const Table& table() const = 0;

  // Rules across attributes; any of them may be null or unknown. Must not call a service.
  virtual void Validate(const wire::Value& config, Diagnostics& diagnostics) const;

  // Gives each part of `fresh` that means the same as in `known` the spelling of `known`. The engine calls it
  // after reading (known: state), planning (known: state) and applying (known: plan).
  virtual void KeepSpelling(const wire::Value& known, wire::Value& fresh) const;

  // May fill in, refuse, or ask for replacement (`replace`), once defaults and kept values are in `planned`.
  // `prior` is null for an object to be created.
  virtual absl::Status Plan(Operation& operation, const wire::Value& prior, const wire::Value& config,
                            wire::Value& planned, std::vector<wire::Path>& replace) const;

  // NotFound means that the object is definitely gone, never that it could not be seen.
  virtual absl::StatusOr<wire::Value> Read(Operation& operation, const wire::Value& state) = 0;
  // Unknown attributes in the result make the engine read the object back.
  virtual absl::StatusOr<wire::Value> Create(Operation& operation, const wire::Value& planned) = 0;
  virtual absl::StatusOr<wire::Value> Update(Operation& operation, const wire::Value& prior,
                                             const wire::Value& planned) = 0;
  // NotFound counts as deleted.
  virtual absl::Status Delete(Operation& operation, const wire::Value& state) = 0;

  // Completes what an import id or identity gave, before it is read; may refuse it.
  virtual absl::Status Import(Operation& operation, wire::Value& state);
  // Reads an id that the table's template does not fit. The default refuses it, naming the template.
  virtual absl::StatusOr<wire::Value> ParseImportId(std::string_view id) const;

  // nullopt: this type does not take that state over. `private_state` is that of the object from now on.
  virtual absl::StatusOr<std::optional<wire::Value>> MoveState(const ForeignState& source,
                                                               PrivateState& private_state) const;
  // upgrades()[n] leads from version n to n+1; as many as table().version.
  virtual std::vector<StateUpgrade> upgrades() const { return {}; }

  // How long an operation ("create", "read", "update", "delete") may take where `timeouts` says nothing.
  virtual absl::Duration DefaultTimeout(std::string_view operation) const;
};

class AnyDataSource {
 public:
  virtual ~AnyDataSource() = default;

  virtual const Table& table() const = 0;
  virtual void Validate(const wire::Value& config, Diagnostics& diagnostics) const;
  // Answers an object of table().type without unknowns. `config` has the defaults filled in. NotFound becomes
  // an error for the user.
  virtual absl::StatusOr<wire::Value> Read(Operation& operation, const wire::Value& config) = 0;
};

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_RESOURCE_H_
