#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_WRITER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_WRITER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/dns/diagnosis.h"
#include "provider/backends/dns/dns_server.h"
#include "provider/backends/dns/record_set.h"
#include "provider/backends/dns/zone_contents.h"

namespace fediversity::dns {

// The writes of RecordStore as single updates: requirements and changes go in one message, which the server
// takes whole or not at all; then the result is read back, since servers drop what they do not like without a
// word. Keeps nothing; the status codes are those of RecordStore.
class RecordWriter {
 public:
  explicit RecordWriter(DnsServer& server) : server_(server) {}

  // Answers FailedPrecondition where the zone would hold the set but never show it.
  absl::Status CheckVisible(const RecordSetKey& key, const CallLimits& limits);
  // That answer, where what hides the set is known by other means.
  absl::Status HiddenBy(const Occlusion& occlusion, const RecordSetKey& key);

  absl::StatusOr<RecordSet> Create(const RecordSet& wish, const CallLimits& limits);
  absl::StatusOr<RecordSet> Replace(const RecordSet& expected, const RecordSet& wish,
                                    const CallLimits& limits);
  absl::Status Delete(const RecordSet& expected, const CallLimits& limits);

 private:
  // What the server holds after an update that should have led to `wish`.
  absl::StatusOr<RecordSet> ReadBack(const RecordSet& wish, const std::string& what,
                                     const CallLimits& limits);
  // For an update that the server made, whose result could not be read back.
  absl::Status MadeButUnseen(const absl::Status& why, const RecordSetKey& key, const std::string& what);
  // Why Create met something: the set itself, an alias or other data.
  absl::StatusOr<RecordSet> ExplainExisting(const RecordSet& wish, const UpdateAnswer& answer,
                                            const std::string& what, const CallLimits& limits);
  absl::StatusOr<RecordSet> TryReplace(const RecordSet& expected, const RecordSet& wish, bool may_repeat,
                                       const CallLimits& limits);
  absl::Status TryDelete(const RecordSet& expected, bool may_repeat, const CallLimits& limits);

  absl::Status Fail(absl::StatusCode code, const RecordSetKey& key, const std::string& what,
                    std::string_view summary, std::string_view detail);

  DnsServer& server_;
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_WRITER_H_
