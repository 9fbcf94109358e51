#include "provider/backends/nix/nix_json.h"

#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

using nlohmann::json;

constexpr std::size_t kDeepest = 200;
// Decimal digits that a double always keeps (std::numeric_limits<double>::digits10).
constexpr std::size_t kExactDigits = 15;
// Integers up to here are exact as doubles.
constexpr double kWhole = 9007199254740992.0;

std::size_t SignificantDigits(std::string_view number) {
  number = number.substr(0, number.find_first_of("eE"));
  std::string digits;
  for (char const c : number) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 && !(digits.empty() && c == '0')) digits += c;
  }
  while (digits.ends_with('0')) digits.pop_back();
  return digits.size();
}

// Writes the document again while it is read.
class Rewriter final : public nlohmann::json_sax<json> {
 public:
  std::string Take() { return std::move(text_); }

  bool null() override { return Put("null"); }
  bool boolean(bool value) override { return Put(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return Put(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    std::string const text = std::to_string(value);
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return PutNumber(text);
    return Put(text);
  }
  bool number_float(number_float_t value, const string_t& text) override {
    if (!std::isfinite(value) || SignificantDigits(text) > kExactDigits) return PutNumber(text);
    // Too small for a double: not zero, but read as zero.
    if (value == 0 && SignificantDigits(text) > 0) return PutNumber(text);
    if (std::trunc(value) == value && std::fabs(value) <= kWhole) {
      return Put(std::to_string(static_cast<std::int64_t>(value)));
    }
    return Put(text);
  }
  bool string(string_t& value) override {
    if (value.find('\0') != string_t::npos) return Put(R"({"_fediversity":"text"})");
    return Put(json(value).dump());
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open('{'); }
  bool key(string_t& value) override {
    Separate();
    // A name that Nix cannot hold is told apart from those that it can.
    std::size_t const nul = value.find('\0');
    text_ += json(nul == string_t::npos ? value : value.substr(0, nul) + "\xEF\xBF\xBD").dump();
    text_ += ':';
    after_key_ = true;
    return true;
  }
  bool end_object() override { return Close('}'); }
  bool start_array(std::size_t) override { return Open('['); }
  bool end_array() override { return Close(']'); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  void Separate() {
    if (!after_key_ && !filled_.empty()) {
      if (filled_.back()) text_ += ',';
      filled_.back() = true;
    }
    after_key_ = false;
  }
  bool Put(std::string_view text) {
    Separate();
    text_ += text;
    return true;
  }
  bool PutNumber(std::string_view text) {
    return Put(Cat({R"({"_fediversity":"number","text":")", text, "\"}"}));
  }
  bool Open(char bracket) {
    if (filled_.size() >= kDeepest) return false;
    Separate();
    text_ += bracket;
    filled_.push_back(false);
    return true;
  }
  bool Close(char bracket) {
    text_ += bracket;
    filled_.pop_back();
    return true;
  }

  std::string text_;
  std::vector<bool> filled_;  // for each open bracket, whether something stands in it
  bool after_key_ = false;
};

}  // namespace

absl::StatusOr<std::string> ToNixJson(std::string_view json_text) {
  Rewriter rewriter;
  if (!json::sax_parse(json_text, &rewriter)) {
    return absl::InvalidArgumentError("a configuration for Nix is no JSON, or nested too deeply");
  }
  return rewriter.Take();
}

}  // namespace fediversity::nix
