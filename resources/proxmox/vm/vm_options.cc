#include "resources/proxmox/vm/vm_options.h"

#include <utility>

#include "provider/backends/proxmox/text/kind.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::resources {

using proxmox::PropertyString;

VmOptions::VmOptions(const proxmox::ConfigText& values) {
  for (const auto& [key, value] : values) entries_[key] = {.original = value, .text = value, .property = {}};
}

bool VmOptions::IsSet(const Entry& entry) {
  return entry.property.has_value() ? !entry.property->empty() : entry.text.has_value();
}

std::optional<std::string> VmOptions::TextOf(const Entry& entry) {
  if (!IsSet(entry)) return std::nullopt;
  return entry.property.has_value() ? entry.property->Format() : entry.text;
}

absl::StatusOr<PropertyString*> VmOptions::Open(std::string_view key) {
  Entry& entry = entries_.try_emplace(std::string(key)).first->second;
  if (entry.property.has_value()) return &*entry.property;
  const proxmox::Kind* const kind = proxmox::KindOf(key);
  if (kind == nullptr) return absl::InternalError(Cat({"`", key, "` holds no property string"}));
  if (entry.text.has_value()) {
    auto parsed = PropertyString::Parse(*kind, *entry.text);
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(
          Cat({"Proxmox holds a value that cannot be read\n`", key, "` of the VM is \"", *entry.text,
               "\": ", ToStd(parsed.status().message())}));
    }
    entry.property = *std::move(parsed);
  } else {
    entry.property.emplace(*kind);
  }
  return &*entry.property;
}

absl::StatusOr<std::optional<std::string>> VmOptions::Get(std::string_view key, std::string_view option) {
  if (option.empty()) return Value(key);
  if (!Has(key)) return std::nullopt;
  ASSIGN_OR_RETURN(PropertyString* const property, Open(key));
  auto const text = property->Get(option);
  if (!text.has_value()) return std::nullopt;
  return std::string(*text);
}

absl::Status VmOptions::Set(std::string_view key, std::string_view option, std::string_view text) {
  if (!option.empty()) {
    ASSIGN_OR_RETURN(PropertyString* const property, Open(key));
    // Proxmox writes a blank where there is nothing to boot from.
    if (property->Format() == " ") *property = PropertyString(property->kind());
    return property->Set(option, text);
  }
  Entry& entry = entries_.try_emplace(std::string(key)).first->second;
  entry.text = text;
  entry.property.reset();
  return absl::OkStatus();
}

absl::Status VmOptions::Remove(std::string_view key, std::string_view option) {
  if (!Has(key)) return absl::OkStatus();
  if (option.empty()) {
    RemoveKey(key);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(PropertyString* const property, Open(key));
  property->Remove(option);
  return absl::OkStatus();
}

void VmOptions::RemoveKey(std::string_view key) {
  auto const found = entries_.find(key);
  if (found == entries_.end()) return;
  found->second.text.reset();
  found->second.property.reset();
}

bool VmOptions::Has(std::string_view key) const {
  auto const found = entries_.find(key);
  return found != entries_.end() && IsSet(found->second);
}

std::optional<std::string> VmOptions::Value(std::string_view key) const {
  auto const found = entries_.find(key);
  return found == entries_.end() ? std::nullopt : TextOf(found->second);
}

std::vector<std::string> VmOptions::Keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : entries_) {
    if (IsSet(entry)) keys.push_back(key);
  }
  return keys;
}

proxmox::Parameters VmOptions::ToSet() const {
  proxmox::Parameters parameters;
  for (const auto& [key, entry] : entries_) {
    auto text = TextOf(entry);
    if (text.has_value() && text != entry.original) parameters.push_back({key, *std::move(text)});
  }
  return parameters;
}

std::vector<std::string> VmOptions::ToRemove() const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : entries_) {
    if (entry.original.has_value() && !IsSet(entry)) keys.push_back(key);
  }
  return keys;
}

}  // namespace fediversity::resources
