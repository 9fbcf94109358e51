#ifndef FEDIVERSITY_TESTS_RESOURCES_PROXMOX_IMAGE_IMAGE_FIXTURE_H_
#define FEDIVERSITY_TESTS_RESOURCES_PROXMOX_IMAGE_IMAGE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/base/clock.h"
#include "provider/schema/engine.h"
#include "tests/emulators/proxmox/emulator.h"
#include "tests/support/diagnostics.h"
#include "tests/support/mortal_journal.h"
#include "tests/support/plan_oracle/host.h"

namespace fediversity::resources {

// A file that nodes download, and the configuration that asks for it.
inline constexpr const char* kUrl = "https://images.example.org/nixos.qcow2";
inline constexpr const char* kFromUrl = R"({"url": "https://images.example.org/nixos.qcow2"})";

// fediversity_proxmox_image on an emulated cluster, with a host that keeps the state of one of them. Whatever a test
// does, the host must never have a reason to complain.
class ImageTest : public ::testing::Test {
 protected:
  using Action = oracle::Host::Action;
  using Fault = emulators::Fault;

  ImageTest();
  ~ImageTest() override;
  void SetUp() override;
  void TearDown() override;

  // What a new process of the provider does: nothing is cached any more.
  void Configure(const std::string& token);
  void Configure() { Configure(proxmox_.root_token()); }

  // Makes the node find `content` at `url`, and answers its checksum as it is configured.
  std::string Serve(const std::string& url, const std::string& content);
  // Writes a local file and answers its path.
  std::string Write(const std::string& name, const std::string& content);
  static std::string Sha256(const std::string& content);
  // A volume that somebody else put there.
  void PutVolume(const std::string& id, const std::string& content, const std::string& node = "pve1");

  // The configuration of an image "x.qcow2" in storage "local" of pve1: what `json` says besides, or instead.
  wire::Value Config(std::string_view json) const;
  bool Apply(std::string_view json);
  // What a plan would do, after a refresh; kDelete where that failed, which is also a failure of the test.
  Action Planned(std::string_view json);
  bool Import(std::string_view id);

  // An attribute of the state as JSON: "12", "\"web\"", "null".
  std::string State(std::string_view attribute) const;
  // Ids of the volumes, with the checksums of their content: "local:iso/x.iso sha256:...".
  std::vector<std::string> Held();
  const std::vector<schema::Diagnostic>& diagnostics() const { return host_.diagnostics(); }
  // Every request since the last ForgetRequests(), without those that wait for tasks.
  std::vector<std::string> Requests() const;

  emulators::ProxmoxEmulator proxmox_;
  testing::MortalJournal journal_;
  Backends backends_;
  SystemClock clock_;
  std::filesystem::path folder_;
  std::unique_ptr<schema::AnyResource> resource_;
  oracle::Host host_;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_PROXMOX_IMAGE_IMAGE_FIXTURE_H_
