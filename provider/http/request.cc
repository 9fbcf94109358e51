#include "provider/http/request.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "provider/base/text.h"
#include "provider/http/percent.h"

namespace fediversity::http {
namespace {

// Anything shorter would be replaced in the middle of words that have nothing to do with it.
constexpr std::size_t kShortestSecret = 4;

std::string PathOf(const Request& request) {
  std::string path;
  for (const std::string& segment : request.path) {
    path += '/';
    path += PercentEncode(segment);
  }
  return path;
}

// RFC 9110, section 5.6.2.
bool IsToken(std::string_view name) {
  static constexpr std::string_view kSymbols = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char byte) {
    return absl::ascii_isalnum(static_cast<unsigned char>(byte)) || kSymbols.find(byte) != kSymbols.npos;
  });
}

bool HasControl(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char byte) {
    return byte != '\t' && absl::ascii_iscntrl(static_cast<unsigned char>(byte));
  });
}

void Hide(std::string& text, std::string_view secret) {
  if (secret.size() < kShortestSecret) return;
  absl::StrReplaceAll({{ToAbsl(secret), "(secret)"}}, &text);
}

// A service may answer with the credentials alone, without their scheme ("Bearer ...", RFC 9110, section 11.4) or
// the names that they belong to ("PVEAPIToken=user@realm!name=..."). Some end in a "=" of their own.
void HideCredentials(std::string& text, std::string_view value) {
  Hide(text, value);
  if (std::size_t const space = value.find(' '); space != value.npos) Hide(text, value.substr(space + 1));
  for (std::size_t const equals : {value.find('='), value.rfind('=')}) {
    if (equals != value.npos) Hide(text, value.substr(equals + 1));
  }
}

}  // namespace

std::string_view NameOf(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kHead: return "HEAD";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
  }
  return "GET";
}

Body JsonBody(std::string json) { return {"application/json", Secret(std::move(json))}; }

Body FormBody(std::span<const Field> fields) {
  std::string form;
  for (const Field& field : fields) {
    if (!form.empty()) form += '&';
    form += Cat({PercentEncode(field.name()), "=", PercentEncode(field.Reveal())});
  }
  return {"application/x-www-form-urlencoded", Secret(std::move(form))};
}

bool IsRepeatable(const Request& request) {
  return request.idempotent || request.method == Method::kGet || request.method == Method::kHead;
}

std::string TargetOf(const Request& request) {
  std::string target = PathOf(request);
  char separator = '?';
  for (const Field& field : request.query) {
    target += separator;
    target += Cat({PercentEncode(field.name()), "=", PercentEncode(field.Reveal())});
    separator = '&';
  }
  return target;
}

std::string PrintableLine(const Request& request) {
  std::string line = Cat({NameOf(request.method), " ", PathOf(request)});
  if (request.path.empty()) line += '/';
  char separator = '?';
  for (const Field& field : request.query) {
    line += separator;
    line += Cat({PercentEncode(field.name()), "="});
    line += field.secret() ? std::string(field.Printable()) : PercentEncode(field.Reveal());
    separator = '&';
  }
  return line;
}

absl::Status CheckRequest(const Request& request) {
  auto invalid = [&request](std::initializer_list<std::string_view> problem) {
    return absl::InvalidArgumentError(
        ToAbsl(Cat({PrintableLine(request), " cannot be sent: ", Cat(problem)})));
  };
  for (const std::string& segment : request.path) {
    if (segment.empty() || segment == "." || segment == "..") {
      return invalid({"\"", segment, "\" cannot be part of a path"});
    }
  }
  for (const Field& header : request.headers) {
    if (!IsToken(header.name())) return invalid({"a header has a name that HTTP does not allow"});
    if (HasControl(header.Reveal())) {
      return invalid({"the value of ", header.name(), " holds a line break or another control character"});
    }
  }
  if (request.body.has_value() && (request.method == Method::kGet || request.method == Method::kHead)) {
    return invalid({"it has a body"});
  }
  if (request.body.has_value() && HasControl(request.body->content_type)) {
    return invalid({"its content type holds a control character"});
  }
  return absl::OkStatus();
}

std::string WithoutSecrets(std::string text, const Request& request) {
  for (const Field& header : request.headers) {
    if (header.secret()) HideCredentials(text, header.Reveal());
  }
  for (const Field& field : request.query) {
    if (field.secret()) Hide(text, field.Reveal());
  }
  return text;
}

}  // namespace fediversity::http
