// Plans in which something is known only when they are applied.

#include <initializer_list>

#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::WarningOn;

class KnownLaterTest : public VmTest {
 protected:
  // `json` with nothing known of what stands at `path`.
  wire::Value Without(std::initializer_list<std::string_view> path, std::string_view json) const {
    wire::Value config = Config(json);
    wire::Value* at = &config;
    for (auto step = path.begin(); step + 1 != path.end(); ++step) at = at->FindMutable(*step);
    at->Set(*(path.end() - 1), wire::Value::Unknown());
    return config;
  }

  std::optional<oracle::Host::Plan> Plan(const wire::Value& config) {
    Configure();
    return host_.MakePlan(config);
  }

  // Plans without what stands at `path`, and applies when it is known. Nothing is to be done after that.
  void ApplyLater(std::initializer_list<std::string_view> path, std::string_view json) {
    auto const plan = Plan(Without(path, json));
    ASSERT_TRUE(plan.has_value()) << host_.Errors();
    Configure();
    ASSERT_TRUE(host_.Apply(*plan, Config(json))) << host_.Errors();
    EXPECT_EQ(Planned(json), Action::kNoOp);
  }
};

TEST_F(KnownLaterTest, AVmidReplacesNothing) {
  constexpr std::string_view kWeb = R"({"name": "web", "node": "pve1", "vmid": 204})";
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  auto const plan = Plan(Without({"vmid"}, kWeb));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_THAT(plan->replace, IsEmpty());
  EXPECT_THAT(diagnostics(), Contains(WarningOn("vmid", "not known yet", "204")));
  Configure();
  ASSERT_TRUE(host_.Apply(*plan, Config(kWeb))) << host_.Errors();
  EXPECT_EQ(State("vmid"), "204");
  EXPECT_EQ(Planned(kWeb), Action::kNoOp);
}

TEST_F(KnownLaterTest, AnElementIsAChange) {
  struct Case {
    const char* attribute;
    const char* before;
    const char* after;
  };
  constexpr Case kCases[] = {{"tags", R"(["a"])", R"(["a", "b"])"},
                             {"tags", "[]", R"(["b"])"},
                             {"hotplug", R"(["disk"])", R"(["disk", "network"])"},
                             {"boot_order", R"(["scsi0"])", R"(["scsi0", "net0"])"}};
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve1", "networks": {"net0": {"bridge": "vmbr0"}},
                        "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  for (const Case& example : kCases) {
    SCOPED_TRACE(Cat({example.attribute, " ", example.after}));
    auto const config = [&](std::string_view value) {
      return Config(Cat({R"({"name": "web", ")", example.attribute, R"(": )", value, "}"}));
    };
    auto const first = Plan(config(example.before));
    ASSERT_TRUE(first.has_value() && host_.Apply(*first)) << host_.Errors();
    wire::Value const known = config(example.after);
    wire::Value unknown = known;
    wire::Value::Elements elements = known.Find(example.attribute)->elements();
    elements.back() = wire::Value::Unknown();
    bool const is_set = known.Find(example.attribute)->kind() == wire::Value::Kind::kSet;
    unknown.Set(example.attribute, is_set ? wire::Value::Set(elements) : wire::Value::List(elements));
    auto const plan = Plan(unknown);
    ASSERT_TRUE(plan.has_value()) << host_.Errors();
    EXPECT_EQ(plan->action, Action::kUpdate);
    ASSERT_TRUE(host_.Apply(*plan, known)) << host_.Errors();
    auto const then = Plan(known);
    ASSERT_TRUE(then.has_value()) << host_.Errors();
    EXPECT_EQ(then->action, Action::kNoOp);
  }
}

TEST_F(KnownLaterTest, AKeyIsAChange) {
  auto const config = [](std::string_view keys) {
    return Cat({R"({"name": "web", "node": "pve1", "cloud_init": {"ssh_keys": [)", keys, "]}}"});
  };
  ASSERT_TRUE(Apply(config(R"("ssh-ed25519 AAAA a")"))) << host_.Errors();
  wire::Value const known = Config(config(R"("ssh-ed25519 AAAA a", "ssh-ed25519 BBBB b")"));
  wire::Value unknown = known;
  unknown.FindMutable("cloud_init")->FindMutable("ssh_keys")->mutable_elements()[1] = wire::Value::Unknown();
  auto const plan = Plan(unknown);
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_EQ(plan->action, Action::kUpdate);
  ASSERT_TRUE(host_.Apply(*plan, known)) << host_.Errors();
  EXPECT_THAT(Held("sshkeys"), HasSubstr("BBBB"));
}

TEST_F(KnownLaterTest, WhatMayLeaveTheBootOrder) {
  constexpr std::string_view kAll =
      R"({"name": "web", "node": "pve1", "networks": {"net0": {"bridge": "vmbr0"}},
      "cdroms": {"ide0": {"volume": "none"}}, "disks": {"scsi0": {"storage": "local", "size": "1G"}},
      "boot_order": ["scsi0", "ide0", "net0"]})";
  ASSERT_TRUE(Apply(kAll)) << host_.Errors();
  ApplyLater({"networks"}, R"({"name": "web", "networks": {}})");
  EXPECT_EQ(Held("boot"), "order=scsi0;ide0");
  ApplyLater({"cdroms"}, R"({"name": "web", "cdroms": {}})");
  EXPECT_EQ(Held("boot"), "order=scsi0");
  ApplyLater({"cdroms"}, R"({"name": "web", "cdroms": {"ide1": {"volume": "none"}}})");
  EXPECT_EQ(Held("boot"), "order=scsi0;ide1");
}

TEST_F(KnownLaterTest, TheStorageOfTheCloudInitDrive) {
  auto const config = [](std::string_view storage) {
    return Cat(
        {R"({"name": "web", "node": "pve1", "cloud_init": {"user": "ops", "storage": ")", storage, R"("}})"});
  };
  ASSERT_TRUE(Apply(config(""))) << host_.Errors();
  for (const std::string_view storage : {"local", "local", "", "", "local-lvm"}) {
    SCOPED_TRACE(storage);
    ApplyLater({"cloud_init", "storage"}, config(storage));
    EXPECT_EQ(State("cloud_init.drive"), storage.empty() ? "null" : "\"ide2\"");
  }
}

TEST_F(KnownLaterTest, WhetherItBecomesATemplate) {
  auto const config = [](std::string_view is_template) {
    return Cat(
        {R"({"name": "web", "node": "pve1", "bios": "ovmf", "efi_disk": {"storage": "local"}, "template": )",
         is_template, R"(, "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"});
  };
  ASSERT_TRUE(Apply(config("false"))) << host_.Errors();
  ApplyLater({"template"}, config("false"));
  ApplyLater({"template"}, config("true"));
  EXPECT_THAT(Held("scsi0"), HasSubstr("base-"));
}

TEST_F(KnownLaterTest, HowItMigrates) {
  ASSERT_TRUE(
      Apply(R"({"name": "web", "node": "pve1", "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"))
      << host_.Errors();
  ApplyLater({"migration"}, R"({"name": "web", "node": "pve2",
      "migration": {"with_local_disks": true, "target_storage": "local-lvm"}})");
  EXPECT_THAT(Held("scsi0"), StartsWith("local-lvm:"));
}

TEST_F(KnownLaterTest, WhatIsUnsetHasToBeKnown) {
  constexpr std::string_view kWeb = R"({"name": "web", "node": "pve1", "unset": ["tags", "onboot"]})";
  ASSERT_TRUE(Apply(kWeb)) << host_.Errors();
  EXPECT_FALSE(Plan(Without({"unset"}, kWeb)).has_value());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("unset", "has to be known", "`unset`")));
  wire::Value partly = Config(kWeb);
  partly.Set("unset", wire::Value::Set({wire::Value::String("tags"), wire::Value::Unknown()}));
  EXPECT_FALSE(Plan(partly).has_value());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("unset", "has to be known", "`unset`")));
}

}  // namespace
}  // namespace fediversity::resources
