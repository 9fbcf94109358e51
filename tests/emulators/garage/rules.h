#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_RULES_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_RULES_H_

#include <string>

#include "tests/emulators/garage/fields.h"

namespace fediversity::emulators::garage {

// A rule without what Garage does not know; `error` is set where it has not the form of one.
Json ReduceCorsRule(const Json& rule, std::string& error);
Json ReduceLifecycleRule(const Json& rule, std::string& error);
Json ReduceRoutingRule(const Json& rule, std::string& error);

// Why a rule in its form is not taken, or "".
std::string WrongCorsRule(const Json& rule);
std::string WrongLifecycleRule(const Json& rule);
std::string WrongRoutingRule(const Json& rule);

// How a routing rule comes back: with 302 where it names no code, and null for no condition.
Json WithDefaults(Json routing_rule);

// How a lifecycle rule comes back: an And of one condition without the And, a filter of none not at all.
Json AsKept(Json lifecycle_rule);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_RULES_H_
