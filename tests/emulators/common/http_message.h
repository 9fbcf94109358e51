#ifndef FEDIVERSITY_TESTS_EMULATORS_COMMON_HTTP_MESSAGE_H_
#define FEDIVERSITY_TESTS_EMULATORS_COMMON_HTTP_MESSAGE_H_

#include <string>
#include <utility>
#include <vector>

namespace fediversity::emulators {

struct UploadedPart {
  std::string name;
  std::string filename;
  std::string content;
};

struct HttpRequest {
  std::string method;
  std::string target;  // as it stands in the request line
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::vector<UploadedPart> parts = {};  // of a multipart form, in their order

  // The value of a header whose name is spelled in any case, or "".
  std::string Header(const std::string& name) const;
};

// An answer with a reason phrase of its own, or none at all.
struct HttpAnswer {
  int status = 200;
  std::string reason = {};  // the standard phrase, where it is empty
  std::string body = {};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool cut = false;         // the connection ends, and the client hears nothing
  bool cut_inside = false;  // it ends after half of the body
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_COMMON_HTTP_MESSAGE_H_
