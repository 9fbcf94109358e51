#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_HTTP_MESSAGE_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_HTTP_MESSAGE_H_

#include <string>
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
  std::string content_type;
  std::string authorization;
  std::string cookie;
  std::string csrf;  // CSRFPreventionToken
  std::string body;
  std::vector<UploadedPart> parts = {};  // of a multipart form, in their order
};

// An answer with a reason phrase of its own, or none at all.
struct HttpAnswer {
  int status = 200;
  std::string reason = "OK";
  std::string body = {};
  std::string content_type = "application/json;charset=UTF-8";
  bool cut = false;  // the connection ends, and the client hears nothing
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_HTTP_MESSAGE_H_
