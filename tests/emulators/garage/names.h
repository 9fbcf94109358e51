#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_NAMES_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

#include "tests/emulators/garage/store.h"

namespace fediversity::emulators::garage {

// Whether a bucket may be called so.
bool IsBucketName(std::string_view name);

// What CreateBucket says of a name that is none.
std::string BadBucketName(const std::string& name);

// An id in lower case; else nothing, and what Garage says in `error`.
std::optional<std::string> ParseBucketId(std::string_view text, std::string& error);

// What ImportKey says of an id or a secret that it does not take; "" where it takes both.
std::string WrongKeyFormat(Version version, std::string_view id, std::string_view secret);

// "a" for "A": the text in lower case.
std::string Lower(std::string_view text);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_NAMES_H_
