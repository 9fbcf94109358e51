#ifndef FEDIVERSITY_PROVIDER_WIRE_PATH_H_
#define FEDIVERSITY_PROVIDER_WIRE_PATH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "provider/wire/value.h"

namespace fediversity::wire {

// The way from a resource's object to one value in it: attribute names, map keys, list indices, and, where a
// set is crossed, the element itself.
class Path {
 public:
  struct Attribute {
    std::string name;
    friend bool operator==(const Attribute&, const Attribute&) = default;
  };
  struct Key {
    std::string key;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Index {
    std::int64_t index = 0;
    friend bool operator==(const Index&, const Index&) = default;
  };
  struct SetElement {
    Value value;
    friend bool operator==(const SetElement&, const SetElement&) = default;
  };
  using Step = std::variant<Attribute, Key, Index, SetElement>;

  Path() = default;  // the object itself
  explicit Path(std::string_view attribute) { steps_.push_back(Attribute{std::string(attribute)}); }

  // A path one step further; this one stays as it is.
  Path Child(std::string_view attribute) const;
  Path AtKey(std::string_view key) const;
  Path AtIndex(std::int64_t index) const;
  Path AtSetElement(Value element) const;

  const std::vector<Step>& steps() const { return steps_; }
  bool empty() const { return steps_.empty(); }

  // As HCL writes it: disks["scsi0"].size, rules[2].prefix; an element of a set is written [*], since its
  // value might be secret.
  std::string ToString() const;
  // The value that it leads to; null where there is none.
  const Value* Resolve(const Value& root) const;

  friend bool operator==(const Path&, const Path&) = default;

 private:
  Path With(Step step) const;
  std::vector<Step> steps_;
};

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_PATH_H_
