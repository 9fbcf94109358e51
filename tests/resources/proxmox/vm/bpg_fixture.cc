#include "tests/resources/proxmox/vm/bpg_fixture.h"

#include <vector>

#include "provider/base/text.h"
#include "tests/support/plan_oracle/oracle.h"

namespace fediversity::resources {

using ::testing::IsEmpty;
using wire::Value;

namespace {

// Names each thing that `moved` says and `read` does not.
void Contradictions(const std::string& path, const Value& moved, const Value& read,
                    std::vector<std::string>& found) {
  if (moved.is_null()) return;
  if (moved.kind() != Value::Kind::kMap || read.kind() != Value::Kind::kMap) {
    if (!(moved == read)) found.push_back(path);
    return;
  }
  for (const auto& [name, value] : moved.entries()) {
    const Value* const other = read.Find(name);
    if (other != nullptr) Contradictions(Cat({path, ".", name}), value, *other, found);
    if (other == nullptr) found.push_back(Cat({path, ".", name}));
  }
}

}  // namespace

void BpgStateTest::ExpectNoChange(const Value& moved, const std::string& by_hand,
                                  const std::string& private_bytes) {
  auto const read = schema::ReadResource(*resource_, {moved, private_bytes}, {.cancel = never_});
  ASSERT_THAT(read.diagnostics.list(), IsEmpty());
  ASSERT_FALSE(read.state.is_null()) << "the VM is not there";
  std::vector<std::string> contradictions;
  Contradictions("", moved, read.state, contradictions);
  EXPECT_THAT(contradictions, IsEmpty()) << "state was not what the server holds";

  Value const config = Config(by_hand);
  ASSERT_THAT(schema::ValidateConfig(*resource_, config, {.cancel = never_}).list(), IsEmpty());
  Value const proposed = oracle::ProposedNew(resource_->table(), read.state, config);
  auto const plan = schema::PlanResource(
      *resource_,
      {.prior = read.state, .proposed = proposed, .config = config, .prior_private = read.private_bytes},
      {.cancel = never_});
  EXPECT_THAT(plan.diagnostics.list(), IsEmpty());
  EXPECT_THAT(oracle::AssertPlanValid(resource_->table(), read.state, config, plan.planned), IsEmpty());
  EXPECT_EQ(plan.planned, read.state) << Differences({.action = Action::kUpdate,
                                                      .config = config,
                                                      .before = read.state,
                                                      .after = plan.planned,
                                                      .replace = {},
                                                      .private_bytes = ""});
  EXPECT_THAT(plan.requires_replace, IsEmpty());
}

}  // namespace fediversity::resources
