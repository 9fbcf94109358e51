// `import garage` on an emulated cluster.

#include <string>

#include "tests/emulators/garage/emulator.h"
#include "tests/provider/cli/cli_fixture.h"
#include "tests/support/golden.h"
#include "tests/support/tofu.h"

namespace fediversity::cli {
namespace {

using emulators::garage::Store;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ImportGarageTest : public CliTest {
 protected:
  ImportGarageTest() { Use(garage_.token()); }

  void Use(const std::string& token) { Set({{"GARAGE_ENDPOINT", garage_.Url()}, {"GARAGE_TOKEN", token}}); }

  static std::string Id(char digit) { return std::string(64, digit); }

  void AddAll() {
    garage_.With([](Store& store) {
      auto const add = [&store](char digit) -> emulators::garage::Bucket& {
        auto bucket = store.MakeBucket();
        store.buckets.erase(bucket.id);
        bucket.id = Id(digit);
        return store.buckets[bucket.id] = bucket;
      };
      auto& media = add('a');
      store.GiveAlias("alice-media", media.id);
      store.GiveAlias("media.example.org", media.id);
      media.max_size = 53687091200;
      media.cors_rules = {{{"AllowedOrigin", {"*"}},
                           {"AllowedMethod", {"GET"}},
                           {"AllowedHeader", emulators::garage::Json::array()},
                           {"ExposeHeader", emulators::garage::Json::array()}}};
      media.lifecycle_rules = {{{"ID", "tmp"},
                                {"Status", "Enabled"},
                                {"Filter", {{"Prefix", "tmp/"}}},
                                {"Expiration", {{"Days", 7}}}}};
      auto& pages = add('b');
      store.GiveAlias("bob-pages", pages.id);
      pages.website = {.index = "index.html", .error = "404.html"};
      add('c');
      store.MakeKey("GK000000000000000000000001", "obviously-fake-secret", "alice");
      store.MakeKey("GK000000000000000000000002", "obviously-fake-secret", "bob");
      auto& idle = store.MakeKey("GK000000000000000000000003", "obviously-fake-secret", "bob");
      idle.expiration = 4102444800000;
      idle.create_bucket = true;
      store.buckets.at(Id('a')).grants["GK000000000000000000000001"] = {.read = true, .write = true};
      store.buckets.at(Id('b')).grants["GK000000000000000000000002"] = {.owner = true};
      store.keys.at("GK000000000000000000000002").aliases["pages"] = Id('b');
    });
  }

  emulators::garage::GarageEmulator garage_{{}};
};

TEST_F(ImportGarageTest, PrintsBlocksForEverything) {
  AddAll();
  garage_.ForgetRequests();
  ASSERT_EQ(Run({"import", "garage"}), 0) << err_;
  EXPECT_EQ(err_, "");
  EXPECT_THAT(out_, Not(HasSubstr("obviously-fake")));
  testing::ExpectGolden("import-garage.tf", out_);
  EXPECT_EQ(garage_.requests().size(), 2U) << "one listing of buckets, and one of keys";
}

TEST_F(ImportGarageTest, WhatIsPrintedIsFormattedHcl) {
  auto const tofu = testing::FindTofu();
  if (!tofu.has_value()) GTEST_SKIP() << "there is no tofu";
  auto const result =
      testing::RunTofu(*tofu, {"fmt", "-"}, folder_.string(), Read("tests/golden/import-garage.tf"));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->status.ok()) << result->error;
  EXPECT_EQ(result->output, Read("tests/golden/import-garage.tf"));
}

TEST_F(ImportGarageTest, AliasesLeaveSomeOut) {
  AddAll();
  ASSERT_EQ(Run({"import", "garage", "--alias", "alice-*"}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr(Id('a')), HasSubstr("GK000000000000000000000001"),
                          Not(HasSubstr(Id('b'))), Not(HasSubstr("GK000000000000000000000002"))));
  ASSERT_EQ(Run({"import", "garage", "--alias", "media.*", "--alias=bob-?????"}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr(Id('a')), HasSubstr(Id('b')), Not(HasSubstr(Id('c'))),
                          Not(HasSubstr("GK000000000000000000000003"))));
  EXPECT_EQ(Run({"import", "garage", "--alias", "nobody-*"}), 1);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(err_, HasSubstr("the cluster has 3 buckets and 3 keys"));
}

TEST_F(ImportGarageTest, ATokenThatMayOnlyReadSuffices) {
  AddAll();
  Use(garage_.MakeToken({"GetBucketInfo", "ListBuckets", "ListBucketsInfo", "ListKeys", "ListKeysInfo"}));
  ASSERT_EQ(Run({"import", "garage"}), 0) << err_;
  for (const auto& request : garage_.requests()) EXPECT_EQ(request.method, "GET") << request.path;
}

TEST_F(ImportGarageTest, MisuseLeadsToTheHelp) {
  EXPECT_EQ(Run({"import", "garage", "--zone", "example.org"}), 2);
  EXPECT_THAT(err_, HasSubstr("There is no option --zone here"));
}

}  // namespace
}  // namespace fediversity::cli
