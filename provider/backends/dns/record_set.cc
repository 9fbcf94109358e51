#include "provider/backends/dns/record_set.h"

#include <algorithm>

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

constexpr std::uint32_t kMaxTtl = 0x7FFFFFFF;

absl::Status Bad(const RecordSetKey& key, std::string_view why) {
  return absl::InvalidArgumentError(Cat({"record set ", Describe(key), " is not possible\n", why}));
}

}  // namespace

absl::Status CheckKey(const RecordSetKey& key) {
  RETURN_IF_ERROR(CheckManageable(key.type));
  if (!key.name.IsWithin(key.zone)) {
    return Bad(key, Cat({"The name ", key.name.ToText(), " is outside the zone ", key.zone.ToText(),
                         " A trailing dot makes a name absolute; without it the zone is appended."}));
  }
  if (key.name == key.zone && key.type == RecordType::kCname) {
    return Bad(
        key,
        "A CNAME cannot stand at the apex of a zone, beside the SOA and NS records that every zone has there "
        "(RFC 1034, 3.6.2). Use A and AAAA records, or HTTPS in alias mode.");
  }
  if (key.name == key.zone && key.type == RecordType::kDs) {
    return Bad(key, "DS records of a zone stand in its parent zone (RFC 4035, 2.4), not at its own apex.");
  }
  return absl::OkStatus();
}

absl::StatusOr<RecordSet> MakeRecordSet(RecordSetKey key, std::uint32_t ttl, std::vector<Rdata> records) {
  RETURN_IF_ERROR(CheckKey(key));
  if (records.empty()) return Bad(key, "It has no record.");
  if (ttl > kMaxTtl) return Bad(key, "Its TTL is over 2147483647 seconds (RFC 2181, 8).");
  for (const Rdata& record : records) {
    if (record.type() != key.type) {
      return Bad(key, Cat({"One of its records is of type ", RecordTypeName(record.type()), "."}));
    }
  }
  std::sort(records.begin(), records.end());
  if (auto const twin = std::adjacent_find(records.begin(), records.end()); twin != records.end()) {
    return Bad(key, Cat({"The record ", FormatRdata(*twin), " is given twice."}));
  }
  if (records.size() > 1 && (key.type == RecordType::kCname || key.type == RecordType::kDname)) {
    return Bad(key, Cat({"A name has at most one ", RecordTypeName(key.type), " record."}));
  }
  return RecordSet{.key = std::move(key), .ttl = ttl, .records = std::move(records)};
}

RecordSet CollectRecordSet(RecordSetKey key, std::uint32_t ttl, std::vector<Rdata> records) {
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  return RecordSet{.key = std::move(key), .ttl = ttl, .records = std::move(records)};
}

std::string Describe(const RecordSetKey& key) {
  return Cat({key.name.ToPlainText(), " ", RecordTypeName(key.type)});
}

std::string Describe(const RecordSet& set) {
  constexpr std::size_t kShown = 400;
  std::vector<std::string> records;
  records.reserve(set.records.size());
  for (const Rdata& record : set.records) records.push_back(FormatRdata(record));
  std::string text =
      Cat({std::to_string(set.ttl), " IN ", RecordTypeName(set.key.type), " ", Join(records, "; ")});
  if (text.size() > kShown) text = Cat({text.substr(0, kShown), "..."});
  return text;
}

}  // namespace fediversity::dns
