#include "provider/base/log.h"

#include <array>
#include <cstddef>
#include <mutex>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/base/text.h"
#include "provider/base/whole_io.h"

namespace fediversity {
namespace {

// Texts are cut here, which leaves room for the mark of the cut and the end of the line.
constexpr std::size_t kCutAt = 60 * 1024;
constexpr std::size_t kLongestModule = 256;

constexpr std::array<std::string_view, 5> kLevelNames = {"trace", "debug", "info", "warn", "error"};

void AppendEscaped(std::string& line, char byte) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  auto const value = static_cast<unsigned char>(byte);
  if (byte == '"' || byte == '\\') {
    line += '\\';
    line += byte;
  } else if (byte == '\n') {
    line += "\\n";
  } else if (value < 0x20 || value == 0x7F) {
    line += "\\u00";
    line += kHex[value >> 4U];
    line += kHex[value & 0xFU];
  } else {
    line += byte;
  }
}

// Appends `text` as a JSON string, cut between characters where the line gets too long.
void AppendText(std::string& line, std::string_view text) {
  bool const cut_early = text.size() > kCutAt;
  std::string const valid = ValidUtf8(text.substr(0, kCutAt));
  line += '"';
  bool cut = cut_early;
  for (char const byte : valid) {
    bool const starts_character = (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    if (line.size() >= kCutAt && starts_character) {
      cut = true;
      break;
    }
    AppendEscaped(line, byte);
  }
  if (cut) line += "[cut]";
  line += '"';
}

void AppendField(std::string& line, const LogField& field) {
  std::string_view key = field.key;
  // Keys with @ belong to the format; the host's reader takes nothing but strings there.
  while (!key.empty() && key.front() == '@') key.remove_prefix(1);
  if (key.empty() || line.size() >= kCutAt) return;
  line += ',';
  AppendText(line, key);
  line += ':';
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    AppendText(line, *text);
  } else if (const auto* flag = std::get_if<bool>(&field.value)) {
    line += *flag ? "true" : "false";
  } else {
    absl::StrAppend(&line, std::get<std::int64_t>(field.value));
  }
}

}  // namespace

LogLevel LogLevelFromEnvironment(std::string_view provider_name, const Environment& environment) {
  std::string const own = absl::AsciiStrToUpper(ToAbsl(Cat({"TF_LOG_PROVIDER_", provider_name})));
  for (const std::string& name : {own, std::string("TF_LOG_PROVIDER"), std::string("TF_LOG")}) {
    std::string const word = absl::AsciiStrToLower(environment(name).value_or(""));
    if (word.empty()) continue;
    if (word == "off") return LogLevel::kOff;
    for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
      if (word == kLevelNames.at(i)) return static_cast<LogLevel>(i);
    }
    return LogLevel::kTrace;
  }
  return LogLevel::kOff;
}

struct Logger::Sink {
  explicit Sink(int target) : fd(target) {}
  int const fd;
  std::mutex mutex;
};

Logger::Logger(int fd, LogLevel level, std::string_view module)
    : sink_(std::make_shared<Sink>(fd)),
      level_(level),
      module_(module.substr(0, kLongestModule)) {}

Logger Logger::Named(std::string_view module) const {
  Logger named = *this;
  named.module_ = module.substr(0, kLongestModule);
  return named;
}

void Logger::WriteLine(LogLevel level, std::string_view message, Fields fields) const {
  std::string line = R"({"@level":")";
  line += kLevelNames.at(static_cast<std::size_t>(level));
  line += R"(","@timestamp":")";
  // The host parses exactly six fractional digits.
  line += absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone());
  line += R"(","@module":)";
  AppendText(line, module_);
  line += R"(,"@message":)";
  AppendText(line, message);
  for (const LogField& field : fields) AppendField(line, field);
  line += "}\n";
  std::lock_guard const lock(sink_->mutex);
  // Where it fails nobody reads any more, and there is no other place to say so.
  WriteWhole(sink_->fd, line);
}

}  // namespace fediversity
