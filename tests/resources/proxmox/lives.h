#ifndef FEDIVERSITY_TESTS_RESOURCES_PROXMOX_LIVES_H_
#define FEDIVERSITY_TESTS_RESOURCES_PROXMOX_LIVES_H_

#include <cstddef>
#include <filesystem>
#include <string>

#include "provider/backends/backends.h"
#include "provider/base/clock.h"
#include "tests/emulators/proxmox/emulator.h"
#include "tests/resources/proxmox/random_vm.h"
#include "tests/support/plan_oracle/property.h"

namespace fediversity::resources {

// Proxmox's resources with an emulated cluster, for lives at random (tests/support/plan_oracle/property.h).
class ProxmoxLives {
 public:
  // `backends` must outlive it.
  explicit ProxmoxLives(Backends& backends);
  ~ProxmoxLives();
  ProxmoxLives(const ProxmoxLives&) = delete;
  ProxmoxLives& operator=(const ProxmoxLives&) = delete;

  // As in a new process: nothing is cached.
  void ConfigureAnew();

  oracle::Subject Vms(schema::AnyResource& resource);
  oracle::Subject Images(schema::AnyResource& resource);

 private:
  wire::Value RandomImage(schema::AnyResource& resource, oracle::Random& random);
  void MakeTemplate();
  void DisturbVm(oracle::Random& random);
  void RefuseWrites();
  bool WereWritesRefused();

  Backends& backends_;
  SystemClock clock_;
  emulators::ProxmoxEmulator proxmox_;
  std::filesystem::path folder_;
  std::string name_;
  VmLife life_;
  std::size_t present_vms_ = 0;  // of no life
  std::size_t present_volumes_ = 0;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_PROXMOX_LIVES_H_
