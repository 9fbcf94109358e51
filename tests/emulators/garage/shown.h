#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_SHOWN_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_SHOWN_H_

#include "tests/emulators/garage/store.h"

namespace fediversity::emulators::garage {

// What GetBucketInfo answers.
Json ShowBucket(Store& store, const Bucket& bucket);
// What GetKeyInfo answers.
Json ShowKey(Store& store, const Key& key, bool with_secret);
// A time, or null.
Json ShowTime(const std::optional<std::int64_t>& time);
Json ShowPermissions(const Permissions& permissions);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_SHOWN_H_
