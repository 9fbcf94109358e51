#include "provider/schema/diagnostics.h"

#include <gtest/gtest.h>

#include "absl/strings/cord.h"
#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

TEST(Diagnostics, SplitsAStatusIntoSummaryAndDetail) {
  Diagnostics diagnostics;
  diagnostics.AddStatus(absl::NotFoundError("Zone is not served\nAsk its owner.\nOr wait."));
  ASSERT_EQ(diagnostics.list().size(), 1u);
  EXPECT_EQ(diagnostics.list()[0].summary, "Zone is not served");
  EXPECT_EQ(diagnostics.list()[0].detail, "Ask its owner.\nOr wait.");
  EXPECT_TRUE(diagnostics.list()[0].path.empty());
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Diagnostics, NeverHasAnEmptySummary) {
  Diagnostics diagnostics;
  diagnostics.AddStatus(absl::UnavailableError(""));
  EXPECT_EQ(diagnostics.list()[0].summary, "UNAVAILABLE");
  EXPECT_EQ(diagnostics.list()[0].detail, "");
}

TEST(Diagnostics, TakesNothingFromAnOkStatus) {
  Diagnostics diagnostics;
  diagnostics.AddStatus(absl::OkStatus());
  EXPECT_TRUE(diagnostics.empty());
}

TEST(Diagnostics, WarningsAreNoErrors) {
  Diagnostics diagnostics;
  diagnostics.AddWarning("Careful", "It is old.", wire::Path("x"));
  diagnostics.AddStatus(absl::UnknownError("Odd"), Diagnostic::Severity::kWarning);
  EXPECT_FALSE(diagnostics.has_errors());
  diagnostics.AddError("Wrong", "");
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.list().size(), 3u);
}

TEST(OnAttribute, RoundTripsEveryKindOfStep) {
  wire::Path const path = wire::Path("disks").AtKey("scsi0 \"ü\"").Child("rules").AtIndex(7).Child("size");
  absl::Status const status = OnAttribute(absl::InvalidArgumentError("Too big"), path);
  EXPECT_EQ(AttributeOf(status), path);
  EXPECT_EQ(status.message(), "Too big");
  Diagnostics diagnostics;
  diagnostics.AddStatus(status);
  EXPECT_EQ(diagnostics.list()[0].path, path);
}

TEST(OnAttribute, StopsBeforeASet) {
  wire::Path const path = wire::Path("rules").AtSetElement(S("secret")).Child("prefix");
  absl::Status const status = OnAttribute(absl::InvalidArgumentError("x"), path);
  EXPECT_EQ(AttributeOf(status), wire::Path("rules"));
  EXPECT_EQ(status.ToString().find("secret"), std::string::npos);
}

TEST(OnAttribute, TheFirstOneStays) {
  absl::Status const status = OnAttribute(OnAttribute(absl::InvalidArgumentError("x"), "inner"), "outer");
  EXPECT_EQ(AttributeOf(status), wire::Path("inner"));
}

TEST(OnAttribute, LeavesOkAlone) {
  EXPECT_TRUE(OnAttribute(absl::OkStatus(), "x").ok());
  EXPECT_TRUE(AttributeOf(absl::InvalidArgumentError("x")).empty());
}

TEST(OnAttribute, ADamagedPayloadIsNoPath) {
  absl::Status status = absl::InvalidArgumentError("x");
  status.SetPayload("fediversity/attribute", absl::Cord("{not json"));
  EXPECT_TRUE(AttributeOf(status).empty());
}

}  // namespace
}  // namespace fediversity::schema
