#include <gtest/gtest.h>

#include <fstream>

#include "tests/emulators/common/percent.h"
#include "tests/emulators/proxmox/text_replay.h"

namespace fediversity::emulators {

void PrintTo(const TextCapture& capture, std::ostream* out) { *out << capture.name; }

TextReplay::TextReplay(TextCapture capture) : capture_(std::move(capture)), replay_(capture_.version) {
  UseRoot();
  if (capture_.furnish != nullptr) capture_.furnish(*this);
  emulator().Refresh();
}

void TextReplay::Run() {
  std::ifstream file(FEDIVERSITY_GOLDEN_FOLDER "/proxmox/" + capture_.name + ".txt");
  auto const entries = ReadTextCapture(file);
  ASSERT_FALSE(entries.empty());
  for (const TextExchange& entry : entries) {
    if (entry.version != capture_.version) continue;
    auto const act = capture_.before.find(entry.line);
    if (act != capture_.before.end()) act->second(*this);
    if (!capture_.left_out.contains(entry.line)) Step(entry);
  }
}

void TextReplay::Step(const TextExchange& entry) {
  SCOPED_TRACE(capture_.name + ".txt:" + std::to_string(entry.line) + ": " + entry.sent.method + " " +
               entry.sent.path + " " + Json(entry.sent.params).dump());
  replay_.Send(entry.sent, *client_);
  emulator().FinishTasks();
  if (!entry.task_status.has_value()) return;
  std::string const task = "/nodes/pve/tasks/" + PercentEncode(entry.sent.answer["data"].get<std::string>());
  auto const look = [&](const std::string& path, const Json& answer) {
    replay_.Send({.method = "GET", .path = task + path, .status = 200, .reason = "OK", .answer = answer},
                 *client_);
  };
  look("/status", *entry.task_status);
  if (entry.task_log.has_value() && !capture_.log_left_out.contains(entry.line))
    look("/log", *entry.task_log);
}

namespace {

class TextCaptureTest : public ::testing::TestWithParam<TextCapture> {};

TEST_P(TextCaptureTest, AnswersAsCaptured) { TextReplay(GetParam()).Run(); }

INSTANTIATE_TEST_SUITE_P(All, TextCaptureTest, ::testing::ValuesIn(TextCaptures()), [](const auto& capture) {
  const char* const version = capture.param.version == Version::kNine ? "On92" : "On84";
  return "Of" + capture.param.name.substr(0, 2) + version;
});

}  // namespace
}  // namespace fediversity::emulators
