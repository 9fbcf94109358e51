#ifndef FEDIVERSITY_PROVIDER_SCHEMA_TYPED_EPHEMERAL_RESOURCE_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_TYPED_EPHEMERAL_RESOURCE_H_

// What an ephemeral resource is written against: a struct in place of wire values.

#include <memory>
#include <utility>

#include "provider/schema/ephemeral_resource.h"
#include "provider/schema/typed_resource.h"

namespace fediversity::schema {

template <typename T>
class EphemeralResource {
 public:
  virtual ~EphemeralResource() = default;

  virtual void Validate(const T& /*config*/, Diagnostics& /*diagnostics*/) const {}
  // The meaning of each is AnyEphemeralResource's; Context<T>::RenewAt() says when to renew. While renewing and closing
  // the context's configuration is null.
  virtual absl::StatusOr<T> Open(T config, Context<T>& context) = 0;
  virtual absl::Status Renew(Context<T>& /*context*/) { return absl::OkStatus(); }
  virtual absl::Status Close(Context<T>& /*context*/) { return absl::OkStatus(); }
};

template <typename T>
class TypedEphemeralResource final : public AnyEphemeralResource {
 public:
  TypedEphemeralResource(const internal::Rows& rows, std::unique_ptr<EphemeralResource<T>> resource)
      : rows_(rows),
        table_(TableOrUnfinished(rows)),
        resource_(std::move(resource)) {}

  const Table& table() const override { return table_; }
  void Validate(const wire::Value& config, Diagnostics& diagnostics) const override {
    resource_->Validate(DecodeModel<T>(rows_, config), diagnostics);
  }
  absl::StatusOr<wire::Value> Open(Operation& operation, const wire::Value& config) override {
    Context<T> context(operation, rows_);
    ASSIGN_OR_RETURN(T const model, resource_->Open(DecodeModel<T>(rows_, config), context));
    return internal::EncodeStruct(rows_, &model);
  }
  absl::Status Renew(Operation& operation) override {
    Context<T> context(operation, rows_);
    return resource_->Renew(context);
  }
  absl::Status Close(Operation& operation) override {
    Context<T> context(operation, rows_);
    return resource_->Close(context);
  }

 private:
  internal::Rows rows_;
  Table table_;
  std::unique_ptr<EphemeralResource<T>> resource_;
};

// `description` has static storage.
template <typename T, std::size_t N>
std::unique_ptr<AnyEphemeralResource> MakeEphemeralResource(const Description<T, N>& description,
                                                            std::unique_ptr<EphemeralResource<T>> resource) {
  return std::make_unique<TypedEphemeralResource<T>>(description.erased(), std::move(resource));
}

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_TYPED_EPHEMERAL_RESOURCE_H_
