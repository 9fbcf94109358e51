#ifndef FEDIVERSITY_PROVIDER_RPC_PROVIDER_SERVICE_H_
#define FEDIVERSITY_PROVIDER_RPC_PROVIDER_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/tfplugin6.grpc.pb.h"
#include "provider/base/cancel.h"
#include "provider/base/log.h"
#include "provider/schema/provider.h"

namespace fediversity::rpc {

// The provider's RPCs over the tables and resources of a schema::Provider. Whatever goes wrong in an RPC,
// exceptions included, is a diagnostic in its answer. RPCs that are not declared here answer UNIMPLEMENTED.
// Thread-safe.
class ProviderService final : public tfplugin6::Provider::Service {
 public:
  // Answers FailedPrecondition, naming the table, for a provider that must not be served. `provider` outlives
  // the service.
  static absl::StatusOr<std::unique_ptr<ProviderService>> Create(const schema::Provider& provider,
                                                                 Logger logger);

  // Asks running calls, and those that follow until the provider is configured again, to come to an end.
  void Stop();

  // In provider_rpcs.cc.
  grpc::Status GetMetadata(grpc::ServerContext* context,
                           const tfplugin6::GetProviderMetadata::Request* request,
                           tfplugin6::GetProviderMetadata::Response* response) override;
  grpc::Status GetProviderSchema(grpc::ServerContext* context,
                                 const tfplugin6::GetProviderSchema::Request* request,
                                 tfplugin6::GetProviderSchema::Response* response) override;
  grpc::Status GetResourceIdentitySchemas(grpc::ServerContext* context,
                                          const tfplugin6::GetResourceIdentitySchemas::Request* request,
                                          tfplugin6::GetResourceIdentitySchemas::Response* response) override;
  grpc::Status ValidateProviderConfig(grpc::ServerContext* context,
                                      const tfplugin6::ValidateProviderConfig::Request* request,
                                      tfplugin6::ValidateProviderConfig::Response* response) override;
  grpc::Status ConfigureProvider(grpc::ServerContext* context,
                                 const tfplugin6::ConfigureProvider::Request* request,
                                 tfplugin6::ConfigureProvider::Response* response) override;
  grpc::Status StopProvider(grpc::ServerContext* context, const tfplugin6::StopProvider::Request* request,
                            tfplugin6::StopProvider::Response* response) override;
  grpc::Status GetFunctions(grpc::ServerContext* context, const tfplugin6::GetFunctions::Request* request,
                            tfplugin6::GetFunctions::Response* response) override;
  grpc::Status CallFunction(grpc::ServerContext* context, const tfplugin6::CallFunction::Request* request,
                            tfplugin6::CallFunction::Response* response) override;

  // In resource_rpcs.cc.
  grpc::Status ValidateResourceConfig(grpc::ServerContext* context,
                                      const tfplugin6::ValidateResourceConfig::Request* request,
                                      tfplugin6::ValidateResourceConfig::Response* response) override;
  grpc::Status ReadResource(grpc::ServerContext* context, const tfplugin6::ReadResource::Request* request,
                            tfplugin6::ReadResource::Response* response) override;
  grpc::Status PlanResourceChange(grpc::ServerContext* context,
                                  const tfplugin6::PlanResourceChange::Request* request,
                                  tfplugin6::PlanResourceChange::Response* response) override;
  grpc::Status ApplyResourceChange(grpc::ServerContext* context,
                                   const tfplugin6::ApplyResourceChange::Request* request,
                                   tfplugin6::ApplyResourceChange::Response* response) override;

  // In state_rpcs.cc.
  grpc::Status ImportResourceState(grpc::ServerContext* context,
                                   const tfplugin6::ImportResourceState::Request* request,
                                   tfplugin6::ImportResourceState::Response* response) override;
  grpc::Status UpgradeResourceState(grpc::ServerContext* context,
                                    const tfplugin6::UpgradeResourceState::Request* request,
                                    tfplugin6::UpgradeResourceState::Response* response) override;
  grpc::Status UpgradeResourceIdentity(grpc::ServerContext* context,
                                       const tfplugin6::UpgradeResourceIdentity::Request* request,
                                       tfplugin6::UpgradeResourceIdentity::Response* response) override;
  grpc::Status MoveResourceState(grpc::ServerContext* context,
                                 const tfplugin6::MoveResourceState::Request* request,
                                 tfplugin6::MoveResourceState::Response* response) override;

  // In data_source_rpcs.cc.
  grpc::Status ValidateDataResourceConfig(grpc::ServerContext* context,
                                          const tfplugin6::ValidateDataResourceConfig::Request* request,
                                          tfplugin6::ValidateDataResourceConfig::Response* response) override;
  grpc::Status ReadDataSource(grpc::ServerContext* context, const tfplugin6::ReadDataSource::Request* request,
                              tfplugin6::ReadDataSource::Response* response) override;

  // In ephemeral_rpcs.cc.
  grpc::Status ValidateEphemeralResourceConfig(
      grpc::ServerContext* context, const tfplugin6::ValidateEphemeralResourceConfig::Request* request,
      tfplugin6::ValidateEphemeralResourceConfig::Response* response) override;
  grpc::Status OpenEphemeralResource(grpc::ServerContext* context,
                                     const tfplugin6::OpenEphemeralResource::Request* request,
                                     tfplugin6::OpenEphemeralResource::Response* response) override;
  grpc::Status RenewEphemeralResource(grpc::ServerContext* context,
                                      const tfplugin6::RenewEphemeralResource::Request* request,
                                      tfplugin6::RenewEphemeralResource::Response* response) override;
  grpc::Status CloseEphemeralResource(grpc::ServerContext* context,
                                      const tfplugin6::CloseEphemeralResource::Request* request,
                                      tfplugin6::CloseEphemeralResource::Response* response) override;

 private:
  ProviderService(const schema::Provider& provider, Logger logger);

  // InvalidArgument, made for the user, where there is none.
  absl::StatusOr<schema::AnyResource*> FindResource(std::string_view type_name) const;
  absl::StatusOr<schema::AnyDataSource*> FindDataSource(std::string_view type_name) const;
  absl::StatusOr<schema::AnyEphemeralResource*> FindEphemeralResource(std::string_view type_name) const;

  // The token that calls which start now have to look at.
  std::shared_ptr<const CancelToken> CurrentCancel();
  void ForgetStop();

  const schema::Provider& provider_;
  Logger logger_;

  std::once_flag schema_made_;
  tfplugin6::GetProviderSchema::Response schema_;

  std::mutex cancel_mutex_;
  std::shared_ptr<CancelToken> cancel_;
};

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_PROVIDER_SERVICE_H_
