#ifndef FEDIVERSITY_PROVIDER_SCHEMA_POLICY_STEPS_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_POLICY_STEPS_H_

// Where the engine's operations meet the policy (policy.h).

#include "provider/schema/engine.h"

namespace fediversity::schema {

// Holds a configuration that is wholly known against the policy.
void ValidateAgainstPolicy(const AnyResource& resource, const wire::Value& config, const CallContext& call,
                           Diagnostics& diagnostics);

// Holds the configuration of a plan against the policy and writes its defaults into `config` and `planned`: from
// then on they are as if the user had written them. What exists already, be it a part of the object, keeps what it has
// where it is left alone: of that only attributes whose own default always holds take one. What was filled in is noted
// in `private_state`. Answers whether planning may go on.
bool PlanAgainstPolicy(const AnyResource& resource, const wire::Value& prior, wire::Value& config,
                       wire::Value& planned, PrivateState& private_state, const CallContext& call,
                       Diagnostics& diagnostics);

// `config` as PlanAgainstPolicy() left it, once more while applying; the note is taken out of `private_state`.
wire::Value WithPolicyDefaults(const wire::Value& config, const wire::Value& planned,
                               PrivateState& private_state);

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_POLICY_STEPS_H_
