#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_REPLY_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_REPLY_H_

#include <string>
#include <utility>

#include "tests/emulators/garage/store.h"

namespace fediversity::emulators::garage {

// An answer of the admin API: a body where the status is 200, else a code and a message.
struct Reply {
  int status = 200;
  std::string code = {};
  std::string message = {};
  Json body = {};
};

inline Reply Ok(Json body) { return {.body = std::move(body)}; }

// 400 "Bad request: ...".
Reply BadRequest(const std::string& why);
// 400 "Bad request: Invalid JSON: ... at line 1 column N", where N is the length of the body: the real server counts to
// the value that it did not like.
Reply InvalidJson(const std::string& why, std::size_t column);
Reply Denied(const std::string& why);
Reply NoSuchBucket(const std::string& name);
Reply NoSuchKey(const std::string& id);
Reply NoSuchToken(const std::string& id);
// 409.
Reply Conflict(const std::string& code, const std::string& message);
// 500 "Internal error: ...".
Reply Internal(const std::string& what);
// The code that Garage gives with a status.
std::string CodeOf(int status);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_REPLY_H_
