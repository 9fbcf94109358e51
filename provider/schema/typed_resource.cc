#include "provider/schema/typed_resource.h"

#include "provider/base/text.h"

namespace fediversity::schema {

Table TableOrUnfinished(const internal::Rows& rows) {
  auto table = MakeTable(rows);
  if (table.ok()) return *std::move(table);
  Table unfinished;
  unfinished.name = rows.spec->name;
  unfinished.doc = std::string(ToStd(table.status().message()));
  return unfinished;
}

wire::Value EncodeModel(const internal::Rows& rows, const void* model, const void* model_before,
                        const wire::Value& before) {
  wire::Value object = before;
  for (std::size_t i = 0; i < rows.count; ++i) {
    const internal::RowSpec& row = rows.rows[i];
    internal::Rows const nested = row.nested != nullptr ? row.nested() : internal::Rows{};
    wire::Value encoded = row.encode(model, &nested);
    if (encoded != row.encode(model_before, &nested)) object.Set(row.name, std::move(encoded));
  }
  return object;
}

}  // namespace fediversity::schema
