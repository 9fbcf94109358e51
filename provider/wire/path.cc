#include "provider/wire/path.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "provider/base/text.h"
#include "provider/wire/json_text.h"

namespace fediversity::wire {
namespace {

const Value* FindStep(const Value& value, const Path::Attribute& step) { return value.Find(step.name); }
const Value* FindStep(const Value& value, const Path::Key& step) { return value.Find(step.key); }

const Value* FindStep(const Value& value, const Path::Index& step) {
  if (value.kind() != Value::Kind::kList || step.index < 0) return nullptr;
  auto const index = static_cast<std::size_t>(step.index);
  return index < value.elements().size() ? &value.elements()[index] : nullptr;
}

const Value* FindStep(const Value& value, const Path::SetElement& step) {
  if (value.kind() != Value::Kind::kSet) return nullptr;
  auto const found = std::find(value.elements().begin(), value.elements().end(), step.value);
  return found != value.elements().end() ? &*found : nullptr;
}

void AppendStep(const Path::Attribute& step, std::string* text) {
  if (!text->empty()) *text += '.';
  *text += step.name;
}

void AppendStep(const Path::Key& step, std::string* text) {
  *text += '[';
  AppendJsonString(step.key, JsonEscapes::kNeeded, text);
  *text += ']';
}

void AppendStep(const Path::Index& step, std::string* text) {
  *text += Cat({"[", std::to_string(step.index), "]"});
}

void AppendStep(const Path::SetElement&, std::string* text) { *text += "[*]"; }

}  // namespace

Path Path::With(Step step) const {
  Path longer;
  longer.steps_.reserve(steps_.size() + 1);
  longer.steps_ = steps_;
  longer.steps_.push_back(std::move(step));
  return longer;
}

Path Path::Child(std::string_view attribute) const { return With(Attribute{std::string(attribute)}); }
Path Path::AtKey(std::string_view key) const { return With(Key{std::string(key)}); }
Path Path::AtIndex(std::int64_t index) const { return With(Index{index}); }
Path Path::AtSetElement(Value element) const { return With(SetElement{std::move(element)}); }

std::string Path::ToString() const {
  std::string text;
  for (const Step& step : steps_) {
    std::visit([&text](const auto& kind) { AppendStep(kind, &text); }, step);
  }
  return text;
}

const Value* Path::Resolve(const Value& root) const {
  const Value* at = &root;
  for (const Step& step : steps_) {
    if (at->kind() == Value::Kind::kDynamic) at = &at->dynamic_value();
    at = std::visit([at](const auto& kind) { return FindStep(*at, kind); }, step);
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace fediversity::wire
