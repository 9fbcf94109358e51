#ifndef FEDIVERSITY_PROVIDER_BASE_LOG_H_
#define FEDIVERSITY_PROVIDER_BASE_LOG_H_

// Log lines for the host, which reads a provider's standard error: one JSON object per line as go-hclog writes
// them. The host drops what is below its own level, so nothing is put together for it here.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "provider/base/environment.h"

namespace fediversity {

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kOff };

// The level that the user asked for: TF_LOG_PROVIDER_<NAME>, else TF_LOG_PROVIDER, else TF_LOG; kOff where none
// is set. As in the hosts, JSON and any unknown word mean TRACE.
LogLevel LogLevelFromEnvironment(std::string_view provider_name, const Environment& environment);

// One key of a line beside the message. Never give it a secret.
struct LogField {
  LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
  LogField(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
  LogField(std::string_view name, const std::string& text) : key(name), value(std::string_view(text)) {}
  LogField(std::string_view name, bool flag) : key(name), value(flag) {}
  LogField(std::string_view name, std::int64_t number) : key(name), value(number) {}
  LogField(std::string_view name, int number) : key(name), value(std::int64_t{number}) {}

  std::string_view key;
  std::variant<std::string_view, bool, std::int64_t> value;
};

// Cheap to copy; copies write to the same place. Thread-safe: lines are never mixed. Lines stay below the
// 64 KiB that the host's scanner takes; what is longer is cut and says so.
class Logger {
 public:
  using Fields = std::initializer_list<LogField>;

  Logger() = default;  // writes nothing
  // Writes lines of at least `level` to `fd`, which stays the caller's and must stay open.
  Logger(int fd, LogLevel level, std::string_view module);

  // The same with another "@module".
  Logger Named(std::string_view module) const;

  // Ask before computing something just for the log.
  bool Enabled(LogLevel level) const { return sink_ != nullptr && level >= level_ && level < LogLevel::kOff; }

  void Trace(std::string_view message, Fields fields = {}) const { Write(LogLevel::kTrace, message, fields); }
  void Debug(std::string_view message, Fields fields = {}) const { Write(LogLevel::kDebug, message, fields); }
  void Info(std::string_view message, Fields fields = {}) const { Write(LogLevel::kInfo, message, fields); }
  void Warn(std::string_view message, Fields fields = {}) const { Write(LogLevel::kWarn, message, fields); }
  void Error(std::string_view message, Fields fields = {}) const { Write(LogLevel::kError, message, fields); }

 private:
  struct Sink;
  void Write(LogLevel level, std::string_view message, Fields fields) const {
    if (Enabled(level)) WriteLine(level, message, fields);
  }
  void WriteLine(LogLevel level, std::string_view message, Fields fields) const;

  std::shared_ptr<Sink> sink_;
  LogLevel level_ = LogLevel::kOff;
  std::string module_;
};

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_LOG_H_
