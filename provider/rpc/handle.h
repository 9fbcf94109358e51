#ifndef FEDIVERSITY_PROVIDER_RPC_HANDLE_H_
#define FEDIVERSITY_PROVIDER_RPC_HANDLE_H_

#include <grpcpp/grpcpp.h>

#include <exception>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/base/log.h"
#include "provider/base/text.h"
#include "provider/rpc/convert.h"

namespace fediversity::rpc {

// Names the call in the log and in errors.
struct CallName {
  std::string_view rpc;
  std::string_view type_name = {};
};

// Runs the body of an RPC. The error that it returns, and any exception on its way out, becomes a diagnostic in
// `response`: an RPC that fails as such tells the user next to nothing.
template <typename Response, typename Body>
grpc::Status Handle(const Logger& logger, const CallName& name, Response& response, Body body) {
  bool const logged = logger.Enabled(LogLevel::kTrace);
  absl::Time const start = logged ? absl::Now() : absl::InfinitePast();
  auto report_exception = [&](std::string_view what) {
    ToProto(absl::InternalError(ToAbsl(Cat({"Internal error in ", name.rpc, "\n", what,
                                            ". This is a defect of the provider; please report it."}))),
            *response.mutable_diagnostics());
  };
  try {
    if (absl::Status const status = body(); !status.ok()) ToProto(status, *response.mutable_diagnostics());
  } catch (const std::exception& exception) {
    report_exception(exception.what());
  } catch (...) {
    report_exception("an exception of an unknown kind");
  }
  if (logged) {
    logger.Trace("call", {{"rpc", name.rpc},
                          {"tf_resource_type", name.type_name},
                          {"diagnostics", response.diagnostics_size()},
                          {"microseconds", absl::ToInt64Microseconds(absl::Now() - start)}});
  }
  return grpc::Status::OK;
}

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_HANDLE_H_
