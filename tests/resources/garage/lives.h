#ifndef FEDIVERSITY_TESTS_RESOURCES_GARAGE_LIVES_H_
#define FEDIVERSITY_TESTS_RESOURCES_GARAGE_LIVES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/base/clock.h"
#include "tests/emulators/garage/emulator.h"
#include "tests/support/plan_oracle/property.h"

namespace fediversity::resources {

// Garage's resources with an emulated cluster, for lives at random (tests/support/plan_oracle/property.h).
class GarageLives {
 public:
  // `backends` must outlive it.
  explicit GarageLives(Backends& backends);

  // As in a new process: nothing is known.
  void ConfigureAnew();

  // Of a resource by its name; nullopt for one that is not Garage's.
  std::optional<oracle::Subject> Of(schema::AnyResource& resource);

 private:
  oracle::Subject Buckets(schema::AnyResource& resource);
  oracle::Subject Keys(schema::AnyResource& resource);
  oracle::Subject Accesses(schema::AnyResource& resource);
  oracle::Subject LocalAliases(schema::AnyResource& resource);
  // What all have in common: how writes fail.
  oracle::Subject With(schema::AnyResource& resource);

  emulators::garage::Json RandomBucket(oracle::Random& random) const;
  emulators::garage::Json RandomGrant(oracle::Random& random) const;
  emulators::garage::Json RandomName(oracle::Random& random) const;
  void DisturbBucket(oracle::Random& random);
  void DisturbKey(oracle::Random& random);
  void DisturbGrant(oracle::Random& random);
  bool WereWritesRefused();

  Backends& backends_;
  SystemClock clock_;
  emulators::garage::GarageEmulator garage_;
  // What is there besides: two of each.
  std::vector<std::string> buckets_;
  std::vector<std::string> keys_;
  std::string name_;
  bool has_secret_ = false;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_GARAGE_LIVES_H_
