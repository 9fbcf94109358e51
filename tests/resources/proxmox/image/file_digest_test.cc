#include "resources/proxmox/file_digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace fediversity::resources {
namespace {

class FileDigestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "digest-test-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ / "file";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& content) const { std::ofstream(path_, std::ios::binary) << content; }

  std::filesystem::path folder_, path_;
  CancelToken never_;
};

// The vectors of FIPS 180-2 and RFC 1321.
TEST_F(FileDigestTest, ComputesEachAlgorithmInOnePass) {
  Write("abc");
  auto const digest = DigestFile(path_, {"sha256", "sha1", "md5"}, never_);
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(digest->size, 3);
  EXPECT_EQ(digest->digest.at("sha256"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest->digest.at("sha1"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(digest->digest.at("md5"), "900150983cd24fb0d6963f7d28e17f72");
}

TEST_F(FileDigestTest, ReadsFilesOfSeveralPieces) {
  Write(std::string(1'000'000, 'a') + std::string(2'000'000, 'a'));
  auto const long_file = DigestFile(path_, {"sha256"}, never_);
  ASSERT_TRUE(long_file.ok()) << long_file.status();
  EXPECT_EQ(long_file->size, 3'000'000);
  Write(std::string(1'000'000, 'a'));
  EXPECT_EQ(DigestFile(path_, {"sha256"}, never_)->digest.at("sha256"),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_F(FileDigestTest, SaysWhyItCannot) {
  EXPECT_TRUE(absl::IsNotFound(DigestFile(path_, {"sha256"}, never_).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(DigestFile(folder_, {"sha256"}, never_).status()));
  Write("abc");
  EXPECT_TRUE(absl::IsInvalidArgument(DigestFile(path_, {"crc0"}, never_).status()));
  CancelToken cancelled;
  cancelled.Cancel();
  EXPECT_TRUE(absl::IsCancelled(DigestFile(path_, {"sha256"}, cancelled).status()));
}

}  // namespace
}  // namespace fediversity::resources
