#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_FORMAT_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_FORMAT_H_

// How the members of a VM's model are written in its configuration. Each format has
//
//   std::optional<std::string> Text(const V&)   the service's text, the same for values that mean the same; nullopt for
//                                               a value that the service does not store, such as an empty list
//   absl::StatusOr<V> Parse(std::string_view)   what the service wrote; InvalidArgument where it cannot be read

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/schema/model.h"
#include "provider/wire/number.h"

namespace fediversity::resources {

struct TextFormat {
  static std::optional<std::string> Text(const std::string& value);
  static absl::StatusOr<std::string> Parse(std::string_view text);
};

struct BoolFormat {
  static std::optional<std::string> Text(bool value) { return value ? "1" : "0"; }
  static absl::StatusOr<bool> Parse(std::string_view text);
};

struct IntegerFormat {
  static std::optional<std::string> Text(std::int64_t value) { return std::to_string(value); }
  static absl::StatusOr<std::int64_t> Parse(std::string_view text);
};

struct NumberFormat {
  static std::optional<std::string> Text(const wire::Number& value) { return value.ToPlain(); }
  static absl::StatusOr<wire::Number> Parse(std::string_view text) { return wire::Number::Parse(text); }
};

// A size that the service counts in MiB: "4G" is 4096.
struct MebibyteFormat {
  static std::optional<std::string> Text(const std::string& value);
  static absl::StatusOr<std::string> Parse(std::string_view text);
};

// A size that the service writes with a unit: "40G".
struct SizeFormat {
  static std::optional<std::string> Text(const std::string& value);
  static absl::StatusOr<std::string> Parse(std::string_view text);
};

struct MacFormat {
  static std::optional<std::string> Text(const std::string& value);
  static absl::StatusOr<std::string> Parse(std::string_view text);
};

struct LowerCaseFormat {
  static std::optional<std::string> Text(const std::string& value);
  static absl::StatusOr<std::string> Parse(std::string_view text) { return std::string(text); }
};

// Inside a property string: a disk's serial number.
struct UrlEncodedFormat {
  static std::optional<std::string> Text(const std::string& value);
  static absl::StatusOr<std::string> Parse(std::string_view text);
};

struct DescriptionFormat {
  static std::optional<std::string> Text(const std::string& value);
  static absl::StatusOr<std::string> Parse(std::string_view text);
};

struct TagsFormat {
  static std::optional<std::string> Text(const schema::Set<std::string>& value);
  static absl::StatusOr<schema::Set<std::string>> Parse(std::string_view text);
};

struct SshKeysFormat {
  static std::optional<std::string> Text(const schema::List<std::string>& value);
  static absl::StatusOr<schema::List<std::string>> Parse(std::string_view text);
};

namespace internal {
std::optional<std::string> JoinKnown(const schema::List<std::string>& items, char separator, bool sorted);
schema::List<std::string> SplitText(std::string_view text, std::string_view separators);
}  // namespace internal

// In any order. The service reads what stands between any of the separators, and we write the first.
template <char kSeparator, char... kOthers>
struct SetFormat {
  static constexpr char kSeparators[] = {kSeparator, kOthers..., '\0'};
  static std::optional<std::string> Text(const schema::Set<std::string>& value) {
    return internal::JoinKnown(value.items, kSeparator, true);
  }
  static absl::StatusOr<schema::Set<std::string>> Parse(std::string_view text) {
    return schema::Set<std::string>{internal::SplitText(text, kSeparators)};
  }
};

// In the order given.
template <char kSeparator, char... kOthers>
struct ListFormat {
  static constexpr char kSeparators[] = {kSeparator, kOthers..., '\0'};
  static std::optional<std::string> Text(const schema::List<std::string>& value) {
    return internal::JoinKnown(value, kSeparator, false);
  }
  static absl::StatusOr<schema::List<std::string>> Parse(std::string_view text) {
    return internal::SplitText(text, kSeparators);
  }
};

// The features that are plugged in while a VM runs. None at all is "0": a service that is told nothing plugs in some.
struct HotplugFormat {
  static std::optional<std::string> Text(const schema::Set<std::string>& value);
  static absl::StatusOr<schema::Set<std::string>> Parse(std::string_view text) {
    return SetFormat<',', ';'>::Parse(text);
  }
};

template <typename V>
struct DefaultFormat;
template <>
struct DefaultFormat<std::string> : TextFormat {};
template <>
struct DefaultFormat<bool> : BoolFormat {};
template <>
struct DefaultFormat<std::int64_t> : IntegerFormat {};
template <>
struct DefaultFormat<wire::Number> : NumberFormat {};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_FORMAT_H_
