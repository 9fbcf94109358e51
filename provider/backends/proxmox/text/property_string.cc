#include "provider/backends/proxmox/text/property_string.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "provider/backends/proxmox/text/mac.h"
#include "provider/backends/proxmox/text/option_value.h"
#include "provider/backends/proxmox/text/size.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

constexpr std::string_view kModel = "model";
constexpr std::string_view kMacAddress = "macaddr";

// Whether a model can be written as the key of its MAC address: "virtio" in "virtio=BC:24:11:00:00:01".
bool CanBeModelKey(const Kind& kind, std::string_view model) {
  return !model.empty() && model.find('=') == std::string_view::npos && kind.Find(model) == nullptr;
}

bool IsBlank(std::string_view text) { return absl::StripAsciiWhitespace(ToAbsl(text)).empty(); }

absl::Status Unreadable(const Kind& kind, std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(
      ToAbsl(Cat({"Unreadable ", kind.name, " string\nIn \"", ValidUtf8(text), "\", ", why, "."})));
}

absl::Status Refused(const Kind& kind, std::string_view option, std::string_view value,
                     std::string_view why) {
  return absl::InvalidArgumentError(ToAbsl(Cat({"Invalid value for \"", ValidUtf8(option), "\" of the ",
                                                kind.name, "\n\"", ValidUtf8(value), "\" ", why, "."})));
}

// The place of an option in a string that the server prints.
std::tuple<int, std::string_view> Rank(const Kind& kind, std::string_view current_name) {
  if (!kind.default_key.empty() && current_name == kind.default_key) return {0, current_name};
  const OptionRule* const rule = kind.Find(current_name);
  return {rule != nullptr && rule->required ? 1 : 2, current_name};
}

Form FormOf(const Kind& kind, std::string_view current_name) {
  const OptionRule* const rule = kind.Find(current_name);
  return rule == nullptr ? Form::kText : rule->form;
}

}  // namespace

absl::StatusOr<PropertyString> PropertyString::Parse(const Kind& kind, std::string_view text) {
  PropertyString parsed(kind);
  if (text.empty()) return parsed;
  std::set<std::string, std::less<>> names;
  for (absl::string_view const part : absl::StrSplit(ToAbsl(text), ',')) {
    std::string_view const option = ToStd(part);
    std::size_t const equals = option.find('=');
    if (equals == 0) return Unreadable(kind, text, "a value has an empty name");
    bool const keyed = equals != std::string_view::npos;
    Item item = {.key = std::string(keyed ? option.substr(0, equals) : std::string_view()),
                 .value = std::string(keyed ? option.substr(equals + 1) : option)};
    if (keyed && item.value.empty()) {
      return Unreadable(kind, text, Cat({"\"", ValidUtf8(item.key), "\" has no value"}));
    }
    std::string_view const name = parsed.NameOf(item);
    bool fresh = name.empty() || names.emplace(name).second;
    if (parsed.HoldsModelAndMac(item)) fresh = names.emplace(kMacAddress).second && fresh;
    if (!fresh) return Unreadable(kind, text, Cat({"\"", ValidUtf8(name), "\" is given twice"}));
    parsed.items_.push_back(std::move(item));
  }
  return parsed;
}

std::string PropertyString::Format() const {
  std::string text;
  for (const Item& item : items_) {
    if (&item != &items_.front()) text += ',';
    if (!item.key.empty()) text += Cat({item.key, "="});
    text += item.value;
  }
  return text;
}

std::string PropertyString::Canonical() const {
  Item card;  // model and MAC address in one, where both are there
  if (kind_->model_is_key)
    card = {.key = std::string(Get(kModel).value_or("")),
            .value = std::string(Get(kMacAddress).value_or(""))};
  bool const joined = HoldsModelAndMac(card);
  std::vector<std::pair<std::tuple<int, std::string_view>, std::string>> printed;
  for (const Item& item : items_) {
    std::string_view const name = NameOf(item);
    if (joined && name == kModel) {
      printed.push_back({Rank(*kind_, name), Cat({card.key, "=", card.value})});
    } else if (name.empty()) {
      if (!IsBlank(item.value)) printed.push_back({{3, item.value}, item.value});
    } else if (!joined || name != kMacAddress) {
      std::string const value = PrintedValue(FormOf(*kind_, name), item.value);
      printed.push_back({Rank(*kind_, name), StandsAlone(name, value) ? value : Cat({name, "=", value})});
    }
  }
  std::ranges::stable_sort(printed, {}, [](const auto& option) { return option.first; });
  std::vector<std::string> texts;
  texts.reserve(printed.size());
  for (auto& [rank, text] : printed) texts.push_back(std::move(text));
  return Join(texts, ",");
}

// A value with '=' would be read as an option of another name, were it written without its own.
bool PropertyString::StandsAlone(std::string_view current_name, std::string_view value) const {
  return current_name == kind_->default_key && kind_->bare_default && !IsBlank(value) &&
         value.find('=') == std::string_view::npos;
}

std::string_view PropertyString::NameOf(const Item& item) const {
  if (item.key.empty()) return IsBlank(item.value) ? std::string_view() : kind_->default_key;
  if (HoldsModelAndMac(item)) return kModel;
  return kind_->CurrentName(item.key);
}

bool PropertyString::HoldsModelAndMac(const Item& item) const {
  return kind_->model_is_key && CanBeModelKey(*kind_, item.key) && Mac::Parse(item.value).ok();
}

std::size_t PropertyString::IndexOf(std::string_view current_name) const {
  auto const found = std::ranges::find_if(items_, [&](const Item& item) {
    std::string_view const name = NameOf(item);
    return (!name.empty() && name == current_name) || (current_name == kMacAddress && HoldsModelAndMac(item));
  });
  return static_cast<std::size_t>(found - items_.begin());
}

std::optional<std::string_view> PropertyString::Get(std::string_view option) const {
  std::string_view const name = kind_->CurrentName(option);
  std::size_t const index = IndexOf(name);
  if (index == items_.size()) return std::nullopt;
  const Item& item = items_[index];
  return HoldsModelAndMac(item) && name == kModel ? item.key : item.value;
}

bool PropertyString::empty() const {
  return std::ranges::all_of(items_, [this](const Item& item) { return NameOf(item).empty(); });
}

std::vector<std::string> PropertyString::Names() const {
  std::vector<std::string> names;
  for (const Item& item : items_) {
    std::string_view const name = NameOf(item);
    if (!name.empty()) names.emplace_back(name);
    if (HoldsModelAndMac(item)) names.emplace_back(kMacAddress);
  }
  return names;
}

absl::StatusOr<std::optional<bool>> PropertyString::GetBool(std::string_view option) const {
  std::optional<std::string_view> const value = Get(option);
  if (!value.has_value()) return std::nullopt;
  std::optional<bool> const flag = ParseBool(*value);
  if (!flag.has_value()) return Refused(*kind_, option, *value, "is no boolean");
  return flag;
}

absl::StatusOr<std::optional<std::int64_t>> PropertyString::GetInteger(std::string_view option) const {
  std::optional<std::string_view> const value = Get(option);
  if (!value.has_value()) return std::nullopt;
  std::int64_t number = 0;
  if (!absl::SimpleAtoi(ToAbsl(*value), &number))
    return Refused(*kind_, option, *value, "is no whole number");
  return number;
}

absl::StatusOr<std::optional<std::int64_t>> PropertyString::GetSize(std::string_view option) const {
  std::optional<std::string_view> const value = Get(option);
  if (!value.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(std::int64_t const bytes, ParseServerSize(*value));
  return bytes;
}

std::vector<std::string> PropertyString::GetList(std::string_view option) const {
  std::optional<std::string_view> const value = Get(option);
  if (!value.has_value()) return {};
  return absl::StrSplit(ToAbsl(*value), ';', absl::SkipEmpty());
}

absl::Status PropertyString::Set(std::string_view option, std::string_view value) {
  if (IsBlank(option) || option.find_first_of("=,\r\n") != std::string_view::npos) {
    return Refused(*kind_, option, option, "cannot be an option's name");
  }
  if (IsBlank(value)) return Refused(*kind_, option, value, "is empty; leave the option out to unset it");
  if (value.find_first_of(",\r\n") != std::string_view::npos) {
    return Refused(*kind_, option, value, "holds a comma or a line break, which Proxmox cannot store there");
  }
  std::string_view const name = kind_->CurrentName(option);
  if (kind_->model_is_key) {
    RETURN_IF_ERROR(CheckNetworkOption(name, value));
    if (SetModelOrMac(name, value)) return absl::OkStatus();
  }
  if (std::size_t const index = IndexOf(name); index < items_.size()) {
    Item& item = items_[index];
    if (item.key.empty() && value.find('=') != std::string_view::npos) item.key = name;
    item.value = value;
    return absl::OkStatus();
  }
  Insert({.key = std::string(StandsAlone(name, value) ? std::string_view() : option),
          .value = std::string(value)},
         name);
  return absl::OkStatus();
}

absl::Status PropertyString::CheckNetworkOption(std::string_view current_name, std::string_view value) const {
  if (current_name == kMacAddress) return Mac::Parse(value).status();
  if (current_name == kModel) {
    return CanBeModelKey(*kind_, value)
               ? absl::OkStatus()
               : Refused(*kind_, current_name, value, "cannot be a network card's model");
  }
  bool const model = kind_->Find(current_name) == nullptr && Mac::Parse(value).ok();
  return model ? Refused(*kind_, current_name, value, "would make it the network card's model")
               : absl::OkStatus();
}

// Model and MAC address share an item wherever both are there. False where the option is to be set like any
// other.
bool PropertyString::SetModelOrMac(std::string_view current_name, std::string_view value) {
  if (current_name != kModel && current_name != kMacAddress) return false;
  std::size_t const index = IndexOf(current_name);
  if (index < items_.size()) {
    Item& item = items_[index];
    if (!HoldsModelAndMac(item)) return false;
    (current_name == kModel ? item.key : item.value) = value;
    return true;
  }
  std::size_t const other = IndexOf(current_name == kModel ? kMacAddress : kModel);
  if (other >= items_.size()) return false;
  Item const joined = current_name == kModel ? Item{.key = std::string(value), .value = items_[other].value}
                                             : Item{.key = items_[other].value, .value = std::string(value)};
  if (!HoldsModelAndMac(joined)) return false;
  items_[other] = joined;
  return true;
}

absl::Status PropertyString::SetInteger(std::string_view option, std::int64_t value) {
  return Set(option, std::to_string(value));
}

absl::Status PropertyString::SetSize(std::string_view option, std::int64_t bytes) {
  return Set(option, FormatSize(bytes));
}

absl::Status PropertyString::SetList(std::string_view option, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    if (IsBlank(value) || value.find(';') != std::string::npos) {
      return Refused(*kind_, option, value, "cannot be part of a list: it is empty or holds a semicolon");
    }
  }
  return Set(option, Join(values, ";"));
}

bool PropertyString::Remove(std::string_view option) {
  std::string_view const name = kind_->CurrentName(option);
  std::size_t const index = IndexOf(name);
  if (index == items_.size()) return false;
  if (Item& item = items_[index]; HoldsModelAndMac(item)) {
    item = name == kModel ? Item{.key = std::string(kMacAddress), .value = item.value}
                          : Item{.key = "", .value = item.key};
    return true;
  }
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(index));
  return true;
}

void PropertyString::Insert(Item item, std::string_view current_name) {
  auto const rank = Rank(*kind_, current_name);
  auto const later = std::ranges::find_if(items_, [&](const Item& there) {
    std::string_view const name = NameOf(there);
    return !name.empty() && Rank(*kind_, name) > rank;
  });
  items_.insert(later, std::move(item));
}

bool PropertyString::EncodedAsBase64() const {
  for (const OptionRule& rule : kind_->options) {
    if (rule.form != Form::kBase64Flag) continue;
    std::optional<std::string_view> const flag = Get(rule.name);
    return flag.has_value() && ParseBool(*flag).value_or(false);
  }
  return false;
}

bool PropertyString::Equivalent(const PropertyString& other) const {
  using Said = std::pair<std::string, std::string>;
  auto const all_of = [](const PropertyString& from) {
    std::vector<Said> said;
    bool const base64 = from.EncodedAsBase64();
    for (const Item& item : from.items_) {
      std::string_view const name = from.NameOf(item);
      if (from.HoldsModelAndMac(item)) {
        said.emplace_back(kModel, item.key);
        said.emplace_back(kMacAddress, ComparableValue(Form::kMac, item.value, base64));
      } else if (!name.empty() || !IsBlank(item.value)) {
        Form const form = FormOf(*from.kind_, name);
        // What the flag says is in the decoded texts.
        if (form != Form::kBase64Flag) said.emplace_back(name, ComparableValue(form, item.value, base64));
      }
    }
    std::ranges::sort(said);
    return said;
  };
  return kind_ == other.kind_ && all_of(*this) == all_of(other);
}

bool SameProperty(const Kind& kind, std::string_view a, std::string_view b) {
  if (a == b) return true;
  absl::StatusOr<PropertyString> const first = PropertyString::Parse(kind, a);
  absl::StatusOr<PropertyString> const second = PropertyString::Parse(kind, b);
  return first.ok() && second.ok() && first->Equivalent(*second);
}

}  // namespace fediversity::proxmox
