#include "tests/support/plan_oracle/random_table.h"

#include <memory>
#include <string>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "tests/support/plan_oracle/random_value.h"

namespace fediversity::oracle {
namespace {

using schema::Nesting;
using schema::Row;
using schema::Table;
using wire::Type;

// What the surroundings of a row allow.
struct Place {
  int depth = 0;
  bool in_set = false;
  bool in_collection = false;
};

Type RandomPrimitive(Random& random) {
  switch (random.Below(4)) {
    case 0: return Type::Number();
    case 1: return Type::Bool();
    default: return Type::String();
  }
}

Type RandomType(Random& random, Place place, int depth = 0) {
  std::size_t const choice = random.Below(depth >= 2 ? 5 : 11);
  if (choice < 5) return RandomPrimitive(random);
  switch (choice) {
    case 5:
    case 6: return Type::List(RandomType(random, {.in_collection = true}, depth + 1));
    case 7: return Type::Set(RandomType(random, {.in_collection = true}, depth + 1));
    case 8: return Type::Map(RandomType(random, {.in_collection = true}, depth + 1));
    case 9:
      return Type::Object(
          {{"p", RandomPrimitive(random)}, {"q", RandomType(random, {.in_collection = true}, depth + 1)}});
    default: return place.in_collection ? Type::String() : Type::Dynamic();
  }
}

void ChooseMode(Random& random, Place place, Row& row) {
  switch (random.Below(place.in_set ? 3 : 6)) {
    case 0: row.required = true; break;
    case 1: row.optional = true; break;
    case 2:
      row.optional = true;
      if (row.nesting == Nesting::kNone) {
        row.computed = true;
        row.fallback = RandomValue(random, row.type);
      }
      break;
    case 3: row.computed = true; break;
    case 4: row.optional = row.computed = true; break;
    default:
      row.optional = row.computed = true;
      if (row.nesting == Nesting::kNone && random.Percent(60)) row.initial = RandomValue(random, row.type);
      break;
  }
  row.keep_state = row.computed && !place.in_set && random.Percent(40);
  row.replace = (!row.computed || row.optional) && random.Percent(10);
  row.sensitive = random.Percent(10);
}

absl::StatusOr<Table> RandomTableAt(Random& random, Place place);

absl::StatusOr<Row> RandomRow(Random& random, Place place, std::string name) {
  Row row{.name = std::move(name), .doc = "A random attribute."};
  if (place.depth < 3 && random.Percent(place.depth == 0 ? 35 : 20)) {
    row.nesting = static_cast<Nesting>(1 + random.Below(4));
    bool const set = row.nesting == Nesting::kSet;
    ASSIGN_OR_RETURN(Table nested, RandomTableAt(random, {.depth = place.depth + 1,
                                                          .in_set = place.in_set || set,
                                                          .in_collection = place.in_collection ||
                                                                           row.nesting != Nesting::kSingle}));
    row.nested = std::make_shared<const Table>(std::move(nested));
  } else if (!place.in_set && random.Percent(15)) {
    row.name = Cat({kFoldPrefix, row.name});
  } else {
    row.type = RandomType(random, place);
  }
  ChooseMode(random, place, row);
  return row;
}

absl::StatusOr<Table> RandomTableAt(Random& random, Place place) {
  Table table;
  if (place.depth == 0) {
    table.name = "test_random";
    table.doc = "A random resource.";
    table.import_id = "{id}";
    table.identity = {"id"};
    table.rows.push_back({.name = "id", .doc = "Its key.", .computed = true, .keep_state = true});
  }
  std::size_t const count = 1 + random.Below(place.depth == 0 ? 8 : 4);
  for (std::size_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(Row row, RandomRow(random, place, Cat({"a", std::to_string(i)})));
    table.rows.push_back(std::move(row));
  }
  if (!place.in_set && random.Percent(30)) {
    table.rows.push_back({.name = "secret_wo",
                          .doc = "A secret.",
                          .optional = true,
                          .write_only = true,
                          .version_attribute = "secret_wo_version"});
    table.rows.push_back(
        {.name = "secret_wo_version", .doc = "Its version.", .optional = true, .type = Type::Number()});
  }
  RETURN_IF_ERROR(table.Finish());
  return table;
}

}  // namespace

absl::StatusOr<Table> RandomTable(Random& random) { return RandomTableAt(random, {}); }

}  // namespace fediversity::oracle
