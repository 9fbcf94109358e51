#include "tests/emulators/garage/emulator_fixture.h"

namespace fediversity::emulators::garage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Action = Fault::Action;

class GarageFaultsTest : public GarageEmulatorTest {};

TEST_F(GarageFaultsTest, AnAnswerComesBeforeTheEffect) {
  garage_.AddFault(
      {.action = Action::kAnswerBefore, .path = "/v2/CreateBucket", .status = 503, .message = "busy"});
  TestAnswer const answer = Post("/v2/CreateBucket", Json::object());
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.json(), (Json{{"code", "ServiceUnavailable"},
                                 {"message", "busy"},
                                 {"region", "garage"},
                                 {"path", "/v2/CreateBucket"}}));
  EXPECT_EQ(Buckets(), 0U);
  EXPECT_NE(MakeBucket(), "");
}

TEST_F(GarageFaultsTest, AnAnswerComesAfterTheEffect) {
  garage_.AddFault({.action = Action::kAnswerAfter, .path = "/v2/CreateBucket"});
  EXPECT_EQ(Post("/v2/CreateBucket", Json::object()).status, 500);
  EXPECT_EQ(Buckets(), 1U);
}

TEST_F(GarageFaultsTest, AConnectionIsCutBeforeOrAfterTheEffect) {
  garage_.AddFault({.action = Action::kCutBefore, .method = "POST"});
  garage_.AddFault({.action = Action::kCutAfter, .method = "POST", .nth = 2});
  EXPECT_EQ(Post("/v2/CreateBucket", Json::object()).status, 0);
  EXPECT_EQ(Buckets(), 0U);
  EXPECT_EQ(Post("/v2/CreateBucket", Json::object()).status, 0);
  EXPECT_EQ(Buckets(), 1U);
  EXPECT_EQ(garage_.Count("POST", "/v2/CreateBucket"), 2);
  EXPECT_EQ(garage_.requests()[0].status, 0);
}

TEST_F(GarageFaultsTest, TheS3PortFailsToo) {
  std::string const key = MakeKey("k");
  Grant(MakeBucket({{"globalAlias", "media"}}), key, {{"write", true}});
  garage_.AddFault({.action = Action::kAnswerAfter, .path = "s3:/media/.*", .status = 503});
  TestAnswer const answer = S3(key, "PUT", "/media/a", "text");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, ::testing::HasSubstr("<Code>ServiceUnavailable</Code>"));
  EXPECT_EQ(garage_.With([](Store& store) { return store.FindByAlias("media")->objects.at("a"); }), "text");
}

TEST_F(GarageFaultsTest, WithoutAQuorumNothingIsWritten) {
  garage_.With([](Store& store) { store.has_quorum = false; });
  EXPECT_EQ(Post("/v2/CreateBucket", Json::object()).json()["code"], "ServiceUnavailable");
  EXPECT_EQ(Get("/v2/ListBuckets").json(), Json::array());
  EXPECT_EQ(SendTest({.method = "GET", .url = garage_.Url() + "/health"}).status, 503);
  EXPECT_EQ(Buckets(), 0U);
}

TEST_F(GarageFaultsTest, RequestsAreKept) {
  Post("/v2/UpdateKey?id=GKnope", {{"name", "x"}});
  LoggedRequest const request = garage_.requests().front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/v2/UpdateKey");
  EXPECT_EQ(request.query, "id=GKnope");
  EXPECT_EQ(request.body, R"({"name":"x"})");
  EXPECT_EQ(request.who, "config");
  EXPECT_EQ(request.status, 404);
  garage_.ForgetRequests();
  EXPECT_THAT(garage_.requests(), IsEmpty());
}

class ControlTest : public GarageEmulatorTest {
 protected:
  TestAnswer Control(const std::string& method, const std::string& what, const Json& body = Json::object()) {
    return SendTest({.method = method, .url = garage_.Url() + "/emulator/" + what, .body = body.dump()});
  }
};

TEST_F(ControlTest, DoesWhatNoApiDoes) {
  std::string const id = MakeBucket({{"globalAlias", "media"}});
  std::string const other = MakeBucket({{"globalAlias", "other"}});
  EXPECT_EQ(Control("POST", "objects", {{"bucket", "media"}, {"key", "a"}, {"content", "text"}}).status, 200);
  EXPECT_EQ(Control("POST", "uploads", {{"bucket", id}, {"key", "b"}}).status, 200);
  EXPECT_EQ(Control("POST", "aliases", {{"alias", "media"}, {"bucket", other}}).status, 200);
  Json const state = Control("GET", "state").json();
  EXPECT_THAT(state["buckets"][id]["objects"], ElementsAre("a"));
  EXPECT_THAT(state["buckets"][id]["uploads"], ElementsAre("b"));
  EXPECT_EQ(state["aliases"]["media"], other);
  EXPECT_EQ(Control("POST", "faults", {{"action", "answer-before"}, {"path", "/v2/ListKeys"}}).status, 200);
  EXPECT_EQ(Get("/v2/ListKeys").status, 500);
  EXPECT_EQ(Get("/v2/ListKeys").status, 200);
  EXPECT_EQ(Control("DELETE", "requests").status, 200);
  EXPECT_EQ(Control("GET", "requests").json(), Json::array());
  EXPECT_EQ(Control("POST", "objects", {{"bucket", "none"}}).status, 400);
  EXPECT_EQ(Control("POST", "nonsense").status, 400);
}

TEST_F(ControlTest, ATokenMayDoSomeCallsOnly) {
  std::string const token = Control("POST", "tokens", {{"scope", {"ListBuckets"}}}).json()["token"];
  auto const status = [&](const std::string& call) {
    return SendTest({.method = "GET", .url = garage_.Url() + "/v2/" + call, .bearer = token}).status;
  };
  EXPECT_EQ(status("ListBuckets"), 200);
  EXPECT_EQ(status("ListKeys"), 403);
  EXPECT_EQ(status("GetCurrentAdminTokenInfo"), 200);
}

}  // namespace
}  // namespace fediversity::emulators::garage
