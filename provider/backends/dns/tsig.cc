#include "provider/backends/dns/tsig.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "provider/backends/dns/message.h"
#include "provider/backends/dns/octets.h"
#include "provider/backends/dns/wire_reader.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

constexpr std::uint16_t kFudge = 300;  // seconds, as RFC 8945, 10 recommends
constexpr int kMaxUnsigned = 99;       // RFC 8945, 5.3.1

struct Algorithm {
  std::string_view name;
  std::string_view wire_name;
  const char* digest;
  std::size_t mac_size;
};

constexpr Algorithm kAlgorithms[] = {
    {"hmac-md5", "hmac-md5.sig-alg.reg.int", "MD5", 16}, {"hmac-sha1", "hmac-sha1", "SHA1", 20},
    {"hmac-sha224", "hmac-sha224", "SHA224", 28},        {"hmac-sha256", "hmac-sha256", "SHA256", 32},
    {"hmac-sha384", "hmac-sha384", "SHA384", 48},        {"hmac-sha512", "hmac-sha512", "SHA512", 64},
};

// A TSIG record's fields (RFC 8945, 4.2).
struct TsigRecord {
  std::size_t start = 0;  // in the message
  Name key;
  std::uint16_t klass = 0;
  std::uint32_t ttl = 0;
  Name algorithm;
  std::uint64_t time_signed = 0;
  std::uint16_t fudge = 0;
  std::string mac;
  std::uint16_t original_id = 0;
  std::uint16_t error = 0;
  std::string other;
};

void Append48(std::string& out, std::uint64_t value) {
  Append16(out, static_cast<unsigned>(value >> 32 & 0xFFFF));
  Append32(out, static_cast<std::uint32_t>(value & 0xFFFFFFFFU));
}

absl::StatusOr<std::uint64_t> Read48(WireReader& reader) {
  ASSIGN_OR_RETURN(std::uint16_t const high, reader.Read16());
  ASSIGN_OR_RETURN(std::uint32_t const low, reader.Read32());
  return std::uint64_t{high} << 32 | low;
}

absl::StatusOr<Name> ReadName(WireReader& reader) {
  ASSIGN_OR_RETURN(std::string const wire, reader.ReadName());
  return Name::FromWire(wire);
}

absl::StatusOr<std::string> ReadSized(WireReader& reader) {
  ASSIGN_OR_RETURN(std::uint16_t const size, reader.Read16());
  ASSIGN_OR_RETURN(std::string_view const octets, reader.ReadOctets(size));
  return std::string(octets);
}

// The TSIG record that ends `message`, nullopt where it ends in another one or has none.
absl::StatusOr<std::optional<TsigRecord>> ReadTsig(std::string_view message) {
  if (message.size() < kHeaderSize) return absl::InvalidArgumentError("the message has no header");
  if (Get16(message, 10) == 0) return std::nullopt;
  TsigRecord record;
  ASSIGN_OR_RETURN(record.start, FindLastRecord(message));
  WireReader reader(message, record.start);
  ASSIGN_OR_RETURN(record.key, ReadName(reader));
  ASSIGN_OR_RETURN(std::uint16_t const type, reader.Read16());
  if (type != static_cast<std::uint16_t>(RecordType::kTsig)) return std::nullopt;
  ASSIGN_OR_RETURN(record.klass, reader.Read16());
  ASSIGN_OR_RETURN(record.ttl, reader.Read32());
  RETURN_IF_ERROR(reader.Read16().status());  // size, which FindLastRecord has checked
  ASSIGN_OR_RETURN(record.algorithm, ReadName(reader));
  ASSIGN_OR_RETURN(record.time_signed, Read48(reader));
  ASSIGN_OR_RETURN(record.fudge, reader.Read16());
  ASSIGN_OR_RETURN(record.mac, ReadSized(reader));
  ASSIGN_OR_RETURN(record.original_id, reader.Read16());
  ASSIGN_OR_RETURN(record.error, reader.Read16());
  ASSIGN_OR_RETURN(record.other, ReadSized(reader));
  if (reader.left() != 0) return absl::InvalidArgumentError("the TSIG record goes on after its end");
  return record;
}

absl::StatusOr<std::string> Hmac(const TsigKey& key, std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac;
  unsigned size = 0;
  const EVP_MD* const digest = EVP_get_digestbyname(key.digest);
  const std::string& secret = key.secret.Reveal();
  if (digest == nullptr ||
      HMAC(digest, secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(), mac.data(), &size) == nullptr) {
    return absl::FailedPreconditionError(
        Cat({"OpenSSL refuses HMAC with ", key.digest,
             "\nIts configuration may forbid old algorithms; hmac-sha256 is safe everywhere."}));
  }
  return std::string(reinterpret_cast<const char*>(mac.data()), size);
}

// RFC 8945, 4.3.3.
std::string Variables(const TsigKey& key, const TsigRecord& record) {
  std::string out = key.name.wire();
  Append16(out, kClassAny);
  Append32(out, 0);
  out += key.algorithm.wire();
  Append48(out, record.time_signed);
  Append16(out, record.fudge);
  Append16(out, record.error);
  Append16(out, static_cast<unsigned>(record.other.size()));
  return out + record.other;
}

std::string Sized(std::string_view mac) {
  std::string out;
  Append16(out, static_cast<unsigned>(mac.size()));
  out += mac;
  return out;
}

absl::Status Refused(std::string_view why) { return absl::UnauthenticatedError(ToAbsl(why)); }

std::uint64_t UnixSeconds(absl::Time time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(absl::ToUnixSeconds(time), 0));
}

}  // namespace

std::string TsigAlgorithmNames() {
  std::vector<std::string_view> names;
  for (const Algorithm& algorithm : kAlgorithms) names.push_back(algorithm.name);
  return Join(names, ", ");
}

absl::StatusOr<TsigKey> MakeTsigKey(std::string_view name, std::string_view algorithm, const Secret& base64) {
  TsigKey key;
  absl::StatusOr<Name> const parsed = Name::ParseAbsolute(name);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(Cat({"bad name of a TSIG key\n", ToStd(parsed.status().message())}));
  }
  key.name = *parsed;
  std::string wanted = absl::AsciiStrToLower(ToAbsl(algorithm));
  if (wanted.ends_with('.')) wanted.pop_back();
  for (const Algorithm& known : kAlgorithms) {
    if (wanted != known.name && wanted != known.wire_name) continue;
    ASSIGN_OR_RETURN(key.algorithm, Name::ParseAbsolute(known.wire_name));
    key.digest = known.digest;
    key.mac_size = known.mac_size;
  }
  if (key.digest == nullptr) {
    return absl::InvalidArgumentError(
        Cat({"unknown TSIG algorithm \"", ValidUtf8(algorithm), "\" of key ", key.name.ToPlainText(),
             "\nKnown are ", TsigAlgorithmNames(), "."}));
  }
  std::string octets;
  if (!absl::Base64Unescape(base64.Reveal(), &octets) || octets.empty()) {
    return absl::InvalidArgumentError(
        Cat({"the secret of TSIG key ", key.name.ToPlainText(),
             " is no base64\nIt is what tsig-keygen prints after \"secret\"."}));
  }
  key.secret = Secret(std::move(octets));
  return key;
}

std::string TsigErrorName(std::uint16_t error) {
  switch (error) {
    case kTsigBadSig: return "BADSIG";
    case kTsigBadKey: return "BADKEY";
    case kTsigBadTime: return "BADTIME";
    case kTsigBadTrunc: return "BADTRUNC";
    default: return Cat({"TSIG error ", std::to_string(error)});
  }
}

absl::Status TsigExchange::Sign(std::string& request) {
  TsigRecord record;
  record.time_signed = UnixSeconds(clock_());
  record.fudge = kFudge;
  id_ = Get16(request, 0);
  ASSIGN_OR_RETURN(prior_mac_, Hmac(key_, request + Variables(key_, record)));

  std::string data = key_.algorithm.wire();
  Append48(data, record.time_signed);
  Append16(data, kFudge);
  data += Sized(prior_mac_);
  Append16(data, id_);
  Append32(data, 0);  // no error, no other data
  request += key_.name.wire();
  Append16(request, static_cast<unsigned>(RecordType::kTsig));
  Append16(request, kClassAny);
  Append32(request, 0);
  request += Sized(data);
  Put16(request, 10, Get16(request, 10) + 1U);
  return absl::OkStatus();
}

absl::StatusOr<std::string> TsigExchange::Verify(std::string_view answer) {
  report_ = {};
  ASSIGN_OR_RETURN(std::optional<TsigRecord> const found, ReadTsig(answer));
  if (Get16(answer, 0) != id_) return Refused("the answer has the id of another request");
  if (!found.has_value()) {
    report_.missing = true;
    if (first_) return Refused("the answer is not signed");
    if (++unsigned_count_ > kMaxUnsigned) return Refused("more than 99 messages in a row are not signed");
    unsigned_ += answer;
    return std::string(answer);
  }
  const TsigRecord& record = *found;
  std::uint64_t const now = UnixSeconds(clock_());
  auto ahead = [now](std::uint64_t time) {
    return absl::Seconds(static_cast<std::int64_t>(time) - static_cast<std::int64_t>(now));
  };
  report_.error = record.error;
  if (record.error == kTsigBadTime && record.other.size() == 6) {
    report_.server_ahead = ahead(std::uint64_t{Get16(record.other)} << 32 | Get32(record.other, 2));
  }
  if (record.klass != kClassAny || record.ttl != 0)
    return Refused("its TSIG record has a wrong class or TTL");
  if (record.key != key_.name)
    return Refused(Cat({"it is signed with another key, ", record.key.ToPlainText()}));
  if (record.algorithm != key_.algorithm) {
    return Refused(Cat({"it is signed with another algorithm, ", record.algorithm.ToPlainText()}));
  }
  if (record.original_id != id_) return Refused("its TSIG record has the id of another request");
  if (record.mac.empty() && record.error != 0) {
    return Refused(Cat({"the server refuses our signature: ", TsigErrorName(record.error)}));
  }
  std::string message(answer.substr(0, record.start));
  Put16(message, 10, Get16(message, 10) - 1U);
  std::string signed_data = Sized(prior_mac_) + unsigned_ + message;
  if (first_) {
    signed_data += Variables(key_, record);
  } else {  // RFC 8945, 5.3.1: only the times of later messages
    Append48(signed_data, record.time_signed);
    Append16(signed_data, record.fudge);
  }
  ASSIGN_OR_RETURN(std::string const expected, Hmac(key_, signed_data));
  if (record.mac.size() != expected.size() ||
      CRYPTO_memcmp(record.mac.data(), expected.data(), expected.size()) != 0) {
    return Refused("its signature is wrong");
  }
  report_.verified = true;
  if (record.error != 0)
    return Refused(Cat({"the server refuses our signature: ", TsigErrorName(record.error)}));
  absl::Duration const offset = ahead(record.time_signed);
  if (absl::AbsDuration(offset) > absl::Seconds(record.fudge)) {
    report_.error = kTsigBadTime;
    report_.server_ahead = offset;
    return Refused("it was signed at a time that is too far from our clock");
  }
  prior_mac_ = record.mac;
  unsigned_.clear();
  unsigned_count_ = 0;
  first_ = false;
  return message;
}

absl::Status TsigExchange::Finish() const {
  if (first_ || unsigned_count_ != 0) return Refused("the last message is not signed");
  return absl::OkStatus();
}

}  // namespace fediversity::dns
