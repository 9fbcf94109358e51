#include "provider/wire/msgpack_unknown.h"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/wire/nfc.h"

namespace fediversity::wire {
namespace {

constexpr std::uint8_t kRefinedExtension = 0x0C;
constexpr std::size_t kLargestBody = 1024;
constexpr std::size_t kLongestPrefix = 256;
// A list of unknown elements is only made up to this length; the host has no limit.
constexpr std::int64_t kLargestMadeUpList = 65536;

enum Key : std::int64_t {
  kNullness = 1,
  kPrefix = 2,
  kMin = 3,
  kMax = 4,
  kMinLength = 5,
  kMaxLength = 6,
};

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(ToAbsl(Cat({"refinement of an unknown value: ", what})));
}

absl::Status CheckNumberBounds(const Refinement& refinement) {
  if (!refinement.min.has_value() || !refinement.max.has_value()) return absl::OkStatus();
  bool const same_kind = refinement.min->inclusive == refinement.max->inclusive;
  auto const order = refinement.min->value <=> refinement.max->value;
  if (std::is_lt(order) || (std::is_eq(order) && same_kind)) return absl::OkStatus();
  return Bad("its lower bound is above its upper bound");
}

absl::Status CheckLengths(const Refinement& refinement) {
  if (refinement.min_length.value_or(0) >
      refinement.max_length.value_or(std::numeric_limits<std::int64_t>::max())) {
    return Bad("its least length is above its greatest length");
  }
  return absl::OkStatus();
}

absl::Status CheckSuits(const Refinement& refinement, const Type& type) {
  if (!refinement.prefix.empty() && type.kind() != Type::Kind::kString) {
    return Bad("only a string has a prefix");
  }
  if ((refinement.min.has_value() || refinement.max.has_value()) && type.kind() != Type::Kind::kNumber) {
    return Bad("only a number has bounds");
  }
  if ((refinement.min_length.has_value() || refinement.max_length.has_value()) && !type.is_collection()) {
    return Bad("only a list, set or map has a length");
  }
  RETURN_IF_ERROR(CheckNumberBounds(refinement));
  return CheckLengths(refinement);
}

void WriteBound(Key key, const std::optional<Refinement::Bound>& bound, std::size_t* count,
                MsgpackWriter* body) {
  if (!bound.has_value()) return;
  ++*count;
  body->Int(key);
  body->ArrayHeader(2);
  body->DecimalNumber(bound->value);
  body->Bool(bound->inclusive);
}

void WriteLength(Key key, const std::optional<std::int64_t>& length, std::int64_t no_limit,
                 std::size_t* count, MsgpackWriter* body) {
  if (!length.has_value() || *length == no_limit) return;
  ++*count;
  body->Int(key);
  body->Int(*length);
}

// Takes up the refinements of one body, each of which may only narrow what the earlier ones left.
class RefinementReader {
 public:
  explicit RefinementReader(const Type& type) : type_(type) {}

  absl::Status ReadEntry(MsgpackReader* body);
  absl::StatusOr<Value> Finish();

 private:
  absl::Status ReadNullness(MsgpackReader* body);
  absl::Status ReadPrefix(MsgpackReader* body);
  absl::Status ReadBound(MsgpackReader* body, bool lower);
  absl::Status ReadLength(MsgpackReader* body, bool lower);

  const Type& type_;
  bool null_ = false;
  Refinement refinement_;
};

absl::Status RefinementReader::ReadEntry(MsgpackReader* body) {
  std::optional<std::int64_t> const key = body->ReadInt();
  if (!key.has_value()) return Bad("a key is not an integer");
  switch (*key) {
    case kNullness: return ReadNullness(body);
    case kPrefix: return ReadPrefix(body);
    case kMin: return ReadBound(body, true);
    case kMax: return ReadBound(body, false);
    case kMinLength: return ReadLength(body, true);
    case kMaxLength: return ReadLength(body, false);
    default:
      // Later hosts may know more kinds.
      return body->SkipItem() ? absl::OkStatus() : Bad("it ends too early");
  }
}

absl::Status RefinementReader::ReadNullness(MsgpackReader* body) {
  std::optional<bool> const is_null = body->ReadBool();
  if (!is_null.has_value()) return Bad("whether it is null is not a bool");
  (*is_null ? null_ : refinement_.not_null) = true;
  return null_ && refinement_.not_null ? Bad("it is both null and not null") : absl::OkStatus();
}

absl::Status RefinementReader::ReadPrefix(MsgpackReader* body) {
  if (type_.kind() != Type::Kind::kString) return Bad("only a string has a prefix");
  std::optional<std::string_view> const raw = body->ReadString();
  if (!raw.has_value()) return Bad("the prefix is not a string");
  if (!IsAscii(*raw) && ValidUtf8(*raw) != *raw) return Bad("the prefix is not UTF-8");
  std::string prefix = Nfc(*raw);
  std::size_t const common = std::min(prefix.size(), refinement_.prefix.size());
  if (prefix.compare(0, common, refinement_.prefix, 0, common) != 0) return Bad("it has two prefixes");
  if (prefix.size() > refinement_.prefix.size()) refinement_.prefix = std::move(prefix);
  return absl::OkStatus();
}

absl::Status RefinementReader::ReadBound(MsgpackReader* body, bool lower) {
  if (type_.kind() != Type::Kind::kNumber) return Bad("only a number has bounds");
  std::optional<std::size_t> const size = body->ReadArrayHeader();
  if (!size.has_value() || *size != 2) return Bad("a bound is not an array of two");
  std::optional<Number> number = body->ReadNumber();
  std::optional<bool> const inclusive = body->ReadBool();
  if (!number.has_value() || !inclusive.has_value()) return Bad("a bound is not a number and a bool");
  std::optional<Refinement::Bound>& present = lower ? refinement_.min : refinement_.max;
  if (present.has_value()) {
    auto const order = lower ? *number <=> present->value : present->value <=> *number;
    bool const has_to_be_tighter = *inclusive && !present->inclusive;
    if (std::is_lt(order) || (std::is_eq(order) && has_to_be_tighter)) return absl::OkStatus();
  }
  present = Refinement::Bound{*std::move(number), *inclusive};
  return CheckNumberBounds(refinement_);
}

absl::Status RefinementReader::ReadLength(MsgpackReader* body, bool lower) {
  if (!type_.is_collection()) return Bad("only a list, set or map has a length");
  std::optional<std::int64_t> const length = body->ReadInt();
  if (!length.has_value()) return Bad("a length is not an integer");
  if (lower) {
    if (*length > refinement_.min_length.value_or(0)) refinement_.min_length = *length;
  } else if (*length < refinement_.max_length.value_or(std::numeric_limits<std::int64_t>::max())) {
    refinement_.max_length = *length;
  }
  return CheckLengths(refinement_);
}

absl::StatusOr<Value> RefinementReader::Finish() {
  if (null_) return Value::Null();
  if (!refinement_.not_null) return Value::Unknown(std::move(refinement_));
  if (refinement_.min.has_value() && refinement_.min == refinement_.max && refinement_.min->inclusive) {
    return Value::Num(refinement_.min->value);
  }
  std::int64_t const length = refinement_.max_length.value_or(-1);
  if (type_.is_collection() && length >= 0 && refinement_.min_length.value_or(0) == length) {
    if (length == 0 && type_.kind() == Type::Kind::kMap) return Value::Map({});
    if (type_.kind() == Type::Kind::kSet && length <= 1) {
      return Value::Set(Value::Elements(static_cast<std::size_t>(length), Value::Unknown()));
    }
    if (type_.kind() == Type::Kind::kList && length <= kLargestMadeUpList) {
      return Value::List(Value::Elements(static_cast<std::size_t>(length), Value::Unknown()));
    }
  }
  return Value::Unknown(std::move(refinement_));
}

}  // namespace

absl::Status WriteUnknown(const Refinement& refinement, const Type& type, MsgpackWriter* writer) {
  constexpr std::string_view kNothingKnown("\0", 1);
  if (type.kind() == Type::Kind::kDynamic || refinement.empty()) {
    writer->Extension(0, kNothingKnown);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CheckSuits(refinement, type));
  MsgpackWriter entries;
  std::size_t count = 0;
  if (refinement.not_null) {
    ++count;
    entries.Int(kNullness);
    entries.Bool(false);
  }
  if (!refinement.prefix.empty()) {
    ++count;
    entries.Int(kPrefix);
    std::string const prefix = Nfc(refinement.prefix);
    entries.String(prefix.size() > kLongestPrefix
                       ? SafePrefix(std::string_view(prefix).substr(0, kLongestPrefix - 1))
                       : prefix);
  }
  WriteBound(kMin, refinement.min, &count, &entries);
  WriteBound(kMax, refinement.max, &count, &entries);
  WriteLength(kMinLength, refinement.min_length, 0, &count, &entries);
  WriteLength(kMaxLength, refinement.max_length, std::numeric_limits<std::int64_t>::max(), &count, &entries);
  if (count == 0) {
    writer->Extension(0, kNothingKnown);
    return absl::OkStatus();
  }
  MsgpackWriter header;
  header.MapHeader(count);
  std::string const body = header.Take() + entries.bytes();
  if (body.size() > kLargestBody) return Bad("it is longer than 1024 bytes");
  writer->Extension(kRefinedExtension, body);
  return absl::OkStatus();
}

absl::StatusOr<Value> ReadUnknown(MsgpackReader* reader, const Type& type) {
  std::optional<MsgpackReader::ExtensionHeader> const header = reader->ReadExtensionHeader();
  if (!header.has_value()) return Bad("it ends too early");
  if (header->size > 1 && header->code != kRefinedExtension) {
    return absl::InvalidArgumentError("an extension of this kind is not known");
  }
  if (header->size > kLargestBody) return Bad("it is longer than 1024 bytes");
  std::optional<std::string_view> const bytes = reader->ReadBytes(header->size);
  if (!bytes.has_value()) return Bad("it ends too early");
  if (header->size <= 1) return Value::Unknown();
  MsgpackReader body(*bytes);
  std::optional<std::size_t> const count = body.ReadMapHeader();
  if (!count.has_value()) return Bad("it is not a map");
  if (type.kind() == Type::Kind::kDynamic) return Value::Unknown();
  RefinementReader refinements(type);
  for (std::size_t i = 0; i < *count; ++i) RETURN_IF_ERROR(refinements.ReadEntry(&body));
  return refinements.Finish();
}

}  // namespace fediversity::wire
