#ifndef FEDIVERSITY_TESTS_RESOURCES_DNS_ZONE_SERVER_H_
#define FEDIVERSITY_TESTS_RESOURCES_DNS_ZONE_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/dns/rfc2136_store.h"
#include "provider/base/cancel.h"
#include "tests/support/named/named.h"

namespace fediversity::testing {

// A BIND with the zone example.test and a key `tofu` that may update and transfer it, unless told otherwise.
// Looks at the server and changes it as somebody else would: past the store that a test works with.
class ZoneServer {
 public:
  struct Setup {
    std::string records;     // see NamedZone
    std::string statements;  // of the zone; left out: the key may do everything
  };
  static absl::StatusOr<std::unique_ptr<ZoneServer>> Start(const Setup& setup);
  static absl::StatusOr<std::unique_ptr<ZoneServer>> Start() { return Start(Setup()); }

  Named& named() { return *named_; }
  const NamedKey& key() const { return key_; }
  // How to reach it with its key; `port` 0 is the server's own.
  dns::Rfc2136Settings Settings(std::uint16_t port = 0) const;

  // What the server holds now, "300 192.0.2.1; 192.0.2.2", or "absent".
  std::string Holds(std::string_view name, std::string_view type) const;
  // Has the set hold these records, whatever it holds now.
  absl::Status Put(std::string_view name, std::string_view type, std::uint32_t ttl,
                   const std::vector<std::string>& records) const;
  absl::Status Remove(std::string_view name, std::string_view type) const;

 private:
  ZoneServer() = default;
  absl::StatusOr<std::unique_ptr<dns::RecordStore>> Aside() const;

  NamedKey key_;
  std::unique_ptr<Named> named_;
  CancelToken never_;
};

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_RESOURCES_DNS_ZONE_SERVER_H_
