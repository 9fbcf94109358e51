#ifndef FEDIVERSITY_PROVIDER_SCHEMA_OPERATION_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_OPERATION_H_

// Helpers that the engine's operations share.

#include <exception>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/base/text.h"
#include "provider/schema/resource.h"

namespace fediversity::schema {

// Private state as the opaque bytes that the host keeps: a JSON object of strings; empty for an empty state.
// Decoding answers DataLoss for bytes that this provider did not write.
std::string EncodePrivate(const PrivateState& state);
absl::StatusOr<PrivateState> DecodePrivate(std::string_view bytes);

// When an operation ("create", "read", "update", "delete") of `resource` has to end: its `timeouts`
// attribute in `object`, else the resource's default.
absl::Time DeadlineOf(const AnyResource& resource, std::string_view operation, const wire::Value& object);

// Where nothing but `timeouts` and `otherwise` say it.
absl::Time DeadlineOf(absl::Duration otherwise, std::string_view operation, const wire::Value& object);

// Holds the attributes that `object` has against their rules, and asks for no others: for what an import gave.
void CheckRules(const Table& table, const wire::Value& object, Diagnostics& diagnostics);

// Runs a resource's own code. An exception of a library below it becomes the status it could not be, so that what
// was recorded by then still reaches the state.
template <typename Call>
auto WithoutExceptions(Call call) -> decltype(call()) {
  auto report = [](std::string_view what) {
    return absl::InternalError(
        Cat({"Internal error\n", what, ". This is a defect of the provider; please report it."}));
  };
  try {
    return call();
  } catch (const std::exception& exception) {
    return report(exception.what());
  } catch (...) {
    return report("An exception of an unknown kind");
  }
}

// `name` of `object` where it is a known string; empty otherwise.
std::string_view StringAt(const wire::Value& object, std::string_view name);

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_OPERATION_H_
