#include "provider/backends/garage/json_fields.h"

#include "absl/strings/str_cat.h"
#include "provider/base/text.h"

namespace fediversity::garage {

using nlohmann::json;

JsonFields::JsonFields(const json& object, std::string where, std::string& problem)
    : object_(object.is_object() ? &object : nullptr),
      where_(std::move(where)),
      problem_(&problem) {
  if (object_ == nullptr) Wrong("", "an object");
}

const json* JsonFields::Find(const char* key) const {
  if (object_ == nullptr) return nullptr;
  auto const found = object_->find(key);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

void JsonFields::Wrong(std::string_view key, std::string_view wanted) const {
  if (!problem_->empty()) return;
  std::string_view const dot = where_.empty() || key.empty() ? "" : ".";
  std::string const name = Cat({where_, dot, key});
  *problem_ = Cat({name.empty() ? "the answer" : name, " is not ", wanted});
}

std::string JsonFields::Text(const char* key) const {
  auto text = MaybeText(key);
  if (!text.has_value()) Wrong(key, "there");
  return std::move(text).value_or("");
}

std::optional<std::string> JsonFields::MaybeText(const char* key) const {
  const json* const value = Find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return ValidUtf8(value->get_ref<const std::string&>());
  Wrong(key, "a text");
  return std::nullopt;
}

std::int64_t JsonFields::Integer(const char* key) const { return MaybeInteger(key).value_or(0); }

std::optional<std::int64_t> JsonFields::MaybeInteger(const char* key) const {
  const json* const value = Find(key);
  if (value == nullptr) return std::nullopt;
  bool const large = value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX};
  if (value->is_number_integer() && !large) return value->get<std::int64_t>();
  Wrong(key, "a whole number");
  return std::nullopt;
}

std::uint64_t JsonFields::Count(const char* key) const { return MaybeCount(key).value_or(0); }

std::optional<std::uint64_t> JsonFields::MaybeCount(const char* key) const {
  const json* const value = Find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  Wrong(key, "a whole number from 0 on");
  return std::nullopt;
}

bool JsonFields::Flag(const char* key) const { return MaybeFlag(key).value_or(false); }

std::optional<bool> JsonFields::MaybeFlag(const char* key) const {
  const json* const value = Find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  Wrong(key, "true or false");
  return std::nullopt;
}

std::optional<absl::Time> JsonFields::MaybeTime(const char* key) const {
  auto const text = MaybeText(key);
  if (!text.has_value()) return std::nullopt;
  absl::Time time;
  if (absl::ParseTime(absl::RFC3339_full, *text, &time, nullptr)) return time;
  Wrong(key, "a time");
  return std::nullopt;
}

std::vector<std::string> JsonFields::Texts(const char* key) const {
  std::vector<std::string> texts;
  const json* const value = Find(key);
  if (value == nullptr) return texts;
  if (!value->is_array()) {
    Wrong(key, "a list");
    return texts;
  }
  for (const json& entry : *value) {
    if (entry.is_string()) {
      texts.push_back(ValidUtf8(entry.get_ref<const std::string&>()));
    } else {
      Wrong(key, "a list of texts");
    }
  }
  return texts;
}

std::set<std::string> JsonFields::TextSet(const char* key) const {
  std::vector<std::string> texts = Texts(key);
  return {std::make_move_iterator(texts.begin()), std::make_move_iterator(texts.end())};
}

std::optional<JsonFields> JsonFields::Object(const char* key) const {
  const json* const value = Find(key);
  if (value == nullptr) return std::nullopt;
  return JsonFields(*value, where_.empty() ? std::string(key) : Cat({where_, ".", key}), *problem_);
}

std::vector<JsonFields> JsonFields::Objects(const char* key) const {
  std::vector<JsonFields> objects;
  const json* const value = Find(key);
  if (value == nullptr) return objects;
  if (!value->is_array()) {
    Wrong(key, "a list");
    return objects;
  }
  std::string_view const dot = where_.empty() ? "" : ".";
  for (std::size_t i = 0; i < value->size(); ++i) {
    objects.emplace_back((*value)[i], Cat({where_, dot, key, "[", absl::StrCat(i), "]"}), *problem_);
  }
  return objects;
}

}  // namespace fediversity::garage
