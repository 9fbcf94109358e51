#ifndef FEDIVERSITY_PROVIDER_SCHEMA_TYPED_RESOURCE_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_TYPED_RESOURCE_H_

// What a resource is written against: its own struct in place of wire values.
//
//   class BucketResource final : public Resource<Bucket> {
//    public:
//     absl::StatusOr<Bucket> Create(Bucket plan, Context<Bucket>& context) override { ... }
//     absl::StatusOr<Bucket> Read(Bucket state, Context<Bucket>& context) override { ... }
//     absl::StatusOr<Bucket> Update(Bucket prior, Bucket plan, Context<Bucket>& context) override { ... }
//     absl::Status Delete(Bucket state, Context<Bucket>& context) override { ... }
//   };
//
//   std::unique_ptr<AnyResource> any = MakeResource<Bucket>(kBucket, std::make_unique<BucketResource>(...));

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "provider/base/call_limits.h"
#include "provider/base/status_macros.h"
#include "provider/schema/describe.h"
#include "provider/schema/resource.h"

namespace fediversity::schema {

// The finished table of a description. One that does not hold (Table::Finish) is left unfinished, with its name:
// Provider::Check() refuses to serve it and says why.
Table TableOrUnfinished(const internal::Rows& rows);

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

// Whether no part of `model`, which `description` is of, is unknown.
template <typename T, std::size_t N>
bool IsWhollyKnown(const Description<T, N>& description, const T& model) {
  return internal::EncodeStruct(description.erased(), &model).is_wholly_known();
}

// What an operation knows and can say, in terms of T. Lives as long as the call.
template <typename T>
class Context {
 public:
  Context(Operation& operation, const internal::Rows& rows) : operation_(operation), rows_(rows) {}

  // Records what exists so far: a later failure leaves that in state. Unknown members are saved as null.
  void Checkpoint(const T& model) {
    if (operation_.checkpoint) operation_.checkpoint(internal::EncodeStruct(rows_, &model));
  }
  // What was recorded is gone again: a later failure leaves nothing in state.
  void Retract() {
    if (operation_.checkpoint) operation_.checkpoint(wire::Value::Null());
  }
  // Only in Create(), which then answers what exists: it did not get to the end, for the reason `why`, and the next
  // apply carries on (Operation::unfinished).
  void Unfinished(const absl::Status& why) {
    operation_.unfinished = true;
    operation_.diagnostics.AddStatus(why, Diagnostic::Severity::kWarning);
  }
  // Only while opening or renewing an ephemeral resource (Operation::renew_at).
  void RenewAt(absl::Time time) { operation_.renew_at = time; }
  // The configuration with its write-only attributes; every member is null while reading.
  T config() const { return DecodeModel<T>(rows_, operation_.config); }
  PrivateState& private_state() { return operation_.private_state; }
  Diagnostics& diagnostics() { return operation_.diagnostics; }
  const CancelToken& cancel() const { return operation_.cancel; }
  absl::Time deadline() const { return operation_.deadline; }
  // Time that the operation spent waiting for others is not counted. What limits() has given before stays as it is.
  void Extend(absl::Duration duration) { operation_.deadline += duration; }
  CallLimits limits() const { return {.cancel = cancel(), .deadline = deadline()}; }

 private:
  Operation& operation_;
  const internal::Rows& rows_;
};

template <typename T>
class Resource {
 public:
  virtual ~Resource() = default;

  // Rules across attributes; any of them may be null or unknown. Must not call a service.
  virtual void Validate(const T& /*config*/, Diagnostics& /*diagnostics*/) const {}
  // See AnyResource::KeepSpelling.
  virtual void KeepSpelling(const T& /*known*/, T& /*fresh*/) const {}
  // May change `planned`, refuse, or ask for replacement. `prior` is null for an object to be created.
  virtual absl::Status Plan(Context<T>& /*context*/, const T* /*prior*/, const T& /*config*/, T& /*planned*/,
                            std::vector<wire::Path>& /*replace*/) const {
    return absl::OkStatus();
  }
  // The meaning of each status is AnyResource's.
  virtual absl::StatusOr<T> Read(T state, Context<T>& context) = 0;
  virtual absl::StatusOr<T> Create(T plan, Context<T>& context) = 0;
  virtual absl::StatusOr<T> Update(T prior, T plan, Context<T>& context) = 0;
  virtual absl::Status Delete(T state, Context<T>& context) = 0;
  // Reads the forms of an import id that are not the table's template; nullopt leaves it to the template.
  virtual absl::StatusOr<std::optional<T>> ParseImportId(std::string_view /*id*/) const {
    return std::nullopt;
  }
  // Completes or refuses what an import id or identity gave, before it is read.
  virtual absl::Status Import(T& /*state*/, Context<T>& /*context*/) { return absl::OkStatus(); }
  // `private_state` is that of the object from now on.
  virtual absl::StatusOr<std::optional<T>> Move(const ForeignState& /*source*/,
                                                PrivateState& /*private_state*/) const {
    return std::nullopt;
  }
  virtual std::vector<StateUpgrade> Upgrades() const { return {}; }
  virtual absl::Duration DefaultTimeout(std::string_view /*operation*/) const { return absl::Minutes(20); }
};

// Makes a typed resource one that the engine can call.
template <typename T>
class TypedResource final : public AnyResource {
 public:
  TypedResource(const internal::Rows& rows, std::unique_ptr<Resource<T>> resource)
      : rows_(rows),
        table_(TableOrUnfinished(rows)),
        resource_(std::move(resource)) {}

  const Table& table() const override { return table_; }
  void Validate(const wire::Value& config, Diagnostics& diagnostics) const override {
    resource_->Validate(Decode(config), diagnostics);
  }
  void KeepSpelling(const wire::Value& known, wire::Value& fresh) const override {
    if (known.kind() != wire::Value::Kind::kMap || fresh.kind() != wire::Value::Kind::kMap) return;
    T const before = Decode(fresh);
    T model = before;
    resource_->KeepSpelling(Decode(known), model);
    fresh = EncodeModel(rows_, &model, &before, fresh);
  }
  absl::Status Plan(Operation& operation, const wire::Value& prior, const wire::Value& config,
                    wire::Value& planned, std::vector<wire::Path>& replace) const override {
    std::optional<T> const prior_model = prior.is_null() ? std::nullopt : std::optional<T>(Decode(prior));
    T const before = Decode(planned);
    T model = before;
    Context<T> context(operation, rows_);
    absl::Status const status = resource_->Plan(context, prior_model.has_value() ? &*prior_model : nullptr,
                                                Decode(config), model, replace);
    planned = EncodeModel(rows_, &model, &before, planned);
    return status;
  }
  absl::StatusOr<wire::Value> Read(Operation& operation, const wire::Value& state) override {
    Context<T> context(operation, rows_);
    return Encode(resource_->Read(Decode(state), context));
  }
  absl::StatusOr<wire::Value> Create(Operation& operation, const wire::Value& planned) override {
    Context<T> context(operation, rows_);
    return Encode(resource_->Create(Decode(planned), context));
  }
  absl::StatusOr<wire::Value> Update(Operation& operation, const wire::Value& prior,
                                     const wire::Value& planned) override {
    Context<T> context(operation, rows_);
    return Encode(resource_->Update(Decode(prior), Decode(planned), context));
  }
  absl::Status Delete(Operation& operation, const wire::Value& state) override {
    Context<T> context(operation, rows_);
    return resource_->Delete(Decode(state), context);
  }
  absl::Status Import(Operation& operation, wire::Value& state) override {
    Context<T> context(operation, rows_);
    T const before = Decode(state);
    T model = before;
    absl::Status const status = resource_->Import(model, context);
    state = EncodeModel(rows_, &model, &before, state);
    return status;
  }
  absl::StatusOr<wire::Value> ParseImportId(std::string_view id) const override {
    ASSIGN_OR_RETURN(std::optional<T> const model, resource_->ParseImportId(id));
    if (!model.has_value()) return AnyResource::ParseImportId(id);
    return internal::EncodeStruct(rows_, &*model);
  }
  absl::StatusOr<std::optional<wire::Value>> MoveState(const ForeignState& source,
                                                       PrivateState& private_state) const override {
    ASSIGN_OR_RETURN(std::optional<T> const moved, resource_->Move(source, private_state));
    if (!moved.has_value()) return std::nullopt;
    return internal::EncodeStruct(rows_, &*moved);
  }
  std::vector<StateUpgrade> upgrades() const override { return resource_->Upgrades(); }
  absl::Duration DefaultTimeout(std::string_view operation) const override {
    return resource_->DefaultTimeout(operation);
  }

 private:
  T Decode(const wire::Value& object) const { return DecodeModel<T>(rows_, object); }
  absl::StatusOr<wire::Value> Encode(absl::StatusOr<T> model) const {
    RETURN_IF_ERROR(model.status());
    return internal::EncodeStruct(rows_, &*model);
  }

  internal::Rows rows_;
  Table table_;
  std::unique_ptr<Resource<T>> resource_;
};

// `description` has static storage.
template <typename T, std::size_t N>
std::unique_ptr<AnyResource> MakeResource(const Description<T, N>& description,
                                          std::unique_ptr<Resource<T>> resource) {
  return std::make_unique<TypedResource<T>>(description.erased(), std::move(resource));
}

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_TYPED_RESOURCE_H_
