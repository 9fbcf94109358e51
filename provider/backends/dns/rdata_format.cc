#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "provider/backends/dns/ldns_text.h"
#include "provider/backends/dns/octets.h"
#include "provider/backends/dns/presentation.h"
#include "provider/backends/dns/rdata.h"
#include "provider/backends/dns/rdata_layout.h"
#include "provider/backends/dns/rdata_text.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

// With the case as it stands in `wire`, unlike Name::ToText.
std::string FormatName(std::string_view wire) {
  if (wire.size() == 1) return ".";
  std::string text;
  while (wire[0] != '\0') {
    std::size_t const length = Get8(wire);
    for (char const octet : wire.substr(1, length)) AppendEscaped(text, octet, kSpecialInNames);
    text += '.';
    wire.remove_prefix(1 + length);
  }
  return text;
}

std::string FormatStrings(std::string_view wire) {
  std::vector<std::string> strings;
  while (!wire.empty()) {
    std::size_t const size = Get8(wire);
    strings.push_back(Quote(wire.substr(1, size)));
    wire.remove_prefix(1 + size);
  }
  return Join(strings, " ");
}

// nullopt where only the generic form can show the octets.
std::optional<std::string> FormatField(FieldKind kind, std::string_view wire) {
  switch (kind) {
    case FieldKind::kU8:
    case FieldKind::kAlgorithm: return std::to_string(Get8(wire));
    case FieldKind::kU16:
    case FieldKind::kCertType: return std::to_string(Get16(wire));
    case FieldKind::kU32: return std::to_string(Get32(wire));
    case FieldKind::kName: return FormatName(wire);
    case FieldKind::kIpv4: return FormatIpv4(wire);
    case FieldKind::kIpv6: return FormatIpv6(wire);
    case FieldKind::kEui48:
    case FieldKind::kEui64: return FormatEui(wire);
    case FieldKind::kLocation: {
      absl::StatusOr<std::string> text = FormatLocation(wire);
      if (!text.ok()) return std::nullopt;
      return *std::move(text);
    }
    case FieldKind::kTag: return std::string(wire.substr(1));
    case FieldKind::kString:
    case FieldKind::kStrings: return FormatStrings(wire);
    case FieldKind::kText:
    case FieldKind::kOptionalText: return Quote(wire);
    case FieldKind::kHex: return absl::BytesToHexString(ToAbsl(wire));
    case FieldKind::kBase64: return absl::Base64Escape(ToAbsl(wire));
    case FieldKind::kTypeBitmap: return FormatTypeBitmap(wire);
    case FieldKind::kAddressPrefixes: return FormatAddressPrefixes(wire);
    case FieldKind::kServiceParameters: return FormatServiceParameters(wire);
  }
  return std::nullopt;
}

std::string FormatGeneric(std::string_view wire) {
  std::string text = Cat({"\\# ", std::to_string(wire.size())});
  if (!wire.empty()) text += Cat({" ", absl::BytesToHexString(ToAbsl(wire))});
  return text;
}

}  // namespace

std::string FormatRdata(const Rdata& data) {
  absl::StatusOr<std::vector<FieldData>> const fields = SplitFields(data.type(), data.wire());
  if (!fields.ok() || LayoutOf(data.type()).empty()) return FormatGeneric(data.wire());
  std::vector<std::string> texts;
  for (const FieldData& field : *fields) {
    std::optional<std::string> const text = FormatField(field.field.kind, field.wire);
    if (!text.has_value()) return FormatGeneric(data.wire());
    if (!text->empty()) texts.push_back(*text);
  }
  std::string text = Join(texts, " ");
  // Servers store data that no text stands for, such as a parameter with a value that it must not have.
  absl::StatusOr<Rdata> const again = ParseRdata(data.type(), text, Name());
  if (!again.ok() || *again != data) return FormatGeneric(data.wire());
  return text;
}

std::string QuoteText(std::string_view octets) {
  constexpr std::size_t kMaxString = 255;
  std::string text = Quote(octets.substr(0, kMaxString));
  for (std::size_t at = kMaxString; at < octets.size(); at += kMaxString) {
    text += Cat({" ", Quote(octets.substr(at, kMaxString))});
  }
  return text;
}

}  // namespace fediversity::dns
