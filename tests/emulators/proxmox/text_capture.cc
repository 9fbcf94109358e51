#include "tests/emulators/proxmox/text_capture.h"

#include <string>

#include "tests/emulators/common/pattern.h"

namespace fediversity::emulators {
namespace {

// "name=bad name cores=2": a word without a name belongs to the value before it.
Params ReadParams(const std::string& text) {
  static const Pattern kNamed("([a-z][a-z0-9_-]*)=(.*)");
  Params params;
  std::string last;
  for (const std::string& word : Split(text, ' ')) {
    auto const named = kNamed.Groups(word);
    if (!named.empty()) {
      last = named[0];
      params[last] = named[1];
    } else if (!word.empty()) {
      params[last] += " " + word;
    }
  }
  return params;
}

std::optional<Json> ReadJson(const std::string& line) {
  Json value = Json::parse(line, nullptr, false);
  if (!value.is_object()) return std::nullopt;
  return value;
}

std::optional<TextExchange> ReadRequest(const std::string& line) {
  static const Pattern kRequest(R"(\$ PVE(84|92) ([A-Z]+) (\S+)(.*?)(?:  \(then poll\))?)");
  auto const parts = kRequest.Groups(line);
  if (parts.empty()) return std::nullopt;
  return TextExchange{.version = parts[0] == "92" ? Version::kNine : Version::kEight,
                      .sent = {.method = parts[1], .path = parts[2], .params = ReadParams(parts[3])}};
}

}  // namespace

std::vector<TextExchange> ReadTextCapture(std::istream& file) {
  static const Pattern kStatus(R"(HTTP/1\.1 (\d+) ([^\r]*)\r?)");
  std::vector<TextExchange> entries;
  int number = 0;
  int since_status = -1;  // how many lines ago the status line of the last entry was; -1 before it
  bool polled = false;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (auto entry = ReadRequest(line)) {
      entry->line = number;
      entries.push_back(std::move(*entry));
      polled = line.ends_with("(then poll)");
      since_status = -1;
      continue;
    }
    if (entries.empty()) continue;
    TextExchange& entry = entries.back();
    if (since_status < 0) {
      auto const status = kStatus.Groups(line);
      if (status.empty()) continue;
      entry.sent.status = std::stoi(status[0]);
      entry.sent.reason = status[1];
      since_status = 0;
      continue;
    }
    ++since_status;
    if (since_status == 1 && line.starts_with('{')) {
      auto answer = ReadJson(line);
      entry.sent.has_answer = answer.has_value();
      if (answer.has_value()) entry.sent.answer = std::move(*answer);
    } else if (polled && since_status == 2) {
      entry.task_status = ReadJson(line);
    } else if (polled && since_status == 3) {
      entry.task_log = ReadJson(line);
    }
  }
  return entries;
}

}  // namespace fediversity::emulators
