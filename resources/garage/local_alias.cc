#include "resources/garage/local_alias.h"

#include <string>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/timeouts.h"
#include "provider/schema/typed_resource.h"
#include "resources/garage/outcome.h"
#include "resources/garage/rules.h"

namespace fediversity::resources {
namespace {

struct GarageLocalAlias {
  schema::Value<std::string> bucket_id;
  schema::Value<std::string> access_key_id;
  schema::Value<std::string> alias;
  schema::Value<schema::Timeouts> timeouts;
};

constexpr auto kGarageLocalAlias = schema::Describe<GarageLocalAlias>(
    {.name = "fediversity_garage_local_alias",
     .doc =
         "A name for a bucket of a Garage cluster that one key alone knows. For that key it goes before a global alias of the "
         "same name. A permission comes from `fediversity_garage_bucket_access`.",
     .import_id = "{bucket_id}/{access_key_id}/{alias}",
     .identity = {"bucket_id", "access_key_id", "alias"}},
    schema::Attr<&GarageLocalAlias::bucket_id>("bucket_id")
        .Required()
        .Replaces()
        .Check(kBucketId)
        .Doc("Id of the bucket."),
    schema::Attr<&GarageLocalAlias::access_key_id>("access_key_id")
        .Required()
        .Replaces()
        .Check(kAccessKeyId)
        .Doc("Id of the key that knows the name."),
    schema::Attr<&GarageLocalAlias::alias>("alias")
        .Required()
        .Check(kBucketAlias)
        .Doc("The name. Another one is given before the old one is taken away."),
    schema::Attr<&GarageLocalAlias::timeouts>("timeouts")
        .Optional()
        .Nested<schema::kTimeouts>()
        .Doc("How long each operation may take; five minutes where it is left out."));

using AliasContext = schema::Context<GarageLocalAlias>;

class LocalAliasResource final : public schema::Resource<GarageLocalAlias> {
 public:
  explicit LocalAliasResource(const Slot<garage::Api>& garage) : garage_(garage) {}

  // Through the key: some servers show a bucket's keys without those that have nothing but a name for it.
  absl::StatusOr<GarageLocalAlias> Read(GarageLocalAlias state, AliasContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(garage::Key const key, api->FetchKey(*state.access_key_id, context.limits()));
    auto const bucket = key.buckets.find(*state.bucket_id);
    if (bucket != key.buckets.end() && bucket->second.local_aliases.contains(*state.alias)) return state;
    return absl::NotFoundError(
        Cat({"Key ", *state.access_key_id, " has no such name\nIt does not know bucket ", *state.bucket_id,
             " as ", *state.alias, "."}));
  }

  absl::StatusOr<GarageLocalAlias> Create(GarageLocalAlias plan, AliasContext& context) override {
    RETURN_IF_ERROR(Add(plan, context));
    return plan;
  }

  absl::StatusOr<GarageLocalAlias> Update(GarageLocalAlias prior, GarageLocalAlias plan,
                                          AliasContext& context) override {
    if (*prior.alias == *plan.alias) return plan;  // `timeouts`, which Garage knows nothing of
    RETURN_IF_ERROR(Add(plan, context));
    // Where this fails the key has both names: state goes on with the old one, and the next apply takes it away.
    RETURN_IF_ERROR(Remove(prior, context));
    return plan;
  }

  absl::Status Delete(GarageLocalAlias state, AliasContext& context) override {
    absl::Status const removed = Remove(state, context);
    if (!absl::IsFailedPrecondition(removed)) return removed;
    // Destroying the bucket, too, must not fail for that.
    context.diagnostics().AddWarning(
        Cat({"The name ", *state.alias, " is left"}),
        Cat({"It is the last name of the bucket, which Garage does not take away: ", ToStd(removed.message()),
             "\n\nIt goes with the bucket or the key. It is not in state any more."}));
    return absl::OkStatus();
  }

  absl::Duration DefaultTimeout(std::string_view) const override { return absl::Minutes(5); }

 private:
  absl::Status Add(const GarageLocalAlias& plan, AliasContext& context) {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    absl::Status const added =
        api->AddLocalAlias(*plan.bucket_id, *plan.access_key_id, *plan.alias, context.limits()).status();
    if (absl::IsAlreadyExists(added)) {
      return schema::OnAttribute(Explain(Cat({"The name ", *plan.alias, " is taken"}), added,
                                         "One key has one name for one bucket."),
                                 "alias");
    }
    return absl::IsNotFound(added) ? absl::FailedPreconditionError(added.message()) : added;
  }

  absl::Status Remove(const GarageLocalAlias& state, AliasContext& context) {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    return api->RemoveLocalAlias(*state.bucket_id, *state.access_key_id, *state.alias, context.limits())
        .status();
  }

  const Slot<garage::Api>& garage_;
};

}  // namespace

std::unique_ptr<schema::AnyResource> MakeGarageLocalAlias(const Slot<garage::Api>& garage) {
  return schema::MakeResource<GarageLocalAlias>(kGarageLocalAlias,
                                                std::make_unique<LocalAliasResource>(garage));
}

}  // namespace fediversity::resources
