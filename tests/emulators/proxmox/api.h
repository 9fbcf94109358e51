#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_API_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_API_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/common/http_message.h"

namespace fediversity::emulators {

enum class Version { kEight, kNine };

using Json = nlohmann::json;
using Params = std::map<std::string, std::string, std::less<>>;

// Who asks: "root@pam", with the name of the token where one was used. A token of root is not root itself: what only
// root may do is refused to it.
struct Identity {
  std::string user = {};
  std::string token = {};  // "" for a ticket

  bool IsRoot() const { return user == "root@pam" && token.empty(); }
  // "root@pam!tofu", as it stands in a UPID and in an access control list.
  std::string Name() const { return token.empty() ? user : user + "!" + token; }
};

// One request to the API, after authentication; `params` also hold what the path names ("node", "vmid", ...).
struct Call {
  std::string method = {};
  std::string path = {};  // below /api2/json, decoded
  Params params = {};
  Identity who = {};
  std::vector<UploadedPart> parts = {};

  // The value of a parameter, or "".
  std::string Get(std::string_view name) const;
  bool Has(std::string_view name) const { return params.contains(name); }
  // A boolean parameter that was verified before.
  bool Flag(std::string_view name, bool otherwise = false) const;
  int Vmid() const;
};

// An answer as pveproxy words it.
struct Reply {
  int status = 200;
  std::string reason = "OK";
  Json body = {};  // null: no body at all
};

Reply Data(Json data);
Reply DataWithTotal(Json data, std::int64_t total);
// {"data":null,"message":"..."}: the reason phrase is the first line of `message`.
Reply Error(int status, std::string_view message);
// 500, what a `die` in the Perl code ends as.
Reply Died(std::string_view message);
// "Permission check failed (/vms/100, VM.Audit)".
Reply Denied(std::string_view path, std::string_view privileges);
// 400 with `errors`, by parameter.
Reply BadParameters(Json errors);
Reply BadParameter(const std::string& name, const std::string& why);
// An answer without a body: 401, 595, 596.
Reply Bare(int status, std::string_view reason);

// What a step of an operation returns: nothing, or the message it died with, without a trailing newline.
using Failure = std::optional<std::string>;

// A list as Proxmox splits it: at ',', ';', NUL and blanks.
std::vector<std::string> SplitList(std::string_view list);
std::vector<std::string> Split(std::string_view text, char separator);
// A decimal number that fills `text`, or nothing.
std::optional<std::int64_t> ParseInteger(std::string_view text);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_API_H_
