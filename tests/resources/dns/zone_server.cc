#include "tests/resources/dns/zone_server.h"

#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::testing {
namespace {

absl::StatusOr<dns::RecordSetKey> KeyOf(std::string_view name, std::string_view type) {
  dns::RecordSetKey key;
  ASSIGN_OR_RETURN(key.zone, dns::Name::ParseAbsolute("example.test"));
  ASSIGN_OR_RETURN(key.name, dns::Name::Parse(name, key.zone));
  ASSIGN_OR_RETURN(key.type, dns::ParseRecordType(type));
  return key;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ZoneServer>> ZoneServer::Start(const Setup& setup) {
  std::unique_ptr<ZoneServer> server(new ZoneServer);
  server->key_ = MakeNamedKey("tofu");
  NamedZone zone = {.name = "example.test", .records = setup.records, .statements = setup.statements};
  if (zone.statements.empty()) zone.statements = "allow-update { key tofu; }; allow-transfer { key tofu; };";
  ASSIGN_OR_RETURN(server->named_, Named::Start({.keys = {server->key_}, .zones = {std::move(zone)}}));
  return server;
}

dns::Rfc2136Settings ZoneServer::Settings(std::uint16_t port) const {
  return {.update = {.server = "127.0.0.1",
                     .port = port == 0 ? named_->port() : port,
                     .tsig = dns::TsigSettings{
                         .name = key_.name, .algorithm = key_.algorithm, .secret = Secret(key_.secret)}}};
}

// Without a transfer, so that every answer is the server's of this moment.
absl::StatusOr<std::unique_ptr<dns::RecordStore>> ZoneServer::Aside() const {
  dns::Rfc2136Settings settings = Settings();
  settings.use_transfer = false;
  return dns::MakeRfc2136Store(std::move(settings));
}

std::string ZoneServer::Holds(std::string_view name, std::string_view type) const {
  auto const key = KeyOf(name, type);
  auto const store = Aside();
  if (!key.ok() || !store.ok()) return "unreadable";
  auto const set = (*store)->Read(*key, {.cancel = never_});
  if (absl::IsNotFound(set.status())) return "absent";
  if (!set.ok()) return set.status().ToString();
  std::vector<std::string> records;
  for (const dns::Rdata& record : set->records) records.push_back(dns::FormatRdata(record));
  return Cat({std::to_string(set->ttl), " ", Join(records, "; ")});
}

absl::Status ZoneServer::Put(std::string_view name, std::string_view type, std::uint32_t ttl,
                             const std::vector<std::string>& records) const {
  ASSIGN_OR_RETURN(dns::RecordSetKey const key, KeyOf(name, type));
  std::vector<dns::Rdata> parsed;
  for (const std::string& record : records) {
    ASSIGN_OR_RETURN(dns::Rdata data, dns::ParseRdata(key.type, record, key.zone));
    parsed.push_back(std::move(data));
  }
  ASSIGN_OR_RETURN(dns::RecordSet const wish, dns::MakeRecordSet(key, ttl, std::move(parsed)));
  ASSIGN_OR_RETURN(auto const store, Aside());
  auto const held = store->Read(key, {.cancel = never_});
  if (absl::IsNotFound(held.status())) return store->Create(wish, {.cancel = never_}).status();
  RETURN_IF_ERROR(held.status());
  return store->Replace(*held, wish, {.cancel = never_}).status();
}

absl::Status ZoneServer::Remove(std::string_view name, std::string_view type) const {
  ASSIGN_OR_RETURN(dns::RecordSetKey const key, KeyOf(name, type));
  ASSIGN_OR_RETURN(auto const store, Aside());
  ASSIGN_OR_RETURN(dns::RecordSet const held, store->Read(key, {.cancel = never_}));
  return store->Delete(held, {.cancel = never_});
}

}  // namespace fediversity::testing
