// Starting the process as a host does, up to the first calls.

#include <grpcpp/impl/codegen/client_unary_call.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/plugin/grpc_broker.grpc.pb.h"
#include "proto/tfplugin6.grpc.pb.h"
#include "tests/provider/rpc/host.h"

namespace fediversity::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

Command Plain() {
  Command command = PluginCommand(TEST_PLUGIN, "");
  SetVariable(command, "PLUGIN_CLIENT_CERT", std::nullopt);
  return command;
}

TEST(Start, WithoutTheCookieItExplainsItselfAndFails) {
  for (const std::optional<std::string>& cookie :
       {std::optional<std::string>(), std::optional<std::string>("no")}) {
    Command command = Plain();
    SetVariable(command, "TF_PLUGIN_MAGIC_COOKIE", cookie);
    absl::StatusOr<CommandResult> const result =
        RunCommand(command, "", CancelToken(), absl::InfiniteFuture());
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->status.code, 1);
    EXPECT_THAT(result->output, IsEmpty());
    EXPECT_THAT(result->error, StartsWith("This program is a plugin of OpenTofu and Terraform"));
  }
}

TEST(Start, TheHandshakeLineNamesASocketOfTheOwnerOnly) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  ASSERT_THAT(running->handshake, SizeIs(6));
  EXPECT_EQ(running->handshake[0], "1");
  EXPECT_EQ(running->handshake[1], "6");
  EXPECT_EQ(running->handshake[2], "unix");
  EXPECT_EQ(running->handshake[4], "grpc");
  EXPECT_GT(running->handshake[5].size(), 50U);
  struct stat status {};
  ASSERT_EQ(stat(running->socket().c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(Start, AHostOfProtocol5OnlyIsToldAboutVersion6) {
  Command command = Plain();
  SetVariable(command, "PLUGIN_PROTOCOL_VERSIONS", "5");
  absl::StatusOr<Running> running = Launch(command, {});
  ASSERT_TRUE(running.ok()) << running.status();
  EXPECT_EQ(running->handshake[1], "6");
}

TEST(Start, MultiplexingIsDeclined) {
  Command command = Plain();
  SetVariable(command, "PLUGIN_MULTIPLEX_GRPC", "true");
  absl::StatusOr<Running> running = Launch(command, {});
  ASSERT_TRUE(running.ok()) << running.status();
  ASSERT_THAT(running->handshake, SizeIs(7));
  EXPECT_EQ(running->handshake[6], "false");
}

TEST(Start, ATemporaryDirectoryTooLongForASocketIsPassedOver) {
  std::string const deep = absl::StrCat(::testing::TempDir(), "/", getpid(), "/", std::string(100, 'd'));
  std::filesystem::create_directories(deep);
  Command command = Plain();
  SetVariable(command, "TMPDIR", deep);
  absl::StatusOr<Running> running = Launch(command, {});
  ASSERT_TRUE(running.ok()) << running.status();
  EXPECT_THAT(running->socket(), StartsWith("/tmp/fediversity-"));
  EXPECT_EQ(CallTestFunction(running->channel, "size", "abc").value_or(""), "3");
  std::filesystem::remove_all(deep);
}

TEST(Start, TheHostChoosesTheDirectoryOfTheSocketAndItsGroup) {
  std::string const directory = absl::StrCat("/tmp/rpc-test-100%41-", getpid());
  std::filesystem::create_directories(directory);
  Command command = Plain();
  SetVariable(command, "PLUGIN_UNIX_SOCKET_DIR", directory);
  SetVariable(command, "PLUGIN_UNIX_SOCKET_GROUP", absl::StrCat(getgid()));
  {
    absl::StatusOr<Running> running = Launch(command, {});
    ASSERT_TRUE(running.ok()) << running.status();
    EXPECT_THAT(running->socket(), StartsWith(directory + "/fediversity-"));
    struct stat status {};
    ASSERT_EQ(stat(running->socket().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0660U);
    EXPECT_EQ(status.st_gid, getgid());
  }
  std::filesystem::remove_all(directory);
}

// Whatever is not a handshake line is shown to the user by the host.
TEST(Start, WhatPreventsTheStartIsOneLineForTheUser) {
  struct Case {
    std::string name, value, told;
  };
  for (const Case& c :
       {Case{"PLUGIN_CLIENT_CERT", "garbage", "PLUGIN_CLIENT_CERT: it is not a certificate"},
        Case{"PLUGIN_UNIX_SOCKET_DIR", "/nonexistent/directory", "cannot listen on /nonexistent/"},
        Case{"PLUGIN_UNIX_SOCKET_GROUP", "no-such-group", "there is no such group"}}) {
    Command command = Plain();
    SetVariable(command, c.name, c.value);
    absl::StatusOr<CommandResult> const result =
        RunCommand(command, "", CancelToken(), absl::InfiniteFuture());
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->status.code, 1);
    EXPECT_THAT(result->output, StartsWith("The fediversity provider cannot start: "));
    EXPECT_THAT(result->output, HasSubstr(c.told));
    EXPECT_EQ(std::count(result->output.begin(), result->output.end(), '\n'), 1);
  }
}

TEST(Start, OutputAfterTheHandshakeGoesToTheLog) {
  absl::StatusOr<Running> running = Launch(Plain(), {});
  ASSERT_TRUE(running.ok()) << running.status();
  ASSERT_TRUE(CallTestFunction(running->channel, "print", "stray text\n").ok());
  EXPECT_EQ(ReadLine(running->process.error()).value_or(""), "stray text");
  ASSERT_TRUE(AskToEnd(running->channel).ok());
  EXPECT_EQ(ReadToEnd(running->process.output()).value_or("?"), "");
}

TEST(Start, LogsOnlyWhatTheUserAskedFor) {
  for (const char* level : {"DEBUG", "WARN"}) {
    Command command = Plain();
    SetVariable(command, "TF_LOG_PROVIDER", level);
    absl::StatusOr<Running> running = Launch(command, {});
    ASSERT_TRUE(running.ok()) << running.status();
    ASSERT_TRUE(AskToEnd(running->channel).ok());
    std::string const logged = ReadToEnd(running->process.error()).value_or("?");
    if (std::string(level) == "DEBUG") {
      EXPECT_THAT(logged, HasSubstr(R"("@message":"serving")"));
    } else {
      EXPECT_THAT(logged, IsEmpty());
    }
  }
}

TEST(Start, TakesMessagesBeyondTheDefaultLimit) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  std::size_t const size = std::size_t{20} << 20U;
  EXPECT_EQ(CallTestFunction(running->channel, "size", std::string(size, 'x')).value_or(""),
            std::to_string(size));
}

TEST(Start, ServesManyCallsThatBlockAtOnce) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  constexpr int kCalls = 24;
  std::vector<std::future<absl::StatusOr<std::string>>> calls;
  calls.reserve(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    calls.push_back(std::async(std::launch::async, [&running] {
      return CallTestFunction(running->channel, "meet", std::to_string(kCalls));
    }));
  }
  for (auto& call : calls) EXPECT_EQ(call.get().value_or("failed"), "met");
}

TEST(Start, RpcsThatAreNotOfferedAreUnimplemented) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  tfplugin6::PlanAction::Response response;
  EXPECT_EQ(
      tfplugin6::Provider::NewStub(running->channel)->PlanAction(Patient().get(), {}, &response).error_code(),
      grpc::StatusCode::UNIMPLEMENTED);
}

// grpc.health.v1 has no generated code here: the request is field 1 = "plugin", the answer field 1 = SERVING.
TEST(Start, IsHealthyAsPlugin) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  grpc::Slice const slice(std::string("\x0a\x06plugin"));
  grpc::ByteBuffer const request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::internal::RpcMethod const method("/grpc.health.v1.Health/Check",
                                         grpc::internal::RpcMethod::NORMAL_RPC);
  grpc::Status const status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      running->channel.get(), method, Patient().get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  grpc::Slice answer;
  ASSERT_TRUE(response.DumpToSingleSlice(&answer).ok());
  EXPECT_EQ(std::string(answer.begin(), answer.end()), std::string("\x08\x01"));
}

TEST(Start, TheBrokerTakesWhatTheHostSaysAndEndsWithIt) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  auto const context = Patient();
  auto const stub = plugin::GRPCBroker::NewStub(running->channel);
  auto const stream = stub->StartStream(context.get());
  plugin::ConnInfo message;
  message.set_service_id(7);
  EXPECT_TRUE(stream->Write(message));
  EXPECT_TRUE(stream->WritesDone());
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_TRUE(stream->Finish().ok());
}

}  // namespace
}  // namespace fediversity::rpc
