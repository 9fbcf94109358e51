// What needs no server: signatures, XML, JSON, versions, pages.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "provider/backends/garage/decode.h"
#include "provider/backends/garage/encode.h"
#include "provider/backends/garage/error.h"
#include "provider/backends/garage/listing.h"
#include "provider/backends/garage/s3_client.h"
#include "provider/backends/garage/signing.h"
#include "provider/backends/garage/xml.h"

namespace fediversity::garage {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string SignatureOf(http::Request request) {
  // The example credentials of Amazon's description of Signature Version 4.
  KeyCredentials const credentials{"AKIAIOSFODNN7EXAMPLE",
                                   Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")};
  absl::Time const time = absl::FromCivil(absl::CivilDay(2013, 5, 24), absl::UTCTimeZone());
  SignV4(request, "examplebucket.s3.amazonaws.com", "us-east-1", credentials, time);
  for (const http::Field& header : request.headers) {
    if (header.name() == "Authorization") {
      EXPECT_TRUE(header.secret());
      return header.Reveal();
    }
  }
  return "";
}

TEST(SigningTest, SignsAsAmazonsExamples) {
  EXPECT_EQ(SignatureOf({.query = {{"lifecycle", ""}}}),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
            "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_THAT(SignatureOf({.query = {{"prefix", "J"}, {"max-keys", "2"}}}),
              EndsWith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST(XmlTest, ReadsElementsAndTheirText) {
  auto const root = ParseXml(
      "<?xml version=\"1.0\"?><a xmlns=\"urn:x\"><b>x &amp; y</b><b/><n:c "
      "xmlns:n=\"urn:y\">&#228;<![CDATA[<]]></n:c></a>");
  ASSERT_TRUE(root.ok()) << root.status();
  EXPECT_EQ(root->name, "a");
  ASSERT_EQ(root->children.size(), 3U);
  EXPECT_EQ(root->TextOf("b"), "x & y");
  EXPECT_EQ(root->TextOf("c"), "\xC3\xA4<");
  EXPECT_EQ(root->Find("d"), nullptr);
}

TEST(XmlTest, RefusesWhatIsNoneOrCouldGrow) {
  for (const char* const text :
       {"", "x", "<a>", "<a></b>", "<a/><b/>", "<a>\x01</a>", "<a>&b;</a>", "<a>\xFF</a>"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseXml(text).status())) << text;
  }
  auto const bomb = ParseXml("<!DOCTYPE a [<!ENTITY x \"xxxx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>");
  EXPECT_THAT(std::string(bomb.status().message()), HasSubstr("document type"));
  std::string deep;
  for (int i = 0; i < 17; ++i) deep += "<a>";
  EXPECT_THAT(std::string(ParseXml(deep).status().message()), HasSubstr("too deeply"));
}

TEST(XmlTest, WhatIsEscapedReadsBackTheSame) {
  for (const char* const text : {"a<b>&\"c\"'", "\t \n\r", " blank ", "\xF0\x9F\x98\x80"}) {
    ASSERT_TRUE(IsXmlText(text));
    auto const read = ParseXml("<a>" + EscapeXml(text) + "</a>");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->text, text);
  }
  for (const char* const text : {"\x01", "\x1F", "\xFF", "\xEF\xBF\xBF"}) EXPECT_FALSE(IsXmlText(text));
}

TEST(S3AnswerTest, ListsKeysAndReportsWhatWasNotDeleted) {
  auto const keys = DecodeObjectList(
      "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>a%20b%2Fc</Key></Contents>"
      "<Contents><Key>d</Key></Contents></ListBucketResult>",
      "x");
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_THAT(*keys, ElementsAre("a b/c", "d"));
  EXPECT_THAT(
      *DecodeObjectList("<ListBucketResult><Contents><Key>a%20</Key></Contents></ListBucketResult>", "x"),
      ElementsAre("a%20"));
  EXPECT_TRUE(absl::IsInternal(DecodeObjectList("<html/>", "x").status()));
  EXPECT_TRUE(
      absl::IsInternal(DecodeObjectList("<ListBucketResult><Contents/></ListBucketResult>", "x").status()));
  EXPECT_TRUE(absl::IsInternal(
      DecodeObjectList("<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%2</Key></Contents>"
                       "</ListBucketResult>",
                       "x")
          .status()));
  EXPECT_TRUE(DecodeDeletion("<DeleteResult/>", "x").ok());
  absl::Status const failed = DecodeDeletion(
      "<DeleteResult><Error><Key>k</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
      "<Error><Key>g</Key><Code>NoSuchKey</Code></Error></DeleteResult>",
      "x");
  EXPECT_THAT(std::string(failed.message()),
              HasSubstr("could not delete 1 object\nOf the first it says: k: Access"));
}

TEST(VersionTest, IsTheNumberAlone) {
  EXPECT_EQ(PlainVersion("cargo:2.5.0"), "2.5.0");
  EXPECT_EQ(PlainVersion("v2.3.0"), "2.3.0");
  EXPECT_EQ(PlainVersion("git:v2.1.0-3-gabc"), "2.1.0");
  EXPECT_EQ(PlainVersion("2.4."), "2.4");
  EXPECT_EQ(PlainVersion("main"), "main");
  EXPECT_EQ(PlainVersion(""), "");
}

TEST(DecodeTest, PermissionsThatWereTakenAreNoKey) {
  auto const bucket = DecodeBucket(nlohmann::json::parse(R"({"id": "x", "websiteAccess": true, "keys": [
      {"accessKeyId": "none", "permissions": {"read": false}, "bucketLocalAliases": []},
      {"accessKeyId": "some", "permissions": {"read": true}, "bucketLocalAliases": ["l"]}]})"),
                                   "x");
  ASSERT_TRUE(bucket.ok()) << bucket.status();
  EXPECT_EQ(bucket->keys.size(), 1U);
  EXPECT_EQ(bucket->website, Website{});
}

TEST(DecodeTest, LayoutsTellTheirRedundancy) {
  auto const layout = DecodeLayout(
      nlohmann::json::parse(R"({"version": 3, "roles": [], "parameters": {"zoneRedundancy": {"atLeast": 2}},
        "stagedRoleChanges": [{"id": "x", "remove": true}]})"),
      "x");
  ASSERT_TRUE(layout.ok()) << layout.status();
  EXPECT_EQ(layout->zone_redundancy, 2);
  EXPECT_EQ(layout->staged_changes, 1);
  EXPECT_FALSE(DecodeLayout(nlohmann::json::parse("[]"), "x").ok());
  EXPECT_FALSE(DecodeLayout(nlohmann::json::parse("5"), "x").ok());
}

TEST(EncodeTest, ConditionsAreWrappedOnlyWhereThereAreSeveral) {
  auto const rules = Encode(BucketChange{
      .lifecycle_rules = std::vector<LifecycleRule>{
          {.filter = {.prefix = "a"}}, {.filter = {.prefix = "a", .object_size_less_than = 3}}, {}}});
  EXPECT_EQ(rules["lifecycleRules"][0]["Filter"], (nlohmann::json{{"Prefix", "a"}}));
  EXPECT_EQ(rules["lifecycleRules"][1]["Filter"]["And"].size(), 2U);
  EXPECT_FALSE(rules["lifecycleRules"][2].contains("Filter"));
  EXPECT_EQ(Encode(absl::FromUnixMillis(1'000)), "1970-01-01T00:00:01.000Z");
}

TEST(ErrorTest, ServersOfTheFirstVersionAreNamed) {
  http::Response const unknown{.status = 400,
                               .body = R"({"code": "InvalidRequest", "message":
      "Bad request: Unknown API endpoint: GET /v2/GetBucketInfo", "region": "garage", "path": "/v2/GetBucketInfo"})",
                               .url = "http://x/v2/GetBucketInfo"};
  absl::Status const old = ErrorOf({}, unknown, "GetBucketInfo", "Bucket x: reading it");
  EXPECT_TRUE(absl::IsUnimplemented(old)) << old;
  EXPECT_THAT(std::string(old.message()), HasSubstr("Garage 1.x has version 1 only: upgrade to Garage 2.0"));
  absl::Status const list = ErrorOf({}, unknown, "ListKeysInfo", "x");
  EXPECT_THAT(std::string(list.message()), HasSubstr("That takes Garage 2.5 or later"));
}

TEST(ErrorTest, ACodeWithTheWrongStatusIsNoneOfTheServices) {
  http::Response const odd{.status = 200 + 204, .body = R"({"code": "Whatever", "message": "gone"})"};
  EXPECT_TRUE(absl::IsFailedPrecondition(ErrorOf({}, odd, "x", "x")));
  http::Response const other{.status = 500, .body = R"({"code": "NoSuchBucket", "message": "gone"})"};
  EXPECT_TRUE(absl::IsInternal(ErrorOf({}, other, "x", "x")));
}

using Numbers = Listing<int>;

class ListingTest : public ::testing::Test {
 protected:
  ListingTest() {
    for (int i = 0; i < 10; ++i) entries_[absl::StrCat(i)] = i;
  }

  Numbers::Source Source() {
    return {.page = [this](const std::string& offset, int count,
                           const CallLimits&) -> absl::StatusOr<std::vector<Numbers::Entry>> {
              ++pages_;
              if (before_page_) before_page_();
              if (!failure_.ok()) return failure_;
              std::vector<Numbers::Entry> page;
              for (const auto& entry : entries_) {
                if (entry.first >= offset && page.size() < static_cast<std::size_t>(count))
                  page.emplace_back(entry.first, entry.second);
              }
              return page;
            },
            .one = [this](std::string_view id, const CallLimits&) -> absl::StatusOr<int> {
              ++ones_;
              auto const found = entries_.find(std::string(id));
              if (found == entries_.end()) return absl::NotFoundError("gone");
              return found->second;
            },
            .all = [this](const CallLimits&) -> absl::StatusOr<Numbers::Entries> {
              ++alls_;
              return Numbers::Entries(entries_.begin(), entries_.end());
            }};
  }

  std::map<std::string, int> entries_;
  std::function<void()> before_page_;
  absl::Status failure_;
  int pages_ = 0;
  int ones_ = 0;
  int alls_ = 0;
  ManualClock clock_{absl::FromUnixSeconds(1'000'000)};
  CancelToken const cancel_;
  CallLimits const limits_{cancel_};
};

TEST_F(ListingTest, GetsOldAfterAMinute) {
  Numbers list(Source(), 100, "x", clock_);
  ASSERT_TRUE(list.All(limits_).ok());
  clock_.Advance(absl::Seconds(59));
  ASSERT_TRUE(list.All(limits_).ok());
  EXPECT_EQ(pages_, 1);
  entries_["3"] = 33;
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(*list.Fetch("3", limits_), 33);
}

TEST_F(ListingTest, APageThatAWriteCameInBetweenIsNotKept) {
  Numbers list(Source(), 100, "x", clock_);
  ASSERT_TRUE(list.Fetch("1", limits_).ok());
  before_page_ = [&] {
    list.Drop();
    before_page_ = nullptr;
  };
  EXPECT_EQ(*list.Fetch("2", limits_), 2);
  EXPECT_EQ(pages_, 1);
  EXPECT_EQ(ones_, 2);
  entries_["5"] = 55;
  EXPECT_EQ(*list.Fetch("5", limits_), 55);
}

TEST_F(ListingTest, WithoutPagesEverythingComesTheOtherWay) {
  failure_ = absl::UnimplementedError("too old");
  Numbers list(Source(), 100, "x", clock_);
  auto const all = list.All(limits_);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ((*all)->size(), 10U);
  EXPECT_EQ(pages_, 1);
  ASSERT_TRUE(list.All(limits_).ok());
  EXPECT_EQ(alls_, 1);
  list.Drop();
  ASSERT_TRUE(list.All(limits_).ok());
  EXPECT_EQ(alls_, 2);
  EXPECT_EQ(pages_, 1);
}

TEST_F(ListingTest, AFailureIsPassedOn) {
  Numbers list(Source(), 100, "x", clock_);
  ASSERT_TRUE(list.Fetch("1", limits_).ok());
  failure_ = absl::UnavailableError("no");
  EXPECT_TRUE(absl::IsUnavailable(list.Fetch("2", limits_).status()));
  EXPECT_TRUE(absl::IsUnavailable(list.All(limits_).status()));
  failure_ = absl::OkStatus();
  EXPECT_TRUE(list.Fetch("2", limits_).ok());
}

TEST_F(ListingTest, AnEmptyServerIsReadOnce) {
  entries_.clear();
  Numbers list(Source(), 1, "x", clock_);
  EXPECT_TRUE((*list.All(limits_))->empty());
  EXPECT_TRUE(absl::IsNotFound(list.Fetch("2", limits_).status()));
  EXPECT_EQ(pages_, 1);
}

}  // namespace
}  // namespace fediversity::garage
