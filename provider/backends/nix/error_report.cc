#include "provider/backends/nix/error_report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "nlohmann/json.hpp"
#include "provider/backends/nix/repl_text.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

using nlohmann::json;

constexpr std::string_view kJsonLine = "@nix ";
constexpr std::string_view kPlainError = "error: ";
// What is kept of a trace, and of output that says nothing else.
constexpr std::size_t kFramesKept = 20;
constexpr std::size_t kTailKept = 2000;

struct Words {
  std::string_view words;
  ErrorKind kind;
  bool at_start = false;
};

// In the order in which they are tried. Each line was seen from Nix 2.8, or stands in 2.26 or 2.34 for it.
constexpr std::array kWords = {
    Words{"evaluation aborted with the following error message", ErrorKind::kAborted, true},
    Words{"stack overflow", ErrorKind::kStackOverflow, true},
    Words{"out of memory", ErrorKind::kOutOfMemory, true},
    Words{"infinite recursion encountered", ErrorKind::kInfiniteRecursion, true},
    Words{"syntax error", ErrorKind::kSyntax, true},
    Words{"undefined variable", ErrorKind::kMissing, true},
    Words{"path does not exist", ErrorKind::kNoFile, true},
    Words{"assertion ", ErrorKind::kAssertion, true},
    Words{"is forbidden in restricted mode", ErrorKind::kForbidden},
    Words{"is forbidden in pure eval", ErrorKind::kForbidden},
    Words{"because the option 'allow-import-from-derivation'", ErrorKind::kForbidden},
    Words{"is not supported by store 'dummy", ErrorKind::kForbidden},
    Words{"is not allowed to be", ErrorKind::kForbidden},
    Words{"No such file or directory", ErrorKind::kNoFile},
    Words{"' does not exist", ErrorKind::kNoFile},
    Words{"' missing", ErrorKind::kMissing},
    Words{"called without required argument", ErrorKind::kMissing},
    Words{"called with unexpected argument", ErrorKind::kMissing},
    Words{"is out of bounds", ErrorKind::kMissing},
    Words{"cannot add ", ErrorKind::kType, true},
    Words{"cannot coerce ", ErrorKind::kType, true},
    Words{"cannot convert ", ErrorKind::kType, true},
    Words{"cannot compare ", ErrorKind::kType, true},
    Words{"attempt to call something which is not a function", ErrorKind::kType, true},
    Words{"expected a", ErrorKind::kType, true},
    Words{"value is ", ErrorKind::kType, true},
};

// A path of the store that is not there: what 2.8 says of an import from a derivation where it may not build.
bool IsMissingDerivation(std::string_view message) {
  return message.starts_with("path '/nix/store/") &&
         message.find(".drv' is not valid") != std::string_view::npos;
}

// Nix marks a throw only in newer versions; in older ones it is what has no place of its own and no known
// words.
bool LooksThrown(const EvaluationError& error, bool has_place) {
  auto const calls_throw = [](const TraceFrame& frame) {
    return frame.message.find("while calling the 'throw' builtin") != std::string::npos;
  };
  if (std::any_of(error.trace.begin(), error.trace.end(), calls_throw)) return true;
  return !has_place && !error.message.starts_with("[json.exception");
}

// Messages carry context lines after a blank line in 2.8.
std::string FirstParagraph(std::string text) {
  if (std::size_t const blank = text.find("\n\n"); blank != std::string::npos) text.resize(blank);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::string TextOf(const json& object, const char* key) {
  auto const found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  return StripAnsi(found->get_ref<const std::string&>());
}

int NumberOf(const json& object, const char* key) {
  auto const found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return 0;
  auto const number = found->get<std::int64_t>();
  return number > 0 && number <= INT32_MAX ? static_cast<int>(number) : 0;
}

std::optional<int> TakeNumber(std::string& text) {
  std::size_t const colon = text.rfind(':');
  if (colon == std::string::npos || colon + 1 == text.size()) return std::nullopt;
  int number = 0;
  const char* const last = text.data() + text.size();
  auto const [end, error] = std::from_chars(text.data() + colon + 1, last, number);
  if (error != std::errc() || end != last || number < 0) return std::nullopt;
  text.resize(colon);
  return number;
}

struct Position {
  std::string file;
  int line = 0;
  int column = 0;
};

// Files are absolute; 2.8 names code without one "(string)" in guillemets.
Position PositionOf(const json& object) {
  Position position{TextOf(object, "file"), NumberOf(object, "line"), NumberOf(object, "column")};
  std::optional<int> const last = TakeNumber(position.file);
  std::optional<int> const before = last.has_value() ? TakeNumber(position.file) : std::nullopt;
  if (before.has_value()) {
    if (position.line == 0) std::tie(position.line, position.column) = std::pair(*before, *last);
  } else if (last.has_value() && position.line == 0) {
    position.line = *last;
  }
  if (!position.file.starts_with('/')) position = {};
  return position;
}

// "while evaluating the option `a.b':" in all versions; the quotes differ.
std::string OptionNamed(std::string_view message) {
  constexpr std::string_view kOption = "while evaluating the option ";
  std::size_t const at = message.find(kOption);
  if (at == std::string_view::npos) return {};
  std::string_view rest = message.substr(at + kOption.size());
  if (rest.empty() || (rest.front() != '`' && rest.front() != '\'')) return {};
  rest.remove_prefix(1);
  return std::string(rest.substr(0, rest.find('\'')));
}

EvaluationError FromReport(const json& report) {
  EvaluationError error;
  error.message = FirstParagraph(TextOf(report, "raw_msg"));
  Position const position = PositionOf(report);
  std::tie(error.file, error.line, error.column) = std::tie(position.file, position.line, position.column);
  if (auto const trace = report.find("trace"); trace != report.end() && trace->is_array()) {
    for (const json& frame : *trace) {
      if (!frame.is_object()) continue;
      std::string message = FirstParagraph(TextOf(frame, "raw_msg"));
      // The innermost option is the one at fault; it comes first from some versions and last from others.
      std::string option = OptionNamed(message);
      if (option.size() > error.option.size()) error.option = std::move(option);
      Position const at = PositionOf(frame);
      if (error.trace.size() < kFramesKept) error.trace.push_back({std::move(message), at.file, at.line});
    }
  }
  error.kind = ClassifyError(error.message);
  if (error.kind == ErrorKind::kOther && LooksThrown(error, !error.file.empty()))
    error.kind = ErrorKind::kThrown;
  if (error.file.empty()) {
    auto const placed = std::find_if(error.trace.rbegin(), error.trace.rend(),
                                     [](const TraceFrame& frame) { return !frame.file.empty(); });
    if (placed != error.trace.rend()) std::tie(error.file, error.line) = std::tie(placed->file, placed->line);
  }
  return error;
}

}  // namespace

ErrorKind ClassifyError(std::string_view message) {
  if (IsMissingDerivation(message)) return ErrorKind::kForbidden;
  for (const Words& entry : kWords) {
    if (entry.at_start ? message.starts_with(entry.words)
                       : message.find(entry.words) != std::string_view::npos) {
      return entry.kind;
    }
  }
  return ErrorKind::kOther;
}

EvaluationError ReadErrorReport(std::string_view standard_error) {
  std::optional<EvaluationError> found;
  std::string plain;
  std::size_t at = 0;
  while (at < standard_error.size()) {
    std::size_t const end = std::min(standard_error.find('\n', at), standard_error.size());
    std::string_view line = standard_error.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(kJsonLine)) {
      std::string const words = StripAnsi(line);
      if (words.starts_with(kPlainError)) plain = words.substr(kPlainError.size());
      continue;
    }
    line.remove_prefix(kJsonLine.size());
    json const report = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!report.is_object() || TextOf(report, "action") != "msg" ||
        report.value("level", json()) != json(0)) {
      continue;
    }
    if (report.contains("raw_msg")) {
      found = FromReport(report);
      continue;
    }
    std::string const message = TextOf(report, "msg");
    if (message.starts_with(kPlainError)) plain = message.substr(kPlainError.size());
  }
  if (!found.has_value() && plain.empty()) {
    std::string tail = StripAnsi(standard_error);
    if (tail.size() > kTailKept) tail.erase(0, tail.size() - kTailKept);
    while (!tail.empty() && tail.back() == '\n') tail.pop_back();
    return {.kind = ErrorKind::kDied, .message = ValidUtf8(tail)};
  }
  if (!found.has_value()) {
    found = EvaluationError{.kind = ClassifyError(plain), .message = FirstParagraph(std::move(plain))};
  }
  found->message = ValidUtf8(found->message);
  return *std::move(found);
}

}  // namespace fediversity::nix
