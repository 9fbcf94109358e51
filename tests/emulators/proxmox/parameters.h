#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_PARAMETERS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_PARAMETERS_H_

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/common/pattern.h"
#include "tests/emulators/proxmox/api.h"

namespace fediversity::emulators {

struct Schema;

// One parameter, or one option of a property string, as PVE::JSONSchema describes it.
struct Property {
  enum class Kind {
    kBoolean,
    kInteger,
    kNumber,
    kString,
    kEnum,
    kPattern,
    kFormat,
    kObject,
    kAlias,
    kKeyAlias
  };

  std::string name;
  Kind kind = Kind::kString;
  bool required = false;
  bool is_default_key = false;
  bool numbered = false;  // "scsi[n]"
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  std::string minimum_text = {}, maximum_text = {};
  std::size_t max_length = 0;            // 0: any
  std::vector<std::string> values = {};  // of an enumeration
  std::string text = {};                 // name of a format, target of an alias, source of a pattern
  std::string key_property = {};         // of a kKeyAlias: the property that takes the key
  std::optional<Pattern> regex = {};
  std::shared_ptr<const Schema> options = {};  // of a kObject
};

// The parameters of a method or the options of a property string.
struct Schema {
  std::vector<Property> properties;

  // The property that `name` stands for: "scsi3" is of "scsi[n]" while its number is in the range of that bus.
  const Property* Find(std::string_view name) const;
};

// Reads a schema from a list of names and types separated by blanks:
//
//   cores int:1.. name fmt:dns-name memory { current*! int:16.. } vmid! fmt:pve-vmid scsi[n] { ... }
//
// `!` is for required, `*` for the default key, `^` for what came with version 9 and `%` for what went with it; the rest
// is of both. Types: bool, int and num (with bounds), str (with a greatest length),
// enum:a|b, re:PATTERN, fmt:NAME (with a greatest length after a second colon), =ALIAS, ~KEY:ALIAS and { options }. Ends the program on anything else.
Schema ParseSchema(std::string_view text, Version version = Version::kNine);

// What PVE::JSONSchema finds wrong, by parameter; an empty object where all is well.
Json Verify(const Schema& schema, const Params& params);

// Why the value of `name` is not of the format, with the newline that a `die` has; nothing where it is, or where the format
// is one that the emulator takes as it comes.
std::optional<std::string> CheckFormat(std::string_view format, const std::string& name,
                                       const std::string& value);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_PARAMETERS_H_
