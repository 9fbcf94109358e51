#ifndef FEDIVERSITY_PROVIDER_SCHEMA_TYPED_DATA_SOURCE_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_TYPED_DATA_SOURCE_H_

// What a data source is written against: a struct in place of wire values. Its table is its own, or derived
// from the resource of the same struct (DeriveDataTable).

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "provider/schema/typed_resource.h"

namespace fediversity::schema {

template <typename T>
class DataSource {
 public:
  virtual ~DataSource() = default;

  virtual void Validate(const T& /*config*/, Diagnostics& /*diagnostics*/) const {}
  // NotFound becomes an error for the user.
  virtual absl::StatusOr<T> Read(T config, Context<T>& context) = 0;
};

// The table of a data source that reads what the resource of `rows` manages: `keys` are required, `left_out`
// is not offered, exactly one of `selectors` has to be set, everything else is computed. Rules of the keys and selectors
// stay; other rules, defaults and identity are gone.
Table DeriveDataTable(const internal::Rows& rows, const char* doc, const std::vector<std::string>& keys,
                      const std::vector<std::string>& left_out,
                      const std::vector<std::string>& selectors = {});

template <typename T>
class TypedDataSource final : public AnyDataSource {
 public:
  TypedDataSource(const internal::Rows& rows, Table table, std::unique_ptr<DataSource<T>> source)
      : rows_(rows),
        table_(std::move(table)),
        source_(std::move(source)) {}

  const Table& table() const override { return table_; }
  void Validate(const wire::Value& config, Diagnostics& diagnostics) const override {
    source_->Validate(DecodeModel<T>(rows_, config), diagnostics);
  }
  absl::StatusOr<wire::Value> Read(Operation& operation, const wire::Value& config) override {
    Context<T> context(operation, rows_);
    ASSIGN_OR_RETURN(T const model, source_->Read(DecodeModel<T>(rows_, config), context));
    wire::Value const encoded = internal::EncodeStruct(rows_, &model);
    wire::Value object = NullObject(table_);
    for (const Row& row : table_.rows) object.Set(row.name, *encoded.Find(row.name));
    return object;
  }

 private:
  internal::Rows rows_;
  Table table_;
  std::unique_ptr<DataSource<T>> source_;
};

// `description` has static storage.
template <typename T, std::size_t N>
std::unique_ptr<AnyDataSource> MakeDataSource(const Description<T, N>& description,
                                              std::unique_ptr<DataSource<T>> source) {
  return std::make_unique<TypedDataSource<T>>(description.erased(), TableOrUnfinished(description.erased()),
                                              std::move(source));
}
template <typename T, std::size_t N>
std::unique_ptr<AnyDataSource> MakeDataSource(const Description<T, N>& description, Table table,
                                              std::unique_ptr<DataSource<T>> source) {
  return std::make_unique<TypedDataSource<T>>(description.erased(), std::move(table), std::move(source));
}

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_TYPED_DATA_SOURCE_H_
