#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "provider/http/proxy.h"

// The first line is HTTP_PROXY, the second NO_PROXY, the third the host. A list that covers a host still does with
// more entries, and with one that covers everything; and then there is no proxy.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fediversity::http::IsExcludedFromProxy;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  auto line = [&rest] {
    std::size_t const end = rest.find('\n');
    std::string taken(rest.substr(0, end));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    return taken;
  };
  std::string const variable = line();
  std::string const list = line();
  fediversity::http::Endpoint endpoint{.host = line(), .port = 80};
  bool const excluded = IsExcludedFromProxy(list, endpoint.host, endpoint.port);
  if (excluded && !IsExcludedFromProxy("other.example," + list, endpoint.host, endpoint.port)) std::abort();
  if (!IsExcludedFromProxy(list + ",*", endpoint.host, endpoint.port)) std::abort();
  auto const proxy =
      fediversity::http::ProxyFor(endpoint, [&](const std::string& name) -> std::optional<std::string> {
        if (name == "HTTP_PROXY") return variable;
        if (name == "NO_PROXY") return list;
        return std::nullopt;
      });
  if (excluded && proxy.ok() && proxy->has_value()) std::abort();
  return 0;
}
