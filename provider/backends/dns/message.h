#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_MESSAGE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/dns/name.h"
#include "provider/backends/dns/record_type.h"

// DNS messages (RFC 1035, 4) without the frame of TCP.
namespace fediversity::dns {

inline constexpr std::uint16_t kClassIn = 1;
inline constexpr std::uint16_t kClassNone = 254;
inline constexpr std::uint16_t kClassAny = 255;
inline constexpr std::size_t kHeaderSize = 12;
inline constexpr std::size_t kMaxMessage = 65535;

enum class Opcode : std::uint8_t { kQuery = 0, kUpdate = 5 };

// IANA's registry "DNS RCODEs", those that a header can hold.
enum class Rcode : std::uint8_t {
  kNoError = 0,
  kFormErr = 1,
  kServFail = 2,
  kNxDomain = 3,
  kNotImp = 4,
  kRefused = 5,
  kYxDomain = 6,
  kYxRrset = 7,
  kNxRrset = 8,
  kNotAuth = 9,
  kNotZone = 10,
};
std::string RcodeName(Rcode rcode);  // "REFUSED", "RCODE11"

struct Question {
  Name name;
  RecordType type = RecordType::kA;
  std::uint16_t klass = kClassIn;
};

// `data` is uncompressed; it may be empty whatever the type, as updates have it.
struct Record {
  Name name;
  RecordType type = RecordType::kA;
  std::uint16_t klass = kClassIn;
  std::uint32_t ttl = 0;
  std::string data;
};

struct Message {
  std::uint16_t id = 0;
  bool response = false;
  Opcode opcode = Opcode::kQuery;
  bool authoritative = false;
  bool truncated = false;
  Rcode rcode = Rcode::kNoError;
  std::vector<Question> questions;
  std::vector<Record> answers;
  std::vector<Record> authorities;
  std::vector<Record> additionals;
};

// InvalidArgument unless `wire` is one whole well-formed message, with well-formed data in every record.
absl::StatusOr<Message> ParseMessage(std::string_view wire);

// Where the last record starts; InvalidArgument where there is none, or a TSIG record stands before it.
absl::StatusOr<std::size_t> FindLastRecord(std::string_view wire);

// A query of class IN without recursion.
std::string BuildQuery(std::uint16_t id, const Name& name, RecordType type);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_MESSAGE_H_
