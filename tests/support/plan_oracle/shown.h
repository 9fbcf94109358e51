#ifndef FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_SHOWN_H_
#define FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_SHOWN_H_

#include <string>

#include "provider/wire/value.h"

namespace fediversity::oracle {

// `value` for the output of a failing test: {a="x", b=[1, ?], c=set("y"), d=?(prefix "z")}.
std::string Shown(const wire::Value& value);

}  // namespace fediversity::oracle

#endif  // FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_SHOWN_H_
