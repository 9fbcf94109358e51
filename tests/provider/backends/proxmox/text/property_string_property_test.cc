// Random strings and edits: what was set is read back, what was not touched stays, and printing loses
// nothing.

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "provider/backends/proxmox/text/property_string.h"

namespace fediversity::proxmox {
namespace {

constexpr const Kind* kKinds[] = {&kDriveKind, &kNetKind,   &kAgentKind, &kCpuKind,     &kHostPciKind,
                                  &kVgaKind,   &kBootKind,  &kMetaKind,  &kSmbiosKind,  &kIpConfigKind,
                                  &kUsbKind,   &kAudioKind, &kRngKind,   &kStartupKind, &kNumaNodeKind};

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::size_t Below(std::size_t limit) { return engine_() % limit; }

  std::string Option(const Kind& kind) {
    if (Below(5) == 0) return "odd" + std::to_string(Below(4));
    return std::string(kind.options[Below(kind.options.size())].name);
  }
  std::string Value(std::string_view option) {
    static const std::vector<std::string> kValues = {"1",   "on",  "a=b", "local:8", "virtio", "40G", "0",
                                                     "%41", " x ", "x;y", "QQ==",    "1.50",   "zz"};
    if (option == "macaddr") return "BC:24:11:00:00:0" + std::to_string(Below(10));
    if (option == "model") return Below(2) == 0 ? "virtio" : "e1000";
    return kValues[Below(kValues.size())];
  }

 private:
  std::mt19937 engine_;
};

using Options = std::map<std::string, std::string>;

Options All(const PropertyString& from) {
  Options options;
  for (const std::string& name : from.Names()) {
    EXPECT_TRUE(from.Get(name).has_value()) << name << " in " << from.Format();
    EXPECT_TRUE(options.emplace(name, *from.Get(name)).second) << name << " twice in " << from.Format();
  }
  return options;
}

void Reread(const PropertyString& from, const Options& expected) {
  absl::StatusOr<PropertyString> const again = PropertyString::Parse(from.kind(), from.Format());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->Format(), from.Format());
  EXPECT_EQ(All(*again), expected) << from.Format();
  EXPECT_TRUE(again->Equivalent(from));
  absl::StatusOr<PropertyString> const canonical = PropertyString::Parse(from.kind(), from.Canonical());
  ASSERT_TRUE(canonical.ok()) << canonical.status();
  EXPECT_EQ(canonical->Canonical(), from.Canonical());
}

TEST(PropertyStringPropertyTest, EditsAreReadBackAndTouchNothingElse) {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const Kind& kind = *kKinds[random.Below(std::size(kKinds))];
    PropertyString string(kind);
    Options expected;
    for (int step = 0; step < 12; ++step) {
      std::string const option = random.Option(kind);
      std::string const name(kind.CurrentName(option));
      if (random.Below(4) == 0) {
        EXPECT_EQ(string.Remove(option), expected.erase(name) > 0);
      } else {
        std::string const value = random.Value(name);
        ASSERT_TRUE(string.Set(option, value).ok()) << option << "=" << value;
        expected[name] = value;
      }
      ASSERT_EQ(All(string), expected) << string.Format();
      Reread(string, expected);
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace fediversity::proxmox
