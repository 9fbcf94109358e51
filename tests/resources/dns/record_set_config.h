#ifndef FEDIVERSITY_TESTS_RESOURCES_DNS_RECORD_SET_CONFIG_H_
#define FEDIVERSITY_TESTS_RESOURCES_DNS_RECORD_SET_CONFIG_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "provider/wire/value.h"

namespace fediversity::resources {

// A fediversity_dns_record_set as somebody writes it in HCL; what is left out is null.
struct RecordSetHcl {
  std::string zone = "example.test";
  std::string name = "www";
  std::string type = "A";
  std::optional<std::int64_t> ttl;
  std::vector<std::string> records = {"192.0.2.1"};
  std::optional<bool> adopt;
};

// For the names and messages of tests: "example.test www A".
void PrintTo(const RecordSetHcl& hcl, std::ostream* out);

wire::Value Config(const RecordSetHcl& hcl);

// `object` with another value for one attribute.
wire::Value With(wire::Value object, std::string_view attribute, wire::Value value);

wire::Value SetOf(const std::vector<std::string>& texts);

// TTL and records of a state or a plan: "300 192.0.2.1; 192.0.2.2"; "gone" where there is no object.
std::string Held(const wire::Value& object);

// A string attribute, as a test wants to see it.
std::string Text(const wire::Value& object, std::string_view attribute);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_DNS_RECORD_SET_CONFIG_H_
