#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "provider/backends/dns/message.h"
#include "provider/backends/dns/transfer.h"

// Messages from the network, alone and as a zone transfer. The walk that signatures rely on and the whole reading must
// agree on where a message ends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fediversity::dns;
  std::string_view const input(reinterpret_cast<const char*>(data), size);
  absl::StatusOr<Message> const message = ParseMessage(input);
  absl::StatusOr<std::size_t> const last = FindLastRecord(input);
  if (message.ok()) {
    std::size_t const records =
        message->answers.size() + message->authorities.size() + message->additionals.size();
    if (records == 0 && last.ok()) std::abort();
    if (last.ok() && *last >= size) std::abort();
  }
  TransferReader reader(*Name::ParseAbsolute("example.test"));
  if (reader.Take(input).ok()) static_cast<void>(reader.Take(input));
  static_cast<void>(reader.contents().Sets());
  return 0;
}
