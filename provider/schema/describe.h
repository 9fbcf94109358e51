#ifndef FEDIVERSITY_PROVIDER_SCHEMA_DESCRIBE_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_DESCRIBE_H_

// One declaration per attribute. A member without a row, a member with two, a row of another struct or a
// description that is not a sentence does not compile:
//
//   struct Bucket {
//     Value<std::string> id;
//     Value<std::string> name;
//   };
//
//   constexpr auto kBucket = Describe<Bucket>(
//       {.name = "fediversity_garage_bucket", .doc = "An S3 bucket.", .import_id = "{id}", .identity = {"id"}},
//       Attr<&Bucket::id>("id").Computed().KeepState().Doc("Identifier that Garage gave the bucket."),
//       Attr<&Bucket::name>("name").Required().Check(kBucketName).Doc("Global alias of the bucket."));
//
// A nested struct is described the same way and named in its row: Attr<&Vm::cpu>("cpu").Nested<kCpu>().

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "provider/schema/field_codec.h"
#include "provider/schema/model.h"
#include "provider/schema/table.h"

namespace fediversity::schema {

namespace internal {

struct AnyField {
  template <typename T>
  operator T() const;  // NOLINT: converts to each member's type in turn
};

template <typename T, std::size_t... I>
consteval bool TakesFields(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), AnyField{})...}; };
}

// How many members the aggregate T has.
template <typename T, std::size_t N = 0>
consteval std::size_t FieldCount() {
  if constexpr (TakesFields<T>(std::make_index_sequence<N + 1>())) {
    return FieldCount<T, N + 1>();
  } else {
    return N;
  }
}

template <auto A, auto B>
consteval bool IsSameMember() {
  if constexpr (std::is_same_v<decltype(A), decltype(B)>) return A == B;
  return false;
}
template <auto Member, auto... All>
inline constexpr bool kOnce = (static_cast<int>(IsSameMember<Member, All>()) + ...) == 1;

consteval bool IsSentence(std::string_view text) {
  if (text.size() < 2 || text.back() != '.') return false;
  return (text.front() >= 'A' && text.front() <= 'Z') || text.front() == '`';
}

template <typename Class, typename Member>
Class ClassOf(Member Class::*);
template <typename Class, typename Member>
Member MemberOf(Member Class::*);

}  // namespace internal

// A rule on one attribute, for a constexpr variable. The sentence completes "The value ...":
//   constexpr RuleSpec kPositive = {"must be positive.", [](const wire::Value& v) { ... }};
struct RuleSpec {
  const char* sentence = "";
  bool (*accepts)(const wire::Value&) = nullptr;
  // What to say besides of a value that is refused; may be empty.
  std::string (*advise)(const wire::Value&) = nullptr;
};

struct TogetherSpec {
  Together::Kind kind = Together::Kind::kExactlyOne;
  const char* attributes[8] = {};
};

// What a description says of the whole object.
struct TableSpec {
  const char* name = "";
  const char* doc = "";
  const char* import_id = "";
  const char* identity[6] = {};
  std::int64_t version = 0;
  std::array<TogetherSpec, 6> together = {};
};

namespace internal {

struct DefaultSpec {
  enum class Kind : std::uint8_t { kNone, kBool, kInt, kText };
  Kind kind = Kind::kNone;
  bool boolean = false;
  std::int64_t integer = 0;
  const char* text = "";
};

constexpr DefaultSpec MakeDefault(bool value) { return {.kind = DefaultSpec::Kind::kBool, .boolean = value}; }
constexpr DefaultSpec MakeDefault(std::int64_t value) {
  return {.kind = DefaultSpec::Kind::kInt, .integer = value};
}
constexpr DefaultSpec MakeDefault(const char* value) {
  return {.kind = DefaultSpec::Kind::kText, .text = value};
}

struct AppliedRule {
  RuleSpec rule;
  bool each_element = false;
};

struct RowSpec {
  const char* name = "";
  const char* doc = "";
  const char* deprecation = "";
  const char* version_attribute = "";
  bool required = false, optional = false, computed = false, sensitive = false, write_only = false;
  bool keep_state = false, replace = false;
  bool whole_number = false, whole_elements = false;  // 64-bit integers
  DefaultSpec fallback, initial;
  AppliedRule rules[6];
  std::size_t rule_count = 0;

  Nesting nesting = Nesting::kNone;
  Rows (*nested)() = nullptr;
  wire::Type (*type)() = nullptr;
  void (*decode)(const wire::Value&, void* model, const Rows* nested) = nullptr;
  wire::Value (*encode)(const void* model, const Rows* nested) = nullptr;
};

struct Rows {
  const RowSpec* rows = nullptr;
  std::size_t count = 0;
  const TableSpec* spec = nullptr;
  const std::uint16_t* by_name = nullptr;  // `count` indices of rows, in the order of their names
};

template <std::size_t N>
constexpr std::array<std::uint16_t, N> OrderByName(const std::array<RowSpec, N>& rows) {
  std::array<std::uint16_t, N> order = {};
  for (std::size_t i = 0; i < N; ++i) {
    std::size_t place = i;
    for (; place > 0 && std::string_view(rows[i].name) < rows[order[place - 1]].name; --place) {
      order[place] = order[place - 1];
    }
    order[place] = static_cast<std::uint16_t>(i);
  }
  return order;
}

}  // namespace internal

template <typename T, std::size_t N>
struct Description {
  using Model = T;
  TableSpec spec;
  std::array<internal::RowSpec, N> rows;
  std::array<std::uint16_t, N> by_name;

  constexpr internal::Rows erased() const { return {rows.data(), N, &spec, by_name.data()}; }
};

// Builds one row; every call answers a changed copy.
template <auto Member>
class AttrBuilder {
 public:
  using Class = decltype(internal::ClassOf(Member));
  using Field = typename decltype(internal::MemberOf(Member))::value_type;
  using Codec = internal::Codec<Field>;

  consteval explicit AttrBuilder(const char* name) {
    row_.name = name;
    row_.nesting = Codec::kNesting;
    row_.type = &Codec::Type;
    row_.whole_number = std::is_same_v<Field, std::int64_t>;
    row_.whole_elements = std::is_same_v<Field, List<std::int64_t>> ||
                          std::is_same_v<Field, Set<std::int64_t>> ||
                          std::is_same_v<Field, Map<std::int64_t>>;
    row_.decode = [](const wire::Value& value, void* model, const internal::Rows* nested) {
      static_cast<Class*>(model)->*Member = internal::DecodeField<Field>(value, nested);
    };
    row_.encode = [](const void* model, const internal::Rows* nested) {
      return internal::EncodeField(static_cast<const Class*>(model)->*Member, nested);
    };
  }

  consteval AttrBuilder Required() const {
    return With([](auto& row) { row.required = true; });
  }
  // Left out, it is null, and the object should be without it. Where the service then has a value of its own,
  // make it Computed() too: left out, it is as it is, and no plan changes it.
  consteval AttrBuilder Optional() const {
    return With([](auto& row) { row.optional = true; });
  }
  // The service gives it (where configuration is silent, if it is also optional).
  consteval AttrBuilder Computed() const {
    return With([](auto& row) { row.computed = true; });
  }
  // A computed value that no update of something else changes.
  consteval AttrBuilder KeepState() const {
    return With([](auto& row) { row.keep_state = true; });
  }
  // A change replaces the object.
  consteval AttrBuilder Replaces() const {
    return With([](auto& row) { row.replace = true; });
  }
  consteval AttrBuilder Sensitive() const {
    return With([](auto& row) { row.sensitive = true; });
  }
  // Never in state or plan; `version_attribute` says when it has changed.
  consteval AttrBuilder WriteOnly(const char* version_attribute) const {
    return With([=](auto& row) {
      row.write_only = true;
      row.version_attribute = version_attribute;
    });
  }
  // Taken whenever configuration is silent.
  template <typename D>
  consteval AttrBuilder Default(D value) const {
    static_assert(FitsDefault<D>(), "the default is not of the member's type");
    AttrBuilder changed = *this;
    changed.row_.optional = changed.row_.computed = true;
    changed.row_.fallback = internal::MakeDefault(DefaultArgument(value));
    return changed;
  }
  // Taken when the object is created and configuration is silent; later, silence means "as it is".
  template <typename D>
  consteval AttrBuilder DefaultOnCreate(D value) const {
    static_assert(FitsDefault<D>(), "the default is not of the member's type");
    AttrBuilder changed = *this;
    changed.row_.optional = changed.row_.computed = changed.row_.keep_state = true;
    changed.row_.initial = internal::MakeDefault(DefaultArgument(value));
    return changed;
  }
  consteval AttrBuilder Check(RuleSpec rule) const { return WithRule({rule, false}); }
  // The rule holds for each element of a list, set or map.
  consteval AttrBuilder CheckEach(RuleSpec rule) const { return WithRule({rule, true}); }
  consteval AttrBuilder Deprecated(const char* why) const {
    return With([=](auto& row) { row.deprecation = why; });
  }
  template <const auto& kDescription>
  consteval AttrBuilder Nested() const {
    using Described = typename std::remove_cvref_t<decltype(kDescription)>::Model;
    static_assert(std::is_same_v<Described, typename Codec::Struct>, "the description is of another struct");
    return With([](auto& row) { row.nested = [] { return kDescription.erased(); }; });
  }
  consteval AttrBuilder Doc(const char* sentence) const {
    if (!internal::IsSentence(sentence))
      throw "a description starts with a capital letter and ends with a full stop";
    return With([=](auto& row) { row.doc = sentence; });
  }

  internal::RowSpec row_;  // public only because g++ 12 takes no immediate accessor inside a pack expansion

 private:
  template <typename D>
  static consteval bool FitsDefault() {
    if constexpr (std::is_same_v<Field, bool>) return std::is_same_v<D, bool>;
    if constexpr (std::is_same_v<Field, std::int64_t>)
      return std::is_integral_v<D> && !std::is_same_v<D, bool>;
    return std::is_same_v<Field, std::string> && std::is_same_v<D, const char*>;
  }
  template <typename D>
  static constexpr auto DefaultArgument(D value) {
    if constexpr (std::is_integral_v<D> && !std::is_same_v<D, bool>) {
      return static_cast<std::int64_t>(value);
    } else {
      return value;
    }
  }

  template <typename Change>
  consteval AttrBuilder With(Change change) const {
    AttrBuilder changed = *this;
    change(changed.row_);
    return changed;
  }
  consteval AttrBuilder WithRule(internal::AppliedRule rule) const {
    return With([=](auto& row) { row.rules[row.rule_count++] = rule; });
  }
};

template <auto Member>
consteval AttrBuilder<Member> Attr(const char* name) {
  return AttrBuilder<Member>(name);
}

template <typename T, auto... Members>
consteval Description<T, sizeof...(Members)> Describe(TableSpec spec, AttrBuilder<Members>... attributes) {
  static_assert((std::is_same_v<typename AttrBuilder<Members>::Class, T> && ...),
                "a row is of another struct");
  static_assert((internal::kOnce<Members, Members...> && ...), "two rows have one member");
  static_assert(internal::FieldCount<T>() == sizeof...(Members), "each member needs exactly one row");
  Description<T, sizeof...(Members)> description{spec, {attributes.row_...}, {}};
  for (std::size_t i = 0; i < description.rows.size(); ++i) {
    const internal::RowSpec& row = description.rows[i];
    if (std::string_view(row.doc).empty()) throw "a row has no description";
    if ((row.nesting != Nesting::kNone) != (row.nested != nullptr))
      throw "a nested struct needs Nested<...>()";
    for (std::size_t j = 0; j < i; ++j) {
      if (std::string_view(row.name) == description.rows[j].name) throw "two rows have one name";
    }
  }
  description.by_name = internal::OrderByName(description.rows);
  return description;
}

// Of a nested struct that has no conditions across its attributes.
template <typename T, auto... Members>
consteval Description<T, sizeof...(Members)> Describe(AttrBuilder<Members>... attributes) {
  return Describe<T>(TableSpec(), attributes...);
}

// The run-time table of a description, finished. Answers what Table::Finish() answers.
absl::StatusOr<Table> MakeTable(const internal::Rows& rows);

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_DESCRIBE_H_
