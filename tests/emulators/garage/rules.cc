#include "tests/emulators/garage/rules.h"

#include <algorithm>

#include "tests/emulators/common/pattern.h"

namespace fediversity::emulators::garage {
namespace {

template <typename T>
void Keep(Json& kept, const char* name, const std::optional<T>& value) {
  if (value.has_value()) kept[name] = *value;
}

Json ReduceFilter(const Json& filter, std::string& error) {
  Json kept = Json::object();
  Fields fields(filter, "Filter", error);
  Keep(kept, "Prefix", fields.Text("Prefix"));
  Keep(kept, "ObjectSizeGreaterThan", fields.Integer("ObjectSizeGreaterThan"));
  Keep(kept, "ObjectSizeLessThan", fields.Integer("ObjectSizeLessThan"));
  if (const Json& both = fields.Object("And"); !both.is_null()) kept["And"] = ReduceFilter(both, error);
  return kept;
}

bool IsMidnight(const std::string& date) {
  static const Pattern kMidnight("\\d{4}-\\d\\d-\\d\\d([Tt ]00:00:00(\\.0+)?([Zz]|[+-]00:00))?");
  return kMidnight.Matches(date);
}

bool IsDate(const std::string& date) {
  static const Pattern kDate(
      "\\d{4}-\\d\\d-\\d\\d([Tt ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d))?");
  return kDate.Matches(date);
}

bool IsToken(const std::string& text) {
  static const Pattern kToken("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  return kToken.Matches(text);
}

}  // namespace

Json ReduceCorsRule(const Json& rule, std::string& error) {
  Fields fields(rule, "CorsRule", error);
  Json kept = {{"AllowedOrigin", fields.NeededTexts("AllowedOrigin")},
               {"AllowedMethod", fields.NeededTexts("AllowedMethod")},
               {"AllowedHeader", fields.Texts("AllowedHeader").value_or(std::vector<std::string>{})},
               {"ExposeHeader", fields.Texts("ExposeHeader").value_or(std::vector<std::string>{})}};
  Keep(kept, "ID", fields.Text("ID"));
  Keep(kept, "MaxAgeSeconds", fields.Integer("MaxAgeSeconds"));
  return kept;
}

Json ReduceLifecycleRule(const Json& rule, std::string& error) {
  Fields fields(rule, "LifecycleRule", error);
  Json kept = {{"Status", fields.NeededText("Status")}};
  Keep(kept, "ID", fields.Text("ID"));
  if (const Json& filter = fields.Object("Filter"); !filter.is_null()) {
    kept["Filter"] = ReduceFilter(filter, error);
  }
  if (const Json& expiration = fields.Object("Expiration"); !expiration.is_null()) {
    Fields inner(expiration, "Expiration", error);
    kept["Expiration"] = Json::object();
    Keep(kept["Expiration"], "Days", inner.Integer("Days"));
    Keep(kept["Expiration"], "Date", inner.Text("Date"));
  }
  if (const Json& abort = fields.Object("AbortIncompleteMultipartUpload"); !abort.is_null()) {
    Fields inner(abort, "AbortIncompleteMpu", error);
    kept["AbortIncompleteMultipartUpload"] = {
        {"DaysAfterInitiation", inner.NeededInteger("DaysAfterInitiation")}};
  }
  return kept;
}

Json ReduceRoutingRule(const Json& rule, std::string& error) {
  Fields fields(rule, "RoutingRule", error);
  Json kept = Json::object();
  if (const Json& condition = fields.Object("Condition"); !condition.is_null()) {
    Fields inner(condition, "Condition", error);
    kept["Condition"] = Json::object();
    Keep(kept["Condition"], "KeyPrefixEquals", inner.Text("KeyPrefixEquals"));
    Keep(kept["Condition"], "HttpErrorCodeReturnedEquals", inner.Integer("HttpErrorCodeReturnedEquals"));
  }
  const Json& redirect = fields.NeededObject("Redirect");
  kept["Redirect"] = Json::object();
  if (!redirect.is_object()) return kept;
  Fields inner(redirect, "Redirect", error);
  for (const char* const name : {"HostName", "Protocol", "ReplaceKeyPrefixWith", "ReplaceKeyWith"}) {
    Keep(kept["Redirect"], name, inner.Text(name));
  }
  Keep(kept["Redirect"], "HttpRedirectCode", inner.Integer("HttpRedirectCode"));
  return kept;
}

std::string WrongCorsRule(const Json& rule) {
  for (const Json& method : rule["AllowedMethod"]) {
    if (!IsToken(method)) return "Invalid CORSRule method: invalid HTTP method";
  }
  for (const char* const name : {"AllowedHeader", "ExposeHeader"}) {
    for (const Json& header : rule[name]) {
      if (!IsToken(header)) return "Invalid HTTP header name: invalid HTTP header name";
    }
  }
  return {};
}

std::string WrongLifecycleRule(const Json& rule) {
  std::string const start = "Invalid lifecycle configuration: ";
  if (rule["Status"] != "Enabled" && rule["Status"] != "Disabled")
    return start + "invalid value for <Status>";
  if (rule.contains("Filter") && rule["Filter"].size() > 1) {
    return start + "Multiple Filter conditions must be wrapped in an <And> tag";
  }
  if (!rule.contains("Expiration")) return {};
  const Json& expiration = rule["Expiration"];
  if (expiration.empty()) return start + "<Expiration> must contain either <Days> or <Date>";
  if (expiration.size() > 1) return start + "cannot have both <Days> and <Date> in <Expiration>";
  if (!expiration.contains("Date")) return {};
  if (!IsDate(expiration["Date"])) return start + "date has invalid format";
  return IsMidnight(expiration["Date"]) ? "" : start + "date must be at midnight";
}

std::string WrongRoutingRule(const Json& rule) {
  constexpr int kNotFound = 404;
  std::string const start = "Bad XML: ";
  if (rule.contains("Condition") &&
      rule["Condition"].value("HttpErrorCodeReturnedEquals", kNotFound) != kNotFound) {
    return start + "HttpErrorCodeReturnedEquals must be 404 or absent";
  }
  const Json& redirect = rule["Redirect"];
  if (redirect.contains("ReplaceKeyPrefixWith") && redirect.contains("ReplaceKeyWith")) {
    return start + "both ReplaceKeyPrefixWith and ReplaceKeyWith are set";
  }
  std::string const protocol = redirect.value("Protocol", "http");
  if (protocol != "http" && protocol != "https") return start + "invalid protocol";
  if (!redirect.contains("HttpRedirectCode")) return {};
  bool const names_host = redirect.contains("HostName");
  bool const names_protocol = redirect.contains("Protocol");
  switch (redirect["HttpRedirectCode"].get<int>()) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: return names_protocol && !names_host ? start + "HostName must be set if Protocol is set" : "";
    case 200:
    case kNotFound:
      return names_host || names_protocol
                 ? start + "an HttpRedirectCode of 200 is not acceptable alongside HostName or Protocol"
                 : "";
    default: return start + "invalid HttpRedirectCode";
  }
}

Json WithDefaults(Json routing_rule) {
  constexpr int kFound = 302;
  routing_rule.emplace("Condition", nullptr);
  routing_rule["Redirect"].emplace("HttpRedirectCode", kFound);
  return routing_rule;
}

Json AsKept(Json lifecycle_rule) {
  if (!lifecycle_rule.contains("Filter")) return lifecycle_rule;
  Json& filter = lifecycle_rule["Filter"];
  if (filter.contains("And") && filter["And"].size() <= 1) filter = Json(filter["And"]);
  if (filter.empty()) lifecycle_rule.erase("Filter");
  return lifecycle_rule;
}

}  // namespace fediversity::emulators::garage
