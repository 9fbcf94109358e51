#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_PART_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_PART_H_

// Where each member of a model stands in a VM's configuration, as a table:
//
//   constexpr Part<Cpu> kCpuParts[] = {Bind<&Cpu::type>("cpu", "cputype"), Bind<&Cpu::cores>("cores")};
//   constexpr Part<Vm> kVmParts[] = {Bind<&Vm::name>("name"), In<&Vm::cpu, kCpuParts>(),
//                                    InSlots<&Vm::networks, proxmox::Bus::kNet, kNetworkParts>()};
//
// ReadParts() fills a model from a configuration; WriteParts() puts into a configuration what a plan changes.

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "provider/backends/proxmox/text/slot.h"
#include "provider/base/status_macros.h"
#include "provider/schema/model.h"
#include "resources/proxmox/vm/format.h"
#include "resources/proxmox/vm/option_name.h"
#include "resources/proxmox/vm/vm_options.h"

namespace fediversity::resources {

template <typename T>
struct Part {
  // Inside a slot, no key means the slot's own, and any other gets the slot's number ("ipconfig" in net2: "ipconfig2").
  const char* key = "";
  // Of the property string at the key; empty for the whole value.
  const char* option = "";

  absl::Status (*read)(const Part&, VmOptions&, std::string_view slot, T& model) = nullptr;
  // `prior` is null for what is new. Unknown members of `plan` are left to the service.
  absl::Status (*write)(const Part&, const T* prior, const T& plan, std::string_view slot,
                        VmOptions&) = nullptr;
  // Gives what means the same in `fresh` the spelling of `known`.
  void (*keep)(const Part&, const T& known, T& fresh) = nullptr;
  // Makes null what stands under `name`. False where nothing does, or where what does is not known.
  bool (*clear)(const Part&, const OptionName& name, std::string_view slot, T& model) = nullptr;
  // Takes out of the configuration what stands in the slot, keys of their own number included.
  void (*remove)(const Part&, std::string_view slot, VmOptions&) = nullptr;
};

namespace internal {

std::string ResolveKey(std::string_view key, std::string_view slot);
// Puts `planned` where `before` stands. Aborted where something else stands there by now, and `check` is set.
absl::Status Change(VmOptions& options, const std::string& key, std::string_view option,
                    const std::optional<std::string>& current, const std::optional<std::string>& before,
                    const std::optional<std::string>& planned, bool check);
// Aborted: something of another kind stands in a slot that was to be emptied.
absl::Status Exchanged(std::string_view slot);
absl::Status Unreadable(std::string_view key, std::string_view option, std::string_view text,
                        const absl::Status& why);

template <typename Class, typename Member>
Class ClassOf(Member Class::*);
template <typename Class, typename Member>
Member MemberOf(Member Class::*);
template <auto kMember>
using ModelOf = decltype(ClassOf(kMember));
template <auto kMember>
using FieldOf = typename decltype(MemberOf(kMember))::value_type;

template <typename Format, typename V>
std::optional<std::string> TextOf(const schema::Value<V>& value) {
  if (!value.has_value()) return std::nullopt;
  return Format::Text(*value);
}

template <typename T>
void RemoveKey(const Part<T>& part, std::string_view slot, VmOptions& options) {
  options.RemoveKey(ResolveKey(part.key, slot));
}

// Of what stands in no slot.
template <typename T>
void RemoveNothing(const Part<T>&, std::string_view, VmOptions&) {}

// A map without slots says no more than none, and reading does not tell which of them it was.
template <typename Map>
void KeepEmpty(const schema::Value<Map>& known, schema::Value<Map>& fresh) {
  if (fresh.is_null() && known.has_value() && known->empty()) fresh = known;
}

template <typename Map>
bool EraseSlot(std::string_view slot, Map& map) {
  auto const found = map.find(slot);
  if (found == map.end()) return false;
  map.erase(found);
  return true;
}

}  // namespace internal

template <typename T, std::size_t N>
absl::Status ReadParts(const Part<T> (&parts)[N], VmOptions& options, std::string_view slot, T& model) {
  for (const Part<T>& part : parts) RETURN_IF_ERROR(part.read(part, options, slot, model));
  return absl::OkStatus();
}

template <typename T, std::size_t N>
absl::Status WriteParts(const Part<T> (&parts)[N], const T* prior, const T& plan, std::string_view slot,
                        VmOptions& options) {
  for (const Part<T>& part : parts) RETURN_IF_ERROR(part.write(part, prior, plan, slot, options));
  return absl::OkStatus();
}

template <typename T, std::size_t N>
bool ClearParts(const Part<T> (&parts)[N], const OptionName& name, std::string_view slot, T& model) {
  bool cleared = false;
  for (const Part<T>& part : parts) cleared |= part.clear(part, name, slot, model);
  return cleared;
}

template <typename T, std::size_t N>
void RemoveParts(const Part<T> (&parts)[N], std::string_view slot, VmOptions& options) {
  for (const Part<T>& part : parts) part.remove(part, slot, options);
}

template <typename T, std::size_t N>
void KeepParts(const Part<T> (&parts)[N], const T& known, T& fresh) {
  for (const Part<T>& part : parts) part.keep(part, known, fresh);
}

// One member in one option.
template <auto kMember, typename Format = DefaultFormat<internal::FieldOf<kMember>>>
constexpr Part<internal::ModelOf<kMember>> Bind(const char* key, const char* option = "") {
  using T = internal::ModelOf<kMember>;
  return {
      .key = key,
      .option = option,
      .read = [](const Part<T>& self, VmOptions& options, std::string_view slot, T& model) -> absl::Status {
        std::string const at = internal::ResolveKey(self.key, slot);
        ASSIGN_OR_RETURN(std::optional<std::string> const text, options.Get(at, self.option));
        model.*kMember = {};
        if (!text.has_value()) return absl::OkStatus();
        auto parsed = Format::Parse(*text);
        if (!parsed.ok()) return internal::Unreadable(at, self.option, *text, parsed.status());
        model.*kMember = *std::move(parsed);
        return absl::OkStatus();
      },
      .write = [](const Part<T>& self, const T* prior, const T& plan, std::string_view slot,
                  VmOptions& options) -> absl::Status {
        if ((plan.*kMember).is_unknown()) return absl::OkStatus();
        auto const planned = internal::TextOf<Format>(plan.*kMember);
        auto const before = prior == nullptr ? std::nullopt : internal::TextOf<Format>(prior->*kMember);
        if (planned == before) return absl::OkStatus();
        std::string const at = internal::ResolveKey(self.key, slot);
        ASSIGN_OR_RETURN(std::optional<std::string> current, options.Get(at, self.option));
        if (current.has_value()) {
          if (auto const parsed = Format::Parse(*current); parsed.ok()) current = Format::Text(*parsed);
        }
        return internal::Change(options, at, self.option, current, before, planned, prior != nullptr);
      },
      .keep =
          [](const Part<T>&, const T& known, T& fresh) {
            if (!(known.*kMember).has_value() || (fresh.*kMember).is_unknown()) return;
            if (internal::TextOf<Format>(known.*kMember) == internal::TextOf<Format>(fresh.*kMember)) {
              fresh.*kMember = known.*kMember;
            }
          },
      .clear =
          [](const Part<T>& self, const OptionName& name, std::string_view slot, T& model) {
            bool const clears = (model.*kMember).has_value() &&
                                name.Covers(internal::ResolveKey(self.key, slot), self.option);
            if (clears) model.*kMember = {};
            return clears;
          },
      .remove = internal::RemoveKey<T>,
  };
}

// The members of a nested object, which is null where the configuration has none of them.
template <auto kMember, const auto& kParts>
constexpr Part<internal::ModelOf<kMember>> In() {
  using T = internal::ModelOf<kMember>;
  using Nested = internal::FieldOf<kMember>;
  return {
      .read = [](const Part<T>&, VmOptions& options, std::string_view slot, T& model) -> absl::Status {
        Nested nested = (model.*kMember).value_or(Nested{});
        RETURN_IF_ERROR(ReadParts(kParts, options, slot, nested));
        if (nested == Nested{}) {
          model.*kMember = {};
        } else {
          model.*kMember = std::move(nested);
        }
        return absl::OkStatus();
      },
      .write = [](const Part<T>&, const T* prior, const T& plan, std::string_view slot,
                  VmOptions& options) -> absl::Status {
        if ((plan.*kMember).is_unknown()) return absl::OkStatus();
        Nested const none;
        const Nested* const before = prior == nullptr                ? nullptr
                                     : (prior->*kMember).has_value() ? &*(prior->*kMember)
                                                                     : &none;
        return WriteParts(kParts, before, (plan.*kMember).has_value() ? *(plan.*kMember) : none, slot,
                          options);
      },
      .keep =
          [](const Part<T>&, const T& known, T& fresh) {
            if (!(known.*kMember).has_value() || (fresh.*kMember).is_unknown()) return;
            // An object whose members say nothing is the same as none.
            Nested nested = (fresh.*kMember).value_or(Nested{});
            KeepParts(kParts, *(known.*kMember), nested);
            if ((fresh.*kMember).has_value() || nested == *(known.*kMember))
              fresh.*kMember = std::move(nested);
          },
      .clear =
          [](const Part<T>&, const OptionName& name, std::string_view slot, T& model) {
            if (!(model.*kMember).has_value() || !ClearParts(kParts, name, slot, *(model.*kMember)))
              return false;
            if (*(model.*kMember) == Nested{}) model.*kMember = {};
            return true;
          },
      .remove = [](const Part<T>&, std::string_view slot,
                   VmOptions& options) { RemoveParts(kParts, slot, options); },
  };
}

namespace internal {
inline bool AnySlot(VmOptions&, std::string_view) { return true; }
}  // namespace internal

// A map whose keys are slots of `buses`, as far as kAccepts takes what stands there. A model that has the map already
// keeps to its slots; one that has none, gets all.
template <auto kMember, const auto& kBuses, const auto& kParts,
          bool (*kAccepts)(VmOptions&, std::string_view) = internal::AnySlot>
constexpr Part<internal::ModelOf<kMember>> InSlots() {
  using T = internal::ModelOf<kMember>;
  using Map = internal::FieldOf<kMember>;
  using Nested = typename Map::mapped_type::value_type;
  return {
      .read = [](const Part<T>&, VmOptions& options, std::string_view, T& model) -> absl::Status {
        Map const before = (model.*kMember).value_or(Map{});
        Map slots;
        for (const std::string& key : options.Keys()) {
          auto const slot = proxmox::Slot::Find(key);
          if (!slot.has_value() ||
              std::find(std::begin(kBuses), std::end(kBuses), slot->bus) == std::end(kBuses))
            continue;
          auto const found = before.find(key);
          if ((model.*kMember).has_value() && found == before.end()) continue;
          if (!kAccepts(options, key)) continue;
          Nested nested = found == before.end() ? Nested{} : found->second.value_or(Nested{});
          RETURN_IF_ERROR(ReadParts(kParts, options, key, nested));
          slots.emplace(key, std::move(nested));
        }
        if ((model.*kMember).has_value() || !slots.empty()) {
          model.*kMember = std::move(slots);
        } else {
          model.*kMember = {};
        }
        return absl::OkStatus();
      },
      .write = [](const Part<T>&, const T* prior, const T& plan, std::string_view,
                  VmOptions& options) -> absl::Status {
        if ((plan.*kMember).is_unknown()) return absl::OkStatus();
        Map const none;
        const Map& planned = (plan.*kMember).has_value() ? *(plan.*kMember) : none;
        const Map& before = prior != nullptr && (prior->*kMember).has_value() ? *(prior->*kMember) : none;
        for (const auto& [slot, element] : before) {
          if (planned.contains(slot)) continue;
          if (options.Has(slot) && !kAccepts(options, slot)) return internal::Exchanged(slot);
          RemoveParts(kParts, slot, options);
        }
        for (const auto& [slot, element] : planned) {
          if (!element.has_value()) continue;
          auto const found = before.find(slot);
          const Nested* const old =
              found == before.end() || !found->second.has_value() ? nullptr : &*found->second;
          RETURN_IF_ERROR(WriteParts(kParts, old, *element, slot, options));
        }
        return absl::OkStatus();
      },
      .keep =
          [](const Part<T>&, const T& known, T& fresh) {
            internal::KeepEmpty(known.*kMember, fresh.*kMember);
            if (!(known.*kMember).has_value() || !(fresh.*kMember).has_value()) return;
            for (auto& [slot, element] : *(fresh.*kMember)) {
              auto const found = (known.*kMember)->find(slot);
              if (found == (known.*kMember)->end() || !found->second.has_value() || !element.has_value())
                continue;
              KeepParts(kParts, *found->second, *element);
            }
          },
      .clear =
          [](const Part<T>&, const OptionName& name, std::string_view, T& model) {
            if (!(model.*kMember).has_value()) return false;
            bool cleared = name.option.empty() && internal::EraseSlot(name.key, *(model.*kMember));
            for (auto& [slot, element] : *(model.*kMember)) {
              cleared |= element.has_value() && ClearParts(kParts, name, slot, *element);
            }
            if (cleared && (model.*kMember)->empty()) model.*kMember = {};
            return cleared;
          },
      .remove = internal::RemoveNothing<T>,
  };
}

// A map from slots of `buses` to texts, the whole values.
template <auto kMember, const auto& kBuses>
constexpr Part<internal::ModelOf<kMember>> TextInSlots() {
  using T = internal::ModelOf<kMember>;
  using Map = schema::Map<std::string>;
  return {
      .read = [](const Part<T>&, VmOptions& options, std::string_view, T& model) -> absl::Status {
        Map slots;
        for (const std::string& key : options.Keys()) {
          auto const slot = proxmox::Slot::Find(key);
          if (!slot.has_value() ||
              std::find(std::begin(kBuses), std::end(kBuses), slot->bus) == std::end(kBuses))
            continue;
          if ((model.*kMember).has_value() && !(model.*kMember)->contains(key)) continue;
          slots.emplace(key, *options.Value(key));
        }
        if ((model.*kMember).has_value() || !slots.empty()) {
          model.*kMember = std::move(slots);
        } else {
          model.*kMember = {};
        }
        return absl::OkStatus();
      },
      .write = [](const Part<T>&, const T* prior, const T& plan, std::string_view,
                  VmOptions& options) -> absl::Status {
        if ((plan.*kMember).is_unknown()) return absl::OkStatus();
        Map const planned = (plan.*kMember).value_or(Map{});
        Map const before = prior == nullptr ? Map{} : (prior->*kMember).value_or(Map{});
        for (const auto& [slot, text] : before) {
          if (!planned.contains(slot)) options.RemoveKey(slot);
        }
        for (const auto& [slot, text] : planned) {
          auto const found = before.find(slot);
          if (!text.has_value() || (found != before.end() && found->second == text)) continue;
          RETURN_IF_ERROR(options.Set(slot, "", *text));
        }
        return absl::OkStatus();
      },
      .keep = [](const Part<T>&, const T& known,
                 T& fresh) { internal::KeepEmpty(known.*kMember, fresh.*kMember); },
      .clear =
          [](const Part<T>&, const OptionName& name, std::string_view, T& model) {
            if (!(model.*kMember).has_value() || !name.option.empty()) return false;
            bool const cleared = internal::EraseSlot(name.key, *(model.*kMember));
            if (cleared && (model.*kMember)->empty()) model.*kMember = {};
            return cleared;
          },
      .remove = internal::RemoveNothing<T>,
  };
}

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_PART_H_
