#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_TRANSFER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_TRANSFER_H_

#include "absl/status/statusor.h"
#include "provider/backends/dns/connection.h"
#include "provider/backends/dns/zone_contents.h"

namespace fediversity::dns {

// Takes the messages of one zone transfer (RFC 5936): everything between two equal SOA records.
class TransferReader {
 public:
  explicit TransferReader(const Name& zone) : contents_(zone) {}

  // True once the transfer is complete. InvalidArgument for anything that is no part of this transfer. An
  // answer other than NOERROR ends it too: then `rcode` is not kNoError.
  absl::StatusOr<bool> Take(std::string_view wire);

  Rcode rcode() const { return rcode_; }
  ZoneContents& contents() { return contents_; }

 private:
  absl::Status CheckHeader(const Message& message) const;

  ZoneContents contents_;
  std::optional<std::string> soa_;
  bool complete_ = false;
  Rcode rcode_ = Rcode::kNoError;
};

// The whole zone, every message proven by the connection's key. A transfer that is cut short, unsigned where
// a key is configured, garbled or of another zone is refused as a whole. PermissionDenied or InvalidArgument
// where the server refuses it or is not authoritative; servers differ in which they say.
absl::StatusOr<ZoneContents> TransferZone(Connection& connection, const Name& zone, const CallLimits& limits);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_TRANSFER_H_
