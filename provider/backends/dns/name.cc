#include "provider/backends/dns/name.h"

#include <idn2.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "provider/backends/dns/presentation.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxName = 255;

absl::Status Bad(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(Cat({"\"", ValidUtf8(text), "\" is no domain name: ", why}));
}

// A label with characters beyond ASCII as an A-label (RFC 5891; UTS #46, non-transitional).
absl::StatusOr<std::string> ToALabel(const std::string& label) {
  std::uint8_t* converted = nullptr;
  int const result = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(label.c_str()), &converted,
                                    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  std::unique_ptr<std::uint8_t, decltype(&idn2_free)> const owned(converted, idn2_free);
  if (result != IDN2_OK) {
    return absl::InvalidArgumentError(Cat({"the label \"", ValidUtf8(label), "\" is no valid IDN (",
                                           idn2_strerror(result), "); raw octets are written \\DDD"}));
  }
  std::string a_label(reinterpret_cast<const char*>(converted));
  if (a_label.find('.') != std::string::npos) {
    return absl::InvalidArgumentError("it has a full stop of another script; write \".\"");
  }
  return a_label;
}

// Reads the label that starts at text[at], and moves `at` to the dot after it or to the end.
absl::StatusOr<std::string> ReadLabel(std::string_view text, std::size_t& at) {
  std::string label;
  bool beyond_ascii = false;
  bool escaped = false;
  while (at < text.size() && text[at] != '.') {
    char const c = text[at];
    if (c == '\\') {
      ASSIGN_OR_RETURN(char const octet, ReadEscape(text, at));
      label += octet;
      escaped = true;
      continue;
    }
    auto const value = static_cast<unsigned char>(c);
    if (value <= 0x20 || value == 0x7F || c == '"' || c == ';' || c == '(' || c == ')') {
      return absl::InvalidArgumentError(
          "blanks, control characters and any of \" ; ( ) need a backslash before them");
    }
    beyond_ascii = beyond_ascii || value > 0x7F;
    label += c;
    ++at;
  }
  if (label.empty()) return absl::InvalidArgumentError("it has an empty label");
  if (!beyond_ascii) return label;
  if (escaped)
    return absl::InvalidArgumentError("escapes and characters beyond ASCII do not mix in one label");
  return ToALabel(label);
}

std::vector<std::string_view> Labels(std::string_view wire) {
  std::vector<std::string_view> labels;
  for (std::size_t at = 0; wire[at] != '\0';) {
    auto const length = static_cast<unsigned char>(wire[at]);
    labels.push_back(wire.substr(at + 1, length));
    at += 1 + length;
  }
  return labels;
}

}  // namespace

absl::StatusOr<Name> Name::Parse(std::string_view text, const Name& origin) {
  if (text.empty()) return Bad(text, "it is empty");
  if (text == "@") return origin;
  if (text == ".") return Name();
  std::string wire;
  std::size_t at = 0;
  bool absolute = false;
  while (at < text.size()) {
    absl::StatusOr<std::string> const label = ReadLabel(text, at);
    if (!label.ok()) return Bad(text, ToStd(label.status().message()));
    if (label->size() > kMaxLabel) return Bad(text, "a label is over 63 octets");
    wire += static_cast<char>(label->size());
    wire += *label;
    absolute = at < text.size() && ++at == text.size();
  }
  wire += absolute ? std::string(1, '\0') : origin.wire();
  if (wire.size() > kMaxName) return Bad(text, "with its zone it is over 255 octets");
  // Length octets are at most 63, below every letter, so that the whole can be lowered at once.
  absl::AsciiStrToLower(&wire);
  return Name(std::move(wire));
}

absl::StatusOr<Name> Name::ParseAbsolute(std::string_view text) {
  if (text == "@") return Bad(text, "\"@\" has no meaning here");
  return Parse(text, Name());
}

absl::StatusOr<Name> Name::FromWire(std::string_view wire) {
  std::size_t at = 0;
  while (at < wire.size() && wire[at] != '\0') {
    auto const length = static_cast<unsigned char>(wire[at]);
    if (length > kMaxLabel) return absl::InvalidArgumentError("a label of a domain name is over 63 octets");
    at += 1 + length;
  }
  if (at + 1 != wire.size() || wire.size() > kMaxName) {
    return absl::InvalidArgumentError("a domain name ends too early or too late");
  }
  std::string lower(wire);
  absl::AsciiStrToLower(&lower);
  return Name(std::move(lower));
}

bool Name::IsWithin(const Name& zone) const {
  if (!wire_.ends_with(zone.wire_)) return false;
  // The end must begin at a label, not in the middle of one.
  std::size_t const start = wire_.size() - zone.wire_.size();
  std::size_t at = 0;
  while (at < start) at += 1 + static_cast<unsigned char>(wire_[at]);
  return at == start;
}

Name Name::Parent() const {
  if (is_root()) return *this;
  return Name(wire_.substr(1 + static_cast<unsigned char>(wire_[0])));
}

std::string Name::ToText() const {
  if (is_root()) return ".";
  std::string text;
  for (std::string_view const label : Labels(wire_)) {
    for (char const octet : label) AppendEscaped(text, octet, kSpecialInNames);
    text += '.';
  }
  return text;
}

std::string Name::ToTextWithin(const Name& zone) const {
  if (*this == zone) return "@";
  if (!IsWithin(zone)) return ToText();
  std::string relative = Name(wire_.substr(0, wire_.size() - zone.wire_.size()) + '\0').ToText();
  relative.pop_back();
  return relative;
}

std::string Name::ToPlainText() const {
  std::string text = ToText();
  if (!is_root()) text.pop_back();
  return text;
}

std::strong_ordering operator<=>(const Name& a, const Name& b) {
  std::vector<std::string_view> const left = Labels(a.wire_);
  std::vector<std::string_view> const right = Labels(b.wire_);
  return std::lexicographical_compare_three_way(left.rbegin(), left.rend(), right.rbegin(), right.rend());
}

}  // namespace fediversity::dns
