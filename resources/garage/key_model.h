#ifndef FEDIVERSITY_RESOURCES_GARAGE_KEY_MODEL_H_
#define FEDIVERSITY_RESOURCES_GARAGE_KEY_MODEL_H_

// The table of fediversity_garage_key.

#include <cstdint>
#include <string>

#include "provider/backends/garage/key.h"
#include "provider/schema/describe.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"
#include "resources/garage/rules.h"

namespace fediversity::resources {

struct GarageKey {
  schema::Value<std::string> access_key_id;
  schema::Value<std::string> name;
  schema::Value<std::string> expiration;
  schema::Value<bool> create_bucket;
  schema::Value<std::string> secret_wo;
  schema::Value<std::int64_t> secret_wo_version;
  schema::Value<bool> store_secret;
  schema::Value<std::string> secret;
  schema::Value<std::string> created;
  schema::Value<schema::Timeouts> timeouts;
};

constexpr auto kGarageKey = schema::Describe<GarageKey>(
    {.name = "fediversity_garage_key",
     .doc =
         "An access key of a Garage cluster. Its secret is in state unless `store_secret = false`; the ephemeral resource "
         "`fediversity_garage_key_secret` gives it without storing it anywhere. The provider draws id and secret before "
         "anything is sent, so that a lost answer leaves no second key.",
     .import_id = "{access_key_id}",
     .identity = {"access_key_id"},
     .together = {{{schema::Together::Kind::kAllOrNone, {"secret_wo", "secret_wo_version"}}}}},
    schema::Attr<&GarageKey::access_key_id>("access_key_id")
        .Optional()
        .Computed()
        .KeepState()
        .Replaces()
        .Check(kAccessKeyId)
        .Doc(
            "Id of the key, drawn by the provider where it is left out. Garage never takes the id of a deleted key again, so "
            "a key whose id is written here cannot be made a second time."),
    schema::Attr<&GarageKey::name>("name").Required().Doc(
        "Name of the key, for people; several keys may have one name. Changed in place."),
    schema::Attr<&GarageKey::expiration>("expiration")
        .Optional()
        .Computed()
        .KeepState()
        .Check(kExpiration)
        .Doc(
            "When the key stops working, such as `2030-01-31T12:00:00Z` (RFC 3339, to the millisecond), or `never`. Left out, "
            "a new key never does."),
    schema::Attr<&GarageKey::create_bucket>("create_bucket")
        .Optional()
        .Computed()
        .KeepState()
        .Doc("Whether the key may make buckets by S3. Left out, a new key may not."),
    schema::Attr<&GarageKey::secret_wo>("secret_wo")
        .Optional()
        .Sensitive()
        .WriteOnly("secret_wo_version")
        .Check(kSecretAccessKey)
        .Doc(
            "Secret of the key, drawn by the provider where it is left out. The secret of a key never changes: another "
            "`secret_wo_version` makes another key, with another id."),
    schema::Attr<&GarageKey::secret_wo_version>("secret_wo_version")
        .Optional()
        .Doc(
            "Number to raise whenever `secret_wo` changes, which replaces the key. A first number replaces a key that has "
            "another secret."),
    schema::Attr<&GarageKey::store_secret>("store_secret")
        .Optional()
        .Computed()
        .KeepState()
        .Doc("Whether `secret` is kept in state. Left out, it is `true`, but `false` with `secret_wo`."),
    schema::Attr<&GarageKey::secret>("secret").Computed().KeepState().Sensitive().Doc(
        "Secret of the key; null with `store_secret = false`."),
    schema::Attr<&GarageKey::created>("created").Computed().KeepState().Doc(
        "When the key was made (RFC 3339); null where Garage does not know."),
    schema::Attr<&GarageKey::timeouts>("timeouts")
        .Optional()
        .Nested<schema::kTimeouts>()
        .Doc("How long each operation may take; five minutes where it is left out."));

// `model` with everything that Garage has of the key, but for its secret.
GarageKey WithKey(GarageKey model, const garage::Key& key);

// Gives what means the same in `known` the spelling of `known`.
void KeepKeySpelling(const GarageKey& known, GarageKey& fresh);

// What Garage has to be told so that a key that is as in `prior` becomes as in `wish`; what is null or unknown in `wish`
// stays.
garage::KeyChange ChangeOf(const GarageKey& prior, const GarageKey& wish);
bool IsEmpty(const garage::KeyChange& change);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_KEY_MODEL_H_
