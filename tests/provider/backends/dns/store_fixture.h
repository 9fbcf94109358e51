#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_DNS_STORE_FIXTURE_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_DNS_STORE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "provider/backends/dns/rfc2136_store.h"
#include "provider/base/text.h"
#include "tests/support/named/named.h"

namespace fediversity::dns {

// A BIND with the zone example.test, which the key `tofu` may update and transfer.
class StoreTest : public ::testing::Test {
 protected:
  void StartServer(std::string records = "", std::string statements = "");
  // Settings for the server and its key; `port` 0 is the server's own.
  Rfc2136Settings Settings(std::uint16_t port = 0) const;
  std::unique_ptr<RecordStore> Store() const { return Store(Settings()); }
  static std::unique_ptr<RecordStore> Store(Rfc2136Settings settings,
                                            const std::function<absl::Time()>& clock = absl::Now);

  RecordSetKey Key(std::string_view name, std::string_view type) const;
  RecordSet Set(std::string_view name, std::string_view type, std::uint32_t ttl,
                const std::vector<std::string>& records) const;
  // "300 192.0.2.1 192.0.2.2", or the status code.
  static std::string Show(const absl::StatusOr<RecordSet>& set);

  CancelToken cancel_;
  CallLimits const limits_{.cancel = cancel_};
  testing::NamedKey key_ = testing::MakeNamedKey("tofu");
  testing::NamedOptions options_;
  Name zone_ = *Name::ParseAbsolute("example.test");
  std::unique_ptr<testing::Named> server_;
};

MATCHER_P2(FailsWith, code, text, "") {
  const absl::Status& status = arg;
  *result_listener << status;
  return status.code() == code &&
         ::testing::Matches(::testing::HasSubstr(text))(std::string(status.message()));
}

inline absl::Status StatusOf(const absl::Status& status) { return status; }
template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

#define EXPECT_FAILS(expression, code, text)            \
  EXPECT_THAT(::fediversity::dns::StatusOf(expression), \
              ::fediversity::dns::FailsWith(absl::StatusCode::code, text))

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_DNS_STORE_FIXTURE_H_
