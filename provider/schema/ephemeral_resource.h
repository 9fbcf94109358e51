#ifndef FEDIVERSITY_PROVIDER_SCHEMA_EPHEMERAL_RESOURCE_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_EPHEMERAL_RESOURCE_H_

// The type-erased side of an ephemeral resource: values that exist while a run needs them and are stored nowhere.
// Ephemeral resources are written against EphemeralResource<T> in typed_ephemeral_resource.h.

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/resource.h"
#include "provider/schema/table.h"

namespace fediversity::schema {

// Opened while planning and again while applying, wherever something needs its values. Thread-safe.
class AnyEphemeralResource {
 public:
  virtual ~AnyEphemeralResource() = default;

  virtual const Table& table() const = 0;
  virtual void Validate(const wire::Value& config, Diagnostics& diagnostics) const;
  // Answers an object of table().type without unknowns. `config` has the defaults filled in. What renewing and closing
  // need goes into Operation::private_state, which lives as long as the run and is never stored. Sets
  // Operation::renew_at where the values end before the run may.
  virtual absl::StatusOr<wire::Value> Open(Operation& operation, const wire::Value& config) = 0;
  // Keeps what Open() gave valid; sets Operation::renew_at again where that is not the last time.
  virtual absl::Status Renew(Operation& operation);
  // Gives back what Open() took. After an interrupted run it may never be called.
  virtual absl::Status Close(Operation& operation);
};

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_EPHEMERAL_RESOURCE_H_
