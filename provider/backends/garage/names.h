#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_NAMES_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_NAMES_H_

#include <string>
#include <string_view>

#include "provider/base/text.h"

namespace fediversity::garage {

// How messages name things, with what is done to them: "Bucket 0123456789abcdef: reading it". The first 16 digits are
// what Garage's own messages have of an id, and they are enough to find it again.
inline std::string ShortId(std::string_view id) {
  constexpr std::size_t kDigits = 16;
  return ValidUtf8(id.substr(0, kDigits));
}
inline std::string OfBucket(std::string_view id, std::string_view doing) {
  return Cat({"Bucket ", ShortId(id), ": ", doing});
}
inline std::string OfKey(std::string_view access_key_id, std::string_view doing) {
  return Cat({"Key ", ValidUtf8(access_key_id), ": ", doing});
}

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_NAMES_H_
