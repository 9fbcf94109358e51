#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "provider/http/endpoint.h"
#include "provider/http/fingerprint.h"

// A URL that is taken for an endpoint means the same once it is written out again; so does a fingerprint.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fediversity::http::ParseEndpoint;
  using fediversity::http::ParseFingerprint;
  std::string_view const text(reinterpret_cast<const char*>(data), size);
  if (auto const endpoint = ParseEndpoint(text); endpoint.ok()) {
    std::string const url = endpoint->Url();
    auto const again = ParseEndpoint(url);
    if (!again.ok() || again->Url() != url || again->port != endpoint->port || again->tls != endpoint->tls)
      std::abort();
  }
  if (auto const fingerprint = ParseFingerprint(text); fingerprint.ok()) {
    auto const again = ParseFingerprint(fediversity::http::ToText(*fingerprint));
    if (!again.ok() || *again != *fingerprint) std::abort();
  }
  return 0;
}
