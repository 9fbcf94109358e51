#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "provider/backends/dns/rdata.h"

// The first two octets are the type, the rest is data as a server sends it: every accepted piece has a text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fediversity::dns;
  if (size < 2) return 0;
  auto const type = static_cast<RecordType>(data[0] << 8 | data[1]);
  std::string_view const wire(reinterpret_cast<const char*>(data) + 2, size - 2);
  absl::StatusOr<Rdata> const read = Rdata::FromWire(type, wire);
  if (!read.ok()) return 0;
  if (read->wire() != wire) std::abort();
  absl::StatusOr<Rdata> const again = ParseRdata(type, FormatRdata(*read), Name());
  if (!again.ok() || *again != *read) std::abort();
  return 0;
}
