#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_JSON_FIELDS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_JSON_FIELDS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace fediversity::garage {

// Reads the fields of one object of an answer. The service types its answers, so that what has another type than
// it should makes the answer wrong as a whole: the first such field is remembered, and status() tells. Absent and
// null are the same.
class JsonFields {
 public:
  // `where` names the object in messages: "keys[2]". Both have to outlive it, and what it makes.
  JsonFields(const nlohmann::json& object, std::string where, std::string& problem);

  bool Has(const char* key) const { return Find(key) != nullptr; }

  std::string Text(const char* key) const;  // has to be there
  std::optional<std::string> MaybeText(const char* key) const;
  std::int64_t Integer(const char* key) const;  // 0 where it is absent
  std::optional<std::int64_t> MaybeInteger(const char* key) const;
  std::uint64_t Count(const char* key) const;  // 0 where it is absent
  std::optional<std::uint64_t> MaybeCount(const char* key) const;
  bool Flag(const char* key) const;  // false where it is absent
  std::optional<bool> MaybeFlag(const char* key) const;
  // RFC 3339.
  std::optional<absl::Time> MaybeTime(const char* key) const;
  std::vector<std::string> Texts(const char* key) const;  // empty where it is absent
  std::set<std::string> TextSet(const char* key) const;

  // The object at `key`; nullopt where it is absent.
  std::optional<JsonFields> Object(const char* key) const;
  // The objects of the list at `key`; empty where it is absent.
  std::vector<JsonFields> Objects(const char* key) const;

 private:
  const nlohmann::json* Find(const char* key) const;
  void Wrong(std::string_view key, std::string_view wanted) const;

  const nlohmann::json* object_;  // nullptr where it is none
  std::string where_;
  std::string* problem_;
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_JSON_FIELDS_H_
