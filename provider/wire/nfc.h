#ifndef FEDIVERSITY_PROVIDER_WIRE_NFC_H_
#define FEDIVERSITY_PROVIDER_WIRE_NFC_H_

#include <string>
#include <string_view>

namespace fediversity::wire {

bool IsAscii(std::string_view text);

// `text` in Unicode normal form C (UAX #15), the form in which the host compares strings. What is not UTF-8
// is replaced first (text.h, ValidUtf8).
std::string Nfc(std::string_view text);

// The part of a known prefix, at the start of the unknown text, that no continuation can change: without a
// last grapheme cluster that what follows could still extend. `prefix` may end in the middle of a character.
std::string SafePrefix(std::string_view prefix);

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_NFC_H_
