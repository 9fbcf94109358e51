#ifndef FEDIVERSITY_PROVIDER_SCHEMA_TYPED_RESOURCE_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_TYPED_RESOURCE_H_

// What a resource is written against: its own struct in place of wire values.
//
//   class BucketResource final : public Resource<Bucket> {
//    public:
//     explicit BucketResource(Garage& garage) : Resource(kBucket), garage_(garage) {}
//     absl::StatusOr<Bucket> Create(Bucket plan, Context<Bucket>& context) override { ... }
//     absl::StatusOr<Bucket> Read(Bucket state, Context<Bucket>& context) override { ... }
//     absl::StatusOr<Bucket> Update(Bucket prior, Bucket plan, Context<Bucket>& context) override { ... }
//     absl::Status Delete(Bucket state, Context<Bucket>& context) override { ... }
//   };

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "provider/base/status_macros.h"
#include "provider/schema/describe.h"
#include "provider/schema/resource.h"

namespace fediversity::schema {

// A model as an object of its table, and back. Attributes that `object` lacks are null in the model.
template <typename T>
T DecodeModel(const internal::Rows& rows, const wire::Value& object) {
  T model;
  internal::DecodeStruct(rows, object, &model);
  return model;
}

// `before`, the object that the model was decoded from, keeps every value that the model did not change:
// refinements of unknowns and the digits of numbers survive.
wire::Value EncodeModel(const internal::Rows& rows, const void* model, const void* model_before,
                        const wire::Value& before);

// What an operation knows and can say, in terms of T. Lives as long as the call.
template <typename T>
class Context {
 public:
  Context(Operation& operation, const internal::Rows& rows) : operation_(operation), rows_(rows) {}

  // Records what exists so far: a later failure leaves that in state. Unknown members are saved as null.
  void Checkpoint(const T& model) {
    if (operation_.checkpoint) operation_.checkpoint(internal::EncodeStruct(rows_, &model));
  }
  // The configuration with its write-only attributes; every member is null while reading.
  T config() const { return DecodeModel<T>(rows_, operation_.config); }
  PrivateState& private_state() { return operation_.private_state; }
  Diagnostics& diagnostics() { return operation_.diagnostics; }
  const CancelToken& cancel() const { return operation_.cancel; }
  absl::Time deadline() const { return operation_.deadline; }

 private:
  Operation& operation_;
  const internal::Rows& rows_;
};

template <typename T>
class Resource : public AnyResource {
 public:
  // `kDescription` has static storage. A table that does not hold (see Table::Finish) is left unfinished, and
  // Provider::Check() refuses to serve it.
  template <std::size_t N>
  explicit Resource(const Description<T, N>& description) : rows_(description.erased()) {
    auto table = MakeTable(rows_);
    if (table.ok()) {
      table_ = *std::move(table);
    } else {
      table_.name = description.spec.name;
    }
  }

  // Rules across attributes. Must not call a service.
  virtual void Validate(const T& /*config*/, Diagnostics& /*diagnostics*/) const {}
  // See AnyResource::KeepSpelling.
  virtual void KeepSpelling(const T& /*known*/, T& /*fresh*/) const {}
  // May change `planned`, refuse, or ask for replacement. `prior` is null for an object to be created.
  virtual absl::Status Plan(Context<T>& /*context*/, const T* /*prior*/, const T& /*config*/, T& /*planned*/,
                            std::vector<wire::Path>& /*replace*/) const {
    return absl::OkStatus();
  }
  virtual absl::StatusOr<T> Read(T state, Context<T>& context) = 0;
  virtual absl::StatusOr<T> Create(T plan, Context<T>& context) = 0;
  virtual absl::StatusOr<T> Update(T prior, T plan, Context<T>& context) = 0;
  virtual absl::Status Delete(T state, Context<T>& context) = 0;
  virtual absl::StatusOr<std::optional<T>> Move(const ForeignState& /*source*/) const { return std::nullopt; }

  const Table& table() const final { return table_; }
  void Validate(const wire::Value& config, Diagnostics& diagnostics) const final {
    Validate(Decode(config), diagnostics);
  }
  void KeepSpelling(const wire::Value& known, wire::Value& fresh) const final {
    if (known.kind() != wire::Value::Kind::kMap || fresh.kind() != wire::Value::Kind::kMap) return;
    T const before = Decode(fresh);
    T model = before;
    KeepSpelling(Decode(known), model);
    fresh = EncodeModel(rows_, &model, &before, fresh);
  }
  absl::Status Plan(Operation& operation, const wire::Value& prior, const wire::Value& config, wire::Value& planned,
                    std::vector<wire::Path>& replace) const final {
    std::optional<T> const prior_model = prior.is_null() ? std::nullopt : std::optional<T>(Decode(prior));
    T const before = Decode(planned);
    T model = before;
    Context<T> context(operation, rows_);
    absl::Status const status =
        Plan(context, prior_model.has_value() ? &*prior_model : nullptr, Decode(config), model, replace);
    planned = EncodeModel(rows_, &model, &before, planned);
    return status;
  }
  absl::StatusOr<wire::Value> Read(Operation& operation, const wire::Value& state) final {
    Context<T> context(operation, rows_);
    return Encode(Read(Decode(state), context));
  }
  absl::StatusOr<wire::Value> Create(Operation& operation, const wire::Value& planned) final {
    Context<T> context(operation, rows_);
    return Encode(Create(Decode(planned), context));
  }
  absl::StatusOr<wire::Value> Update(Operation& operation, const wire::Value& prior,
                                     const wire::Value& planned) final {
    Context<T> context(operation, rows_);
    return Encode(Update(Decode(prior), Decode(planned), context));
  }
  absl::Status Delete(Operation& operation, const wire::Value& state) final {
    Context<T> context(operation, rows_);
    return Delete(Decode(state), context);
  }
  absl::StatusOr<std::optional<wire::Value>> MoveState(const ForeignState& source) const final {
    ASSIGN_OR_RETURN(std::optional<T> const moved, Move(source));
    if (!moved.has_value()) return std::nullopt;
    return internal::EncodeStruct(rows_, &*moved);
  }

 private:
  T Decode(const wire::Value& object) const { return DecodeModel<T>(rows_, object); }
  absl::StatusOr<wire::Value> Encode(absl::StatusOr<T> model) const {
    RETURN_IF_ERROR(model.status());
    return internal::EncodeStruct(rows_, &*model);
  }

  internal::Rows rows_;
  Table table_;
};

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_TYPED_RESOURCE_H_
