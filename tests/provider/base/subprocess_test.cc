#include "provider/base/subprocess.h"

#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fediversity {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

Command Shell(const std::string& script) { return {.arguments = {"sh", "-c", script}}; }

absl::StatusOr<CommandResult> RunToEnd(const Command& command, std::string_view input = "") {
  return RunCommand(command, input, CancelToken(), absl::Now() + absl::Minutes(1));
}

TEST(RunCommand, TellsOutputsAndExitCodeApart) {
  auto const result = RunToEnd(Shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->output, "out\n");
  EXPECT_EQ(result->error, "err\n");
  EXPECT_EQ(result->status.code, 3);
  EXPECT_FALSE(result->status.ok());
  EXPECT_EQ(result->status.ToString(), "exit code 3");
}

TEST(RunCommand, FeedsInputWhileItReadsOutput) {
  std::string const much(3'000'000, 'x');
  auto const result = RunToEnd({.arguments = {"cat"}}, much);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->output == much);
  EXPECT_TRUE(result->status.ok());
}

TEST(RunCommand, AProgramThatDoesNotReadItsInputIsNoError) {
  auto const result = RunToEnd({.arguments = {"true"}}, std::string(1'000'000, 'x'));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->status.ok());
}

TEST(RunCommand, KeepsNoMoreThanAsked) {
  auto const result =
      RunCommand(Shell("printf 0123456789; printf abc >&2"), "", CancelToken(), absl::InfiniteFuture(), 4);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->output, "0123");
  EXPECT_EQ(result->error, "abc");
  EXPECT_TRUE(result->cut);
}

TEST(RunCommand, PassesEnvironmentAndDirectory) {
  ASSERT_EQ(setenv("FEDIVERSITY_TEST_KEPT", "kept", 1), 0);
  ASSERT_EQ(setenv("FEDIVERSITY_TEST_REMOVED", "removed", 1), 0);
  Command command = Shell("echo $FEDIVERSITY_TEST_KEPT,$FEDIVERSITY_TEST_REMOVED,$FEDIVERSITY_TEST_NEW; pwd");
  command.environment = {{"FEDIVERSITY_TEST_REMOVED", std::nullopt}, {"FEDIVERSITY_TEST_NEW", "new"}};
  command.directory = "/";
  auto const result = RunToEnd(command);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->output, "kept,,new\n/\n");
}

TEST(RunCommand, AMissingProgramIsNotFound) {
  auto const result = RunToEnd({.arguments = {"/nonexistent/program"}});
  EXPECT_TRUE(absl::IsNotFound(result.status())) << result.status();
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("/nonexistent/program"));
  EXPECT_TRUE(absl::IsInvalidArgument(RunToEnd({}).status()));
}

TEST(RunCommand, EndsAtTheDeadline) {
  auto const result = RunCommand(Shell("sleep 600"), "", CancelToken(), absl::Now() + absl::Milliseconds(50));
  EXPECT_TRUE(absl::IsDeadlineExceeded(result.status())) << result.status();
}

TEST(RunCommand, EndsWhenItIsCancelled) {
  CancelToken cancel;
  std::jthread const canceller([&cancel] { cancel.Cancel(); });
  auto const result = RunCommand(Shell("sleep 600"), "", cancel, absl::InfiniteFuture());
  EXPECT_TRUE(absl::IsCancelled(result.status())) << result.status();
}

TEST(RunCommand, DoesNotWaitForProgramsLeftBehind) {
  auto const result = RunToEnd(Shell("sleep 600 & echo $!"));
  ASSERT_TRUE(result.ok()) << result.status();
  int left = 0;
  ASSERT_TRUE(absl::SimpleAtoi(result->output, &left)) << result->output;
  EXPECT_EQ(kill(left, SIGKILL), 0);
}

TEST(RunCommand, ChildrenHoldNoDescriptorOfOursAndHaveDefaultSignals) {
  ASSERT_NE(signal(SIGINT, SIG_IGN), SIG_ERR);
  int const secret = dup(STDERR_FILENO);
  auto const result =
      RunToEnd(Shell("ls /proc/self/fd | wc -l; sed -n 's/^Sig[BI].*\t//p' /proc/self/status"));
  close(secret);
  signal(SIGINT, SIG_DFL);
  ASSERT_TRUE(result.ok()) << result.status();
  std::vector<std::string> const lines = absl::StrSplit(result->output, '\n');
  ASSERT_THAT(lines, SizeIs(4)) << result->output;
  EXPECT_EQ(lines[0], "4") << "0, 1, 2 and the directory that ls itself reads";
  EXPECT_EQ(lines[1], "0000000000000000") << "blocked signals";
  std::uint64_t const ignored = std::stoull(lines[2], nullptr, 16);
  EXPECT_EQ(ignored & (std::uint64_t{1} << (SIGINT - 1)), 0U);
  EXPECT_EQ(ignored & (std::uint64_t{1} << (SIGPIPE - 1)), 0U);
}

TEST(Subprocess, TalksThroughPipes) {
  auto process = Subprocess::Start({.arguments = {"cat"}});
  ASSERT_TRUE(process.ok()) << process.status();
  ASSERT_EQ(write(process->input(), "ping", 4), 4);
  process->CloseInput();
  auto const status = process->Wait(CancelToken(), absl::Now() + absl::Minutes(1));
  ASSERT_TRUE(status.ok()) << status.status();
  char answer[8] = {};
  EXPECT_EQ(read(process->output(), answer, sizeof answer), 4);
  EXPECT_STREQ(answer, "ping");
}

TEST(Subprocess, IsKilledWithItsGroupWhenItGoesOutOfScope) {
  pid_t group = 0;
  {
    auto process = Subprocess::Start(Shell("sleep 600 & wait"));
    ASSERT_TRUE(process.ok()) << process.status();
    group = process->pid();
    EXPECT_EQ(getpgid(group), group);
  }
  EXPECT_EQ(kill(group, 0), -1);
}

TEST(Subprocess, TerminateIsPoliteFirst) {
  auto process = Subprocess::Start(Shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done"));
  ASSERT_TRUE(process.ok()) << process.status();
  char ready = 0;
  while (read(process->output(), &ready, 1) != 1) {
    std::this_thread::yield();
  }
  process->Terminate(absl::Minutes(1));
  auto const status = process->Wait(CancelToken(), absl::InfiniteFuture());
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->ToString(), "exit code 7");
}

TEST(Subprocess, TellsTheSignalThatEndedIt) {
  auto const result = RunToEnd(Shell("kill -9 $$"));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->status.ToString(), "signal 9 (Killed)");
}

}  // namespace
}  // namespace fediversity
