#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "datasources/garage/bucket.h"
#include "datasources/garage/buckets.h"
#include "datasources/garage/cluster.h"
#include "datasources/garage/key.h"
#include "datasources/garage/keys.h"
#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/wire/json.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::datasources {
namespace {

using resources::GarageStore;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Make = std::unique_ptr<schema::AnyDataSource> (*)(const Slot<garage::Api>&);

// With a token that may only read, which has to be enough.
class GarageSourceTest : public resources::GarageResourceTest {
 protected:
  void SetUp() override {
    Configure(emulator_.MakeToken({"GetBucketInfo", "ListBuckets", "ListBucketsInfo", "GetKeyInfo",
                                   "ListKeys", "ListKeysInfo", "GetClusterHealth", "GetClusterStatus",
                                   "GetClusterLayout", "GetClusterStatistics", "GetNodeInfo"}));
    media_ = GivenBucket("media");
    pages_ = GivenBucket("pages");
    app_ = GivenKey("app");
    old_ = GivenKey("old");
    emulator_.With([&](GarageStore& store) {
      store.GiveAlias("media.example.org", media_);
      auto& media = store.buckets.at(media_);
      media.grants[app_] = {.read = true, .write = true};
      media.objects["a"] = "12345";
      media.max_size = 1000;
      media.uploads["01"] = {.key = "b", .started = store.Now(), .parts = {{1, "abc"}}};
      store.buckets.at(pages_).website = {.index = "index.html"};
      store.keys.at(app_).aliases["own"] = pages_;
      store.keys.at(old_).expiration = store.Now() - 1000;
    });
  }

  schema::DataResponse Read(Make make, std::string_view json) {
    auto const source = make(backends_.garage);
    auto const config = wire::DecodeJson(json, source->table().type);
    EXPECT_TRUE(config.ok()) << config.status();
    EXPECT_THAT(schema::ValidateConfig(*source, *config).list(), IsEmpty());
    auto response = schema::ReadDataSource(*source, *config, {.cancel = never_});
    for (const auto& request : emulator_.requests()) EXPECT_EQ(request.method, "GET") << request.path;
    return response;
  }
  // An attribute as JSON; "keys.GK1.read" goes into what is nested.
  static std::string At(const schema::DataResponse& response, std::string_view path) {
    const wire::Value* value = &response.state;
    while (value != nullptr && !path.empty()) {
      std::size_t const dot = std::min(path.find('.'), path.size());
      value = value->kind() == wire::Value::Kind::kMap ? value->Find(path.substr(0, dot)) : nullptr;
      path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return value == nullptr ? "nothing" : *wire::WriteJson(*value);
  }
  static std::vector<std::string> Column(const schema::DataResponse& response, std::string_view rows,
                                         std::string_view name) {
    std::vector<std::string> column;
    if (response.state.is_null()) return column;
    for (const wire::Value& row : response.state.Find(rows)->elements()) {
      column.push_back(*wire::WriteJson(*row.Find(name)));
    }
    return column;
  }
  static std::string Quoted(const std::string& text) { return Cat({"\"", text, "\""}); }

  std::string media_, pages_, app_, old_;
  CancelToken never_;
};

TEST_F(GarageSourceTest, ABucketIsFoundByIdAndByAlias) {
  for (const std::string& json :
       {Cat({R"({"id": ")", media_, R"("})"}), std::string(R"({"alias": "media.example.org"})")}) {
    auto const found = Read(MakeGarageBucket, json);
    ASSERT_THAT(found.diagnostics.list(), IsEmpty());
    EXPECT_EQ(At(found, "id"), Quoted(media_));
    EXPECT_EQ(At(found, "aliases"), R"(["media","media.example.org"])");
    EXPECT_EQ(At(found, "objects"), "1");
    EXPECT_EQ(At(found, "bytes"), "5");
    EXPECT_EQ(At(found, "quotas.max_size"), R"("1000")");
    EXPECT_EQ(At(found, "website.enabled"), "false");
    EXPECT_EQ(At(found, "unfinished_multipart_uploads"), "1");
    EXPECT_EQ(At(found, "unfinished_multipart_upload_bytes"), "3");
    EXPECT_EQ(At(found, Cat({"keys.", app_, ".write"})), "true");
    EXPECT_EQ(At(found, Cat({"keys.", app_, ".name"})), R"("app")");
  }
  auto const pages = Read(MakeGarageBucket, R"({"alias": "pages"})");
  EXPECT_EQ(At(pages, "website.index_document"), R"("index.html")");
  EXPECT_EQ(At(pages, Cat({"keys.", app_, ".local_aliases"})), R"(["own"])");
}

TEST_F(GarageSourceTest, ABucketThatIsNotThereIsAnErrorOnWhatItWasLookedForBy) {
  EXPECT_THAT(Read(MakeGarageBucket, R"({"alias": "nothing"})").diagnostics.list(),
              Contains(ErrorOn("alias", "nothing", "")));
  EXPECT_THAT(Read(MakeGarageBucket, Cat({R"({"id": ")", std::string(64, '0'), R"("})"})).diagnostics.list(),
              Contains(ErrorOn("id", "", "")));
  auto const source = MakeGarageBucket(backends_.garage);
  for (const char* const json :
       {"{}", R"({"id": "0000000000000000000000000000000000000000000000000000000000000000",
                                           "alias": "media"})"}) {
    auto const config = wire::DecodeJson(json, source->table().type);
    EXPECT_THAT(schema::ValidateConfig(*source, *config).list(),
                Contains(::testing::Field(&schema::Diagnostic::detail,
                                          ::testing::HasSubstr("Exactly one of id, alias"))));
  }
}

TEST_F(GarageSourceTest, BucketsAreListedInOneRequest) {
  emulator_.ForgetRequests();
  auto const all = Read(MakeGarageBuckets, "{}");
  ASSERT_THAT(all.diagnostics.list(), IsEmpty());
  EXPECT_THAT(Column(all, "buckets", "id"), SizeIs(2));
  EXPECT_THAT(emulator_.requests(), SizeIs(1));
  auto const some = Read(MakeGarageBuckets, R"({"alias_prefix": "med"})");
  EXPECT_THAT(Column(some, "buckets", "id"), ElementsAre(Quoted(media_)));
  EXPECT_THAT(Column(some, "buckets", "max_size"), ElementsAre("1000"));
  EXPECT_THAT(Column(some, "buckets", "access_key_ids"), ElementsAre(Cat({"[", Quoted(app_), "]"})));
  EXPECT_THAT(
      Column(Read(MakeGarageBuckets, Cat({R"({"access_key_id": ")", app_, R"("})"})), "buckets", "id"),
      ElementsAre(Quoted(media_)));
  EXPECT_THAT(Column(Read(MakeGarageBuckets, R"({"alias_prefix": "x"})"), "buckets", "id"), IsEmpty());
}

TEST_F(GarageSourceTest, AKeyIsShownWithoutItsSecret) {
  auto const found = Read(MakeGarageKey, Cat({R"({"access_key_id": ")", app_, R"("})"}));
  ASSERT_THAT(found.diagnostics.list(), IsEmpty());
  EXPECT_EQ(At(found, "name"), R"("app")");
  EXPECT_EQ(At(found, "expiration"), R"("never")");
  EXPECT_EQ(At(found, Cat({"buckets.", media_, ".write"})), "true");
  EXPECT_EQ(At(found, Cat({"buckets.", media_, ".aliases"})), R"(["media","media.example.org"])");
  EXPECT_EQ(At(found, Cat({"buckets.", pages_, ".local_aliases"})), R"(["own"])");
  std::string const secret = emulator_.With([&](GarageStore& store) { return store.keys.at(app_).secret; });
  EXPECT_EQ(wire::WriteJson(found.state)->find(secret), std::string::npos);
  EXPECT_THAT(Read(MakeGarageKey, R"({"access_key_id": "GK000000000000000000000000"})").diagnostics.list(),
              Contains(ErrorOn("access_key_id", "", "")));
}

TEST_F(GarageSourceTest, KeysAreFiltered) {
  EXPECT_THAT(Column(Read(MakeGarageKeys, "{}"), "keys", "access_key_id"), SizeIs(2));
  EXPECT_THAT(Column(Read(MakeGarageKeys, R"({"name": "app"})"), "keys", "access_key_id"),
              ElementsAre(Quoted(app_)));
  EXPECT_THAT(Column(Read(MakeGarageKeys, R"({"expired": true})"), "keys", "access_key_id"),
              ElementsAre(Quoted(old_)));
  EXPECT_THAT(Column(Read(MakeGarageKeys, R"({"name": "app"})"), "keys", "bucket_ids")[0],
              ::testing::AllOf(::testing::HasSubstr(media_), ::testing::HasSubstr(pages_)));
}

TEST_F(GarageSourceTest, TheClusterTellsItsHealth) {
  auto const found = Read(MakeGarageCluster, "{}");
  ASSERT_THAT(found.diagnostics.list(), IsEmpty());
  EXPECT_EQ(At(found, "status"), R"("healthy")");
  EXPECT_EQ(At(found, "version"), R"("2.5.0")");
  EXPECT_EQ(At(found, "storage_nodes_up"), "1");
  EXPECT_NE(At(found, "layout.version"), "nothing");
  EXPECT_THAT(Column(found, "nodes", "is_up"), ElementsAre("true"));
}

}  // namespace
}  // namespace fediversity::datasources
