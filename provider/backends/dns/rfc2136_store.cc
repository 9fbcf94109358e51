#include "provider/backends/dns/rfc2136_store.h"

#include <utility>

#include "provider/backends/dns/access_check.h"
#include "provider/backends/dns/connection.h"
#include "provider/backends/dns/direct_read.h"
#include "provider/backends/dns/dns_server.h"
#include "provider/backends/dns/record_writer.h"
#include "provider/backends/dns/secondary.h"
#include "provider/backends/dns/transfer.h"
#include "provider/backends/dns/zone_cache.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(const ServerSettings& settings,
                                                           absl::Duration timeout, const TimeSource& clock) {
  Endpoint endpoint{.host = settings.server, .port = settings.port};
  if (endpoint.host.starts_with('[') && endpoint.host.ends_with(']')) {
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  }
  if (endpoint.host.empty() || endpoint.host.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(
        "no DNS server is configured\nGive the name or address of the zone's primary server.");
  }
  if (endpoint.port == 0)
    return absl::InvalidArgumentError("the port of the DNS server is 0\nThe usual one is 53.");
  std::optional<TsigKey> key;
  if (settings.tsig.has_value()) {
    ASSIGN_OR_RETURN(key, MakeTsigKey(settings.tsig->name, settings.tsig->algorithm, settings.tsig->secret));
  }
  return std::make_unique<Connection>(std::move(endpoint), std::move(key), timeout, clock);
}

std::string ServiceOf(const Connection& update) {
  std::string const server = update.endpoint().ToText();
  return update.key().has_value() ? Cat({server, " ", update.key()->name.ToText()}) : server;
}

class Rfc2136Store final : public RecordStore {
 public:
  // `transfer` is null where transfers go to the update server with its key.
  Rfc2136Store(std::unique_ptr<Connection> update, std::unique_ptr<Connection> transfer, bool use_transfer,
               absl::Duration timeout)
      : service_(ServiceOf(*update)),
        update_(std::move(update)),
        transfer_(std::move(transfer)),
        use_transfer_(use_transfer),
        timeout_(timeout),
        server_(*update_),
        writer_(server_),
        cache_([this](const Name& zone, const CallLimits& limits) { return Transfer(zone, limits); }) {}

  const std::string& service() const override { return service_; }
  absl::StatusOr<RecordSet> Read(const RecordSetKey& key, const CallLimits& limits) override;
  absl::StatusOr<std::vector<RecordSet>> ListZone(const Name& zone, const CallLimits& limits) override {
    return cache_.List(zone, limits);
  }
  absl::StatusOr<RecordSet> Create(const RecordSet& wish, const CallLimits& limits) override;
  absl::StatusOr<RecordSet> Replace(const RecordSet& expected, const RecordSet& wish,
                                    const CallLimits& limits) override;
  absl::Status Delete(const RecordSet& expected, const CallLimits& limits) override;
  std::vector<AccessFinding> CheckAccess(const Name& zone, const CallLimits& limits) override;

 private:
  absl::StatusOr<ZoneContents> Transfer(const Name& zone, const CallLimits& limits);
  absl::Status CheckVisible(const RecordSetKey& key, const CallLimits& limits);
  // Notes what a write led to.
  absl::StatusOr<RecordSet> Noted(const RecordSetKey& key, absl::StatusOr<RecordSet> result);

  std::string const service_;
  std::unique_ptr<Connection> const update_;
  std::unique_ptr<Connection> const transfer_;
  bool const use_transfer_;
  absl::Duration const timeout_;
  DnsServer server_;
  RecordWriter writer_;
  ZoneCache cache_;
};

absl::StatusOr<ZoneContents> Rfc2136Store::Transfer(const Name& zone, const CallLimits& limits) {
  if (!use_transfer_) {
    return absl::FailedPreconditionError(
        "zone transfers are switched off\nThis needs one; the setting of the DNS provider "
        "that switches them off has to go.");
  }
  if (transfer_ == nullptr) return TransferZone(*update_, zone, limits);
  if (transfer_->endpoint() != update_->endpoint()) {
    DnsServer secondary(*transfer_);
    RETURN_IF_ERROR(AwaitSecondary(server_, secondary, zone, timeout_, limits));
  }
  return TransferZone(*transfer_, zone, limits);
}

absl::StatusOr<RecordSet> Rfc2136Store::Read(const RecordSetKey& key, const CallLimits& limits) {
  std::string const what = Cat({"reading ", Describe(key)});
  ASSIGN_OR_RETURN(ZoneCache::Found const found, cache_.Find(key, limits));
  if (found.answer == ZoneCache::Answer::kPresent) return *found.set;
  if (found.answer == ZoneCache::Answer::kAbsent) {
    Attempted const attempted{Purpose::kTransfer, what, key.zone,
                              transfer_ == nullptr ? *update_ : *transfer_};
    return Failure(absl::StatusCode::kNotFound, attempted,
                   Cat({"record set ", Describe(key), " does not exist"}),
                   "The zone was transferred and does not hold it.");
  }
  absl::StatusOr<RecordSet> read = ReadDirectly(server_, key, what, limits);
  absl::Status const refusal = cache_.Refusal(key.zone);
  if (absl::IsPermissionDenied(read.status()) && use_transfer_ && !refusal.ok()) {
    return absl::PermissionDeniedError(
        Cat({ToStd(read.status().message()),
             "\nThe zone cannot be transferred either: ", ToStd(refusal.message())}));
  }
  return read;
}

absl::Status Rfc2136Store::CheckVisible(const RecordSetKey& key, const CallLimits& limits) {
  std::optional<Occlusion> occlusion;
  bool const known = cache_.Peek(key.zone, [&occlusion, &key](const ZoneContents& contents) {
    occlusion = FindOcclusion(contents, key);
  });
  if (!known) return writer_.CheckVisible(key, limits);
  if (occlusion.has_value()) return writer_.HiddenBy(*occlusion, key);
  return absl::OkStatus();
}

absl::StatusOr<RecordSet> Rfc2136Store::Noted(const RecordSetKey& key, absl::StatusOr<RecordSet> result) {
  if (result.ok()) {
    cache_.Put(*result);
  } else {
    cache_.Doubt(key);
  }
  return result;
}

absl::StatusOr<RecordSet> Rfc2136Store::Create(const RecordSet& wish, const CallLimits& limits) {
  RETURN_IF_ERROR(CheckKey(wish.key));
  RETURN_IF_ERROR(CheckVisible(wish.key, limits));
  return Noted(wish.key, writer_.Create(wish, limits));
}

absl::StatusOr<RecordSet> Rfc2136Store::Replace(const RecordSet& expected, const RecordSet& wish,
                                                const CallLimits& limits) {
  RETURN_IF_ERROR(CheckKey(wish.key));
  if (expected.key != wish.key) {
    return absl::InvalidArgumentError(
        Cat({"record set ", Describe(expected.key), " cannot become ", Describe(wish.key),
             "\nZone, name and type are what a set is known by."}));
  }
  return Noted(wish.key, writer_.Replace(expected, wish, limits));
}

absl::Status Rfc2136Store::Delete(const RecordSet& expected, const CallLimits& limits) {
  RETURN_IF_ERROR(CheckKey(expected.key));
  absl::Status status = writer_.Delete(expected, limits);
  if (status.ok() || absl::IsNotFound(status)) {
    cache_.Erase(expected.key);
  } else {
    cache_.Doubt(expected.key);
  }
  return status;
}

std::vector<AccessFinding> Rfc2136Store::CheckAccess(const Name& zone, const CallLimits& limits) {
  std::vector<AccessFinding> findings;
  findings.push_back({.right = "query", .status = CheckQuery(server_, zone, limits)});
  findings.push_back({.right = "update", .status = CheckUpdate(server_, zone, limits)});
  if (use_transfer_) {
    // Where updates are allowed, sets can be read one by one.
    bool const needed = !findings.back().status.ok();
    findings.push_back({.right = "transfer", .needed = needed, .status = cache_.Load(zone, limits)});
  }
  return findings;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordStore>> MakeRfc2136Store(Rfc2136Settings settings,
                                                              const TimeSource& clock) {
  if (settings.timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("the timeout of the DNS server is not positive");
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> update,
                   MakeConnection(settings.update, settings.timeout, clock));
  std::unique_ptr<Connection> transfer;
  if (settings.transfer.has_value()) {
    ASSIGN_OR_RETURN(transfer, MakeConnection(*settings.transfer, settings.timeout, clock));
  }
  return std::make_unique<Rfc2136Store>(std::move(update), std::move(transfer), settings.use_transfer,
                                        settings.timeout);
}

}  // namespace fediversity::dns
