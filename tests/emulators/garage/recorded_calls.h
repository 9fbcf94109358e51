#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_RECORDED_CALLS_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_RECORDED_CALLS_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/garage/store.h"

namespace fediversity::emulators::garage {

// Where recorded calls are made again.
struct ReplayTarget {
  std::string admin_url;
  std::string s3_url;
  std::string token;
  bool emulated = true;
  std::string region = "garage";  // as in the recordings
};

struct ReplayTally {
  int made = 0;     // calls whose answers were compared
  int skipped = 0;  // of them, what the emulator does not know
  std::vector<std::string> differences;
};

// Makes the calls of tests/golden/garage/NAME.jsonl, in their order, and compares the answers. One call a line:
//
//   note, method, target, body    the request; without "status", it is made and its answer is not compared
//   as                            who asks: "nobody", "wrong", the id of a token made before, or a whole token; the
//                                 token of the configuration where it is left out
//   key, region, secret           on the S3 port: signed with this key; "admin" sends the admin token
//   status, answer                JSON, or text as it is
//   once: {"alias", "objects"}    made once that bucket counts so many objects, which real servers do a moment after
//                                 they took one; what depends on a quota would be chance without
//   emulated: false               only a real server knows this
//   compare: "shape"              ids are drawn anew, so which rows a page has is chance: their number and fields count
//   compare: "from the offset"    the same of a page that has to begin with its offset
//
// Ids, secrets and times differ, but an id that once stood for another has to do so always. Columns in errors of JSON
// are left out.
ReplayTally ReplayRecordedCalls(const std::string& name, const ReplayTarget& target);

// What stands for what. Ids may be cut off after eight letters or more, and be in upper case.
class Bindings {
 public:
  // Takes over what a server made up in an answer: the fields named id, accessKeyId, secretAccessKey and secretToken.
  void Learn(const Json& recorded, const Json& actual);
  // The same of an UploadId in XML.
  void LearnUpload(const std::string& recorded, const std::string& actual);
  void Bind(const std::string& recorded, const std::string& actual);
  // The recorded text as it has to be here.
  std::string Translate(std::string_view text) const;

 private:
  std::map<std::string, std::string> actual_;
};

// An answer without what differs by nature: times, figures of the host, columns, the order of what has none.
Json Normalised(const Json& answer);

// The rows in an order that depends on them alone.
Json Sorted(Json rows);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_RECORDED_CALLS_H_
