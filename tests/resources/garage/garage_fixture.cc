#include "tests/resources/garage/garage_fixture.h"

#include <algorithm>
#include <utility>

#include "provider/base/log.h"
#include "provider/base/text.h"
#include "provider/wire/json.h"

namespace fediversity::resources {

wire::Value Managed::Config(std::string_view json) const {
  auto config = wire::DecodeJson(json, resource_->table().type);
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *std::move(config) : wire::Value::Null();
}

std::string Managed::State(std::string_view attribute) const {
  const wire::Value* value = &host_.state();
  while (value != nullptr && !attribute.empty()) {
    std::size_t const dot = std::min(attribute.find('.'), attribute.size());
    value = value->Find(attribute.substr(0, dot));
    attribute.remove_prefix(std::min(dot + 1, attribute.size()));
  }
  if (value == nullptr) return "nothing";
  auto const json = wire::WriteJson(*value);
  return json.ok() ? *json : json.status().ToString();
}

std::string Managed::Text(std::string_view attribute) const {
  std::string const json = State(attribute);
  return json.size() < 2 || json.front() != '"' ? json : json.substr(1, json.size() - 2);
}

GarageResourceTest::GarageResourceTest(GarageStore::Settings settings)
    : emulator_(std::move(settings)),
      clock_(absl::FromUnixSeconds(1'800'000'000)) {
  backends_.journal = journal_.journal();
}

void GarageResourceTest::Configure(const std::string& token) {
  garage::Settings settings;
  settings.endpoint = emulator_.Url();
  settings.token = Secret(token);
  settings.s3_endpoint = emulator_.S3Url();
  auto const no_environment = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  auto api = garage::MakeApi(settings, no_environment, Logger(), clock_);
  ASSERT_TRUE(api.ok()) << api.status();
  backends_.garage.Fill(*std::move(api));
}

bool GarageResourceTest::Apply(Managed& managed, std::string_view json) {
  Configure();
  if (managed.host().exists() && !managed.host().Refresh()) return false;
  auto const plan = managed.host().MakePlan(managed.Config(json));
  if (!plan.has_value()) return false;
  Configure();
  return managed.host().Apply(*plan);
}

GarageResourceTest::Action GarageResourceTest::Planned(Managed& managed, std::string_view json) {
  Configure();
  oracle::Host& host = managed.host();
  if (host.exists() && !host.Refresh()) {
    ADD_FAILURE() << host.Errors();
    return Action::kNoOp;
  }
  auto const plan = host.MakePlan(managed.Config(json));
  if (!plan.has_value()) {
    ADD_FAILURE() << host.Errors();
    return Action::kNoOp;
  }
  return plan->action;
}

bool GarageResourceTest::Destroy(Managed& managed) {
  Configure();
  return managed.host().Destroy();
}

bool GarageResourceTest::Import(Managed& managed, std::string_view id) {
  Configure();
  return managed.host().Import({.id = std::string(id), .identity = {}});
}

void GarageResourceTest::CarryOn(Managed& managed, std::string_view json) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (Planned(managed, json) == Action::kNoOp && managed.host().exists()) return;
    Apply(managed, json);
  }
  ASSERT_EQ(Planned(managed, json), Action::kNoOp) << "after three applies: " << managed.host().Errors();
}

std::string GarageResourceTest::GivenBucket(const std::string& alias) {
  return emulator_.With([&](GarageStore& store) {
    auto& bucket = store.MakeBucket();
    if (!alias.empty()) store.GiveAlias(alias, bucket.id);
    return bucket.id;
  });
}

std::string GarageResourceTest::GivenKey(const std::string& name) {
  return emulator_.With([&](GarageStore& store) {
    constexpr std::size_t kIdBytes = 12;
    constexpr std::size_t kSecretBytes = 32;
    return store.MakeKey("GK" + store.Hex(kIdBytes), store.Hex(kSecretBytes), name).id;
  });
}

std::size_t GarageResourceTest::Buckets() {
  return emulator_.With([](const GarageStore& store) { return store.buckets.size(); });
}

std::size_t GarageResourceTest::Keys() {
  return emulator_.With([](const GarageStore& store) { return store.keys.size(); });
}

std::vector<std::string> GarageResourceTest::NamelessBuckets() {
  return emulator_.With([](GarageStore& store) {
    std::vector<std::string> found;
    for (const auto& [id, bucket] : store.buckets) {
      if (bucket.aliases.empty() && bucket.objects.empty() && store.KeysOf(bucket).empty())
        found.push_back(id);
    }
    return found;
  });
}

std::vector<std::string> GarageResourceTest::Requests() const {
  std::vector<std::string> lines;
  for (const auto& request : emulator_.requests()) lines.push_back(Cat({request.method, " ", request.path}));
  return lines;
}

}  // namespace fediversity::resources
