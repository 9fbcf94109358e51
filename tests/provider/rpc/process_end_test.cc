// What ends the process, and what does not.

#include <signal.h>
#include <unistd.h>

#include <array>
#include <future>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "proto/plugin/grpc_stdio.grpc.pb.h"
#include "provider/base/pidfd.h"
#include "provider/base/poll_limits.h"
#include "tests/provider/rpc/host.h"

namespace fediversity::rpc {
namespace {

// go-plugin kills a process that is still there two seconds after it was asked to end.
constexpr absl::Duration kPatienceOfHosts = absl::Seconds(2);

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

// A call that is known to run in the plugin when this returns.
std::future<absl::StatusOr<std::string>> CallInBackground(Running& running, const std::string& name) {
  auto call =
      std::async(std::launch::async, [&running, name] { return CallTestFunction(running.channel, name); });
  EXPECT_EQ(CallTestFunction(running.channel, "await", "1").value_or("failed"), "there");
  return call;
}

TEST(End, TheHostGetsItsAnswerAndThenTheProcessEnds) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  auto const context = Patient();
  auto const stdio = plugin::GRPCStdio::NewStub(running->channel)->StreamStdio(context.get(), {});
  std::string const socket = running->socket();
  ASSERT_TRUE(Exists(socket));

  grpc::Status const answer = AskToEnd(running->channel);
  EXPECT_TRUE(answer.ok()) << answer.error_message();
  absl::StatusOr<ExitStatus> const end = WaitForEnd(running->process, kPatienceOfHosts);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(end->ToString(), "exit code 0");
  EXPECT_FALSE(Exists(socket));
  plugin::StdioData data;
  EXPECT_FALSE(stdio->Read(&data));
}

TEST(End, ACallThatRunsIsAskedToEndWithTheProcess) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  auto call = CallInBackground(*running, "block");
  EXPECT_TRUE(AskToEnd(running->channel).ok());
  EXPECT_EQ(call.get().value_or("cut off"), "was ended");
  absl::StatusOr<ExitStatus> const end = WaitForEnd(running->process, kPatienceOfHosts);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(end->ToString(), "exit code 0");
}

TEST(End, ACallThatNeverEndsDoesNotHoldTheProcess) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  std::string const socket = running->socket();
  auto call = CallInBackground(*running, "stick");
  EXPECT_TRUE(AskToEnd(running->channel).ok());
  absl::StatusOr<ExitStatus> const end = WaitForEnd(running->process, kPatienceOfHosts);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(end->ToString(), "exit code 0");
  EXPECT_FALSE(Exists(socket));
  EXPECT_FALSE(call.get().ok());
}

TEST(End, SigintIsForTheHostAlone) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  ASSERT_EQ(kill(running->process.pid(), SIGINT), 0);
  EXPECT_EQ(CallTestFunction(running->channel, "size", "abc").value_or("gone"), "3");
}

TEST(End, SigtermLetsARunningCallAnswerFirst) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  std::string const socket = running->socket();
  auto call = CallInBackground(*running, "block");
  ASSERT_EQ(kill(running->process.pid(), SIGTERM), 0);
  EXPECT_EQ(call.get().value_or("cut off"), "was ended");
  absl::StatusOr<ExitStatus> const end = WaitForEnd(running->process);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(end->ToString(), "exit code 0");
  EXPECT_FALSE(Exists(socket));
}

TEST(End, TheProcessEndsWithItsHost) {
  // A shell stands for the host: it starts the plugin, says its process id and is then killed.
  Command command = PluginCommand("sh", "");
  SetVariable(command, "PLUGIN_CLIENT_CERT", std::nullopt);
  command.arguments = {"sh", "-c", R"("$0" & echo $! >&2; wait)", TEST_PLUGIN};
  absl::StatusOr<Running> host = Launch(command, {});
  ASSERT_TRUE(host.ok()) << host.status();
  int plugin = 0;
  ASSERT_TRUE(absl::SimpleAtoi(*ReadLine(host->process.error()), &plugin));
  UniqueFd const watched = OpenPidfd(plugin);
  ASSERT_TRUE(watched.valid());
  std::string const socket = host->socket();
  ASSERT_EQ(CallTestFunction(host->channel, "size", "abc").value_or("gone"), "3");

  ASSERT_EQ(kill(host->process.pid(), SIGKILL), 0);
  std::array<pollfd, 1> fds = {pollfd{watched.get(), POLLIN, 0}};
  absl::Status const ended =
      PollWithin(fds, CancelToken(), absl::Now() + absl::Seconds(10), "the end of the plugin");
  EXPECT_TRUE(ended.ok()) << ended;
  EXPECT_FALSE(Exists(socket));
}

// The host waits for the end of both pipes before it believes that the process has ended.
TEST(End, ProgramsThatOutliveUsDoNotHoldTheHostsPipes) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  absl::StatusOr<std::string> const said = CallTestFunction(running->channel, "run", "sleep 600 & echo $!");
  ASSERT_TRUE(said.ok()) << said.status();
  int sleeper = 0;
  ASSERT_TRUE(absl::SimpleAtoi(*said, &sleeper)) << *said;

  EXPECT_TRUE(AskToEnd(running->channel).ok());
  EXPECT_EQ(ReadToEnd(running->process.output(), kPatienceOfHosts).value_or("held"), "");
  EXPECT_EQ(ReadToEnd(running->process.error(), kPatienceOfHosts).value_or("held"), "");
  EXPECT_EQ(kill(sleeper, SIGKILL), 0) << "the program has not outlived us";
}

TEST(End, DebugModeServesWithoutAHostUntilItIsInterrupted) {
  Command command;
  command.arguments = {TEST_PLUGIN, "-debug"};
  for (int const number : {SIGINT, SIGTERM}) {
    absl::StatusOr<Subprocess> process = Subprocess::Start(command);
    ASSERT_TRUE(process.ok()) << process.status();
    std::string line;
    while (line.find("TF_REATTACH_PROVIDERS") == std::string::npos) {
      absl::StatusOr<std::string> const next = ReadLine(process->output());
      ASSERT_TRUE(next.ok()) << next.status();
      line = *next;
    }
    std::size_t const start = line.find('{');
    auto const reattach = nlohmann::json::parse(line.substr(start, line.rfind('}') + 1 - start));
    auto const& entry = reattach.at("registry.opentofu.org/fediversity/fediversity");
    EXPECT_EQ(entry.at("Pid"), process->pid());
    std::string const socket = entry.at("Addr").at("String");
    for (int connection = 0; connection < 2; ++connection) {
      EXPECT_EQ(CallTestFunction(ConnectPlain(socket), "size", "abc").value_or("gone"), "3");
    }
    ASSERT_EQ(kill(process->pid(), number), 0);
    absl::StatusOr<ExitStatus> const end = WaitForEnd(*process);
    ASSERT_TRUE(end.ok()) << end.status();
    EXPECT_EQ(end->ToString(), "exit code 0");
    EXPECT_FALSE(Exists(socket));
  }
}

}  // namespace
}  // namespace fediversity::rpc
