#ifndef FEDIVERSITY_TESTS_PROVIDER_RPC_TEST_PROVIDER_H_
#define FEDIVERSITY_TESTS_PROVIDER_RPC_TEST_PROVIDER_H_

// A provider whose tables are built at run time and whose operations are what a test says.

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "proto/tfplugin6.grpc.pb.h"
#include "provider/rpc/provider_service.h"
#include "provider/schema/provider.h"

namespace fediversity::rpc {

using schema::Operation;
using wire::Value;

// What the operations of "test_thing", "test_lookup", "test_loan" and the provider block do. The defaults behave like a
// service that stores what it is given and names it "id-1".
struct Behaviour {
  std::function<absl::StatusOr<Value>(Operation&, const Value& state)> read;
  std::function<absl::StatusOr<Value>(Operation&, const Value& planned)> create;
  std::function<absl::StatusOr<Value>(Operation&, const Value& prior, const Value& planned)> update;
  std::function<absl::Status(Operation&, const Value& state)> destroy;
  std::function<absl::Status(const Value& config, Value& planned)> plan;
  std::function<void(const Value& config, schema::Diagnostics&)> validate;
  std::function<absl::StatusOr<Value>(Operation&, const Value& config)> look_up;
  std::function<absl::StatusOr<Value>(Operation&, const Value& config)> open;
  std::function<absl::Status(Operation&)> renew;
  std::function<absl::Status(Operation&)> close;
  std::function<void(const Value& config, schema::Diagnostics&)> configure;
};

schema::Table ThingTable();
schema::Provider MakeTestProvider(const Behaviour& behaviour);

// An object of ThingTable() with every attribute null but those given.
Value Thing(const Value::Entries& entries);

// The service on a real gRPC server, and a client of it.
class ServiceTest : public ::testing::Test {
 protected:
  void SetUp() override;

  // Calls `method` of the stub, for example &Stub::ReadResource.
  template <typename Request, typename Response>
  Response Call(grpc::Status (tfplugin6::Provider::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                  Response*),
                const Request& request) {
    grpc::ClientContext context;
    Response response;
    grpc::Status const status = (stub_.get()->*method)(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  Behaviour behaviour_;
  schema::Provider provider_;
  std::unique_ptr<ProviderService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<tfplugin6::Provider::Stub> stub_;
};

using Stub = tfplugin6::Provider::Stub;

tfplugin6::DynamicValue Encoded(const Value& value, const wire::Type& type);
Value Decoded(const tfplugin6::DynamicValue& value, const wire::Type& type);
// `disks["a"].size` and the like.
std::string PathText(const tfplugin6::AttributePath& path);
// "error at name: summary / detail" of each diagnostic, one a line.
std::string Text(const google::protobuf::RepeatedPtrField<tfplugin6::Diagnostic>& diagnostics);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_TESTS_PROVIDER_RPC_TEST_PROVIDER_H_
