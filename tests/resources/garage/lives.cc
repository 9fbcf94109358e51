#include "tests/resources/garage/lives.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "provider/base/log.h"
#include "provider/wire/json.h"

namespace fediversity::resources {
namespace {

using emulators::garage::Json;
using emulators::garage::Store;

constexpr int kNotAllowed = 403;

wire::Value Configured(schema::AnyResource& resource, const Json& json) {
  auto config = wire::DecodeJson(json.dump(), resource.table().type);
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *std::move(config) : wire::Value::Null();
}

template <typename T>
const T& OneOf(oracle::Random& random, const std::vector<T>& values) {
  return values[random.Below(values.size())];
}

}  // namespace

GarageLives::GarageLives(Backends& backends) : backends_(backends), garage_({}) {
  garage_.With([this](Store& store) {
    constexpr std::size_t kIdBytes = 12;
    constexpr std::size_t kSecretBytes = 32;
    for (int count = 0; count < 2; ++count) {
      buckets_.push_back(store.MakeBucket().id);
      keys_.push_back(store.MakeKey("GK" + store.Hex(kIdBytes), store.Hex(kSecretBytes), "given").id);
    }
  });
  ConfigureAnew();
}

void GarageLives::ConfigureAnew() {
  garage::Settings settings;
  settings.endpoint = garage_.Url();
  settings.token = Secret(garage_.token());
  settings.s3_endpoint = garage_.S3Url();
  auto const no_environment = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  auto api = garage::MakeApi(settings, no_environment, Logger(), clock_);
  EXPECT_TRUE(api.ok()) << api.status();
  if (api.ok()) backends_.garage.Fill(*std::move(api));
}

std::optional<oracle::Subject> GarageLives::Of(schema::AnyResource& resource) {
  const auto& name = resource.table().name;
  if (name == "fediversity_garage_bucket") return Buckets(resource);
  if (name == "fediversity_garage_key") return Keys(resource);
  if (name == "fediversity_garage_bucket_access") return Accesses(resource);
  if (name == "fediversity_garage_local_alias") return LocalAliases(resource);
  return std::nullopt;
}

bool GarageLives::WereWritesRefused() {
  garage_.ClearFaults();
  ConfigureAnew();
  return std::ranges::any_of(garage_.requests(),
                             [](const auto& request) { return request.status == kNotAllowed; });
}

oracle::Subject GarageLives::With(schema::AnyResource& resource) {
  return {.resource = resource,
          .fail =
              [this](oracle::Random&) {
                garage_.AddFault({.action = emulators::garage::Fault::Action::kAnswerBefore,
                                  .method = "POST",
                                  .times = 1000,
                                  .status = kNotAllowed,
                                  .message = "Forbidden: Invalid bearer token"});
                garage_.ForgetRequests();
              },
          .struck = [this] { return WereWritesRefused(); }};
}

Json GarageLives::RandomBucket(oracle::Random& random) const {
  auto const maybe = [&random](Json& json, const char* key, Json value) {
    if (random.Percent(60)) json[key] = std::move(value);
  };
  Json bucket = {{"aliases", Json::array({name_ + "-" + std::to_string(random.Below(3))})}};
  if (random.Percent(50)) bucket["aliases"].push_back(name_ + ".example.org");
  Json website = {{"index_document", "index.html"}};
  maybe(website, "error_document", "404.html");
  maybe(website, "routing_rules",
        Json::array({{{"condition", {{"key_prefix_equals", "old/"}}},
                      {"redirect", {{"replace_key_prefix_with", "new/"}, {"http_redirect_code", 301}}}}}));
  maybe(bucket, "website", random.Percent(30) ? Json{{"enabled", false}} : website);
  Json quotas = Json::object();
  maybe(quotas, "max_size", random.Percent(50) ? "1G" : "2048M");
  maybe(quotas, "max_objects", random.Below(100));
  maybe(bucket, "quotas", quotas);
  Json rule = {{"allowed_origins", {"https://b.example", "https://a.example"}}, {"allowed_methods", {"GET"}}};
  maybe(rule, "id", "r" + std::to_string(random.Below(3)));
  maybe(rule, "allowed_headers", {"x-b", "x-a"});
  maybe(rule, "max_age_seconds", random.Below(3600));
  maybe(bucket, "cors_rules", random.Percent(30) ? Json::array() : Json::array({rule}));
  Json life = {{"expiration_days", 1 + random.Below(30)}};
  maybe(life, "prefix", "tmp/");
  maybe(life, "object_size_less_than", random.Percent(50) ? "1K" : "2K");
  maybe(life, "enabled", random.Percent(50));
  maybe(bucket, "lifecycle_rules", random.Percent(30) ? Json::array() : Json::array({life}));
  return bucket;
}

void GarageLives::DisturbBucket(oracle::Random& random) {
  garage_.With([&](Store& store) {
    for (auto& [id, bucket] : store.buckets) {
      if (std::ranges::count(buckets_, id) > 0) continue;
      if (random.Percent(30)) {
        store.DropBucket(id);
        return;
      }
      bucket.max_objects = random.Below(7);
      bucket.website.reset();
      store.GiveAlias(name_ + "-by-hand", id);
      return;
    }
  });
  ConfigureAnew();
}

oracle::Subject GarageLives::Buckets(schema::AnyResource& resource) {
  oracle::Subject subject = With(resource);
  subject.config = [this, &resource](oracle::Random& random) {
    name_ = "life-" + std::to_string(random.Below(1'000'000));
    return Configured(resource, RandomBucket(random));
  };
  subject.change = [this, &resource](oracle::Random& random, const wire::Value&) {
    return Configured(resource, RandomBucket(random));
  };
  subject.disturb = [this](oracle::Random& random) { DisturbBucket(random); };
  subject.count = [this] {
    return garage_.With([](const Store& store) { return store.buckets.size(); }) - buckets_.size();
  };
  return subject;
}

void GarageLives::DisturbKey(oracle::Random& random) {
  garage_.With([&](Store& store) {
    for (auto& [id, key] : store.keys) {
      if (std::ranges::count(keys_, id) > 0) continue;
      if (random.Percent(30)) {
        store.DropKey(id);
        return;
      }
      key.name = "renamed by hand";
      key.create_bucket = random.Percent(50);
      key.expiration = store.Now() + static_cast<std::int64_t>(1000 * (1 + random.Below(9)));
      return;
    }
  });
  ConfigureAnew();
}

oracle::Subject GarageLives::Keys(schema::AnyResource& resource) {
  auto const any = [this, &resource](oracle::Random& random) {
    Json key = {{"name", "key " + std::to_string(random.Below(5))}};
    if (random.Percent(50)) key["create_bucket"] = random.Percent(50);
    if (random.Percent(60)) {
      key["expiration"] =
          OneOf<std::string>(random, {"never", "2090-01-01T00:00:00Z", "2090-01-01T01:00:00+01:00"});
    }
    if (has_secret_) {
      std::size_t const version = random.Below(3);
      key["secret_wo"] = "obviously-fake-secret-" + std::to_string(version);
      key["secret_wo_version"] = version;
    } else if (random.Percent(40)) {
      key["store_secret"] = random.Percent(50);
    }
    return Configured(resource, key);
  };
  oracle::Subject subject = With(resource);
  subject.config = [this, any](oracle::Random& random) {
    has_secret_ =
        random.Percent(30);  // for life: whether a key that exists has a secret is asked when it is known
    return any(random);
  };
  subject.change = [any](oracle::Random& random, const wire::Value&) { return any(random); };
  subject.disturb = [this](oracle::Random& random) { DisturbKey(random); };
  subject.count = [this] {
    return garage_.With([](const Store& store) { return store.keys.size(); }) - keys_.size();
  };
  // Who imports a key takes the secret that it has.
  subject.imported_config = [](const wire::Value& config) {
    wire::Value known = config;
    for (const char* const name : {"secret_wo", "secret_wo_version", "store_secret"}) {
      known.Set(name, wire::Value::Null());
    }
    return known;
  };
  return subject;
}

Json GarageLives::RandomGrant(oracle::Random& random) const {
  Json grant = {{"bucket_id", OneOf(random, buckets_)}, {"access_key_id", OneOf(random, keys_)}};
  grant[OneOf<std::string>(random, {"read", "write", "owner"})] = true;
  if (random.Percent(50)) grant["read"] = true;
  return grant;
}

void GarageLives::DisturbGrant(oracle::Random& random) {
  garage_.With([&](Store& store) {
    for (auto& [id, bucket] : store.buckets) {
      for (auto& [key, grant] : bucket.grants) {
        if (grant.Any()) grant.owner = random.Percent(50);
      }
    }
  });
  ConfigureAnew();
}

oracle::Subject GarageLives::Accesses(schema::AnyResource& resource) {
  oracle::Subject subject = With(resource);
  subject.config = [this, &resource](oracle::Random& random) {
    return Configured(resource, RandomGrant(random));
  };
  subject.disturb = [this](oracle::Random& random) { DisturbGrant(random); };
  subject.count = [this] {
    return garage_.With([](const Store& store) {
      std::size_t grants = 0;
      for (const auto& [id, bucket] : store.buckets) {
        grants += static_cast<std::size_t>(
            std::ranges::count_if(bucket.grants, [](const auto& grant) { return grant.second.Any(); }));
      }
      return grants;
    });
  };
  return subject;
}

Json GarageLives::RandomName(oracle::Random& random) const {
  return {{"bucket_id", OneOf(random, buckets_)},
          {"access_key_id", OneOf(random, keys_)},
          {"alias", "own-" + std::to_string(random.Below(100))}};
}

oracle::Subject GarageLives::LocalAliases(schema::AnyResource& resource) {
  oracle::Subject subject = With(resource);
  // The buckets have names besides, for the last name of one cannot be taken away.
  garage_.With([this](Store& store) {
    for (const std::string& id : buckets_) store.GiveAlias("given-" + id.substr(0, 8), id);
  });
  subject.config = [this, &resource](oracle::Random& random) {
    return Configured(resource, RandomName(random));
  };
  subject.disturb = [this](oracle::Random&) {
    garage_.With([this](Store& store) {
      for (const std::string& id : keys_) store.keys.at(id).aliases.clear();
    });
    ConfigureAnew();
  };
  subject.count = [this] {
    return garage_.With([](const Store& store) {
      std::size_t names = 0;
      for (const auto& [id, key] : store.keys) {
        for (const auto& [name, bucket] : key.aliases) names += bucket.empty() ? 0 : 1;
      }
      return names;
    });
  };
  return subject;
}

}  // namespace fediversity::resources
