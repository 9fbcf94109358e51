#ifndef FEDIVERSITY_TESTS_PROVIDER_WIRE_VECTOR_VALUE_H_
#define FEDIVERSITY_TESTS_PROVIDER_WIRE_VECTOR_VALUE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "provider/wire/value.h"

namespace fediversity::wire {

// How to make a number of the decimal text in a vector. go-cty tells a double from text of the same digits by
// its precision, which the vectors do not record.
enum class NumberOrigin { kText, kDouble };

// The value that a tagged tree of the vectors describes: {"string":..}, {"list":[..]}, {"unknown":true,..}.
// Throws std::runtime_error for a tag that it does not know.
Value FromTagged(const nlohmann::json& tagged, NumberOrigin origin);

// The bytes that hexadecimal text stands for. Throws std::runtime_error for anything else.
std::string FromHex(std::string_view hex);
std::string ToHex(std::string_view bytes);

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_TESTS_PROVIDER_WIRE_VECTOR_VALUE_H_
