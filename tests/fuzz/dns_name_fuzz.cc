#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "provider/backends/dns/name.h"

// Whatever is read as a name is written so that it is read as the same name, and so is whatever is wire form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fediversity::dns::Name;
  std::string_view const input(reinterpret_cast<const char*>(data), size);
  static const Name kZone = *Name::ParseAbsolute("example.test");
  for (absl::StatusOr<Name> const& name :
       {Name::Parse(input, kZone), Name::ParseAbsolute(input), Name::FromWire(input)}) {
    if (!name.ok()) continue;
    if (*Name::ParseAbsolute(name->ToText()) != *name || *Name::FromWire(name->wire()) != *name) std::abort();
    if (*Name::Parse(name->ToTextWithin(kZone), kZone) != *name) std::abort();
    if (name->wire().size() > 255 || (*name <=> *name) != std::strong_ordering::equal) std::abort();
    if (name->IsBelow(kZone) && !name->Parent().IsWithin(kZone)) std::abort();
  }
  return 0;
}
