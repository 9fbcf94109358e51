#include "provider/schema/template_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace fediversity::schema {
namespace {

using Parts = std::vector<std::pair<std::string, std::string>>;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

absl::StatusOr<Parts> Split(std::string_view form, std::string_view id) {
  auto const parsed = TemplateId::Parse(form);
  if (!parsed.ok()) return parsed.status();
  return parsed->Split(id);
}

TEST(TemplateId, SplitsAtItsSeparators) {
  EXPECT_THAT(*Split("{zone}/{name}/{type}", "example.org/www/A"),
              ElementsAre(Pair("zone", "example.org"), Pair("name", "www"), Pair("type", "A")));
  EXPECT_THAT(*Split("{id}", "anything/at:all"), ElementsAre(Pair("id", "anything/at:all")));
  EXPECT_THAT(*Split("vm-{id}.conf", "vm-204.conf"), ElementsAre(Pair("id", "204")));
  EXPECT_THAT(*Split("{user}@{host}:{port}", "root@web:22"),
              ElementsAre(Pair("user", "root"), Pair("host", "web"), Pair("port", "22")));
  EXPECT_THAT(TemplateId::Parse("{zone}/{name}")->names(), ElementsAre("zone", "name"));
}

TEST(TemplateId, RefusesWhatDoesNotFit) {
  for (std::string_view id : {"", "a", "a/b", "a/b/", "/b/c", "a//c", "a/b/c/d", "a/b/c/"}) {
    auto const parts = Split("{zone}/{name}/{type}", id);
    ASSERT_EQ(parts.status().code(), absl::StatusCode::kInvalidArgument) << id;
    EXPECT_THAT(std::string(parts.status().message()), HasSubstr("{zone}/{name}/{type}")) << id;
    EXPECT_THAT(std::string(parts.status().message()), HasSubstr("identity")) << id;
  }
  EXPECT_FALSE(Split("vm-{id}.conf", "vm-204").ok());
  EXPECT_FALSE(Split("vm-{id}.conf", "204.conf").ok());
  EXPECT_FALSE(Split("vm-{id}.conf", "vm-.conf").ok());
  EXPECT_FALSE(Split("vm-{id}.conf", "vm-1.conf.conf").ok());
}

TEST(TemplateId, RefusesASeparatorInsideAPart) {
  EXPECT_FALSE(Split("{user}@{host}:{port}", "root@2001:db8::1:22").ok());
  EXPECT_FALSE(Split("{a}:{b}/{c}", "x:y:z/c").ok());
  EXPECT_FALSE(Split("{a}/{b}:{c}", "x/y/z:c").ok());
}

TEST(TemplateId, RefusesABrokenTemplate) {
  for (std::string_view form : {"{zone", "{}", "{a}{b}", "{a}/{", "{a}/{}"}) {
    EXPECT_EQ(TemplateId::Parse(form).status().code(), absl::StatusCode::kInvalidArgument) << form;
  }
}

}  // namespace
}  // namespace fediversity::schema
