#include "resources/garage/bucket.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/typed_resource.h"
#include "resources/garage/bucket_model.h"
#include "resources/garage/jkossis_state.h"
#include "resources/garage/outcome.h"
#include "resources/garage/unfinished.h"

namespace fediversity::resources {
namespace {

using BucketContext = schema::Context<GarageBucket>;

// The alias leads to somebody else's bucket: what to do when it is the one that was meant.
absl::Status AliasIsTaken(const std::string& alias, const absl::Status& status) {
  return schema::OnAttribute(
      Explain(Cat({"The alias ", alias, " is taken"}), status,
              Cat({"To manage the bucket that has it, import that one:\n\nimport {\n  to = "
                   "fediversity_garage_bucket.<name>\n  id = \"",
                   alias, "\"\n}"})),
      "aliases");
}

absl::StatusOr<garage::Bucket> Claim(garage::Api& api, const std::string& id, const std::string& alias,
                                     const CallLimits& limits) {
  auto claimed = api.AddGlobalAlias(id, alias, limits);
  if (claimed.ok()) return claimed;
  if (absl::IsAlreadyExists(claimed.status())) return AliasIsTaken(alias, claimed.status());
  return schema::OnAttribute(claimed.status(), "aliases");
}

// On the attribute, where only one can be at fault.
absl::Status OnChanged(const garage::BucketChange& change, const absl::Status& status) {
  std::string_view changed;
  int count = 0;
  auto const note = [&](bool is_changed, std::string_view name) {
    if (!is_changed) return;
    changed = name;
    ++count;
  };
  note(change.website.has_value(), "website");
  note(change.quotas.has_value(), "quotas");
  note(change.cors_rules.has_value(), "cors_rules");
  note(change.lifecycle_rules.has_value(), "lifecycle_rules");
  return count == 1 ? schema::OnAttribute(status, changed) : status;
}

absl::StatusOr<garage::Bucket> Change(garage::Api& api, const std::string& id,
                                      const garage::BucketChange& change, const CallLimits& limits) {
  auto changed = api.UpdateBucket(id, change, limits);
  if (!changed.ok()) return OnChanged(change, changed.status());
  return changed;
}

// Takes an alias away. One that is lost to another bucket goes with this one only, and is not spoken of as this bucket's
// any more.
absl::StatusOr<garage::Bucket> Release(garage::Api& api, const std::string& id, const std::string& alias,
                                       BucketContext& context) {
  auto released = api.RemoveGlobalAlias(id, alias, context.limits());
  if (!released.ok()) return schema::OnAttribute(released.status(), "aliases");
  if (released->global_aliases.erase(alias) == 0) return released;
  context.diagnostics().AddWarning(
      Cat({"Bucket ", id, " goes on claiming ", alias}),
      "The alias leads to another bucket, which was faster when two were given it at once. Garage cannot take it away "
      "from the loser by a call; `garage repair --all-nodes --yes aliases` on a node does.",
      wire::Path("aliases"));
  return released;
}

std::set<std::string> Without(const std::set<std::string>& these, const std::set<std::string>& those) {
  std::set<std::string> left;
  for (const std::string& one : these) {
    if (!those.contains(one)) left.insert(one);
  }
  return left;
}

class BucketResource final : public schema::Resource<GarageBucket> {
 public:
  BucketResource(const Slot<garage::Api>& garage, const Journal& journal)
      : garage_(garage),
        journal_(journal) {}

  void Validate(const GarageBucket& config, schema::Diagnostics& diagnostics) const override {
    ValidateBucket(config, diagnostics);
  }
  void KeepSpelling(const GarageBucket& known, GarageBucket& fresh) const override {
    KeepBucketSpelling(known, fresh);
  }

  absl::StatusOr<GarageBucket> Read(GarageBucket state, BucketContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(garage::Bucket const found, api->FetchBucket(*state.id, context.limits()));
    ForgetNote(journal_, *api, found);
    return WithBucket(std::move(state), found);
  }

  // In steps, so that the id is in state before anything else can go wrong, and under a provisional alias, so that the next
  // process finds what a killed one has left. What the service refuses takes the new bucket away again, since nobody can
  // have used it; what merely failed is carried on with by the next apply.
  absl::StatusOr<GarageBucket> Create(GarageBucket plan, BucketContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(garage::BucketChange const change, ChangeOf(nullptr, plan));
    ClearUp(*api, journal_, context.limits(), context.diagnostics());
    // A bucket cannot lose its last alias, so one that is to have none gets none.
    std::string provisional;
    if (!AliasesOf(plan).empty()) {
      ASSIGN_OR_RETURN(provisional, garage::DrawProvisionalAlias());
    }
    Journal::Note note = NoteBucket(journal_, *api, provisional);
    auto made = api->CreateBucket(provisional, context.limits());
    if (!made.ok()) {
      if (!provisional.empty() && !IsRefusal(made.status())) note.Keep();
      return made.status();
    }
    garage::Bucket bucket = *std::move(made);
    note.Append(bucket.id);
    context.Checkpoint(WithBucket(plan, bucket));
    absl::Status const finished = Finish(*api, plan, change, provisional, bucket, context);
    if (!finished.ok() && IsRefusal(finished)) return GiveUp(*api, bucket, finished, context);
    if (!finished.ok()) {
      context.Unfinished(
          schema::OnAttribute(Explain(Cat({"Bucket ", bucket.id, " was made, but is not finished"}), finished,
                                      "It is in state; the next apply carries on."),
                              schema::AttributeOf(finished)));
    }
    return WithBucket(std::move(plan), bucket);
  }

  absl::StatusOr<GarageBucket> Update(GarageBucket prior, GarageBucket plan,
                                      BucketContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(garage::BucketChange const change, ChangeOf(&prior, plan));
    std::set<std::string> const before = AliasesOf(prior);
    std::set<std::string> const wanted = AliasesOf(plan);
    std::optional<garage::Bucket> bucket;
    auto const record = [&](garage::Bucket changed) {
      context.Checkpoint(WithBucket(prior, changed));
      bucket = std::move(changed);
    };
    for (const std::string& alias : Without(wanted, before)) {
      ASSIGN_OR_RETURN(garage::Bucket claimed, Claim(*api, *prior.id, alias, context.limits()));
      record(std::move(claimed));
    }
    if (!IsEmpty(change)) {
      ASSIGN_OR_RETURN(garage::Bucket changed, Change(*api, *prior.id, change, context.limits()));
      record(std::move(changed));
    }
    for (const std::string& alias : Without(before, wanted)) {
      ASSIGN_OR_RETURN(garage::Bucket released, Release(*api, *prior.id, alias, context));
      record(std::move(released));
    }
    RETURN_IF_ERROR(CleanUp(*api, prior, plan, context));
    // Otherwise only attributes that Garage does not know have changed.
    return bucket.has_value() ? WithBucket(std::move(plan), *bucket) : plan;
  }

  absl::Status Delete(GarageBucket state, BucketContext& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    // Objects are deleted by a key of its own, which a process that was killed may have left.
    if (state.force_destroy.value_or(false)) {
      ClearUp(*api, journal_, context.limits(), context.diagnostics());
    }
    absl::Status const deleted = api->DeleteBucket(*state.id, context.limits());
    if (!absl::IsFailedPrecondition(deleted)) return deleted;
    if (!state.force_destroy.value_or(false)) {
      return Explain(
          Cat({"Bucket ", *state.id, " is not empty"}), deleted,
          "Nothing was deleted. Empty it, or set `force_destroy = true`, apply that, and destroy again: then "
          "the objects are deleted, too.");
    }
    Journal::Note note;
    auto const announce = [&](const std::string& key) { note = NoteKey(journal_, *api, key); };
    auto const emptied = api->EmptyBucket(*state.id, announce, context.limits());
    if (!emptied.ok()) {
      note.Keep();  // its key may be there yet
      return emptied.status();
    }
    return api->DeleteBucket(*state.id, context.limits());
  }

  // An id that is no bucket id is an alias.
  absl::StatusOr<std::optional<GarageBucket>> ParseImportId(std::string_view id) const override {
    if (IsBucketId(wire::Value::String(id))) return std::nullopt;
    GarageBucket state;
    state.aliases = schema::Set<std::string>{{std::string(id)}};
    return state;
  }

  absl::Status Import(GarageBucket& state, BucketContext& context) override {
    state.force_destroy = false;
    if (state.id.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    std::string const alias = *AliasesOf(state).begin();
    ASSIGN_OR_RETURN(garage::Bucket const found, api->FindBucket(alias, context.limits()));
    state.id = found.id;
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<GarageBucket>> Move(const schema::ForeignState& source,
                                                   schema::PrivateState&) const override {
    return BucketFromJkossis(source);
  }

  absl::Duration DefaultTimeout(std::string_view operation) const override {
    return operation == "delete" ? absl::Minutes(30) : absl::Minutes(5);
  }

 private:
  static absl::Status Finish(garage::Api& api, const GarageBucket& plan, const garage::BucketChange& change,
                             const std::string& provisional, garage::Bucket& bucket, BucketContext& context) {
    for (const std::string& alias : AliasesOf(plan)) {
      ASSIGN_OR_RETURN(bucket, Claim(api, bucket.id, alias, context.limits()));
      context.Checkpoint(WithBucket(plan, bucket));
    }
    if (!IsEmpty(change)) {
      ASSIGN_OR_RETURN(bucket, Change(api, bucket.id, change, context.limits()));
      context.Checkpoint(WithBucket(plan, bucket));
    }
    if (provisional.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(bucket, api.RemoveGlobalAlias(bucket.id, provisional, context.limits()));
    return absl::OkStatus();
  }

  static absl::Status GiveUp(garage::Api& api, const garage::Bucket& bucket, const absl::Status& why,
                             BucketContext& context) {
    absl::Status const deleted = api.DeleteBucket(bucket.id, context.limits());
    if (deleted.ok()) {
      context.Retract();
      return why;
    }
    context.diagnostics().AddWarning(
        Cat({"Bucket ", bucket.id, " is left over"}),
        Cat({"It was made before the error, and could not be deleted again: ", ToStd(deleted.message()),
             "\n\nIt is empty and in state; the next apply deletes it."}));
    return why;
  }

  static absl::Status CleanUp(garage::Api& api, const GarageBucket& prior, const GarageBucket& plan,
                              BucketContext& context) {
    if (!plan.cleanup_incomplete_uploads.has_value()) return absl::OkStatus();
    const GarageCleanup& wanted = *plan.cleanup_incomplete_uploads;
    if (prior.cleanup_incomplete_uploads.has_value()) {
      const GarageCleanup& done = *prior.cleanup_incomplete_uploads;
      if (done.older_than == wanted.older_than && done.run == wanted.run) return absl::OkStatus();
    }
    absl::Duration older_than;
    if (!absl::ParseDuration(*wanted.older_than, &older_than)) {
      return absl::InternalError("A duration was not validated");
    }
    return schema::OnAttribute(api.CleanupIncompleteUploads(*plan.id, older_than, context.limits()).status(),
                               "cleanup_incomplete_uploads");
  }

  const Slot<garage::Api>& garage_;
  const Journal& journal_;
};

}  // namespace

std::unique_ptr<schema::AnyResource> MakeGarageBucket(const Slot<garage::Api>& garage,
                                                      const Journal& journal) {
  return schema::MakeResource<GarageBucket>(kGarageBucket, std::make_unique<BucketResource>(garage, journal));
}

}  // namespace fediversity::resources
