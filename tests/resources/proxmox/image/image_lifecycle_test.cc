#include <fcntl.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <sstream>

#include "provider/base/text.h"
#include "provider/base/unique_fd.h"
#include "resources/proxmox/image.h"
#include "tests/resources/proxmox/image/image_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::WarningOn;

std::string With(const std::string& name, const std::string& value) {
  return Cat({R"({")", name, R"(": ")", value, R"("})"});
}

TEST_F(ImageTest, TheNodeDownloads) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(kFromUrl)) << host_.Errors();
  EXPECT_THAT(proxmox_.Volumes(), ElementsAre("local:import/x.qcow2"));
  EXPECT_EQ(State("id"), R"("local:import/x.qcow2")");
  EXPECT_EQ(State("size"), "7");
  EXPECT_EQ(State("checksum"), "null") << "nobody told it";
  EXPECT_THAT(Requests(), ElementsAre("GET /nodes/pve1/storage/local/content",
                                      "POST /nodes/pve1/storage/local/download-url",
                                      "GET /nodes/pve1/storage/local/content"));
  EXPECT_EQ(Planned(kFromUrl), Action::kNoOp);
}

TEST_F(ImageTest, TheNodeChecksTheChecksum) {
  std::string const sum = Serve(kUrl, "content");
  std::string const right = Cat({R"({"url": ")", kUrl, R"(", "checksum": ")", sum, R"("})"});
  ASSERT_TRUE(Apply(right)) << host_.Errors();
  EXPECT_EQ(State("checksum"), Cat({"\"", sum, "\""}));
  EXPECT_THAT(Held(), ElementsAre(Cat({"local:import/x.qcow2 ", sum})));
}

TEST_F(ImageTest, AWrongChecksumLeavesNothing) {
  Serve(kUrl, "content");
  EXPECT_FALSE(Apply(Cat({R"({"url": ")", kUrl, R"(", "checksum": ")", Sha256("other"), R"("})"})));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "downloading x.qcow2: checksum mismatch", "")));
  EXPECT_THAT(proxmox_.Volumes(), IsEmpty());
  EXPECT_FALSE(host_.exists());
}

TEST_F(ImageTest, ALocalFileIsUploaded) {
  std::string const config = With("path", Write("local.qcow2", "of this machine"));
  ASSERT_TRUE(Apply(config)) << host_.Errors();
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("of this machine")));
  EXPECT_EQ(State("size"), "15");
  EXPECT_EQ(State("checksum"), Cat({"\"", Sha256("of this machine"), "\""}));
  EXPECT_EQ(proxmox_.Count("POST", ".*/upload"), 1);
  EXPECT_EQ(Planned(config), Action::kNoOp);
}

TEST_F(ImageTest, PlanKnowsIdSizeAndChecksumOfALocalFile) {
  auto const plan = host_.MakePlan(Config(With("path", Write("local.qcow2", "abc"))));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_EQ(plan->after.Find("id")->string(), "local:import/x.qcow2");
  EXPECT_EQ(plan->after.Find("size")->number().text(), "3");
  EXPECT_EQ(plan->after.Find("checksum")->string(), Sha256("abc"));
  EXPECT_THAT(Requests(), IsEmpty());
}

TEST_F(ImageTest, AFileThatIsMadeDuringTheRunIsUploaded) {
  std::string const path = (folder_ / "later.qcow2").string();
  auto const plan = host_.MakePlan(Config(With("path", path)));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_TRUE(plan->after.Find("checksum")->is_unknown());
  Write("later.qcow2", "made meanwhile");
  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_EQ(State("checksum"), Cat({"\"", Sha256("made meanwhile"), "\""}));
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("made meanwhile")));
}

TEST_F(ImageTest, AFileThatIsNotThereIsAnErrorOnItsPath) {
  EXPECT_FALSE(Apply(With("path", (folder_ / "none.qcow2").string())));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("path", "cannot read", "No such file")));
  EXPECT_THAT(proxmox_.Volumes(), IsEmpty());
}

TEST_F(ImageTest, KindsOfContentGoWhereTheyBelong) {
  Serve("https://example.org/a.iso", "iso");
  ASSERT_TRUE(Apply(R"({"url": "https://example.org/a.iso", "content": "iso", "file_name": "a.iso"})"))
      << host_.Errors();
  EXPECT_EQ(State("id"), R"("local:iso/a.iso")");
  ASSERT_TRUE(host_.Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Volumes(), IsEmpty());
}

TEST_F(ImageTest, RefreshIsOneRequest) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(kFromUrl)) << host_.Errors();
  Configure();
  proxmox_.ForgetRequests();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_THAT(proxmox_.requests(), SizeIs(1));
}

TEST_F(ImageTest, AnUploadLogsHowFarItIs) {
  std::string const log = (folder_ / "log").string();
  UniqueFd const out(open(log.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  auto const resource =
      MakeProxmoxImage(backends_.proxmox, backends_.journal, Logger(out.get(), LogLevel::kInfo, "provider"));
  oracle::Host host(*resource);
  auto const plan = host.MakePlan(Config(With("path", Write("local.qcow2", std::string(3 << 20, 'x')))));
  ASSERT_TRUE(plan.has_value()) << host.Errors();
  ASSERT_TRUE(host.Apply(*plan)) << host.Errors();
  std::ostringstream text;
  text << std::ifstream(log).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr(R"("@message":"uploading image")"));
  EXPECT_THAT(text.str(), HasSubstr(R"("percent":10})"));
  EXPECT_THAT(text.str(), HasSubstr(R"("sent_bytes":3145728,"total_bytes":3145728)"));
  EXPECT_LE(std::ranges::count(text.str(), '\n'), 11) << "each tenth once";
}

TEST_F(ImageTest, ManyImagesOfAStorageAreOneListing) {
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    ids.push_back(Cat({"local:import/image-", std::to_string(i), ".qcow2"}));
    PutVolume(ids.back(), "content");
  }
  std::deque<oracle::Host> hosts;
  for (const std::string& id : ids) {
    hosts.emplace_back(*resource_);
    ASSERT_TRUE(hosts.back().Import({.id = Cat({"pve1/", id}), .identity = {}})) << hosts.back().Errors();
  }
  EXPECT_THAT(proxmox_.requests(), SizeIs(1));
  Configure();
  proxmox_.ForgetRequests();
  for (oracle::Host& host : hosts) ASSERT_TRUE(host.Refresh()) << host.Errors();
  EXPECT_THAT(proxmox_.requests(), SizeIs(1));
}

TEST_F(ImageTest, AFileThatAppearsAfterTheListingIsNotOverwritten) {
  std::string const config = With("path", Write("local.qcow2", "abc"));
  Configure();
  auto const plan = host_.MakePlan(Config(config));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  oracle::Host other(*resource_);
  PutVolume("local:import/other.qcow2", "listed");
  ASSERT_TRUE(other.Import({.id = "pve1/local:import/other.qcow2", .identity = {}})) << other.Errors();
  PutVolume("local:import/x.qcow2", "of somebody else");
  EXPECT_FALSE(host_.Apply(*plan));
  EXPECT_THAT(Held(), ElementsAre("local:import/other.qcow2 " + Sha256("listed"),
                                  "local:import/x.qcow2 " + Sha256("of somebody else")));
}

TEST_F(ImageTest, AnAuditorRefreshesAndPlans) {
  std::string const config = With("path", Write("local.qcow2", "abc"));
  ASSERT_TRUE(Apply(config)) << host_.Errors();
  Configure(proxmox_.MakeToken("auditor@pve", "t", "PVEAuditor", "/"));
  proxmox_.ForgetRequests();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  auto const plan = host_.MakePlan(Config(config));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_EQ(plan->action, Action::kNoOp);
  EXPECT_EQ(proxmox_.Count("POST|PUT|DELETE", ".*"), 0);
}

TEST_F(ImageTest, WhatWasDeletedByHandIsMadeAgain) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(kFromUrl)) << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) { cluster.RemoveVolume("local:import/x.qcow2", "pve1"); });
  EXPECT_EQ(Planned(kFromUrl), Action::kCreate);
  ASSERT_TRUE(Apply(kFromUrl)) << host_.Errors();
  EXPECT_THAT(proxmox_.Volumes(), ElementsAre("local:import/x.qcow2"));
}

TEST_F(ImageTest, DestroyTakesAVolumeThatIsGoneAsGone) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(kFromUrl)) << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) { cluster.RemoveVolume("local:import/x.qcow2", "pve1"); });
  ASSERT_TRUE(host_.Destroy()) << host_.Errors();
  EXPECT_FALSE(host_.exists());
}

TEST_F(ImageTest, ImportTakesTheVolumeId) {
  PutVolume("local:import/x.qcow2", "by hand");
  ASSERT_TRUE(Import("pve1/local:import/x.qcow2")) << host_.Errors();
  EXPECT_EQ(State("id"), R"("local:import/x.qcow2")");
  EXPECT_EQ(State("node"), R"("pve1")");
  EXPECT_EQ(State("content"), R"("import")");
  EXPECT_EQ(State("size"), "7");
  // Nothing says where it came from, so that is written down; the file stays as it is.
  EXPECT_EQ(Planned(kFromUrl), Action::kUpdate);
  proxmox_.ForgetRequests();
  ASSERT_TRUE(Apply(kFromUrl)) << host_.Errors();
  EXPECT_EQ(proxmox_.Count("POST|PUT|DELETE", ".*"), 0);
  EXPECT_EQ(Planned(kFromUrl), Action::kNoOp);
}

TEST_F(ImageTest, ImportTakesAnIdentity) {
  PutVolume("local:iso/y.iso", "by hand");
  using wire::Value;
  Configure();
  ASSERT_TRUE(host_.Import({.id = "",
                            .identity = Value::Map({{"node", Value::String("pve1")},
                                                    {"storage", Value::String("local")},
                                                    {"content", Value::String("iso")},
                                                    {"file_name", Value::String("y.iso")}})}))
      << host_.Errors();
  EXPECT_EQ(State("id"), R"("local:iso/y.iso")");
  EXPECT_EQ(State("size"), "7");
}

TEST_F(ImageTest, ImportOfWhatIsNotThereFindsNothing) {
  CancelToken const never;
  schema::ImportResponse const imported = schema::ImportResource(
      *resource_, {.id = "pve1/local:import/x.qcow2", .identity = {}}, {.cancel = never});
  ASSERT_THAT(imported.diagnostics.list(), IsEmpty());
  schema::ReadResponse const read = schema::ReadResource(*resource_, {imported.state, ""}, {.cancel = never});
  EXPECT_THAT(read.diagnostics.list(), IsEmpty());
  EXPECT_TRUE(read.state.is_null());
}

TEST_F(ImageTest, AnImportIdHasANodeAndAVolumeId) {
  EXPECT_FALSE(Import("local:import/x.qcow2"));
  EXPECT_FALSE(Import("pve1/local:images/x.qcow2"));
}

TEST_F(ImageTest, AnImportedFileIsTakenForTheLocalOneOfItsSize) {
  PutVolume("local:import/x.qcow2", "by hand");
  ASSERT_TRUE(Import("pve1/local:import/x.qcow2")) << host_.Errors();
  std::string const config = With("path", Write("local.qcow2", "by hand"));
  ASSERT_TRUE(Apply(config)) << host_.Errors();
  EXPECT_THAT(diagnostics(),
              ElementsAre(WarningOn("path", "The content was not compared", "taken to be the same")));
  EXPECT_EQ(proxmox_.Count("POST|PUT|DELETE", ".*"), 0);
  EXPECT_EQ(Planned(config), Action::kNoOp);
}

TEST_F(ImageTest, AnImportedFileOfAnotherSizeIsReplaced) {
  PutVolume("local:import/x.qcow2", "by hand");
  ASSERT_TRUE(Import("pve1/local:import/x.qcow2")) << host_.Errors();
  EXPECT_EQ(Planned(With("path", Write("local.qcow2", "longer than that"))), Action::kReplace);
}

}  // namespace
}  // namespace fediversity::resources
