#ifndef FEDIVERSITY_PROVIDER_WIRE_JSON_TEXT_H_
#define FEDIVERSITY_PROVIDER_WIRE_JSON_TEXT_H_

#include <string>
#include <string_view>

namespace fediversity::wire {

enum class JsonEscapes {
  kNeeded,  // what RFC 8259 asks for
  kGo,      // also <, >, & and U+2028, U+2029, as Go's encoding/json does, so that the bytes are the host's
};

// Appends `text`, which must be UTF-8, as a JSON string.
void AppendJsonString(std::string_view text, JsonEscapes escapes, std::string* json);

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_JSON_TEXT_H_
