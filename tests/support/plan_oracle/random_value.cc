#include "tests/support/plan_oracle/random_value.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "provider/wire/msgpack.h"
#include "tests/support/plan_oracle/member.h"

namespace fediversity::oracle {
namespace {

using schema::Nesting;
using schema::Row;
using schema::Table;
using wire::Type;
using wire::Value;
using Kind = wire::Value::Kind;

constexpr std::array<std::string_view, 16> kStrings = {
    "",
    "a",
    "A",
    "b",
    "Web",
    "example.org",
    "203.0.113.9",
    "with space",
    "zürich",
    "zu\u0308rich",
    "\u212B",
    "日本語",
    "\U0001F40B",
    "line\nbreak",
    "\"quoted\\\"",
    "0",
};
constexpr std::array<std::string_view, 16> kNumbers = {
    "0",
    "1",
    "-1",
    "127",
    "128",
    "-129",
    "65536",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "1e30",
    "0.1",
    "-2.5",
    "1e-7",
    "3.141592653589793238462643383279",
    "1267650600228229401496703205376",
};
constexpr std::array<std::string_view, 5> kKeys = {"a", "b", "scsi0", "Ünïcode", "with.dot"};

Value RandomString(Random& random) {
  if (random.Percent(5)) return Value::String(std::string(300, 'x'));
  if (random.Percent(30)) return Value::String(std::to_string(random.Below(1000)));
  return Value::String(kStrings[random.Below(kStrings.size())]);
}

Value RandomNumber(Random& random) {
  if (random.Percent(30)) return Value::Int(static_cast<std::int64_t>(random.Next()));
  return Value::Num(*wire::Number::Parse(kNumbers[random.Below(kNumbers.size())]));
}

template <typename Make>
Value::Elements RandomElements(Random& random, Make make) {
  Value::Elements elements;
  for (std::size_t left = random.Below(4); left > 0; --left) elements.push_back(make());
  return elements;
}

template <typename Make>
Value::Entries RandomEntries(Random& random, Make make) {
  Value::Entries entries;
  for (std::size_t left = random.Below(4); left > 0; --left) {
    entries.emplace_back(kKeys[random.Below(kKeys.size())], make());
  }
  return entries;
}

// A value of a nested attribute of which make() gives the objects.
template <typename Make>
Value RandomNested(Random& random, Nesting nesting, Make make) {
  switch (nesting) {
    case Nesting::kList: return Value::List(RandomElements(random, make));
    case Nesting::kSet: return Value::Set(RandomElements(random, make));
    case Nesting::kMap: return Value::Map(RandomEntries(random, make));
    case Nesting::kNone:
    case Nesting::kSingle: break;
  }
  return make();
}

Value RandomDynamic(Random& random) {
  static const std::array<Type, 4> kTypes = {
      Type::String(), Type::Number(), Type::List(Type::String()),
      Type::Object({{"x", Type::Bool()}, {"y", Type::Map(Type::Number())}})};
  const Type& type = kTypes[random.Below(kTypes.size())];
  return Value::Dynamic(type, RandomValue(random, type));
}

// What is known of a value that will turn out to be `value`.
wire::Refinement RandomRefinement(Random& random, const Value& value) {
  wire::Refinement known;
  if (value.is_null() || random.Percent(40)) return known;
  known.not_null = true;
  if (random.Percent(50)) return known;
  if (value.kind() == Kind::kString) {
    std::size_t const length = std::min<std::size_t>(value.string().size(), 2);
    bool ascii = true;
    for (char c : value.string()) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    if (ascii) known.prefix = value.string().substr(0, length);
  } else if (value.kind() == Kind::kNumber) {
    known.min = {.value = value.number(), .inclusive = true};
  } else if (value.kind() == Kind::kList) {
    known.max_length = static_cast<std::int64_t>(value.elements().size()) + 1;
  }
  return known;
}

Value MadeUnknown(Random& random, const Type& type, const Value& value) {
  // A dynamic that is unknown has no type, and nothing is known of it.
  if (type.has_dynamic()) return Value::Unknown();
  return Value::Unknown(RandomRefinement(random, value));
}

Value WithUnknownsIn(Random& random, const Type& type, const Value& value, std::size_t percent);

Value::Elements WithUnknownElements(Random& random, const Type& element, const Value& value,
                                    std::size_t percent) {
  Value::Elements elements;
  for (const Value& item : value.elements())
    elements.push_back(WithUnknownsIn(random, element, item, percent));
  return elements;
}

Value WithUnknownsIn(Random& random, const Type& type, const Value& value, std::size_t percent) {
  if (random.Percent(percent)) return MadeUnknown(random, type, value);
  if (value.is_null()) return value;
  switch (type.kind()) {
    case Type::Kind::kList: return Value::List(WithUnknownElements(random, type.element(), value, percent));
    case Type::Kind::kSet: return Value::Set(WithUnknownElements(random, type.element(), value, percent));
    case Type::Kind::kMap: {
      Value::Entries entries;
      for (const auto& [key, item] : value.entries()) {
        entries.emplace_back(key, WithUnknownsIn(random, type.element(), item, percent));
      }
      return Value::Map(std::move(entries));
    }
    case Type::Kind::kObject: {
      Value::Entries entries;
      for (const Type::Attribute& attribute : type.attributes()) {
        entries.emplace_back(attribute.name,
                             WithUnknownsIn(random, attribute.type, Member(value, attribute.name), percent));
      }
      return Value::Map(std::move(entries));
    }
    default: return value;
  }
}

// Read-only attributes of a configuration are never unknown: the host knows that nobody sets them.
void RestoreReadOnly(const Table& table, Value& config);

void RestoreReadOnly(const Row& row, Value& value) {
  if (!row.nested || value.is_null() || value.is_unknown()) return;
  if (row.nesting == Nesting::kSingle) return RestoreReadOnly(*row.nested, value);
  if (value.kind() == Kind::kMap) {
    for (const auto& [key, unused] : value.entries()) RestoreReadOnly(*row.nested, *value.FindMutable(key));
    return;
  }
  Value::Elements elements = value.elements();
  for (Value& element : elements) RestoreReadOnly(*row.nested, element);
  value = row.nesting == Nesting::kSet ? Value::Set(std::move(elements)) : Value::List(std::move(elements));
}

void RestoreReadOnly(const Table& table, Value& config) {
  if (config.kind() != Kind::kMap) return;
  for (const Row& row : table.rows) {
    Value* value = config.FindMutable(row.name);
    if (value == nullptr) continue;
    if (row.computed && !row.optional) {
      *value = Value::Null();
    } else {
      RestoreReadOnly(row, *value);
    }
  }
}

Value RandomHeldObject(Random& random, const Table& table) {
  Value::Entries entries;
  for (const Row& row : table.rows) {
    bool const absent = row.write_only || (!row.required && random.Percent(20));
    entries.emplace_back(row.name, absent ? Value::Null() : RandomHeld(random, row));
  }
  return Value::Map(std::move(entries));
}

Value CompleteRow(Random& random, const Row& row, const Value& planned, const Value& prior) {
  if (planned.is_unknown()) {
    if (!prior.is_null() && random.Percent(50)) return prior;
    return random.Percent(10) ? Value::Null() : RandomHeld(random, row);
  }
  if (!row.nested || planned.is_null()) return planned;
  switch (row.nesting) {
    case Nesting::kSingle: return Complete(random, *row.nested, planned, prior);
    case Nesting::kList: {
      Value::Elements elements;
      for (std::size_t i = 0; i < planned.elements().size(); ++i) {
        elements.push_back(Complete(random, *row.nested, planned.elements()[i],
                                    HasIndex(prior, i) ? prior.elements()[i] : Value::Null()));
      }
      return Value::List(std::move(elements));
    }
    case Nesting::kMap: {
      Value::Entries entries;
      for (const auto& [key, element] : planned.entries()) {
        entries.emplace_back(key, Complete(random, *row.nested, element, Member(prior, key)));
      }
      return Value::Map(std::move(entries));
    }
    case Nesting::kNone:
    case Nesting::kSet: break;
  }
  return planned;
}

}  // namespace

Value RandomValue(Random& random, const Type& type) {
  auto element = [&] { return RandomValue(random, type.element()); };
  switch (type.kind()) {
    case Type::Kind::kString: return RandomString(random);
    case Type::Kind::kNumber: return RandomNumber(random);
    case Type::Kind::kBool: return Value::Bool(random.Percent(50));
    case Type::Kind::kDynamic: return RandomDynamic(random);
    case Type::Kind::kList: return Value::List(RandomElements(random, element));
    case Type::Kind::kSet: return Value::Set(RandomElements(random, element));
    case Type::Kind::kMap: return Value::Map(RandomEntries(random, element));
    case Type::Kind::kObject: {
      Value::Entries entries;
      for (const Type::Attribute& attribute : type.attributes()) {
        entries.emplace_back(attribute.name,
                             random.Percent(20) ? Value::Null() : RandomValue(random, attribute.type));
      }
      return Value::Map(std::move(entries));
    }
    case Type::Kind::kTuple: {
      Value::Elements elements;
      for (const Type& item : type.elements()) elements.push_back(RandomValue(random, item));
      return Value::List(std::move(elements));
    }
  }
  return Value::Null();
}

Value RandomConfig(Random& random, const Table& table) {
  Value::Entries entries;
  for (const Row& row : table.rows) {
    bool const silent = row.required ? false : !row.optional || random.Percent(40);
    Value value;
    if (!silent && row.nested) {
      value = RandomNested(random, row.nesting, [&] { return RandomConfig(random, *row.nested); });
    } else if (!silent) {
      value = RandomValue(random, row.type);
    }
    entries.emplace_back(row.name, std::move(value));
  }
  return Value::Map(std::move(entries));
}

Value RandomHeld(Random& random, const Row& row) {
  if (!row.nested) return RandomValue(random, row.type);
  return RandomNested(random, row.nesting, [&] { return RandomHeldObject(random, *row.nested); });
}

Value Complete(Random& random, const Table& table, const Value& planned, const Value& prior) {
  if (planned.kind() != Kind::kMap) return planned;
  Value::Entries entries;
  for (const Row& row : table.rows) {
    entries.emplace_back(row.name,
                         CompleteRow(random, row, Member(planned, row.name), Member(prior, row.name)));
  }
  return Value::Map(std::move(entries));
}

Value WithUnknowns(Random& random, const Table& table, const Value& config) {
  std::size_t const percent = 5 + random.Below(30);
  Value::Entries entries;
  for (const Row& row : table.rows) {
    entries.emplace_back(row.name, WithUnknownsIn(random, row.type, Member(config, row.name), percent));
  }
  Value unknown = Value::Map(std::move(entries));
  RestoreReadOnly(table, unknown);
  // The wire has one way to say what is known of a value.
  auto const bytes = wire::EncodeMsgpack(unknown, table.type);
  auto normal = bytes.ok() ? wire::DecodeMsgpack(*bytes, table.type) : bytes.status();
  return normal.ok() ? *std::move(normal) : unknown;
}

}  // namespace fediversity::oracle
