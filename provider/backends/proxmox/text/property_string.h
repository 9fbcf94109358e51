#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_PROPERTY_STRING_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_PROPERTY_STRING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/text/kind.h"

namespace fediversity::proxmox {

// One of Proxmox's property strings, such as "local:100/vm-100-disk-0.raw,discard=on,size=40G", as the list
// of its options in the order in which they were written. What was parsed is printed byte for byte as it was,
// whatever it holds: options that the kind does not know stay in their place, so that changing one option
// loses no other.
//
//   ASSIGN_OR_RETURN(PropertyString net, PropertyString::Parse(kNetKind, text));
//   net.Format();                               // "virtio=BC:24:11:00:00:01,bridge=vmbr0", as `text` was
//   net.Get("model");                           // "virtio"
//   RETURN_IF_ERROR(net.SetInteger("tag", 20));
//   net.Format();                               // "virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=20"
//
// Options are named as in the kind's table; an old name stands for the current one. A value type.
class PropertyString {
 public:
  explicit PropertyString(const Kind& kind) : kind_(&kind) {}

  // InvalidArgument where the server could not have read the text: an option twice, or one without a key or
  // value.
  static absl::StatusOr<PropertyString> Parse(const Kind& kind, std::string_view text);

  const Kind& kind() const { return *kind_; }
  std::string Format() const;
  // The same options as the server prints them where it prints the string anew: the default key's value first
  // and without its key, required options, then the others by name; booleans as 0 and 1, current names.
  std::string Canonical() const;

  // The value as it is written; no value where the option is not there. Of a network without a MAC address
  // ("virtio") there is a "model" and no "macaddr".
  std::optional<std::string_view> Get(std::string_view option) const;
  bool Has(std::string_view option) const { return Get(option).has_value(); }
  // Whether no option is there.
  bool empty() const;
  // Names of all options that are there, in their order, by their current names.
  std::vector<std::string> Names() const;

  // As Get; InvalidArgument where what is written is none.
  absl::StatusOr<std::optional<bool>> GetBool(std::string_view option) const;
  absl::StatusOr<std::optional<std::int64_t>> GetInteger(std::string_view option) const;
  // In bytes.
  absl::StatusOr<std::optional<std::int64_t>> GetSize(std::string_view option) const;
  // The parts between ';'; empty where the option is not there.
  std::vector<std::string> GetList(std::string_view option) const;

  // Changes the option in its place, or puts it where the server would print it. InvalidArgument for an empty
  // value and one with a comma or a line break, which no property string can hold, and for a name with '=' or
  // ','.
  absl::Status Set(std::string_view option, std::string_view value);
  absl::Status SetBool(std::string_view option, bool value) { return Set(option, value ? "1" : "0"); }
  absl::Status SetInteger(std::string_view option, std::int64_t value);
  // `bytes` in the shortest exact text, "40G".
  absl::Status SetSize(std::string_view option, std::int64_t bytes);
  absl::Status SetList(std::string_view option, const std::vector<std::string>& values);
  // False where it was not there.
  bool Remove(std::string_view option);

  // Whether both say the same: in any order, by current or old names, 1 for on, sizes in bytes, MAC addresses
  // and UUIDs in any case, sets in any order, encoded text decoded. An option left out is not one with its
  // default.
  bool Equivalent(const PropertyString& other) const;

 private:
  struct Item {
    std::string key;    // empty where the value stands alone
    std::string value;  // blank without a key: nothing between two commas
  };

  // The current name of the option that `item` holds; empty for a blank and a value that nothing names.
  std::string_view NameOf(const Item& item) const;
  // "virtio=BC:24:...": the item holds both "model" and "macaddr".
  bool HoldsModelAndMac(const Item& item) const;
  // Whether a new value is written without its name.
  bool StandsAlone(std::string_view current_name, std::string_view value) const;
  // The number of items where the option is not there.
  std::size_t IndexOf(std::string_view current_name) const;
  void Insert(Item item, std::string_view current_name);
  absl::Status CheckNetworkOption(std::string_view current_name, std::string_view value) const;
  bool SetModelOrMac(std::string_view current_name, std::string_view value);
  bool EncodedAsBase64() const;

  const Kind* kind_;
  std::vector<Item> items_;
};

// Whether two property strings of one kind say the same. Texts that cannot be parsed are the same only where
// they are equal byte for byte.
bool SameProperty(const Kind& kind, std::string_view a, std::string_view b);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_PROPERTY_STRING_H_
