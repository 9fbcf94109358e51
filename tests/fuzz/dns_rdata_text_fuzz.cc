#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "provider/backends/dns/rdata.h"

// The first two octets are the type, the rest is text: what is read is written so that it is read as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fediversity::dns;
  if (size < 2) return 0;
  auto const type = static_cast<RecordType>(data[0] << 8 | data[1]);
  std::string_view const text(reinterpret_cast<const char*>(data) + 2, size - 2);
  absl::StatusOr<Rdata> const read = ParseRdata(type, text, *Name::ParseAbsolute("example.test"));
  if (!read.ok()) return 0;
  absl::StatusOr<Rdata> const again = ParseRdata(type, FormatRdata(*read), Name());
  if (!again.ok() || *again != *read || again->canonical() != read->canonical()) std::abort();
  // Only `\#` may lead to data that has no text of its own.
  bool const generic = text.find("\\#") != std::string_view::npos;
  if (!generic && FormatRdata(*read).starts_with("\\#")) std::abort();
  return 0;
}
