#include "resources/garage/key.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/typed_resource.h"
#include "resources/garage/instant.h"
#include "resources/garage/jkossis_state.h"
#include "resources/garage/key_model.h"
#include "resources/garage/outcome.h"
#include "resources/garage/unfinished.h"

namespace fediversity::resources {
namespace {

using KeyContext = schema::Context<GarageKey>;
using schema::Value;

absl::Status IdIsTaken(const std::string& access_key_id, const absl::Status& status) {
  return schema::OnAttribute(
      Explain(
          Cat({"The access key id ", access_key_id, " is taken"}), status,
          Cat({"If the key exists and is the one that is meant, import it:\n\nimport {\n  to = "
               "fediversity_garage_key.<name>\n  id = \"",
               access_key_id,
               "\"\n}\n\nIf it was deleted, Garage never takes the id again: leave `access_key_id` out, or choose "
               "another."})),
      "access_key_id");
}

absl::Status SecretIsFixed(const std::string& access_key_id) {
  return schema::OnAttribute(
      absl::InvalidArgumentError(Cat(
          {"Another secret needs another `access_key_id`\nGarage changes no secrets, so another `secret_wo_version` "
           "replaces the key. It never takes the id of a deleted key again, so the new one cannot be ",
           access_key_id,
           ", which is written in the configuration. Leave `access_key_id` out, or choose another."})),
      "secret_wo_version");
}

// Whether the secret is to be kept: as configured, as it was, or what becomes a new key.
Value<bool> StoreSecret(const GarageKey* prior, const GarageKey& config) {
  if (!config.store_secret.is_null()) return config.store_secret;
  if (config.secret_wo.has_value()) return false;
  Value<bool> const before = prior != nullptr && prior->store_secret.has_value() ? prior->store_secret : true;
  // A secret that is unknown may turn out to be null.
  return config.secret_wo.is_unknown() && *before ? Value<bool>::Unknown() : before;
}

class KeyResource final : public schema::Resource<GarageKey> {
 public:
  KeyResource(const Slot<garage::Api>& garage, const Journal& journal) : garage_(garage), journal_(journal) {}

  void Validate(const GarageKey& config, schema::Diagnostics& diagnostics) const override {
    if (!config.secret_wo.has_value() || !config.store_secret.value_or(false)) return;
    diagnostics.AddError(
        "`secret_wo` and `store_secret = true` contradict each other",
        "A write-only secret is one that is not in state. Remove `store_secret`, or set it to `false`.",
        wire::Path("store_secret"));
  }

  void KeepSpelling(const GarageKey& known, GarageKey& fresh) const override {
    KeepKeySpelling(known, fresh);
  }

  absl::Status Plan(KeyContext& context, const GarageKey* prior, const GarageKey& config, GarageKey& planned,
                    std::vector<wire::Path>& replace) const override {
    planned.store_secret = StoreSecret(prior, config);
    if (planned.store_secret.has_value() && !*planned.store_secret) {
      planned.secret = Value<std::string>::Null();
    } else if (planned.store_secret.is_unknown() || planned.secret.is_null()) {
      planned.secret = Value<std::string>::Unknown();
    }
    if (prior == nullptr) return absl::OkStatus();
    ASSIGN_OR_RETURN(bool const is_other, HasOtherSecret(*prior, config, context));
    if (!is_other) return absl::OkStatus();
    if (config.access_key_id.has_value() && config.access_key_id == prior->access_key_id) {
      return SecretIsFixed(*config.access_key_id);
    }
    replace.emplace_back("secret_wo_version");
    return absl::OkStatus();
  }

  absl::StatusOr<GarageKey> Read(GarageKey state, KeyContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(garage::Key const found, api->FetchKey(*state.access_key_id, context.limits()));
    ForgetNote(journal_, *api, found);
    state = WithKey(std::move(state), found);
    return WithSecret(*api, std::move(state), context);
  }

  absl::StatusOr<GarageKey> Create(GarageKey plan, KeyContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    bool const drawn = !plan.access_key_id.has_value();
    ASSIGN_OR_RETURN(garage::KeyCredentials credentials, garage::DrawKeyCredentials());
    if (!drawn) credentials.access_key_id = *plan.access_key_id;
    if (Value<std::string> const given = context.config().secret_wo; given.has_value()) {
      credentials.secret_access_key = Secret(*given);
    }
    plan.access_key_id = credentials.access_key_id;
    if (plan.store_secret.value_or(true)) plan.secret = credentials.secret_access_key.Reveal();

    ClearUp(*api, journal_, context.limits(), context.diagnostics());
    // An id that is written down is found again by that, and lost for good where its key is deleted.
    Journal::Note const note = drawn ? NoteKey(journal_, *api, credentials.access_key_id) : Journal::Note();
    auto made = api->ImportKey(credentials, *plan.name, context.limits());
    if (absl::IsAlreadyExists(made.status())) made = TakeUp(*api, plan, made.status(), context);
    if (!made.ok()) {
      // Nobody knows whether there is such a key; the next apply deletes it if there is. An id that was written down is
      // left alone, since a deleted one is lost for good.
      if (drawn && !IsRefusal(made.status())) context.Checkpoint(plan);
      return made.status();
    }
    garage::Key key = *std::move(made);
    GarageKey const imported = WithKey(plan, key);
    context.Checkpoint(imported);
    garage::KeyChange const change = ChangeOf(imported, plan);
    if (!IsEmpty(change)) {
      auto changed = api->UpdateKey(key.access_key_id, change, context.limits());
      if (changed.ok()) {
        key = *std::move(changed);
      } else {
        context.Unfinished(Explain(Cat({"Key ", key.access_key_id, " was made, but is not finished"}),
                                   changed.status(), "It is in state; the next apply carries on."));
      }
    }
    return WithKey(std::move(plan), key);
  }

  absl::StatusOr<GarageKey> Update(GarageKey prior, GarageKey plan, KeyContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    if (garage::KeyChange const change = ChangeOf(prior, plan); !IsEmpty(change)) {
      ASSIGN_OR_RETURN(garage::Key const changed,
                       api->UpdateKey(*prior.access_key_id, change, context.limits()));
      plan = WithKey(std::move(plan), changed);
      GarageKey partial = plan;
      if (partial.secret.is_unknown()) partial.secret = prior.secret;
      context.Checkpoint(partial);
    }
    return WithSecret(*api, std::move(plan), context);
  }

  absl::Status Delete(GarageKey state, KeyContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    return api->DeleteKey(*state.access_key_id, context.limits());
  }

  absl::Status Import(GarageKey& state, KeyContext&) override {
    state.store_secret = true;
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<GarageKey>> Move(const schema::ForeignState& source,
                                                schema::PrivateState&) const override {
    return KeyFromJkossis(source);
  }

  absl::Duration DefaultTimeout(std::string_view) const override { return absl::Minutes(5); }

 private:
  // The key of an id that was written down may be what an apply made that never got to say so: it has the name, and no
  // bucket. Every other one is somebody else's. `plan` gets the secret that the key has.
  static absl::StatusOr<garage::Key> TakeUp(garage::Api& api, GarageKey& plan, const absl::Status& taken,
                                            KeyContext& context) {
    std::string const access_key_id = *plan.access_key_id;
    if (context.config().access_key_id.has_value() && context.config().secret_wo.is_null()) {
      auto found = api.ReadKey(access_key_id, context.limits());
      if (found.ok() && found->name == *plan.name && found->buckets.empty()) {
        plan.secret = Value<std::string>::Unknown();
        ASSIGN_OR_RETURN(plan, WithSecret(api, std::move(plan), context));
        return found;
      }
    }
    return IdIsTaken(access_key_id, taken);
  }

  // The secret never changes, so it is asked for once.
  static absl::StatusOr<GarageKey> WithSecret(garage::Api& api, GarageKey model, KeyContext& context) {
    if (!model.store_secret.value_or(true)) {
      model.secret = Value<std::string>::Null();
    } else if (!model.secret.has_value()) {
      ASSIGN_OR_RETURN(Secret const secret, api.ReadSecret(*model.access_key_id, context.limits()));
      model.secret = secret.Reveal();
    }
    return model;
  }

  // Whether the version says that the key is to have another secret than it has. A first version says nothing about a key
  // that was made or imported without one: then its secret is compared with the one that is written down.
  absl::StatusOr<bool> HasOtherSecret(const GarageKey& prior, const GarageKey& config,
                                      KeyContext& context) const {
    if (config.secret_wo_version.is_null() || config.secret_wo_version == prior.secret_wo_version)
      return false;
    if (prior.secret_wo_version.has_value()) return true;
    // Hosts take no replacement during apply that was not planned.
    if (!config.secret_wo.has_value()) return true;
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(Secret const secret, api->ReadSecret(*prior.access_key_id, context.limits()));
    return secret.Reveal() != *config.secret_wo;
  }

  const Slot<garage::Api>& garage_;
  const Journal& journal_;
};

}  // namespace

std::unique_ptr<schema::AnyResource> MakeGarageKey(const Slot<garage::Api>& garage, const Journal& journal) {
  return schema::MakeResource<GarageKey>(kGarageKey, std::make_unique<KeyResource>(garage, journal));
}

}  // namespace fediversity::resources
