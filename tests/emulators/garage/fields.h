#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_FIELDS_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_FIELDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/garage/store.h"

namespace fediversity::emulators::garage {

// Reads the fields of a JSON object as Garage does: what is not asked for is ignored, null is as good as absent where a
// field may be left out, and of what is wrong the first stands in `error`, in Garage's words.
class Fields {
 public:
  // `what` names an object of another type in the error. `error` must outlive it.
  Fields(const Json& object, std::string_view what, std::string& error);

  std::optional<std::string> Text(const char* name) { return As<std::string>(name, kString, false); }
  std::string NeededText(const char* name) { return As<std::string>(name, kString, true).value_or(""); }
  std::optional<bool> Flag(const char* name) { return As<bool>(name, kBoolean, false); }
  bool NeededFlag(const char* name) { return As<bool>(name, kBoolean, true).value_or(false); }
  std::optional<std::uint64_t> Natural(const char* name) { return As<std::uint64_t>(name, kNatural, false); }
  std::uint64_t NeededNatural(const char* name) {
    return As<std::uint64_t>(name, kNatural, true).value_or(0);
  }
  std::optional<std::int64_t> Integer(const char* name) { return As<std::int64_t>(name, kInteger, false); }
  std::int64_t NeededInteger(const char* name) { return As<std::int64_t>(name, kInteger, true).value_or(0); }
  std::optional<std::vector<std::string>> Texts(const char* name) { return ReadTexts(name, false); }
  std::vector<std::string> NeededTexts(const char* name) { return *ReadTexts(name, true); }
  // The elements of a list; nothing where it is left out.
  std::optional<std::vector<Json>> List(const char* name);
  // An object; null where it is left out.
  const Json& Object(const char* name);
  const Json& NeededObject(const char* name);
  // RFC 3339.
  std::optional<std::int64_t> Time(const char* name);

 private:
  struct Kind {
    std::string_view name;
    bool (*fits)(const Json&);
  };
  static const Kind kString;
  static const Kind kBoolean;
  static const Kind kNatural;
  static const Kind kInteger;
  static const Kind kSequence;

  // The value, or null where it is left out.
  const Json& Find(const char* name, bool needed);
  bool Fits(const Json& value, const Kind& kind);
  void Fail(const std::string& why);
  template <typename T>
  std::optional<T> As(const char* name, const Kind& kind, bool needed) {
    const Json& value = Find(name, needed);
    if ((value.is_null() && !needed) || !Fits(value, kind)) return std::nullopt;
    return value.get<T>();
  }
  std::optional<std::vector<std::string>> ReadTexts(const char* name, bool needed);

  const Json& object_;
  std::string& error_;
};

// "integer `3`", as Garage describes a value of another type than it expected.
std::string Described(const Json& value);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_FIELDS_H_
