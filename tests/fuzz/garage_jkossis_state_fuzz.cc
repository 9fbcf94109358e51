// States of jkossis/garage as the host hands them over for `moved`. Whatever they hold, the answer is a diagnostic or a
// state that conforms to the schema.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string_view>

#include "provider/backends/backends.h"
#include "provider/schema/engine.h"
#include "provider/wire/msgpack.h"
#include "resources/garage/bucket.h"
#include "resources/garage/bucket_access.h"
#include "resources/garage/key.h"

namespace {

using namespace fediversity;

struct Kind {
  const char* type_name;
  std::unique_ptr<schema::AnyResource> (*make)(const Backends& backends);
};

constexpr Kind kKinds[] = {
    {"garage_bucket",
     [](const Backends& backends) { return resources::MakeGarageBucket(backends.garage, backends.journal); }},
    {"garage_key",
     [](const Backends& backends) { return resources::MakeGarageKey(backends.garage, backends.journal); }},
    {"garage_bucket_permission",
     [](const Backends& backends) { return resources::MakeGarageBucketAccess(backends.garage); }}};

}  // namespace

// The first byte says which of their types it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Backends const backends;
  const Kind& kind = kKinds[data[0] % std::size(kKinds)];
  auto const resource = kind.make(backends);
  schema::ForeignState source{.provider_address = "registry.opentofu.org/jkossis/garage",
                              .type_name = kind.type_name,
                              .schema_version = 0,
                              .state = {}};
  std::string_view const json(reinterpret_cast<const char*>(data) + 1, size - 1);
  schema::StateResponse const answer = schema::MoveState(*resource, source, json);
  if (answer.diagnostics.has_errors()) return 0;
  if (!wire::EncodeMsgpack(answer.state, resource->table().type).ok()) std::abort();
  return 0;
}
