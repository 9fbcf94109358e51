// The whole way over real connections: TLS, kept connections, fail-over, uploads.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <optional>
#include <string_view>

#include "provider/backends/proxmox/api.h"
#include "tests/support/http_server/http_server.h"
#include "tests/support/http_server/raw_server.h"
#include "tests/support/http_server/test_certificate.h"

namespace fediversity::proxmox {
namespace {

using fediversity::testing::Answer;
using fediversity::testing::Http;
using fediversity::testing::HttpServer;
using fediversity::testing::RawServer;
using fediversity::testing::ReadRequest;
using fediversity::testing::ServedRequest;
using fediversity::testing::TestCertificate;
using fediversity::testing::WriteText;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kVersion = R"({"data": {"version": "9.2.11", "release": "9.2"}})";

Answer AnswerVersion(const ServedRequest&) { return {.body = kVersion}; }

class MakeApiTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Api>> Make(const Settings& settings) {
    return MakeApi(
        settings, [](const std::string&) { return std::nullopt; }, Logger(), clock_);
  }
  Settings On(std::vector<std::string> endpoints) {
    return {.endpoints = std::move(endpoints),
            .credentials = ApiToken{Secret("root@pam!tofu=obviously-fake")}};
  }
  CallLimits Limits() const { return {cancel_}; }
  absl::Status Read(const Settings& settings) {
    auto const api = Make(settings);
    return api.ok() ? (*api)->ReadVersion(Limits()).status() : api.status();
  }

  SystemClock clock_;
  CancelToken cancel_;
};

TEST_F(MakeApiTest, AsksBelowTheApisPathWhicheverWayItIsWritten) {
  HttpServer server(&AnswerVersion);
  for (const char* const path : {"", "/", "/api2/json", "/api2/json/"}) {
    EXPECT_TRUE(Read(On({server.Url() + path})).ok());
    EXPECT_EQ(server.requests().back().path, "/api2/json/version");
    EXPECT_EQ(server.requests().back().Header("Authorization"), "PVEAPIToken=root@pam!tofu=obviously-fake");
  }
  EXPECT_TRUE(Read(On({server.Url() + "/behind/a/proxy"})).ok());
  EXPECT_EQ(server.requests().back().path, "/behind/a/proxy/api2/json/version");
}

TEST_F(MakeApiTest, SettingsThatCannotBeAreRefused) {
  EXPECT_THAT(std::string(Make(On({})).status().message()), HasSubstr("no endpoint"));
  EXPECT_TRUE(absl::IsInvalidArgument(Make(On({"pve1"})).status()));
  for (const char* const token : {"", "root@pam", "root@pam!tofu", "tofu=1", "root!tofu=1", "@pam!tofu=1"}) {
    Settings settings = On({"https://pve:8006"});
    settings.credentials = ApiToken{Secret(token)};
    EXPECT_THAT(std::string(Make(settings).status().message()), HasSubstr("user@realm!name=secret")) << token;
  }
  Settings settings = On({"https://pve:8006"});
  settings.credentials = Login{"root", Secret("x")};
  EXPECT_THAT(std::string(Make(settings).status().message()), HasSubstr("root@pam"));
  settings = On({"https://pve:8006"});
  settings.tls = {.ca_file = "x.pem", .insecure = true};
  EXPECT_TRUE(absl::IsInvalidArgument(Make(settings).status()));
}

TEST_F(MakeApiTest, APinnedCertificateIsAcceptedAndNoOther) {
  TestCertificate const right({});
  TestCertificate const wrong({});
  HttpServer server(&AnswerVersion, &right);
  Settings settings = On({server.Url()});
  settings.tls = {.fingerprint = right.Fingerprint()};
  EXPECT_TRUE(Read(settings).ok());
  settings.tls = {.fingerprint = wrong.Fingerprint()};
  EXPECT_EQ(Read(settings).code(), absl::StatusCode::kFailedPrecondition);
  settings.tls = {.insecure = true};
  EXPECT_TRUE(Read(settings).ok());
}

// The nodes of a cluster sign their certificates themselves, each its own.
TEST_F(MakeApiTest, EachEndpointHasACertificateOfItsOwn) {
  TestCertificate const first({});
  TestCertificate const second({});
  HttpServer one(&AnswerVersion, &first);
  HttpServer other(&AnswerVersion, &second);
  for (Settings settings : {On({one.Url()}), On({other.Url()})}) {
    settings.tls = {.fingerprint = first.Fingerprint() + "," + second.Fingerprint()};
    EXPECT_TRUE(Read(settings).ok());
  }
  Settings settings = On({one.Url(), other.Url()});
  settings.tls = {.fingerprint = second.Fingerprint()};
  EXPECT_TRUE(Read(settings).ok()) << "the first is passed over";
  settings.tls = {.fingerprint = first.Fingerprint() + ",A1:B2"};
  EXPECT_TRUE(absl::IsInvalidArgument(Read(settings)));
}

TEST_F(MakeApiTest, ADeadEndpointIsPassedOver) {
  HttpServer server(&AnswerVersion);
  EXPECT_TRUE(Read(On({"http://127.0.0.1:1", server.Url()})).ok());
}

TEST_F(MakeApiTest, ConnectionsAreKept) {
  HttpServer server(&AnswerVersion);
  auto const api = Make(On({server.Url()}));
  ASSERT_TRUE(api.ok());
  for (int i = 0; i < 20; ++i) ASSERT_TRUE((*api)->ReadVersion(Limits()).ok());
  EXPECT_EQ(server.connections(), 1);
}

// The server closes kept connections as it likes: a read does not suffer, and a write is not sent twice.
TEST_F(MakeApiTest, AStaleConnectionHarmsNoRead) {
  RawServer server([](int fd) {
    if (!ReadRequest(fd).empty()) WriteText(fd, Http(200, kVersion));
  });
  auto const api = Make(On({server.Url()}));
  ASSERT_TRUE(api.ok());
  for (int i = 0; i < 3; ++i) {
    auto const version = (*api)->ReadVersion(Limits());
    EXPECT_TRUE(version.ok()) << version.status();
  }
  EXPECT_EQ(server.connections(), 3);
}

TEST_F(MakeApiTest, AWriteWithoutAnAnswerIsSentOnce) {
  std::atomic<int> writes = 0;
  RawServer server([&writes](int fd) {
    if (ReadRequest(fd).substr(0, 4) == "PUT ") ++writes;
  });
  auto const api = Make(On({server.Url(), server.Url()}));
  ASSERT_TRUE(api.ok());
  absl::Status const status = (*api)->UpdateConfig({100, "pve"}, {{"cores", "2"}}, {}, "", Limits());
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("may have carried out the request"));
  EXPECT_EQ(writes, 1);
}

TEST_F(MakeApiTest, CancellingEndsACallThatHangs) {
  RawServer server([this](int fd) {
    ReadRequest(fd);
    cancel_.Cancel();
    fediversity::testing::WaitForEnd(fd);
  });
  EXPECT_TRUE(absl::IsCancelled(Read(On({server.Url()}))));
}

class UploadTest : public MakeApiTest {
 protected:
  static constexpr const char* kUpid = "UPID:pve:00000375:00028A05:6B03DEAD:imgcopy::root@pam!tofu:";

  UploadTest() : path_(::testing::TempDir() + "fediversity-upload-XXXXXX") {
    int const fd = mkstemp(path_.data());
    EXPECT_GE(fd, 0);
    close(fd);
  }
  ~UploadTest() override { std::remove(path_.c_str()); }

  void Fill(std::string_view content) { std::ofstream(path_, std::ios::binary) << content; }
  // Whole requests as they came: the other server takes multipart bodies apart.
  void Serve(int fd) {
    for (std::string request = ReadRequest(fd); !request.empty(); request = ReadRequest(fd)) {
      bool const upload = request.substr(0, 5) == "POST ";
      std::string const answer = upload ? std::string(R"({"data": ")") + kUpid + "\"}"
                                        : R"({"data": {"status": "stopped", "exitstatus": "OK"}})";
      {
        std::lock_guard const lock(mutex_);
        requests_.push_back(std::move(request));
      }
      if (!WriteText(fd, Http(200, answer))) return;
    }
  }
  std::string Body(std::size_t index) {
    std::lock_guard const lock(mutex_);
    return requests_.at(index).substr(requests_.at(index).find("\r\n\r\n") + 4);
  }
  std::string Head(std::size_t index) {
    std::lock_guard const lock(mutex_);
    return requests_.at(index).substr(0, requests_.at(index).find("\r\n\r\n"));
  }

  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::string path_;
};

TEST_F(UploadTest, SendsTheContentFieldFirstAndTheFileWhole) {
  std::string content;
  for (int i = 0; i < 3'000'000; ++i) content += static_cast<char>(i % 251);
  Fill(content);
  RawServer server([this](int fd) { Serve(fd); });
  auto const api = Make(On({server.Url()}));
  ASSERT_TRUE(api.ok());
  std::int64_t told = 0;
  auto const result = (*api)->Upload({.node = "pve",
                                      .storage = "local",
                                      .content = "import",
                                      .filename = "nixos.qcow2",
                                      .file = path_,
                                      .checksum = Checksum{"sha256", "abcd"},
                                      .progress =
                                          [&told](std::int64_t sent, std::int64_t total) {
                                            EXPECT_GT(sent, told);
                                            EXPECT_EQ(total, 3'000'000);
                                            told = sent;
                                          }},
                                     Limits());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->upid, kUpid);
  EXPECT_EQ(told, 3'000'000);
  EXPECT_THAT(Head(0), StartsWith("POST /api2/json/nodes/pve/storage/local/upload HTTP/1.1\r\n"));
  constexpr std::string_view kType = "Content-Type: multipart/form-data; boundary=";
  ASSERT_THAT(Head(0), HasSubstr(std::string(kType)));
  std::string boundary = Head(0).substr(Head(0).find(kType) + kType.size());
  boundary.resize(boundary.find_first_of("\r\n") == boundary.npos ? boundary.size()
                                                                  : boundary.find_first_of("\r\n"));
  std::string const wanted =
      "--" + boundary + "\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nimport\r\n" + "--" +
      boundary + "\r\nContent-Disposition: form-data; name=\"checksum-algorithm\"\r\n\r\nsha256\r\n" + "--" +
      boundary + "\r\nContent-Disposition: form-data; name=\"checksum\"\r\n\r\nabcd\r\n" + "--" + boundary +
      "\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"nixos.qcow2\"\r\nContent-Type: "
      "application/octet-stream\r\n\r\n" +
      content + "\r\n--" + boundary + "--\r\n";
  EXPECT_TRUE(Body(0) == wanted) << "of " << Body(0).size() << " bytes in place of " << wanted.size();
}

TEST_F(UploadTest, AnEmptyFileIsAFile) {
  RawServer server([this](int fd) { Serve(fd); });
  auto const api = Make(On({server.Url()}));
  ASSERT_TRUE(api.ok());
  EXPECT_TRUE((*api)->Upload({"pve", "local", "iso", "empty.iso", path_, {}, {}}, Limits()).ok());
  EXPECT_THAT(Body(0), AllOf(HasSubstr("octet-stream\r\n\r\n\r\n--"), EndsWith("--\r\n")));
}

TEST_F(UploadTest, WhatCannotBeReadIsNotSent) {
  RawServer server([this](int fd) { Serve(fd); });
  auto const api = Make(On({server.Url()}));
  ASSERT_TRUE(api.ok());
  auto upload = [&](const std::string& file, const std::string& name) {
    return (*api)->Upload({"pve", "local", "iso", name, file, {}, {}}, Limits()).status();
  };
  EXPECT_EQ(upload("/nonexistent/x.iso", "x.iso").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(upload("/tmp", "x.iso").code(), absl::StatusCode::kFailedPrecondition);
  for (const char* const name : {"", "a/b.iso", "a\"b.iso", "a\r\nb.iso"}) {
    EXPECT_EQ(upload(path_, name).code(), absl::StatusCode::kInvalidArgument) << name;
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(UploadTest, AFileThatShrinksEndsTheUpload) {
  std::string large;
  large.resize(20'000'000, 'x');
  Fill(large);
  RawServer server([this](int fd) { Serve(fd); });
  auto const api = Make(On({server.Url()}));
  ASSERT_TRUE(api.ok());
  auto shrink = [this](std::int64_t, std::int64_t) { EXPECT_EQ(truncate(path_.c_str(), 10), 0); };
  absl::Status const status =
      (*api)->Upload({"pve", "local", "iso", "x.iso", path_, {}, shrink}, Limits()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("became shorter"), HasSubstr("uploading x.iso")));
}

}  // namespace
}  // namespace fediversity::proxmox
