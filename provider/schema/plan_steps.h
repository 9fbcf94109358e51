#ifndef FEDIVERSITY_PROVIDER_SCHEMA_PLAN_STEPS_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_PLAN_STEPS_H_

// The steps of planning, in the order in which PlanResource() takes them. Each works on whole objects of one
// table, recursing into nested ones; `prior` may be null or lack what the configuration adds.

#include <vector>

#include "provider/schema/table.h"
#include "provider/wire/path.h"
#include "provider/wire/value.h"

namespace fediversity::schema {

// Fills in defaults where `config` is silent, and makes write-only attributes null. A computed nested attribute
// on which `config` is silent stays as it was.
void ApplyDefaults(const Table& table, const wire::Value& prior, const wire::Value& config,
                   wire::Value& planned);

// A nested set as it is planned: the configured elements with defaults filled in.
wire::Value SetWithDefaults(const Table& nested, const wire::Value& config);

// Puts the prior value back where `respelled`, the plan after AnyResource::KeepSpelling(), equals it. The host
// takes an attribute either as configured or as it was, nothing between, so an attribute of which only a part was
// respelled stays as planned; of nested objects each attribute counts for itself.
void TakePriorSpelling(const Table& table, const wire::Value& prior, const wire::Value& config,
                       const wire::Value& respelled, wire::Value& planned);

// Keeps of what is known of an unknown value in `planned` only what the prior one in its place fits, too: once it is
// known it may be that one, spelled otherwise, and the host holds it to all that the plan said of it.
void ForgetOtherSpelling(const wire::Value& prior, wire::Value& planned);

// Marks each computed attribute on which `config` is silent as unknown: the object changes, and so may they.
void MarkComputedUnknown(const Table& table, const wire::Value& config, wire::Value& planned);

// Puts the prior value back where the row keeps state, `config` is silent and the plan says unknown.
void KeepState(const Table& table, const wire::Value& prior, const wire::Value& config, wire::Value& planned);

// The replacing attributes in which `planned` differs from `prior`, or may differ once it is known.
void CollectReplacements(const Table& table, const wire::Value& prior, const wire::Value& planned,
                         std::vector<wire::Path>& replace);

// `object` with write-only attributes null, at any depth.
void DropWriteOnly(const Table& table, wire::Value& object);

// `object` with unknown values null, at any depth: what can be saved of a half-made object.
wire::Value WithoutUnknowns(wire::Value object);

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_PLAN_STEPS_H_
