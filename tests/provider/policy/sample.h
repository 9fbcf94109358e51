#ifndef FEDIVERSITY_TESTS_PROVIDER_POLICY_SAMPLE_H_
#define FEDIVERSITY_TESTS_PROVIDER_POLICY_SAMPLE_H_

#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "provider/schema/table.h"

namespace fediversity::policy {

// A table with an attribute of every kind that the rules see differently.
inline const schema::Table& SampleTable() {
  static const schema::Table kTable = [] {
    auto const make = [](std::vector<schema::Row> rows) {
      schema::Table made{.name = "fediversity_sample", .doc = "A sample."};
      for (schema::Row& row : rows) {
        row.doc = "A sample.";
        row.optional = true;
      }
      made.rows = std::move(rows);
      if (!made.Finish().ok()) std::abort();
      return made;
    };
    auto disk = make({{.name = "storage"}, {.name = "key_wo", .sensitive = true}});
    auto cpu = make({{.name = "cores", .type = wire::Type::Number()}});
    disk.name = cpu.name = "";
    return make({{.name = "name"},
                 {.name = "size", .type = wire::Type::Number()},
                 {.name = "tags", .type = wire::Type::Set(wire::Type::String())},
                 {.name = "labels", .type = wire::Type::Map(wire::Type::String())},
                 {.name = "token", .sensitive = true},
                 {.name = "disks",
                  .nesting = schema::Nesting::kMap,
                  .nested = std::make_shared<const schema::Table>(disk)},
                 {.name = "cpu",
                  .nesting = schema::Nesting::kSingle,
                  .nested = std::make_shared<const schema::Table>(cpu)},
                 {.name = "any", .type = wire::Type::Dynamic()}});
  }();
  return kTable;
}

}  // namespace fediversity::policy

#endif  // FEDIVERSITY_TESTS_PROVIDER_POLICY_SAMPLE_H_
