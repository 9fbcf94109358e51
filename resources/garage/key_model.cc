#include "resources/garage/key_model.h"

#include <optional>

#include "resources/garage/instant.h"

namespace fediversity::resources {
namespace {

using Expiration = std::optional<absl::Time>;  // nullopt: never

// nullopt where nothing, or nothing that can be read, is said.
std::optional<Expiration> ExpirationOf(const schema::Value<std::string>& text) {
  if (!text.has_value()) return std::nullopt;
  if (*text == kNever) return Expiration();
  auto const time = ParseInstant(*text);
  if (!time.has_value()) return std::nullopt;
  return Expiration(*time);
}

}  // namespace

GarageKey WithKey(GarageKey model, const garage::Key& key) {
  model.access_key_id = key.access_key_id;
  model.name = key.name;
  model.expiration = key.expiration.has_value() ? FormatInstant(*key.expiration) : std::string(kNever);
  model.create_bucket = key.create_bucket;
  model.created = key.created.has_value() ? schema::Value<std::string>(FormatInstant(*key.created))
                                          : schema::Value<std::string>::Null();
  return model;
}

void KeepKeySpelling(const GarageKey& known, GarageKey& fresh) {
  auto const before = ExpirationOf(known.expiration);
  auto const now = ExpirationOf(fresh.expiration);
  if (before.has_value() && now.has_value() && *before == *now) fresh.expiration = known.expiration;
}

garage::KeyChange ChangeOf(const GarageKey& prior, const GarageKey& wish) {
  garage::KeyChange change;
  if (wish.name.has_value() && wish.name != prior.name) change.name = *wish.name;
  auto const wanted = ExpirationOf(wish.expiration);
  if (wanted.has_value() && wanted != ExpirationOf(prior.expiration)) change.expiration = *wanted;
  if (wish.create_bucket.has_value() && wish.create_bucket != prior.create_bucket) {
    change.create_bucket = *wish.create_bucket;
  }
  return change;
}

bool IsEmpty(const garage::KeyChange& change) {
  return !change.name.has_value() && !change.expiration.has_value() && !change.create_bucket.has_value();
}

}  // namespace fediversity::resources
