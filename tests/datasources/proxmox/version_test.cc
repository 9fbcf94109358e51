#include "datasources/proxmox/version.h"

#include "tests/datasources/proxmox/source_fixture.h"

namespace fediversity::datasources {
namespace {

using ::testing::ElementsAre;
using testing::ErrorOn;

class ProxmoxVersionTest : public ProxmoxSourceTest {
 protected:
  ProxmoxVersionTest() : ProxmoxSourceTest(MakeProxmoxVersion) {}
};

TEST_F(ProxmoxVersionTest, IsThatOfTheServer) {
  auto const read = Read("{}");
  EXPECT_EQ(Json(read.state.Find("version")), R"("9.2.11")");
  EXPECT_EQ(Json(read.state.Find("release")), R"("9.2")");
  EXPECT_NE(Json(read.state.Find("repository_id")), "null");
  EXPECT_THAT(Requests(), ElementsAre("GET /version"));
}

TEST_F(ProxmoxVersionTest, CredentialsThatAreRefusedAreAnError) {
  Configure("nobody@pve!none=0000-obviously-fake");
  EXPECT_THAT(Read("{}").diagnostics.list(), ElementsAre(ErrorOn("", "does not accept the credentials", "")));
}

TEST_F(ProxmoxVersionTest, WithoutSettingsItSaysWhatToConfigure) {
  backends_.proxmox.Reset();
  EXPECT_THAT(Read("{}").diagnostics.list(),
              ElementsAre(ErrorOn("", "Proxmox is not configured", "PROXMOX_VE_ENDPOINT")));
}

}  // namespace
}  // namespace fediversity::datasources
