#include "datasources/proxmox/nodes.h"

#include "tests/datasources/proxmox/source_fixture.h"

namespace fediversity::datasources {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ne;

class ProxmoxNodesTest : public ProxmoxSourceTest {
 protected:
  ProxmoxNodesTest() : ProxmoxSourceTest(MakeProxmoxNodes) {}

  static std::int64_t Number(const wire::Value& row, std::string_view name) {
    return row.Find(name)->number().ToInt64().value_or(-1);
  }
};

TEST_F(ProxmoxNodesTest, AreSortedByNameAndReadInOneRequest) {
  proxmox_.With([](emulators::Cluster& cluster) { std::swap(cluster.nodes[0], cluster.nodes[2]); });
  auto const read = Read("{}");
  EXPECT_THAT(Column(read, "nodes", "name"), ElementsAre(R"("pve1")", R"("pve2")", R"("pve3")"));
  EXPECT_THAT(Column(read, "nodes", "online"), Each("true"));
  EXPECT_THAT(Requests(), ElementsAre("GET /cluster/resources"));
}

TEST_F(ProxmoxNodesTest, SayHowMuchIsFree) {
  auto const read = Read("{}");
  ASSERT_EQ(Column(read, "nodes", "cores").size(), 3u);
  const wire::Value& node = read.state.Find("nodes")->elements().front();
  EXPECT_GT(Number(node, "cores"), 0);
  EXPECT_GT(Number(node, "memory_used"), 0);
  EXPECT_EQ(Number(node, "memory_total") - Number(node, "memory_used"), Number(node, "memory_free"));
  EXPECT_GT(Number(node, "disk_free"), 0);
  EXPECT_EQ(Number(node, "disk_total") - Number(node, "disk_used"), Number(node, "disk_free"));
  EXPECT_EQ(Json(node.Find("cpu_usage")), "0.05");
}

TEST_F(ProxmoxNodesTest, SayNothingOfWhatIsOffline) {
  proxmox_.SetNodeOnline("pve2", false);
  auto const read = Read("{}");
  EXPECT_THAT(Column(read, "nodes", "online"), ElementsAre("true", "false", "true"));
  EXPECT_THAT(Column(read, "nodes", "memory_free"), ElementsAre(Ne("null"), "null", Ne("null")));
}

TEST_F(ProxmoxNodesTest, CanBeThoseThatAreOnline) {
  proxmox_.SetNodeOnline("pve2", false);
  EXPECT_THAT(Column(Read(R"({"online": true})"), "nodes", "name"), ElementsAre(R"("pve1")", R"("pve3")"));
  EXPECT_THAT(Column(Read(R"({"online": false})"), "nodes", "name"), ElementsAre(R"("pve2")"));
  EXPECT_THAT(Requests(), ElementsAre("GET /cluster/resources")) << "both share one listing";
}

TEST_F(ProxmoxNodesTest, WithoutTheRightThereAreNamesOnly) {
  Configure(proxmox_.MakeToken("user@pve", "t", "PVEVMUser", "/vms"));
  auto const read = Read("{}");
  EXPECT_THAT(Column(read, "nodes", "name"), ElementsAre(R"("pve1")", R"("pve2")", R"("pve3")"));
  EXPECT_THAT(Column(read, "nodes", "memory_total"), Each("null"));
}

}  // namespace
}  // namespace fediversity::datasources
