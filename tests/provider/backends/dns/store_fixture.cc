#include "tests/provider/backends/dns/store_fixture.h"

#include <utility>

namespace fediversity::dns {

void StoreTest::StartServer(std::string records, std::string statements) {
  if (statements.empty()) statements = "allow-update { key tofu; }; allow-transfer { key tofu; };";
  options_.keys.push_back(key_);
  options_.zones.insert(
      options_.zones.begin(),
      {.name = "example.test", .records = std::move(records), .statements = std::move(statements)});
  absl::StatusOr<std::unique_ptr<testing::Named>> server = testing::Named::Start(options_);
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
}

Rfc2136Settings StoreTest::Settings(std::uint16_t port) const {
  Rfc2136Settings settings;
  settings.update = {
      .server = "127.0.0.1",
      .port = port == 0 ? server_->port() : port,
      .tsig = TsigSettings{.name = key_.name, .algorithm = key_.algorithm, .secret = Secret(key_.secret)}};
  return settings;
}

std::unique_ptr<RecordStore> StoreTest::Store(Rfc2136Settings settings,
                                              const std::function<absl::Time()>& clock) {
  absl::StatusOr<std::unique_ptr<RecordStore>> store = MakeRfc2136Store(std::move(settings), clock);
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

RecordSetKey StoreTest::Key(std::string_view name, std::string_view type) const {
  return {.zone = zone_, .name = *Name::Parse(name, zone_), .type = *ParseRecordType(type)};
}

RecordSet StoreTest::Set(std::string_view name, std::string_view type, std::uint32_t ttl,
                         const std::vector<std::string>& records) const {
  RecordSetKey const key = Key(name, type);
  std::vector<Rdata> parsed;
  for (const std::string& record : records) {
    absl::StatusOr<Rdata> data = ParseRdata(key.type, record, zone_);
    EXPECT_TRUE(data.ok()) << data.status();
    if (data.ok()) parsed.push_back(*std::move(data));
  }
  return CollectRecordSet(key, ttl, std::move(parsed));
}

std::string StoreTest::Show(const absl::StatusOr<RecordSet>& set) {
  if (!set.ok()) return set.status().ToString();
  std::string text = std::to_string(set->ttl);
  for (const Rdata& record : set->records) text += Cat({" ", FormatRdata(record)});
  return text;
}

}  // namespace fediversity::dns
