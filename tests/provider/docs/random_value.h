#ifndef FEDIVERSITY_TESTS_PROVIDER_DOCS_RANDOM_VALUE_H_
#define FEDIVERSITY_TESTS_PROVIDER_DOCS_RANDOM_VALUE_H_

#include <random>
#include <string>

#include "provider/wire/value.h"

namespace fediversity::docs {

// Text made of what HCL, `tofu fmt` or Unicode treat in a way of their own.
std::string RandomText(std::mt19937& random);

// A known value without sets, nested up to `depth` times.
wire::Value RandomValue(std::mt19937& random, int depth);

// A map of such values.
wire::Value RandomObject(std::mt19937& random, int depth);

}  // namespace fediversity::docs

#endif  // FEDIVERSITY_TESTS_PROVIDER_DOCS_RANDOM_VALUE_H_
