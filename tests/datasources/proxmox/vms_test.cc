#include "datasources/proxmox/vms.h"

#include "tests/datasources/proxmox/source_fixture.h"

namespace fediversity::datasources {
namespace {

using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::IsEmpty;

class ProxmoxVmsTest : public ProxmoxSourceTest {
 protected:
  ProxmoxVmsTest() : ProxmoxSourceTest(MakeProxmoxVms) {}

  void SetUp() override {
    ProxmoxSourceTest::SetUp();
    proxmox_.With([](emulators::Cluster& cluster) {
      auto const add = [&cluster](int vmid, const std::string& node, const emulators::Params& config,
                                  bool running) {
        emulators::Vm vm{.vmid = vmid, .node = node, .config = config};
        vm.running = running;
        cluster.vms[vmid] = vm;
      };
      add(201, "pve1", {{"name", "alice-social"}, {"tags", "prod;web"}, {"cores", "2"}, {"memory", "2048"}},
          true);
      add(200, "pve2", {{"name", "alice-video"}, {"tags", "prod"}}, false);
      add(900, "pve2", {{"name", "nixos"}, {"template", "1"}}, false);
      add(300, "pve3", {{"name", "bob"}, {"tags", "web"}, {"lock", "backup"}}, true);
      cluster.pools["alice"].vms = {200, 201};
    });
    proxmox_.Refresh();
  }
  std::vector<std::string> Vmids(std::string_view config) { return Column(Read(config), "vms", "vmid"); }
};

TEST_F(ProxmoxVmsTest, AreSortedByNumberAndReadInOneRequest) {
  auto const read = Read("{}");
  EXPECT_THAT(Column(read, "vms", "vmid"), ElementsAre("200", "201", "300", "900"));
  EXPECT_THAT(Column(read, "vms", "node"), ElementsAre(R"("pve2")", R"("pve1")", R"("pve3")", R"("pve2")"));
  EXPECT_THAT(Column(read, "vms", "status"),
              ElementsAre(R"("stopped")", R"("running")", R"("running")", R"("stopped")"));
  EXPECT_THAT(Column(read, "vms", "template"), ElementsAre("false", "false", "false", "true"));
  EXPECT_THAT(Column(read, "vms", "pool"), ElementsAre(R"("alice")", R"("alice")", "null", "null"));
  EXPECT_THAT(Column(read, "vms", "tags"),
              ElementsAre(R"(["prod"])", R"(["prod","web"])", R"(["web"])", "[]"));
  EXPECT_THAT(Column(read, "vms", "lock"), ElementsAre("null", "null", R"("backup")", "null"));
  EXPECT_EQ(Column(read, "vms", "cores")[1], "2");
  EXPECT_EQ(Column(read, "vms", "memory")[1], "2147483648");
  EXPECT_THAT(Requests(), ElementsAre("GET /cluster/resources"));
}

TEST_F(ProxmoxVmsTest, MatchEachFilter) {
  EXPECT_THAT(Vmids(R"({"name": "bob"})"), ElementsAre("300"));
  EXPECT_THAT(Vmids(R"({"name": "alice"})"), IsEmpty()) << "the whole name";
  EXPECT_THAT(Vmids(R"({"name_regex": "^alice-"})"), ElementsAre("200", "201"));
  EXPECT_THAT(Vmids(R"({"name_regex": "o"})"), ElementsAre("200", "201", "300", "900"));
  EXPECT_THAT(Vmids(R"({"node": "pve2"})"), ElementsAre("200", "900"));
  EXPECT_THAT(Vmids(R"({"pool": "alice"})"), ElementsAre("200", "201"));
  EXPECT_THAT(Vmids(R"({"status": "running"})"), ElementsAre("201", "300"));
  EXPECT_THAT(Vmids(R"({"template": true})"), ElementsAre("900"));
  EXPECT_THAT(Vmids(R"({"template": false})"), ElementsAre("200", "201", "300"));
  EXPECT_THAT(Vmids(R"({"tags": ["prod"]})"), ElementsAre("200", "201"));
  EXPECT_THAT(Vmids(R"({"tags": ["web", "PROD"]})"), ElementsAre("201")) << "all of them, in any case";
  EXPECT_THAT(Vmids(R"({"tags": []})"), ElementsAre("200", "201", "300", "900"));
  EXPECT_THAT(Requests(), ElementsAre("GET /cluster/resources")) << "one listing serves them all";
}

TEST_F(ProxmoxVmsTest, MatchAllFiltersAtOnce) {
  EXPECT_THAT(Vmids(R"({"pool": "alice", "status": "running", "name_regex": "social$", "template": false})"),
              ElementsAre("201"));
  EXPECT_THAT(Vmids(R"({"pool": "alice", "node": "pve3"})"), IsEmpty());
}

TEST_F(ProxmoxVmsTest, LeaveOutWhatMayNotBeSeen) {
  Configure(proxmox_.MakeToken("alice@pve", "t", "PVEAuditor", "/pool/alice"));
  EXPECT_THAT(Vmids("{}"), ElementsAre("200", "201"));
}

// One node has not told anything yet, and one VM was made just now.
TEST_F(ProxmoxVmsTest, ThatNobodyKnowsAreNamedWhereAFilterNeedsToKnow) {
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.FindNode("pve3")->online = false;
    cluster.Refresh();
    cluster.vms[400] = {.vmid = 400, .node = "pve1", .config = {{"name", "new"}, {"tags", "web"}}};
    return 0;
  });
  auto const warns = [](std::string_view filter) {
    return ElementsAre(testing::WarningOn(filter, "VMs may be missing", "match: 300 on pve3, 400 on pve1."));
  };
  for (const auto& [filter, config] :
       std::map<std::string, std::string>{{"name", R"({"name": "bob"})"},
                                          {"name_regex", R"({"name_regex": "^b"})"},
                                          {"status", R"({"status": "running", "tags": ["web"]})"},
                                          {"template", R"({"template": false})"}}) {
    EXPECT_THAT(Read(config).diagnostics.list(), warns(filter)) << config;
  }
  for (const char* const config :
       {"{}", R"({"tags": ["web"]})", R"({"node": "pve3"})", R"({"status": "unknown"})",
        R"({"name": "bob", "node": "pve2"})", R"({"template": false, "pool": "alice"})"}) {
    EXPECT_THAT(Read(config).diagnostics.list(), IsEmpty()) << config;
  }
  EXPECT_THAT(Vmids(R"({"tags": ["web"]})"), ElementsAre("201", "300", "400"));
  EXPECT_THAT(Vmids(R"({"status": "unknown"})"), ElementsAre("300", "400"));
  EXPECT_EQ(Read(R"({"template": false})").state.Find("vms")->elements().size(), 2U) << "200 and 201";
  auto const read = Read(R"({"node": "pve3"})");
  for (const char* const column : {"name", "template", "cores", "memory", "disk"}) {
    EXPECT_THAT(Column(read, "vms", column), ElementsAre("null")) << column;
  }
}

// As on a real server, which keeps what was written before it lowered tags.
TEST_F(ProxmoxVmsTest, TagsAreInLowerCaseAndOnce) {
  proxmox_.With([](emulators::Cluster& cluster) { cluster.vms[201].config["tags"] = "prod;web;Prod"; });
  proxmox_.Refresh();
  EXPECT_THAT(Column(Read(R"({"name": "alice-social"})"), "vms", "tags"), ElementsAre(R"(["prod","web"])"));
}

TEST_F(ProxmoxVmsTest, ConfigurationIsChecked) {
  EXPECT_THAT(Validated(R"({"name_regex": "("})"),
              ElementsAre(ErrorOn("name_regex", "No regular expression", "(")));
  EXPECT_THAT(Validated(R"({"name": "a", "name_regex": "a"})"),
              ElementsAre(ErrorOn("name", "do not go together", "name_regex")));
  EXPECT_THAT(Validated(R"({"name_regex": "^a+$"})"), IsEmpty());
  EXPECT_THAT(Validated(R"({"node": "pve1/qemu"})"), ElementsAre(ErrorOn("node", "", "must be a name")));
}

}  // namespace
}  // namespace fediversity::datasources
