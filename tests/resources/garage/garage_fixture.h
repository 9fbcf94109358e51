#ifndef FEDIVERSITY_TESTS_RESOURCES_GARAGE_GARAGE_FIXTURE_H_
#define FEDIVERSITY_TESTS_RESOURCES_GARAGE_GARAGE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/schema/engine.h"
#include "tests/emulators/garage/emulator.h"
#include "tests/support/diagnostics.h"
#include "tests/support/mortal_journal.h"
#include "tests/support/plan_oracle/host.h"

namespace fediversity::resources {

using GarageStore = emulators::garage::Store;

// Makes a resource on these backends.
using MakeResource = std::function<std::unique_ptr<schema::AnyResource>(const Backends& backends)>;

// Out of what a resource's header declares: some keep notes of what they begin, and some do not.
template <typename Factory>
MakeResource OnBackends(Factory factory) {
  if constexpr (std::is_invocable_v<Factory, const Slot<garage::Api>&, const Journal&>) {
    return [factory](const Backends& backends) { return factory(backends.garage, backends.journal); };
  } else {
    return [factory](const Backends& backends) { return factory(backends.garage); };
  }
}

// One instance of a resource, and the host that keeps its state.
class Managed {
 public:
  Managed(const MakeResource& make, const Backends& backends)
      : resource_(make(backends)),
        host_(*resource_) {}
  template <typename Factory>
  Managed(Factory* factory, const Backends& backends) : Managed(OnBackends(factory), backends) {}

  oracle::Host& host() { return host_; }
  schema::AnyResource& resource() { return *resource_; }
  // The configuration that this JSON says; what is left out is null.
  wire::Value Config(std::string_view json) const;
  // An attribute of the state as JSON: "12", "\"web\"", "null".
  std::string State(std::string_view attribute) const;
  // The same of a text, as it is.
  std::string Text(std::string_view attribute) const;

 private:
  std::unique_ptr<schema::AnyResource> resource_;
  oracle::Host host_;
};

// Garage's resources on an emulated cluster. Waits take no time. Whatever a test does, no host that is left to Expect()
// may have a reason to complain.
class GarageResourceTest : public ::testing::Test {
 protected:
  using Action = oracle::Host::Action;

  explicit GarageResourceTest(GarageStore::Settings settings = {});
  void SetUp() override { Configure(); }

  // What a new process of the provider does: nothing is known any more.
  void Configure(const std::string& token);
  void Configure() { Configure(emulator_.token()); }

  // Plans and applies in new processes. False where the provider reported an error.
  bool Apply(Managed& managed, std::string_view json);
  // What a plan would do, after a refresh. kNoOp also where that failed, which is a failure of the test.
  Action Planned(Managed& managed, std::string_view json);
  bool Destroy(Managed& managed);
  bool Import(Managed& managed, std::string_view id);
  // Applies until the plan is empty, three times at most.
  void CarryOn(Managed& managed, std::string_view json);

  // Something that was there before, made by somebody else.
  std::string GivenBucket(const std::string& alias);
  std::string GivenKey(const std::string& name);

  std::size_t Buckets();
  std::size_t Keys();
  // The ids of buckets without a name, a grant or an object.
  std::vector<std::string> NamelessBuckets();
  // Every request since the last ForgetRequests(), "POST /v2/CreateBucket".
  std::vector<std::string> Requests() const;

  emulators::garage::GarageEmulator emulator_;
  testing::MortalJournal journal_;
  Backends backends_;
  ManualClock clock_;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_GARAGE_GARAGE_FIXTURE_H_
