#include "ephemeral/garage/key_secret.h"

#include <string>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/schema/typed_ephemeral_resource.h"

namespace fediversity::ephemeral {
namespace {

struct GarageKeySecret {
  schema::Value<std::string> access_key_id;
  schema::Value<std::string> secret;
};

constexpr schema::RuleSpec kNotEmpty = {"must not be empty.",
                                        [](const wire::Value& value) { return !value.string().empty(); }};

constexpr auto kGarageKeySecret = schema::Describe<GarageKeySecret>(
    {.name = "fediversity_garage_key_secret",
     .doc =
         "The secret of an access key of a Garage cluster, which is read whenever it is needed and stored nowhere. It goes "
         "where ephemeral values may: into write-only attributes, provider blocks and other ephemeral resources."},
    schema::Attr<&GarageKeySecret::access_key_id>("access_key_id")
        .Required()
        .Check(kNotEmpty)
        .Doc("Id of the key."),
    schema::Attr<&GarageKeySecret::secret>("secret").Computed().Sensitive().Doc("Secret of the key."));

class KeySecretResource final : public schema::EphemeralResource<GarageKeySecret> {
 public:
  explicit KeySecretResource(const Slot<garage::Api>& garage) : garage_(garage) {}

  absl::StatusOr<GarageKeySecret> Open(GarageKeySecret config,
                                       schema::Context<GarageKeySecret>& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    auto const secret = api->ReadSecret(*config.access_key_id, context.limits());
    if (!secret.ok()) {
      return absl::IsNotFound(secret.status()) ? schema::OnAttribute(secret.status(), "access_key_id")
                                               : secret.status();
    }
    config.secret = secret->Reveal();
    return config;
  }

 private:
  const Slot<garage::Api>& garage_;
};

}  // namespace

std::unique_ptr<schema::AnyEphemeralResource> MakeGarageKeySecret(const Slot<garage::Api>& garage) {
  return schema::MakeEphemeralResource<GarageKeySecret>(kGarageKeySecret,
                                                        std::make_unique<KeySecretResource>(garage));
}

}  // namespace fediversity::ephemeral
