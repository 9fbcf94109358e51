// Raw states as the host hands them over: of our own resource at any version, and of hashicorp/dns for `moved`.
// Whatever they hold, the answer is a diagnostic or a state that conforms to the schema.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "provider/backends/backends.h"
#include "provider/schema/engine.h"
#include "provider/wire/msgpack.h"
#include "resources/dns/record_set.h"

namespace fediversity {
namespace {

constexpr const char* kForeignTypes[] = {"dns_a_record_set",   "dns_aaaa_record_set", "dns_cname_record",
                                         "dns_mx_record_set",  "dns_ns_record_set",   "dns_ptr_record",
                                         "dns_srv_record_set", "dns_txt_record_set"};

void RequireConforming(const schema::AnyResource& resource, const schema::StateResponse& answer) {
  if (answer.diagnostics.has_errors()) return;
  if (!wire::EncodeMsgpack(answer.state, resource.table().type).ok()) std::abort();
}

}  // namespace
}  // namespace fediversity

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fediversity;
  if (size == 0) return 0;
  Backends const backends;
  auto const resource = resources::MakeDnsRecordSet(backends.dns, backends.journal);
  std::string_view const json(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::size_t const kind = data[0] % (std::size(kForeignTypes) + 2);
  if (kind < std::size(kForeignTypes)) {
    schema::ForeignState source{.provider_address = "registry.opentofu.org/hashicorp/dns",
                                .type_name = kForeignTypes[kind],
                                .schema_version = 0,
                                .state = {}};
    RequireConforming(*resource, schema::MoveState(*resource, source, json));
  } else {
    auto const version = static_cast<std::int64_t>(kind - std::size(kForeignTypes));
    RequireConforming(*resource, schema::UpgradeState(*resource, version, json));
  }
  return 0;
}
