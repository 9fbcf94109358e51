// Holds the tables of options and slots against Proxmox's own description of its API, as extracted into
// tests/golden/proxmox/formats-*.json.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json.hpp"
#include "provider/backends/proxmox/text/kind.h"
#include "provider/backends/proxmox/text/property_string.h"
#include "provider/backends/proxmox/text/slot.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

json Description(const std::string& version) {
  std::ifstream stream("tests/golden/proxmox/formats-" + version + ".json");
  EXPECT_TRUE(stream.is_open()) << version;
  return json::parse(stream);
}

// "scsi[n]" is the kind of scsi0.
const Kind* KindOfKey(std::string key) {
  std::size_t const bracket = key.find("[n]");
  if (bracket != std::string::npos) key.replace(bracket, 3, "0");
  return KindOf(key);
}

class TablesTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    api_ = Description(GetParam());
    ASSERT_GE(api_.at("property_strings").size(), 15U);
  }

  json api_;
};

std::set<Form> FormsFor(const json& option) {
  std::string const type = option.value("type", "");
  std::string const format = option.contains("format") ? option.at("format").get<std::string>() : "";
  if (format == "disk-size") return {Form::kSize};
  if (format == "mac-addr") return {Form::kMac};
  if (format == "urlencoded") return {Form::kUrlEncoded};
  if (type == "boolean") return {Form::kBool};
  if (type == "integer") return {Form::kInteger};
  if (type == "number") return {Form::kNumber};
  return {Form::kText, Form::kSet, Form::kList, Form::kUuid};
}

TEST_P(TablesTest, EveryOptionThatTheServerKnowsHasItsRule) {
  for (const auto& [key, options] : api_.at("property_strings").items()) {
    SCOPED_TRACE(key);
    const Kind* const kind = KindOfKey(key);
    ASSERT_NE(kind, nullptr);
    std::string default_key;
    for (const auto& [name, option] : options.items()) {
      SCOPED_TRACE(name);
      if (option.contains("keyAlias")) {
        absl::StatusOr<PropertyString> const net =
            PropertyString::Parse(*kind, name + "=BC:24:11:00:00:01,mtu=1400");
        ASSERT_TRUE(net.ok()) << net.status();
        EXPECT_EQ(net->Get(option.at("keyAlias").get<std::string>()), name);
        EXPECT_EQ(net->Get(option.at("alias").get<std::string>()), "BC:24:11:00:00:01");
        continue;
      }
      const OptionRule* const rule = kind->Find(name);
      ASSERT_NE(rule, nullptr);
      if (option.contains("alias")) {
        EXPECT_EQ(rule->alias_of, option.at("alias").get<std::string>());
        continue;
      }
      if (option.contains("default_key")) default_key = name;
      if (GetParam() == "9.2") {
        EXPECT_TRUE(rule->alias_of.empty()) << "only older servers have it as an option";
      }
      if (!rule->alias_of.empty()) continue;
      EXPECT_EQ(rule->required, option.contains("required"));
      EXPECT_TRUE(FormsFor(option).contains(rule->form)) << static_cast<int>(rule->form);
    }
    EXPECT_EQ(kind->default_key, default_key);
  }
}

TEST(TablesOfBothVersionsTest, NoRuleIsForAnOptionThatNoServerKnows) {
  std::map<const Kind*, std::set<std::string>> known;
  for (const char* const version : {"9.2", "8.4"}) {
    json const api = Description(version);
    for (const auto& [key, options] : api.at("property_strings").items()) {
      for (const auto& [name, option] : options.items()) known[KindOfKey(key)].insert(name);
    }
  }
  EXPECT_GE(known.size(), 12U);
  for (const auto& [kind, names] : known) {
    for (const OptionRule& rule : kind->options) {
      EXPECT_TRUE(names.contains(std::string(rule.name))) << kind->name << ": " << rule.name;
    }
  }
}

TEST_P(TablesTest, SlotsOfDrivesAreThoseOfTheServer) {
  std::set<std::string> ours;
  for (Bus const bus :
       {Bus::kIde, Bus::kSata, Bus::kScsi, Bus::kVirtio, Bus::kEfiDisk, Bus::kTpmState, Bus::kUnused}) {
    for (int i = 0; i < SlotCount(bus); ++i) ours.insert(Slot{.bus = bus, .index = i}.Name());
  }
  EXPECT_THAT(ours,
              ::testing::UnorderedElementsAreArray(api_.at("drive_slots").get<std::vector<std::string>>()));
}

INSTANTIATE_TEST_SUITE_P(Versions, TablesTest, ::testing::Values("9.2", "8.4"),
                         [](const auto& version) { return version.param == "9.2" ? "Pve92" : "Pve84"; });

TEST(KindTest, IsFoundByKey) {
  EXPECT_EQ(KindOf("scsi0"), &kDriveKind);
  EXPECT_EQ(KindOf("scsi30"), &kDriveKind);
  EXPECT_EQ(KindOf("net12"), &kNetKind);
  EXPECT_EQ(KindOf("numa0"), &kNumaNodeKind);
  EXPECT_EQ(KindOf("virtiofs0"), &kVirtiofsKind);
  EXPECT_EQ(KindOf("virtio0"), &kDriveKind);
  EXPECT_EQ(KindOf("smbios1"), &kSmbiosKind);
  for (const char* const plain :
       {"", "numa", "scsi", "scsihw", "scsi0x", "net", "serial0", "cores", "agent0", "name"}) {
    EXPECT_EQ(KindOf(plain), nullptr) << plain;
  }
}

}  // namespace
}  // namespace fediversity::proxmox
