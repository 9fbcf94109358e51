#ifndef FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_RANDOM_VALUE_H_
#define FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_RANDOM_VALUE_H_

#include "provider/schema/table.h"
#include "provider/wire/type.h"
#include "provider/wire/value.h"
#include "tests/support/plan_oracle/random.h"

namespace fediversity::oracle {

// A known, non-null value of `type`: Unicode in both normal forms, empty and long strings, numbers of all sizes
// and precisions, empty collections. Members of objects may be null, elements of collections are not.
wire::Value RandomValue(Random& random, const wire::Type& type);

// A wholly known configuration of `table`: required attributes are set, read-only ones are not, the others at
// random.
wire::Value RandomConfig(Random& random, const schema::Table& table);

// A value that a service could hold for `row`: for nested objects all computed attributes are filled in.
wire::Value RandomHeld(Random& random, const schema::Row& row);
// `planned` with each unknown replaced by such a value, or by the value of `prior` in the same place.
wire::Value Complete(Random& random, const schema::Table& table, const wire::Value& planned,
                     const wire::Value& prior);

// `config` with some values made unknown, some of these with what is known about them; the values that `config`
// holds are what they turn out to be.
wire::Value WithUnknowns(Random& random, const schema::Table& table, const wire::Value& config);

}  // namespace fediversity::oracle

#endif  // FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_RANDOM_VALUE_H_
