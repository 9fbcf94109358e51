#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "provider/backends/dns/message.h"
#include "provider/backends/dns/tsig.h"

// Nobody without the secret makes an answer that passes: not as the first, and not after a stream of others.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fediversity::dns;
  static const TsigKey kKey =
      *MakeTsigKey("tofu", "hmac-sha256", fediversity::Secret("bm90IGEgc2VjcmV0IGF0IGFsbA=="));
  static const TimeSource kClock = [] { return absl::FromUnixSeconds(1700000000); };
  std::string_view const input(reinterpret_cast<const char*>(data), size);
  TsigExchange exchange(kKey, kClock);
  std::string request = BuildQuery(0x1234, *Name::ParseAbsolute("example.test"), RecordType::kSoa);
  if (!exchange.Sign(request).ok()) std::abort();
  absl::StatusOr<std::string> const message = exchange.Verify(input);
  if (message.ok() || exchange.Finish().ok() || exchange.report().verified) std::abort();
  static_cast<void>(exchange.Verify(input));
  return 0;
}
