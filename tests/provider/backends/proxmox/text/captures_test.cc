// Holds the parsers against what real servers of both major versions were sent and answered:
// tests/golden/proxmox.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "provider/backends/proxmox/text/boot_order.h"
#include "provider/backends/proxmox/text/config_text.h"
#include "provider/backends/proxmox/text/guest_identity.h"
#include "provider/backends/proxmox/text/property_string.h"
#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/ssh_keys.h"
#include "provider/backends/proxmox/text/tags.h"
#include "provider/backends/proxmox/text/volume_id.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

struct Captured {
  std::string key;
  std::string value;
  bool by_server;
};

std::vector<json> Lines(const std::string& name) {
  std::vector<json> lines;
  std::ifstream stream("tests/golden/proxmox/" + name);
  EXPECT_TRUE(stream.is_open()) << name;
  for (std::string line; std::getline(stream, line);) lines.push_back(json::parse(line));
  return lines;
}

const std::vector<std::string> kRuns = {"full-9.2.jsonl", "full-8.4.jsonl", "more-9.2.jsonl",
                                        "more-8.4.jsonl"};

bool IsAbout(const json& exchange, std::string_view part) {
  return exchange.at("path").get<std::string>().find(part) != std::string::npos;
}

const json* DataOf(const json& exchange) {
  const json& answer = exchange.at("answer");
  if (!answer.is_object() || !answer.contains("data") || answer.at("data").is_null()) return nullptr;
  return &answer.at("data");
}

void ForEachConfig(const std::function<void(const ConfigText&)>& check) {
  for (const std::string& run : kRuns) {
    for (const json& exchange : Lines(run)) {
      const json* const data = DataOf(exchange);
      if (data == nullptr || !IsAbout(exchange, "/config") || exchange.at("method") != "GET") continue;
      absl::StatusOr<ConfigText> const config = ConfigFromJson(*data);
      ASSERT_TRUE(config.ok()) << config.status();
      check(*config);
    }
  }
}

// Every key and value of a VM's configuration that was sent, answered or listed as pending.
std::vector<Captured> AllValues() {
  std::vector<Captured> values;
  auto const add = [&](const std::string& key, const json& value, bool by_server) {
    if (absl::StatusOr<std::string> const text = ScalarText(value); text.ok()) {
      values.push_back({key, *text, by_server});
    }
  };
  for (const std::string& run : kRuns) {
    for (const json& exchange : Lines(run)) {
      if (!IsAbout(exchange, "/qemu")) continue;
      for (const auto& [key, value] : exchange.at("params").items()) add(key, value, false);
      const json* const data = DataOf(exchange);
      if (data == nullptr) continue;
      if (IsAbout(exchange, "/config") && data->is_object()) {
        for (const auto& [key, value] : data->items()) add(key, value, true);
      }
      if (!data->is_array()) continue;
      for (const json& entry : *data) {
        if (!entry.is_object() || !entry.contains("key")) continue;
        for (const char* const column : {"value", "pending", "old", "new"}) {
          if (entry.contains(column)) add(entry.at("key"), entry.at(column), true);
        }
      }
    }
  }
  for (const json& line : Lines("property-strings.jsonl")) {
    add(line.at("key"), line.at("value"), line.at("in") == "answer");
  }
  return values;
}

// The kinds of which the server never stores what it was sent, but what it prints.
bool PrintedByServer(const Kind* kind) {
  return kind == &kDriveKind || kind == &kEfiDiskKind || kind == &kTpmStateKind || kind == &kNetKind ||
         kind == &kUnusedKind || kind == &kMetaKind;
}

TEST(CapturesTest, EveryPropertyStringIsPrintedAsItWas) {
  std::set<std::string> kinds;
  int strings = 0;
  for (const Captured& captured : AllValues()) {
    const Kind* const kind = KindOf(captured.key);
    if (kind == nullptr) continue;
    SCOPED_TRACE(Cat({captured.key, "=", captured.value}));
    absl::StatusOr<PropertyString> const parsed = PropertyString::Parse(*kind, captured.value);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->Format(), captured.value);
    EXPECT_TRUE(SameProperty(*kind, parsed->Canonical(), captured.value)) << parsed->Canonical();
    if (captured.by_server) {
      for (const std::string& name : parsed->Names()) EXPECT_NE(kind->Find(name), nullptr) << name;
    }
    if (captured.by_server && PrintedByServer(kind)) {
      EXPECT_EQ(parsed->Canonical(), captured.value);
    }
    kinds.emplace(kind->name);
    ++strings;
  }
  EXPECT_GT(strings, 500);
  EXPECT_GE(kinds.size(), 20U) << ::testing::PrintToString(kinds);
}

TEST(CapturesTest, EverySizeIsPrintedAsItWas) {
  int sizes = 0;
  for (const Captured& captured : AllValues()) {
    const Kind* const kind = KindOf(captured.key);
    if (kind == nullptr || !captured.by_server || kind->Find("size") == nullptr) continue;
    absl::StatusOr<PropertyString> const parsed = PropertyString::Parse(*kind, captured.value);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    absl::StatusOr<std::optional<std::int64_t>> const size = parsed->GetSize("size");
    ASSERT_TRUE(size.ok()) << size.status();
    if (!size->has_value()) continue;
    EXPECT_EQ(FormatSize(**size), parsed->Get("size"));
    ++sizes;
  }
  EXPECT_GT(sizes, 50);
}

TEST(CapturesTest, EveryDrivesVolumeTellsItsVm) {
  int linked_clones = 0;
  int cloud_init = 0;
  ForEachConfig([&](const ConfigText& config) {
    for (const auto& [key, value] : config) {
      const Kind* const kind = KindOf(key);
      if (kind == nullptr || kind->Find("volume") == nullptr) continue;
      SCOPED_TRACE(Cat({key, "=", value}));
      absl::StatusOr<PropertyString> const drive = PropertyString::Parse(*kind, value);
      ASSERT_TRUE(drive.ok()) << drive.status();
      absl::StatusOr<VolumeId> const volume = VolumeId::Parse(*drive->Get("file"));
      ASSERT_TRUE(volume.ok()) << volume.status();
      EXPECT_EQ(volume->ToText(), drive->Get("file"));
      EXPECT_EQ(volume->type(), VolumeType::kExisting);
      EXPECT_EQ(volume->storage(), "local");
      EXPECT_TRUE(volume->owner().has_value());
      linked_clones += volume->is_linked_clone() ? 1 : 0;
      cloud_init += volume->is_cloud_init() ? 1 : 0;
    }
  });
  EXPECT_GT(linked_clones, 0);
  EXPECT_GT(cloud_init, 0);
}

TEST(CapturesTest, EveryVmCanBeToldFromAnother) {
  std::set<std::string> texts;
  ForEachConfig([&](const ConfigText& config) {
    absl::StatusOr<GuestIdentity> const identity = GuestIdentity::FromConfig(config);
    ASSERT_TRUE(identity.ok()) << identity.status();
    EXPECT_EQ(identity->uuid.size(), 36U);
    EXPECT_TRUE(identity->created.has_value());
    EXPECT_EQ(identity->Compare(*identity), IdentityMatch::kSame);
    texts.insert(identity->ToText());
  });
  EXPECT_GE(texts.size(), 8U);
}

TEST(CapturesTest, OtherTextsAreReadAndWrittenAsTheyWere) {
  std::set<std::string> seen;
  for (const Captured& captured : AllValues()) {
    SCOPED_TRACE(Cat({captured.key, "=", captured.value}));
    if (captured.key == "boot") {
      absl::StatusOr<BootOrder> const order = BootOrder::Parse(captured.value);
      ASSERT_TRUE(order.ok()) << order.status();
      EXPECT_EQ(order->Format(), captured.value);
    } else if (captured.key == "sshkeys") {
      absl::StatusOr<std::vector<std::string>> const keys = ParseSshKeys(captured.value);
      ASSERT_TRUE(keys.ok()) << keys.status();
      EXPECT_THAT(*keys, ::testing::ElementsAre(::testing::StartsWith("ssh-ed25519 AAAA")));
      EXPECT_EQ(FormatSshKeys(*keys), captured.value);
    } else if (captured.key == "tags") {
      std::set<std::string> const tags = ParseTags(captured.value);
      for (const std::string& tag : tags) EXPECT_TRUE(CheckTag(tag).ok()) << tag;
      EXPECT_TRUE(SameValue("tags", FormatTags(tags), captured.value));
    } else {
      continue;
    }
    seen.insert(captured.key);
  }
  EXPECT_THAT(seen, ::testing::ElementsAre("boot", "sshkeys", "tags"));
}

}  // namespace
}  // namespace fediversity::proxmox
