#include "provider/http/response.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "provider/base/text.h"

namespace fediversity::http {
namespace {

constexpr std::size_t kLongestExcerpt = 500;
// As much of a body as is looked at: more than is shown, so that no secret is cut in two before it is found.
constexpr std::size_t kLookedAt = 8 * kLongestExcerpt;

absl::StatusCode CodeOfClientError(int status) {
  switch (status) {
    case 401:
    case 407: return absl::StatusCode::kUnauthenticated;
    case 403: return absl::StatusCode::kPermissionDenied;
    case 404:
    case 410: return absl::StatusCode::kNotFound;
    case 405: return absl::StatusCode::kUnimplemented;
    case 408:
    case 425: return absl::StatusCode::kUnavailable;
    case 409: return absl::StatusCode::kAlreadyExists;
    case 412:
    case 423:
    case 428: return absl::StatusCode::kFailedPrecondition;
    case 429: return absl::StatusCode::kResourceExhausted;
    default: return absl::StatusCode::kInvalidArgument;
  }
}

absl::StatusCode CodeOfServerError(int status) {
  if (status == 501) return absl::StatusCode::kUnimplemented;
  if ((status >= 502 && status <= 504) || status >= 595) return absl::StatusCode::kUnavailable;
  return absl::StatusCode::kInternal;
}

// One line of at most kLongestExcerpt bytes.
std::string Excerpt(std::string_view text) {
  bool const cut = text.size() > kLongestExcerpt;
  std::string line = ValidUtf8(text.substr(0, kLongestExcerpt));
  for (char& byte : line) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(byte))) byte = ' ';
  }
  absl::RemoveExtraAsciiWhitespace(&line);
  if (cut) line += " [cut]";
  return line;
}

// Pages of HTML come from something in front of the service and only bury the message.
bool IsReadable(const Response& response) {
  std::string_view const type = response.headers.Find("Content-Type").value_or("");
  return absl::StartsWithIgnoreCase(ToAbsl(type), "text/plain") ||
         absl::StrContains(absl::AsciiStrToLower(ToAbsl(type)), "json");
}

std::string Detail(const Request& request, const Response& response, std::string_view said) {
  if (!said.empty()) return ValidUtf8(said);
  if (response.status / 100 == 3) {
    std::string_view const location = response.headers.Find("Location").value_or("");
    // What follows a question mark may be a ticket.
    return Cat({"It redirects to ", Excerpt(location.substr(0, location.find('?'))),
                ", and redirects are not followed: give the URL that the service itself answers at."});
  }
  if (!IsReadable(response)) return {};
  return Excerpt(WithoutSecrets(response.body.substr(0, kLookedAt), request));
}

}  // namespace

std::optional<std::string_view> Headers::Find(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (absl::EqualsIgnoreCase(key, ToAbsl(name))) return value;
  }
  return std::nullopt;
}

absl::StatusCode CodeOf(int http_status) {
  switch (http_status / 100) {
    case 2: return absl::StatusCode::kOk;
    case 3: return absl::StatusCode::kFailedPrecondition;
    case 4: return CodeOfClientError(http_status);
    case 5: return CodeOfServerError(http_status);
    default: return absl::StatusCode::kUnknown;
  }
}

absl::Status ToStatus(const Request& request, const Response& response, std::string_view said) {
  absl::StatusCode const code = CodeOf(response.status);
  if (code == absl::StatusCode::kOk) return absl::OkStatus();
  std::string const number = absl::StrCat(response.status);
  std::string const reason = Excerpt(response.reason);
  std::string message = Cat({NameOf(request.method), " ", response.url, " answered ", number});
  if (!reason.empty()) message += Cat({" ", reason});
  std::string const detail = Detail(request, response, said);
  if (!detail.empty() && detail != reason) message += Cat({"\n", detail});
  return {code, WithoutSecrets(std::move(message), request)};
}

}  // namespace fediversity::http
