#include "provider/backends/proxmox/text/size.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace fediversity::proxmox {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(SizeTest, UnitsAreBinaryUnlessTheyAreDecimal) {
  EXPECT_EQ(ParseSize("512M").value(), 512 * kMebibyte);
  EXPECT_EQ(ParseSize("512MiB").value(), 512 * kMebibyte);
  EXPECT_EQ(ParseSize("512MB").value(), 512'000'000);
  EXPECT_EQ(ParseSize("40G").value(), 40 * kGibibyte);
  EXPECT_EQ(ParseSize("40GB").value(), 40'000'000'000);
  EXPECT_EQ(ParseSize("1T").value(), kTebibyte);
  EXPECT_EQ(ParseSize("1P").value(), 1024 * kTebibyte);
  EXPECT_EQ(ParseSize("3K").value(), 3072);
  EXPECT_EQ(ParseSize("3KB").value(), 3000);
  EXPECT_EQ(ParseSize("17").value(), 17);
  EXPECT_EQ(ParseSize("17B").value(), 17);
  EXPECT_EQ(ParseSize("0").value(), 0);
  EXPECT_EQ(ParseSize("0040G").value(), 40 * kGibibyte);
}

TEST(SizeTest, FractionsAreExact) {
  EXPECT_EQ(ParseSize("1.5G").value(), 1536 * kMebibyte);
  EXPECT_EQ(ParseSize("0.1GB").value(), 100'000'000);
  EXPECT_EQ(ParseSize("2.50K").value(), 2560);
  EXPECT_THAT(ParseSize("0.1G").status().ToString(), HasSubstr("whole number of bytes"));
  EXPECT_FALSE(ParseSize("1.5").ok());
}

TEST(SizeTest, TheNearestWholeSizeIsNamed) {
  EXPECT_EQ(NearestSize("1.3G", kMebibyte), "1331M");
  EXPECT_EQ(NearestSize("1.3T", kMebibyte), "1363149M");
  EXPECT_EQ(NearestSize("2GB", kMebibyte), "1907M");
  EXPECT_EQ(NearestSize("1535.6M", kMebibyte), "1536M");
  EXPECT_EQ(NearestSize("1023.9M", kMebibyte), "1G");
  EXPECT_EQ(NearestSize("0.1K", kMebibyte), "1M");
  EXPECT_EQ(NearestSize("9223372036854775807", kMebibyte), "8796093022207M") << "no larger one fits";
  for (const char* const text : {"1.5G", "512M", "0", "40g", "", "1.2.3G", "8192P"}) {
    EXPECT_EQ(NearestSize(text, kMebibyte), std::nullopt) << text;
  }
}

TEST(SizeTest, WhatIsNoSizeIsRefused) {
  for (const char* const text : {"", "G", "40g", "40 G", " 40G", "-1G", "+1G", "40GIB", "40Gi", "40KiBs",
                                 "1.2.3G", ".5G", "5.G", "1e3", "40G ", "0x10", "G40"}) {
    EXPECT_EQ(ParseSize(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_THAT(ParseSize("40g").status().ToString(), HasSubstr("\"40g\" is not a number with a unit such as"));
}

TEST(SizeTest, WhatIsTooLargeIsRefused) {
  EXPECT_EQ(ParseSize("9223372036854775807").value(), kMost);
  EXPECT_EQ(ParseSize("8191P").value(), 8191 * 1024 * kTebibyte);
  for (const char* const text :
       {"9223372036854775808", "8192P", "99999999999999999999999999999999999999999999",
        "18446744073709551616G", "340282366920938463463374607431768211456",
        "1329227995784915872903807060280344575P"}) {
    EXPECT_FALSE(ParseSize(text).ok()) << text;
    EXPECT_FALSE(ParseServerSize(text).ok()) << text;
    EXPECT_FALSE(ParseAllocation(text).ok()) << text;
  }
}

TEST(SizeTest, TheServersSizesAreRead) {
  EXPECT_EQ(ParseServerSize("105K").value(), 105 * kKibibyte);
  EXPECT_EQ(ParseServerSize("1700000000").value(), 1'700'000'000);
  EXPECT_EQ(ParseServerSize("2.25G").value(), 2304 * kMebibyte);
  EXPECT_EQ(ParseServerSize("0.3G").value(), 322'122'547) << "cut, not rounded";
  EXPECT_FALSE(ParseServerSize("40GiB").ok());
  EXPECT_FALSE(ParseServerSize("1P").ok());
}

TEST(SizeTest, TheShortestExactTextIsWritten) {
  EXPECT_EQ(FormatSize(40 * kGibibyte), "40G");
  EXPECT_EQ(FormatSize(1024 * kGibibyte), "1T");
  EXPECT_EQ(FormatSize(1'363'149 * kKibibyte), "1363149K");
  EXPECT_EQ(FormatSize(528 * kKibibyte), "528K");
  EXPECT_EQ(FormatSize(1'700'000'000), "1700000000");
  EXPECT_EQ(FormatSize(0), "0");
  EXPECT_EQ(FormatSize(kMost), "9223372036854775807");
}

// The figures that a real server allocated.
TEST(SizeTest, AllocationsAreRoundedUpToKibibytes) {
  EXPECT_EQ(ParseAllocation("1").value(), kGibibyte);
  EXPECT_EQ(ParseAllocation("0.5").value(), 512 * kMebibyte);
  EXPECT_EQ(ParseAllocation("0.0001").value(), 105 * kKibibyte);
  EXPECT_EQ(ParseAllocation("1.3").value(), 1'363'149 * kKibibyte);
  EXPECT_EQ(ParseAllocation("0").value(), 0);
  EXPECT_FALSE(ParseAllocation("1G").ok());
  EXPECT_EQ(FormatAllocation(40 * kGibibyte), "40");
  EXPECT_EQ(FormatAllocation(512 * kMebibyte), "0.5");
  EXPECT_EQ(FormatAllocation(1), "0.00000095367431640625");
  EXPECT_EQ(FormatAllocation(0), "0");
}

TEST(SizeTest, WhatIsWrittenIsReadBack) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::int64_t const shift = static_cast<std::int64_t>(random() % 63);
    std::int64_t const bytes =
        static_cast<std::int64_t>(random() >> 1U) >> shift << (random() % 2 == 0 ? 0 : shift / 2);
    if (bytes < 0) continue;
    EXPECT_EQ(ParseSize(FormatSize(bytes)).value(), bytes);
    EXPECT_EQ(ParseServerSize(FormatSize(bytes)).value(), bytes);
    if (bytes > kMost - kKibibyte) continue;
    std::int64_t const allocated = (bytes + kKibibyte - 1) / kKibibyte * kKibibyte;
    EXPECT_EQ(ParseAllocation(FormatAllocation(bytes)).value(), allocated) << bytes;
  }
}

TEST(SizeTest, ProxmoxRoundsUpToWhatItsStoragesHold) {
  constexpr bool kFiles = false;
  constexpr bool kBlocks = true;
  EXPECT_TRUE(IsRoundedUp(kGibibyte, kGibibyte, kFiles));
  EXPECT_TRUE(IsRoundedUp(1700000001, 1700000001, kFiles)) << "a disk that was resized";
  EXPECT_TRUE(IsRoundedUp(25'000'000'000, 24'414'063 * kKibibyte, kFiles));
  EXPECT_FALSE(IsRoundedUp(25'000'000'000, 24'414'064 * kKibibyte, kFiles));
  EXPECT_FALSE(IsRoundedUp(25'000'000'000, 25'000'000'001, kFiles));
  EXPECT_FALSE(IsRoundedUp(500'000'000, 480 * kMebibyte, kFiles));
  EXPECT_TRUE(IsRoundedUp(500'000'000, 480 * kMebibyte, kBlocks)) << "extents of LVM";
  EXPECT_TRUE(IsRoundedUp(500'000'000, 477 * kMebibyte, kBlocks)) << "ZFS and RBD";
  EXPECT_FALSE(IsRoundedUp(500'000'000, 478 * kMebibyte, kBlocks));
  EXPECT_FALSE(IsRoundedUp(kGibibyte, kGibibyte - kKibibyte, kBlocks)) << "smaller is never the same";
}

}  // namespace
}  // namespace fediversity::proxmox
