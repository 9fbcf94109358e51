#ifndef FEDIVERSITY_RESOURCES_GARAGE_UNFINISHED_H_
#define FEDIVERSITY_RESOURCES_GARAGE_UNFINISHED_H_

// What is noted (provider/base/journal.h) of buckets and keys in the making, and what becomes of those whose process was
// killed before it could say that it had made them: no state knows them, so they are taken away.

#include <string_view>

#include "provider/backends/garage/api.h"
#include "provider/base/call_limits.h"
#include "provider/base/journal.h"
#include "provider/schema/diagnostics.h"

namespace fediversity::resources {

// To be called before the key of this id is made.
Journal::Note NoteKey(const Journal& journal, const garage::Api& api, std::string_view access_key_id);

// To be called before the bucket is made by this alias, which may be empty. Its id is to be appended to the note as soon
// as it is known.
Journal::Note NoteBucket(const Journal& journal, const garage::Api& api, std::string_view provisional_alias);

// Takes away what is left behind on this cluster. What cannot be taken away now is a warning, and stays noted. No call
// where nothing is.
void ClearUp(garage::Api& api, const Journal& journal, const CallLimits& limits,
             schema::Diagnostics& diagnostics);

// Forgets the note of what is in state by now, since somebody has imported it.
void ForgetNote(const Journal& journal, const garage::Api& api, const garage::Bucket& bucket);
void ForgetNote(const Journal& journal, const garage::Api& api, const garage::Key& key);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_UNFINISHED_H_
