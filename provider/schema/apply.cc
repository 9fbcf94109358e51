#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/schema/operation.h"
#include "provider/schema/plan_steps.h"
#include "provider/schema/policy_steps.h"

namespace fediversity::schema {
namespace {

using wire::Path;
using wire::Value;

// Whether `held` is what `planned` announced. An unknown may have become anything. A set that is not wholly known
// is left to the host: its elements have nothing by which to tell them apart.
bool IsAsPlanned(const Value& planned, const Value& held) {
  if (planned.is_unknown()) return true;
  if (planned.kind() != held.kind()) return false;
  switch (planned.kind()) {
    case Value::Kind::kList: return std::ranges::equal(planned.elements(), held.elements(), &IsAsPlanned);
    case Value::Kind::kSet: return !planned.is_wholly_known() || planned == held;
    case Value::Kind::kMap:
      return std::ranges::equal(planned.entries(), held.entries(),
                                [](const Value::Entry& a, const Value::Entry& b) {
                                  return a.first == b.first && IsAsPlanned(a.second, b.second);
                                });
    case Value::Kind::kDynamic: return IsAsPlanned(planned.dynamic_value(), held.dynamic_value());
    default: return planned == held;
  }
}

// Names each attribute in which the object differs from what was planned: a promise to the user was broken,
// and the host would only call it a bug.
class Differences {
 public:
  explicit Differences(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void Object(const Table& table, const Value& planned, const Value& held, const Path& path) {
    for (const Row& row : table.rows) {
      const Value* wanted = planned.Find(row.name);
      const Value* found = held.Find(row.name);
      if (wanted != nullptr && found != nullptr) Attribute(row, *wanted, *found, path.Child(row.name));
    }
  }

 private:
  void Attribute(const Row& row, const Value& planned, const Value& held, const Path& path) {
    if (IsAsPlanned(planned, held)) return;
    bool const comparable = planned.kind() == held.kind();
    if (comparable && row.nesting == Nesting::kSingle) return Object(*row.nested, planned, held, path);
    if (comparable && row.nesting == Nesting::kList && planned.elements().size() == held.elements().size()) {
      for (std::size_t i = 0; i < planned.elements().size(); ++i) {
        Element(row, planned.elements()[i], held.elements()[i], path.AtIndex(static_cast<std::int64_t>(i)));
      }
      return;
    }
    auto same_key = [](const Value::Entry& a, const Value::Entry& b) { return a.first == b.first; };
    if (comparable && row.nesting == Nesting::kMap &&
        std::ranges::equal(planned.entries(), held.entries(), same_key)) {
      for (const auto& [key, element] : planned.entries())
        Element(row, element, *held.Find(key), path.AtKey(key));
      return;
    }
    Report(path);
  }

  void Element(const Row& row, const Value& planned, const Value& held, const Path& path) {
    if (planned.kind() == held.kind() && planned.kind() == Value::Kind::kMap) {
      Object(*row.nested, planned, held, path);
    } else if (!IsAsPlanned(planned, held)) {
      Report(path);
    }
  }

  void Report(const Path& path) {
    std::string const name = path.ToString();
    diagnostics_.AddError(
        Cat({"`", name, "` is not as planned"}),
        Cat({"The service accepted the change, but `", name,
             "` reads back differently from the plan. State holds what the service has now. Something else may have "
             "changed it at the same moment, or the service stores the value in another form: run plan again to see "
             "the difference."}),
        path);
  }

  Diagnostics& diagnostics_;
};

// `held` with everything that `planned` knows.
Value AsPlanned(const Value& planned, const Value& held) {
  if (planned.is_unknown()) return held;
  if (planned.kind() != Value::Kind::kMap || held.kind() != Value::Kind::kMap) return planned;
  Value::Entries entries;
  for (const auto& [key, value] : planned.entries()) {
    const Value* const found = held.Find(key);
    entries.emplace_back(key, AsPlanned(value, found == nullptr ? Value::Null() : *found));
  }
  return Value::Map(std::move(entries));
}

// A result with unknown attributes is read back, since the object exists but is not wholly described yet.
absl::StatusOr<Value> Complete(AnyResource& resource, Operation& operation, absl::StatusOr<Value> made) {
  if (!made.ok() || made->is_wholly_known()) return made;
  if (operation.checkpoint) operation.checkpoint(*made);
  Value const partial = WithoutUnknowns(*made);
  auto read = WithoutExceptions([&] { return resource.Read(operation, partial); });
  if (absl::IsNotFound(read.status())) {
    return absl::DataLossError(
        Cat({"The object was written, but cannot be found any more\n", ToStd(read.status().message())}));
  }
  return read;
}

void Destroy(AnyResource& resource, const ApplyRequest& request, Operation& operation,
             ApplyResponse& response) {
  operation.deadline = DeadlineOf(resource, "delete", request.prior);
  absl::Status const deleted = WithoutExceptions([&] { return resource.Delete(operation, request.prior); });
  if (deleted.ok() || absl::IsNotFound(deleted)) {
    response.state = Value::Null();
    response.identity.reset();
    response.private_bytes.clear();
    return;
  }
  response.diagnostics.AddStatus(deleted);
}

}  // namespace

ApplyResponse ApplyResource(AnyResource& resource, const ApplyRequest& request, const CallContext& call) {
  const Table& table = resource.table();
  ApplyResponse response{.state = request.prior, .private_bytes = request.planned_private};
  response.identity = IdentityOf(table, request.prior);
  auto private_state = DecodePrivate(request.planned_private);
  if (!private_state.ok()) {
    response.diagnostics.AddStatus(private_state.status());
    return response;
  }
  Operation operation{.diagnostics = response.diagnostics,
                      .private_state = *private_state,
                      .cancel = call.cancel,
                      .config = WithPolicyDefaults(request.config, request.planned, *private_state)};
  if (request.planned.is_null()) {
    Destroy(resource, request, operation, response);
    return response;
  }

  operation.checkpoint = [&response, &table](Value partial) {
    DropWriteOnly(table, partial);
    response.state = WithoutUnknowns(std::move(partial));
  };
  bool const creating = request.prior.is_null();
  operation.deadline = DeadlineOf(resource, creating ? "create" : "update", request.planned);
  auto made = Complete(resource, operation, WithoutExceptions([&] {
                         return creating ? resource.Create(operation, request.planned)
                                         : resource.Update(operation, request.prior, request.planned);
                       }));
  if (made.ok()) {
    resource.KeepSpelling(request.planned, *made);
    DropWriteOnly(table, *made);
    if (operation.unfinished && creating) made = AsPlanned(request.planned, *made);
    response.state = WithoutUnknowns(*std::move(made));
    if (!response.diagnostics.has_errors()) {
      Differences(response.diagnostics).Object(table, request.planned, response.state, {});
    }
  } else {
    if (!response.state.is_null()) resource.KeepSpelling(request.planned, response.state);
    response.diagnostics.AddStatus(made.status());
  }
  response.identity = IdentityOf(table, response.state);
  response.private_bytes = response.state.is_null() ? "" : EncodePrivate(*private_state);
  return response;
}

}  // namespace fediversity::schema
