// Who may connect.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/provider/rpc/host.h"

namespace fediversity::rpc {
namespace {

TEST(Tls, TheHostsP521CertificateIsAccepted) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  EXPECT_EQ(CallTestFunction(running->channel, "size", "1234").value_or("refused"), "4");
}

// A fresh certificate each time, of a different length: every one must be taken.
TEST(Tls, EveryStartIsAccepted) {
  HostCertificate const host = MakeHostCertificate();
  for (int i = 0; i < 20; ++i) {
    absl::StatusOr<Running> running = Launch(PluginCommand(TEST_PLUGIN, host.pem), host);
    ASSERT_TRUE(running.ok()) << running.status();
    EXPECT_EQ(running->handshake[5].find('='), std::string::npos);
    EXPECT_EQ(CallTestFunction(running->channel, "size", "12").value_or("refused"), "2");
  }
}

TEST(Tls, AClientWithoutACertificateIsRefused) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  auto const anonymous = ConnectTls(running->socket(), running->handshake[5], {});
  EXPECT_EQ(CallTestFunction(anonymous, "size").status().code(), absl::StatusCode::kUnavailable);
}

TEST(Tls, AClientWithAnotherCertificateIsRefused) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  auto const foreign = ConnectTls(running->socket(), running->handshake[5], MakeHostCertificate());
  EXPECT_EQ(CallTestFunction(foreign, "size").status().code(), absl::StatusCode::kUnavailable);
}

TEST(Tls, PlaintextIsRefusedWhereTlsIsAskedFor) {
  absl::StatusOr<Running> running = Launch(TEST_PLUGIN);
  ASSERT_TRUE(running.ok()) << running.status();
  EXPECT_EQ(CallTestFunction(ConnectPlain(running->socket()), "size").status().code(),
            absl::StatusCode::kUnavailable);
}

TEST(Tls, IsOffWhereTheHostDisablesIt) {
  Command command = PluginCommand(TEST_PLUGIN, MakeHostCertificate().pem);
  SetVariable(command, "TF_DISABLE_PLUGIN_TLS", "1");
  absl::StatusOr<Running> running = Launch(command, {});
  ASSERT_TRUE(running.ok()) << running.status();
  EXPECT_EQ(running->handshake[5], "");
  EXPECT_EQ(CallTestFunction(running->channel, "size", "1").value_or("refused"), "1");
}

}  // namespace
}  // namespace fediversity::rpc
