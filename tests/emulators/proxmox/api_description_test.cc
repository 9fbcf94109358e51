// Every method of the emulator takes the parameters that the API description of the same version has, and no others.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/vm_options.h"

namespace fediversity::emulators {
namespace {

std::string Number(const Json& number) {
  return number.is_string() ? number.get<std::string>() : number.dump();
}

std::string Bounds(const std::string& least, const std::string& most) {
  return least.empty() && most.empty() ? "" : Cat({" ", least, "..", most});
}

// A described parameter in words that Words(Property) uses, too.
std::string DescribedWords(const Json& described) {
  if (described.contains("keyAlias"))
    return Cat({"key of ", described["keyAlias"].get<std::string>(), " for ",
                described["alias"].get<std::string>()});
  if (described.contains("alias")) return "alias of " + described["alias"].get<std::string>();
  if (described.contains("enum"))
    return "one of " + Join(described["enum"].get<std::vector<std::string>>(), "|");
  if (described.contains("pattern")) return "pattern";
  if (described.contains("format"))
    return described["format"].is_object() ? "options" : "format " + described["format"].get<std::string>();
  std::string const type = described.value("type", "string");
  if (type != "integer" && type != "number") return type;
  std::string const least = described.contains("minimum") ? Number(described["minimum"]) : "";
  return type + Bounds(least, described.contains("maximum") ? Number(described["maximum"]) : "");
}

std::string Words(const Property& property) {
  using Kind = Property::Kind;
  switch (property.kind) {
    case Kind::kBoolean: return "boolean";
    case Kind::kInteger: return "integer" + Bounds(property.minimum_text, property.maximum_text);
    case Kind::kNumber: return "number" + Bounds(property.minimum_text, property.maximum_text);
    case Kind::kString: return "string";
    case Kind::kEnum: return "one of " + Join(property.values, "|");
    case Kind::kPattern: return "pattern";
    case Kind::kFormat: return "format " + property.text;
    case Kind::kObject: return "options";
    case Kind::kAlias: return "alias of " + property.text;
    case Kind::kKeyAlias: return Cat({"key of ", property.key_property, " for ", property.text});
  }
  return {};
}

// Parameters that are not compared, by the end of their place.
constexpr std::pair<std::string_view, std::string_view> kNotCompared[] = {
    {" disk", "the handler holds the slot against the list"},
    {" target-disk", "the handler holds the slot against the list"},
    {" cdrom", "another name of ide2, which is a format of its own"},
    {" compression", "described without its values"},
    {"/upload checksum", "in the parts of a form, which the handler verifies"},
    {"/upload checksum-algorithm", "in the parts of a form, which the handler verifies"},
    {"/upload content", "in the parts of a form, which the handler verifies"},
    {"/upload filename", "in the parts of a form, which the handler verifies"},
    {"/upload tmpfilename", "in the parts of a form, which the handler verifies"},
};

bool IsCompared(const std::string& place) {
  return std::ranges::none_of(kNotCompared, [&](const auto& entry) { return place.ends_with(entry.first); });
}

// Methods that the description leaves out, which was made for VMs and their disks.
constexpr std::string_view kNotDescribed[] = {
    "GET /access/acl",
    "PUT /access/acl",
    "GET /access/roles",
    "POST /access/users",
    "GET /access/users/{userid}",
    "DELETE /access/users/{userid}",
    "POST /access/users/{userid}/token/{tokenid}",
    "DELETE /access/users/{userid}/token/{tokenid}",
    "GET /cluster/ha/resources",
    "POST /cluster/ha/resources",
    "GET /cluster/ha/resources/{sid}",
    "PUT /cluster/ha/resources/{sid}",
    "DELETE /cluster/ha/resources/{sid}",
    "POST /cluster/ha/resources/{sid}/migrate",
    "GET /cluster/mapping/dir",
    "GET /cluster/mapping/pci",
    "GET /cluster/mapping/usb",
    "GET /nodes/{node}/qemu/{vmid}/agent/file-read",
    "GET /nodes/{node}/qemu/{vmid}/firewall/options",
    "PUT /nodes/{node}/qemu/{vmid}/firewall/options",
    "GET /nodes/{node}/qemu/{vmid}/firewall/rules",
    "GET /nodes/{node}/query-url-metadata",
    "POST /nodes/{node}/qemu/{vmid}/firewall/rules",
    "POST /storage",
    "PUT /storage/{storage}",
};

class Comparison {
 public:
  explicit Comparison(Version version) {
    std::ifstream file(Cat({FEDIVERSITY_GOLDEN_FOLDER "/proxmox/parameters-",
                            version == Version::kNine ? "9.2" : "8.4", ".json"}));
    described_ = Json::parse(file, nullptr, false);
  }

  bool IsReadable() const { return described_.is_object(); }
  bool Describes(const Route& route) const {
    return described_["methods"].contains(route.pattern) &&
           described_["methods"][route.pattern].contains(route.method);
  }
  Json ParametersOf(const Route& route) const {
    const Json& method = described_["methods"][route.pattern][route.method];
    Json parameters = method["parameters"];
    if (method.value("vm_options", false)) {
      for (const auto& [name, option] : described_["vm_options"].items()) {
        if (!parameters.contains(name)) parameters[name] = option;
      }
    }
    return parameters;
  }

  void Compare(const std::string& place, const Schema& schema, const Json& described) {
    std::set<std::string> seen;
    for (const Property& property : schema.properties) {
      std::string const name = property.name + (property.numbered ? "[n]" : "");
      seen.insert(name);
      if (!IsCompared(Cat({place, " ", name}))) continue;
      if (!described.contains(name)) {
        differences.insert(Cat({place, " ", name, ": not described"}));
        continue;
      }
      CompareProperty(Cat({place, " ", name}), property, described[name]);
    }
    for (const auto& [name, one] : described.items()) {
      if (!seen.contains(name) && IsCompared(Cat({place, " ", name})))
        differences.insert(Cat({place, " ", name, ": not taken"}));
    }
  }

  std::set<std::string> differences;

 private:
  void CompareProperty(const std::string& place, const Property& property, const Json& described) {
    std::string const expected = DescribedWords(described);
    std::string const taken = Words(property);
    // A text that the emulator does not look into may be described more narrowly.
    bool const looser = taken == "string" && (expected.starts_with("format ") || expected == "pattern");
    if (taken != expected && !looser) differences.insert(Cat({place, ": ", taken, ", not ", expected}));
    bool const is_alias =
        property.kind == Property::Kind::kAlias || property.kind == Property::Kind::kKeyAlias;
    bool const in_path = place.find(Cat({"{", property.name, "}"})) != std::string::npos;
    if (!is_alias && !in_path && property.required == (described.value("optional", 0) == 1))
      differences.insert(Cat({place, property.required ? ": is optional" : ": is required"}));
    if (property.max_length != 0 && property.max_length != described.value("maxLength", std::size_t{0}))
      differences.insert(Cat({place, ": another greatest length"}));
    if (property.kind == Property::Kind::kObject && described.value("format", Json()).is_object())
      Compare(place, *property.options, described["format"]);
  }

  Json described_;
};

class ApiDescriptionTest : public ::testing::TestWithParam<Version> {};

TEST_P(ApiDescriptionTest, ParametersAreAsDescribed) {
  Comparison comparison(GetParam());
  ASSERT_TRUE(comparison.IsReadable());
  std::set<std::string> left_out;
  Router const router(GetParam());
  for (const Router::Entry& entry : router.entries()) {
    std::string const name = Cat({entry.route.method, " ", entry.route.pattern});
    if (comparison.Describes(entry.route)) {
      comparison.Compare(name, entry.schema, comparison.ParametersOf(entry.route));
    } else {
      left_out.insert(name);
    }
  }
  EXPECT_EQ(left_out, std::set<std::string>(std::begin(kNotDescribed), std::end(kNotDescribed)));
  EXPECT_EQ(Join(comparison.differences, "\n"), "");
}

INSTANTIATE_TEST_SUITE_P(All, ApiDescriptionTest, ::testing::Values(Version::kEight, Version::kNine),
                         [](const auto& version) {
                           return version.param == Version::kNine ? "Of92" : "Of84";
                         });

}  // namespace
}  // namespace fediversity::emulators
