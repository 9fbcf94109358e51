#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_BUCKET_RULES_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_BUCKET_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fediversity::garage {

// The rules of S3 that Garage knows, in S3's words. Garage 2.3 and later take them by the admin API; before, a
// server passes over them in silence, which UpdateBucket() notices.

// When a redirect applies: to keys with the prefix, or to errors with the code, or to both.
struct RoutingCondition {
  std::optional<std::string> key_prefix_equals = {};
  std::optional<std::int64_t> http_error_code_returned_equals = {};

  friend bool operator==(const RoutingCondition&, const RoutingCondition&) = default;
};

struct Redirect {
  std::optional<std::string> host_name = {};
  std::optional<std::string> protocol = {};             // "http", "https"
  std::optional<std::int64_t> http_redirect_code = {};  // written, nullopt becomes 302
  std::optional<std::string> replace_key_prefix_with = {};
  std::optional<std::string> replace_key_with = {};

  friend bool operator==(const Redirect&, const Redirect&) = default;
};

struct RoutingRule {
  std::optional<RoutingCondition> condition = {};  // nullopt: always
  Redirect redirect = {};

  friend bool operator==(const RoutingRule&, const RoutingRule&) = default;
};

struct Website {
  std::string index_document;
  std::optional<std::string> error_document = {};
  // The order counts. Written, nullopt leaves those that are there; read, it is a server that knows none.
  std::optional<std::vector<RoutingRule>> routing_rules = {};

  friend bool operator==(const Website&, const Website&) = default;
};

struct CorsRule {
  std::optional<std::string> id = {};
  std::vector<std::string> allowed_origins = {};
  std::vector<std::string> allowed_methods = {};
  std::vector<std::string> allowed_headers = {};
  std::vector<std::string> expose_headers = {};
  std::optional<std::int64_t> max_age_seconds = {};

  friend bool operator==(const CorsRule&, const CorsRule&) = default;
};

// Which objects a lifecycle rule is about: those that meet all of it.
struct LifecycleFilter {
  std::optional<std::string> prefix = {};
  std::optional<std::int64_t> object_size_greater_than = {};  // bytes
  std::optional<std::int64_t> object_size_less_than = {};

  friend bool operator==(const LifecycleFilter&, const LifecycleFilter&) = default;
};

struct LifecycleRule {
  std::optional<std::string> id = {};
  bool enabled = true;
  LifecycleFilter filter = {};  // empty: all objects
  std::optional<std::int64_t> expiration_days = {};
  std::optional<std::string> expiration_date = {};  // "2030-01-01", midnight in UTC; kept as it was written
  std::optional<std::int64_t> abort_incomplete_multipart_upload_days = {};

  friend bool operator==(const LifecycleRule&, const LifecycleRule&) = default;
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_BUCKET_RULES_H_
