#include "provider/backends/dns/ldns_text.h"

#include <ldns/ldns.h>
#include <stdbool.h>  // keeps ldns from defining its own bool

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

constexpr std::size_t kLocationSize = 16;
// Also the prime meridian; units are thousandths of an arc second.
constexpr std::uint32_t kEquator = 1U << 31;
constexpr std::uint32_t kDegree = 3'600'000;

struct FreeRdf {
  void operator()(ldns_rdf* rdf) const { ldns_rdf_deep_free(rdf); }
};
using OwnedRdf = std::unique_ptr<ldns_rdf, FreeRdf>;
using OwnedText = std::unique_ptr<char, decltype(&std::free)>;
using Parser = ldns_status (*)(ldns_rdf**, const char*);

// The octets that `parse` reads from text, nullopt where it refuses.
std::optional<std::string> Parse(Parser parse, std::string_view text) {
  if (text.empty() || text.find('\0') != std::string_view::npos) return std::nullopt;
  ldns_rdf* parsed = nullptr;
  ldns_status const status = parse(&parsed, std::string(text).c_str());
  OwnedRdf const owned(parsed);
  if (status != LDNS_STATUS_OK || parsed == nullptr) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(ldns_rdf_data(parsed)), ldns_rdf_size(parsed));
}

bool IsMnemonic(std::string_view text) { return !text.empty() && (text[0] < '0' || text[0] > '9'); }

std::uint32_t Read32(std::string_view wire, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(wire[at + i]);
  return value;
}

bool IsPrecision(char octet) {  // mantissa and power of ten, 0 to 9 each
  auto const value = static_cast<unsigned char>(octet);
  return (value >> 4) <= 9 && (value & 15) <= 9;
}

absl::Status CheckLocation(std::string_view wire) {
  if (wire.size() != kLocationSize || wire[0] != 0) return absl::InvalidArgumentError("not version 0");
  std::uint32_t const latitude = Read32(wire, 4);
  std::uint32_t const longitude = Read32(wire, 8);
  if (latitude < kEquator - 90 * kDegree || latitude > kEquator + 90 * kDegree) {
    return absl::InvalidArgumentError("the latitude is over 90 degrees");
  }
  if (longitude < kEquator - 180 * kDegree || longitude > kEquator + 180 * kDegree) {
    return absl::InvalidArgumentError("the longitude is over 180 degrees");
  }
  if (!IsPrecision(wire[1]) || !IsPrecision(wire[2]) || !IsPrecision(wire[3])) {
    return absl::InvalidArgumentError("a size or precision is out of range");
  }
  return absl::OkStatus();
}

// A location with the minutes and seconds that its coordinates leave out (RFC 1876, 3) written as zeros: where one
// coordinate leaves them out, ldns takes over those of the other.
std::string WithMinutesAndSeconds(std::string_view text) {
  std::vector<std::string> fields;
  int numbers = 0;      // of the coordinate being read
  int coordinates = 0;  // that are complete; altitude and what follows it stay as they are
  for (absl::string_view const part :
       absl::StrSplit(ToAbsl(text), absl::ByAnyChar(" \t"), absl::SkipEmpty())) {
    std::string_view const field = ToStd(part);
    if (coordinates < 2) {
      bool const is_direction =
          field.size() == 1 && std::string_view("NSEWnsew").find(field[0]) != std::string_view::npos;
      if (is_direction) {
        for (; numbers > 0 && numbers < 3; ++numbers) fields.emplace_back("0");
        numbers = 0;
        ++coordinates;
      } else {
        ++numbers;
      }
    }
    fields.emplace_back(field);
  }
  return Join(fields, " ");
}

}  // namespace

std::optional<std::uint16_t> TypeOfMnemonic(std::string_view upper) {
  if (upper.empty() || upper.find('\0') != std::string_view::npos) return std::nullopt;
  ldns_rr_type const type = ldns_get_rr_type_by_name(std::string(upper).c_str());
  if (type == 0) return std::nullopt;
  return static_cast<std::uint16_t>(type);
}

std::string MnemonicOfType(std::uint16_t type) {
  OwnedText const text(ldns_rr_type2str(static_cast<ldns_rr_type>(type)), std::free);
  return text == nullptr ? Cat({"TYPE", std::to_string(type)}) : std::string(text.get());
}

absl::StatusOr<std::string> ParseLocation(std::string_view text) {
  std::optional<std::string> wire = Parse(ldns_str2rdf_loc, WithMinutesAndSeconds(text));
  if (!wire.has_value()) {
    return absl::InvalidArgumentError(
        "it is not of the form \"52 22 23.000 N 4 53 32.000 E -2m 0m 10000m 10m\"");
  }
  RETURN_IF_ERROR(CheckLocation(*wire));
  return *std::move(wire);
}

absl::StatusOr<std::string> FormatLocation(std::string_view wire) {
  RETURN_IF_ERROR(CheckLocation(wire));
  OwnedRdf const rdf(ldns_rdf_new_frm_data(LDNS_RDF_TYPE_LOC, wire.size(), wire.data()));
  OwnedText const text(rdf == nullptr ? nullptr : ldns_rdf2str(rdf.get()), std::free);
  if (text == nullptr) return absl::ResourceExhaustedError("out of memory");
  // Rounding, or a mantissa of zero with a power, would make it other data.
  if (Parse(ldns_str2rdf_loc, text.get()) != wire) return absl::InvalidArgumentError("no text stands for it");
  return std::string(text.get());
}

std::optional<std::uint16_t> CertTypeOfMnemonic(std::string_view text) {
  if (!IsMnemonic(text)) return std::nullopt;
  std::optional<std::string> const wire = Parse(ldns_str2rdf_cert_alg, text);
  if (!wire.has_value() || wire->size() != 2) return std::nullopt;
  return static_cast<std::uint16_t>(static_cast<unsigned char>((*wire)[0]) << 8 |
                                    static_cast<unsigned char>((*wire)[1]));
}

std::optional<std::uint8_t> AlgorithmOfMnemonic(std::string_view text) {
  if (!IsMnemonic(text)) return std::nullopt;
  std::optional<std::string> const wire = Parse(ldns_str2rdf_alg, text);
  if (!wire.has_value() || wire->size() != 1) return std::nullopt;
  return static_cast<std::uint8_t>((*wire)[0]);
}

}  // namespace fediversity::dns
