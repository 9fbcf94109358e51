#include "provider/rpc/handshake.h"

#include <sys/un.h>

#include <array>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "provider/rpc/socket_path.h"

namespace fediversity::rpc {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

HostRequest Read(const std::map<std::string, std::string>& variables) {
  return ReadHostRequest([variables](const std::string& name) -> std::optional<std::string> {
    auto const found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

TEST(PickVersion, TakesTheHighestThatBothKnow) {
  constexpr std::array<int, 2> kOurs = {5, 6};
  EXPECT_EQ(PickVersion(kOurs, "5,6"), 6);
  EXPECT_EQ(PickVersion(kOurs, "6,5"), 6);
  EXPECT_EQ(PickVersion(kOurs, "5"), 5);
  EXPECT_EQ(PickVersion(kOurs, "7,5,99"), 5);
}

TEST(PickVersion, AnswersTheLowestWhereNoneMatches) {
  constexpr std::array<int, 2> kOurs = {5, 6};
  EXPECT_EQ(PickVersion(kOurs, "4"), 5);
  EXPECT_EQ(PickVersion(kOurs, ""), 5);
  EXPECT_EQ(PickVersion(kOurs, "six,-6,66666666666666"), 5);
}

TEST(ReadHostRequest, KnowsTheCookie) {
  EXPECT_TRUE(Read({{"TF_PLUGIN_MAGIC_COOKIE", std::string(kCookie)}}).cookie_matches);
  EXPECT_FALSE(Read({{"TF_PLUGIN_MAGIC_COOKIE", "d602bf8f"}}).cookie_matches);
  EXPECT_FALSE(Read({}).cookie_matches);
}

TEST(ReadHostRequest, LeavesTheCertificateAloneWhereTlsIsDisabled) {
  EXPECT_EQ(Read({{"PLUGIN_CLIENT_CERT", "pem"}}).client_certificate, "pem");
  EXPECT_EQ(Read({{"PLUGIN_CLIENT_CERT", "pem"}, {"TF_DISABLE_PLUGIN_TLS", ""}}).client_certificate, "pem");
  EXPECT_EQ(Read({{"PLUGIN_CLIENT_CERT", "pem"}, {"TF_DISABLE_PLUGIN_TLS", "1"}}).client_certificate, "");
}

TEST(FormatHandshake, HasSixFieldsAndASeventhWhereItIsAskedFor) {
  HandshakeLine line{.protocol_version = 6, .socket_path = "/tmp/a.sock", .certificate = "AbC"};
  EXPECT_EQ(FormatHandshake(line), "1|6|unix|/tmp/a.sock|grpc|AbC\n");
  line.answer_multiplexing = true;
  EXPECT_EQ(FormatHandshake(line), "1|6|unix|/tmp/a.sock|grpc|AbC|false\n");
  line = {.protocol_version = 6, .socket_path = "/tmp/a.sock"};
  EXPECT_EQ(FormatHandshake(line), "1|6|unix|/tmp/a.sock|grpc|\n");
}

TEST(FormatReattach, IsWhatHostsRead) {
  auto const parsed = nlohmann::json::parse(FormatReattach("registry.example/a/b", 6, 123, "/tmp/it's"));
  EXPECT_EQ(parsed,
            nlohmann::json::parse(R"({"registry.example/a/b": {"Protocol": "grpc", "ProtocolVersion": 6,
      "Pid": 123, "Test": true, "Addr": {"Network": "unix", "String": "/tmp/it's"}}})"));
}

TEST(ChooseSocketPath, IsDifferentEachTime) {
  HostRequest const request = Read({{"TMPDIR", "/tmp"}});
  EXPECT_NE(*ChooseSocketPath(request), *ChooseSocketPath(request));
}

TEST(ChooseSocketPath, FallsBackWhereTheTemporaryDirectoryCannotHoldASocket) {
  std::string const deep = ::testing::TempDir() + std::string(110, 'd');
  for (const std::string& unusable :
       {deep, std::string("/nonexistent"), std::string("/tmp/a|b"), std::string()}) {
    absl::StatusOr<std::string> const path = ChooseSocketPath(Read({{"TMPDIR", unusable}}));
    ASSERT_TRUE(path.ok()) << path.status();
    EXPECT_THAT(*path, StartsWith("/tmp/fediversity-"));
    EXPECT_THAT(*path, SizeIs(Le(sizeof(sockaddr_un::sun_path) - 1)));
  }
}

TEST(ChooseSocketPath, ObeysTheHost) {
  absl::StatusOr<std::string> const path =
      ChooseSocketPath(Read({{"TMPDIR", "/var/tmp"}, {"PLUGIN_UNIX_SOCKET_DIR", "/run/host"}}));
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_THAT(*path, StartsWith("/run/host/fediversity-"));
  EXPECT_THAT(*path, EndsWith(".sock"));
}

TEST(ChooseSocketPath, RefusesADirectoryOfTheHostThatIsTooLong) {
  absl::StatusOr<std::string> const path =
      ChooseSocketPath(Read({{"PLUGIN_UNIX_SOCKET_DIR", "/" + std::string(110, 'd')}}));
  EXPECT_THAT(std::string(path.status().message()), HasSubstr("PLUGIN_UNIX_SOCKET_DIR is too long"));
}

TEST(ListeningAddress, QuotesPercentSigns) {
  EXPECT_EQ(ListeningAddress("/tmp/100%41.sock"), "unix:/tmp/100%2541.sock");
  EXPECT_THAT(ListeningAddress("/tmp/a.sock"), Not(HasSubstr("%")));
}

}  // namespace
}  // namespace fediversity::rpc
