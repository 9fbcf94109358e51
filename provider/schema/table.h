#ifndef FEDIVERSITY_PROVIDER_SCHEMA_TABLE_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_TABLE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "provider/wire/type.h"
#include "provider/wire/value.h"

namespace fediversity::schema {

struct Table;

enum class Nesting : std::uint8_t { kNone, kSingle, kList, kSet, kMap };

// What a value has to obey. `sentence` completes "The value ..." and is what documentation and errors print.
// `accepts` sees a known, non-null value of the row's type, or of its element type. So does `advise`, where there is one
// and the value is refused: it says what is wrong with this value and what to write instead, or nothing.
struct Rule {
  std::string sentence;
  std::function<bool(const wire::Value&)> accepts;
  bool each_element = false;
  std::function<std::string(const wire::Value&)> advise = nullptr;
};

// One attribute.
struct Row {
  std::string name;
  std::string doc;          // sentences, Markdown allowed
  std::string deprecation;  // empty: not deprecated

  // As the host knows them. Required excludes the other two; at least one holds.
  bool required = false;
  bool optional = false;
  bool computed = false;
  bool sensitive = false;
  bool write_only = false;

  // The plan keeps the prior value where configuration is silent, in place of "known after apply".
  bool keep_state = false;
  // A change replaces the object.
  bool replace = false;
  // Taken where configuration is silent, always.
  std::optional<wire::Value> fallback;
  // Taken where configuration is silent and the object does not exist yet.
  std::optional<wire::Value> initial;
  // Name of the attribute whose change says that this write-only attribute has changed.
  std::string version_attribute;

  std::vector<Rule> rules;

  wire::Type type = wire::Type::String();  // derived from `nested` by Table::Finish where there is one
  Nesting nesting = Nesting::kNone;
  std::shared_ptr<const Table> nested;
};

// A condition on which attributes are set. It is checked where all of them are known.
struct Together {
  enum class Kind : std::uint8_t { kExactlyOne, kAtMostOne, kAtLeastOne, kAllOrNone };
  Kind kind = Kind::kExactlyOne;
  std::vector<std::string> attributes;
};

// What the protocol, the plan, the documentation and the golden schema are derived from: the attributes of a
// resource, of a data source, of the provider block or of a nested object. Immutable once finished.
struct Table {
  std::string name;  // "fediversity_dns_record_set"; empty for a nested object
  std::string doc;
  std::string import_id;              // "{zone}/{name}/{type}"; empty: import by identity only
  std::vector<std::string> identity;  // names of the attributes that identify the object
  std::int64_t version = 0;           // of the state; raised with each state upgrade
  std::vector<Row> rows;
  std::vector<Together> together;

  wire::Type type = wire::Type::Dynamic();  // one object with every attribute; derived
  bool has_write_only = false;              // at any depth; derived
  bool has_replacing = false;               // at any depth; derived

  // Derives types, then checks what the host enforces or crashes on (protocol 6, schema rules): names,
  // modes, nesting, that identity, import and version attributes exist. Answers FailedPrecondition naming
  // table and attribute. Nested tables must be finished first.
  absl::Status Finish();

  // The row called `wanted`; null where there is none.
  const Row* Find(std::string_view wanted) const;
  bool is_identified() const { return !identity.empty(); }
  // One object of the identity attributes' types.
  wire::Type IdentityType() const;
};

// An object with every attribute of `table` null.
wire::Value NullObject(const Table& table);

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_TABLE_H_
