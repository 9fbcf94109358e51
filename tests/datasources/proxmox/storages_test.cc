#include "datasources/proxmox/storages.h"

#include <set>

#include "tests/datasources/proxmox/source_fixture.h"

namespace fediversity::datasources {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ProxmoxStoragesTest : public ProxmoxSourceTest {
 protected:
  ProxmoxStoragesTest() : ProxmoxSourceTest(MakeProxmoxStorages) {}
};

TEST_F(ProxmoxStoragesTest, OfOneNodeAreOneRequest) {
  auto const read = Read(R"({"node": "pve2"})");
  EXPECT_THAT(Column(read, "storages", "name"), ElementsAre(R"("local")", R"("local-lvm")", R"("shared")"));
  EXPECT_THAT(Column(read, "storages", "node"), Each(R"("pve2")"));
  EXPECT_THAT(Column(read, "storages", "shared"), ElementsAre("false", "false", "true"));
  EXPECT_THAT(Column(read, "storages", "active"), Each("true"));
  EXPECT_THAT(Column(read, "storages", "content")[0], HasSubstr("import"));
  const wire::Value& storage = read.state.Find("storages")->elements().front();
  auto const number = [&storage](std::string_view name) { return *storage.Find(name)->number().ToInt64(); };
  EXPECT_GT(number("available"), 0);
  EXPECT_EQ(number("total"), number("used") + number("available"));
  EXPECT_THAT(Requests(), ElementsAre("GET /nodes/pve2/storage"));
}

TEST_F(ProxmoxStoragesTest, OfAllNodesThatAreOnline) {
  proxmox_.SetNodeOnline("pve2", false);
  auto const read = Read(R"({"content": "import"})");
  auto const nodes = Column(read, "storages", "node");
  EXPECT_EQ(std::set<std::string>(nodes.begin(), nodes.end()),
            (std::set<std::string>{R"("pve1")", R"("pve3")"}));
  EXPECT_THAT(Column(read, "storages", "name"), Contains(R"("local")").Times(2));
  EXPECT_THAT(Column(read, "storages", "content"), Each(HasSubstr("import")));
  EXPECT_THAT(Requests(),
              ElementsAre("GET /cluster/resources", "GET /nodes/pve1/storage", "GET /nodes/pve3/storage"));
}

TEST_F(ProxmoxStoragesTest, HoldWhatIsAskedFor) {
  EXPECT_THAT(Column(Read(R"({"node": "pve1", "content": "iso"})"), "storages", "name"),
              ::testing::Not(Contains(R"("local-lvm")")));
  EXPECT_THAT(Column(Read(R"({"node": "pve1", "content": "none"})"), "storages", "name"), IsEmpty());
}

TEST_F(ProxmoxStoragesTest, ANodeThatIsOfflineIsAnError) {
  proxmox_.SetNodeOnline("pve2", false);
  EXPECT_THAT(Read(R"({"node": "pve2"})").diagnostics.list(),
              ElementsAre(ErrorOn("node", "cannot be reached", "")));
}

TEST_F(ProxmoxStoragesTest, ANodeThatIsNotThereIsAnError) {
  EXPECT_THAT(Read(R"({"node": "nonode"})").diagnostics.list(), ElementsAre(ErrorOn("node", "nonode", "")));
}

}  // namespace
}  // namespace fediversity::datasources
