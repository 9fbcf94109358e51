#include "resources/garage/unfinished.h"

#include <string>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

constexpr std::string_view kKeyNote = "garage_key";
constexpr std::string_view kBucketNote = "garage_bucket";

// The text of a bucket's note: the alias that it is made by, and in the next line its id.
struct BucketNote {
  explicit BucketNote(const std::string& text)
      : alias(text.substr(0, text.find('\n'))),
        id(alias.size() < text.size() ? text.substr(alias.size() + 1) : "") {}

  bool IsOf(const garage::Bucket& bucket) const {
    return bucket.id == id || (!alias.empty() && bucket.global_aliases.contains(alias));
  }

  std::string alias;
  std::string id;
};

// A key with a grant is in use, and so is a bucket with a key: somebody has taken it up by hand.
absl::Status InUse() { return absl::FailedPreconditionError("it is in use"); }

absl::Status DeleteUnfinished(garage::Api& api, const BucketNote& note, const CallLimits& limits) {
  auto const found = note.id.empty() ? api.FindBucket(note.alias, limits) : api.ReadBucket(note.id, limits);
  if (absl::IsNotFound(found.status())) return absl::OkStatus();
  RETURN_IF_ERROR(found.status());
  return found->keys.empty() ? api.DeleteBucket(found->id, limits) : InUse();
}

absl::Status DeleteUnfinished(garage::Api& api, const std::string& access_key_id, const CallLimits& limits) {
  auto const found = api.ReadKey(access_key_id, limits);
  if (absl::IsNotFound(found.status())) return absl::OkStatus();
  RETURN_IF_ERROR(found.status());
  bool const for_emptying = found->name == garage::kEmptyingKeyName;
  return found->buckets.empty() || for_emptying ? api.DeleteKey(access_key_id, limits) : InUse();
}

void WarnOfLeftover(std::string_view what, const absl::Status& status, schema::Diagnostics& diagnostics) {
  diagnostics.AddWarning(
      Cat({what, " is left of an apply that was cut short"}),
      Cat({"No state knows it. It could not be deleted now, and is again when something is made next: ",
           ToStd(status.message())}));
}

void ClearUpBuckets(garage::Api& api, const Journal& journal, const CallLimits& limits,
                    schema::Diagnostics& diagnostics) {
  for (Journal::Note& noted : journal.LeftBehind(kBucketNote, api.service())) {
    BucketNote const note(noted.text());
    if (note.alias.empty() && note.id.empty()) {
      diagnostics.AddWarning(
          "An apply was cut short while it made a bucket without aliases",
          "It may have left an empty bucket that has no name, by which it could be found: look for one with `garage "
          "bucket list`, and delete it with `garage bucket delete`.");
      continue;
    }
    absl::Status const deleted = DeleteUnfinished(api, note, limits);
    if (deleted.ok()) continue;
    noted.Keep();
    WarnOfLeftover(
        note.id.empty() ? Cat({"A bucket with the alias ", note.alias}) : Cat({"Bucket ", note.id}), deleted,
        diagnostics);
  }
}

void ClearUpKeys(garage::Api& api, const Journal& journal, const CallLimits& limits,
                 schema::Diagnostics& diagnostics) {
  for (Journal::Note& noted : journal.LeftBehind(kKeyNote, api.service())) {
    absl::Status const deleted = DeleteUnfinished(api, noted.text(), limits);
    if (deleted.ok()) continue;
    noted.Keep();
    WarnOfLeftover(Cat({"Key ", noted.text()}), deleted, diagnostics);
  }
}

}  // namespace

Journal::Note NoteKey(const Journal& journal, const garage::Api& api, std::string_view access_key_id) {
  return journal.Begin(kKeyNote, api.service(), access_key_id);
}

Journal::Note NoteBucket(const Journal& journal, const garage::Api& api, std::string_view provisional_alias) {
  return journal.Begin(kBucketNote, api.service(), Cat({provisional_alias, "\n"}));
}

void ClearUp(garage::Api& api, const Journal& journal, const CallLimits& limits,
             schema::Diagnostics& diagnostics) {
  // What is made beside this may want an alias that something left still has.
  auto const lock = journal.ClearingUp();
  ClearUpBuckets(api, journal, limits, diagnostics);
  ClearUpKeys(api, journal, limits, diagnostics);
}

void ForgetNote(const Journal& journal, const garage::Api& api, const garage::Bucket& bucket) {
  journal.Take(kBucketNote, api.service(),
               [&](const std::string& text) { return BucketNote(text).IsOf(bucket); });
}

void ForgetNote(const Journal& journal, const garage::Api& api, const garage::Key& key) {
  journal.Take(kKeyNote, api.service(), [&](const std::string& text) { return text == key.access_key_id; });
}

}  // namespace fediversity::resources
