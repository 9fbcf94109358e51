#ifndef FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_ORACLE_H_
#define FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_ORACLE_H_

// What OpenTofu 1.12 does with configuration, state and a provider's answers, for schemas made of attributes
// (no blocks). Written from the rules of its internal/plans/objchange (ProposedNew, AssertPlanValid,
// AssertObjectCompatible) and sharing no code with the engine, so that the two can be held against each other.

#include <string>
#include <string_view>
#include <vector>

#include "provider/schema/table.h"
#include "provider/wire/path.h"
#include "provider/wire/value.h"

namespace fediversity::oracle {

// Each names a place and what is wrong there; empty where the host is content.
using Faults = std::vector<std::string>;

// The object that the host proposes: configuration merged with what the provider had computed before.
// `prior` is null for an object to be created.
wire::Value ProposedNew(const schema::Table& table, const wire::Value& prior, const wire::Value& config);

// "Provider produced invalid plan".
Faults AssertPlanValid(const schema::Table& table, const wire::Value& prior, const wire::Value& config,
                       const wire::Value& planned);

// "Provider produced inconsistent result after apply", and "... inconsistent final plan" where `actual` is the
// second plan, made during apply.
Faults AssertObjectCompatible(const schema::Table& table, const wire::Value& planned,
                              const wire::Value& actual);

// "Invalid provider response": write-only attributes are null in everything that a provider answers.
Faults AssertWriteOnlyNull(const schema::Table& table, const wire::Value& answer);

// "Provider has indicated requires replacement on a non-existent path"; also paths that mean nothing.
Faults AssertReplacements(const wire::Value& prior, const wire::Value& planned,
                          const std::vector<wire::Path>& replace);

// `value` with every unknown in it stripped of what is known about it.
wire::Value Unrefined(const wire::Value& value);

// Whether the host would say that the known `value` could be what `unknown` stood for.
bool Includes(const wire::Refinement& unknown, const wire::Value& value);

}  // namespace fediversity::oracle

#endif  // FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_ORACLE_H_
