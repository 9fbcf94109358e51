// Garage's resources through many lives at random.

#include "tests/resources/garage/lives.h"

#include "provider/schema/provider.h"
#include "resources/garage/bucket.h"
#include "resources/garage/bucket_access.h"
#include "resources/garage/key.h"
#include "resources/garage/local_alias.h"
#include "tests/resources/garage/garage_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::IsEmpty;

class GarageLivesTest : public ::testing::TestWithParam<MakeResource> {};

TEST_P(GarageLivesTest, KeepsItsPromises) {
  Backends backends;
  GarageLives lives(backends);
  auto const resource = GetParam()(backends);
  auto const subject = lives.Of(*resource);
  ASSERT_TRUE(subject.has_value());
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    EXPECT_THAT(oracle::Exercise(*subject, seed), IsEmpty());
  }
}

std::string NameOf(const ::testing::TestParamInfo<MakeResource>& make) {
  static const char* const kNames[] = {"Bucket", "Key", "Access", "LocalAlias"};
  return kNames[make.index];
}

INSTANTIATE_TEST_SUITE_P(All, GarageLivesTest,
                         ::testing::Values(OnBackends(MakeGarageBucket), OnBackends(MakeGarageKey),
                                           OnBackends(MakeGarageBucketAccess),
                                           OnBackends(MakeGarageLocalAlias)),
                         NameOf);

}  // namespace
}  // namespace fediversity::resources
