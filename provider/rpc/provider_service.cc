#include "provider/rpc/provider_service.h"

#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::rpc {
namespace {

absl::Status NoSuchType(std::string_view what, std::string_view type_name) {
  static constexpr std::string_view kReason =
      ", which this version of the provider does not have. State written by a later version needs that version.";
  return absl::InvalidArgumentError(
      ToAbsl(Cat({"This provider has no ", what, " ", type_name, "\nThe host asked for the ", what, " type ",
                  type_name, kReason})));
}

}  // namespace

ProviderService::ProviderService(const schema::Provider& provider, Logger logger)
    : provider_(provider),
      logger_(std::move(logger)),
      cancel_(std::make_shared<CancelToken>()) {}

absl::StatusOr<std::unique_ptr<ProviderService>> ProviderService::Create(const schema::Provider& provider,
                                                                         Logger logger) {
  RETURN_IF_ERROR(provider.Check());
  return std::unique_ptr<ProviderService>(new ProviderService(provider, std::move(logger)));
}

void ProviderService::Stop() {
  std::lock_guard const lock(cancel_mutex_);
  cancel_->Cancel();
}

std::shared_ptr<const CancelToken> ProviderService::CurrentCancel() {
  std::lock_guard const lock(cancel_mutex_);
  return cancel_;
}

// A host in debug mode comes back after an interrupted run.
void ProviderService::ForgetStop() {
  std::lock_guard const lock(cancel_mutex_);
  if (cancel_->cancelled()) cancel_ = std::make_shared<CancelToken>();
}

absl::StatusOr<schema::AnyResource*> ProviderService::FindResource(std::string_view type_name) const {
  schema::AnyResource* const resource = provider_.FindResource(type_name);
  if (resource == nullptr) return NoSuchType("resource", type_name);
  return resource;
}

absl::StatusOr<schema::AnyDataSource*> ProviderService::FindDataSource(std::string_view type_name) const {
  schema::AnyDataSource* const source = provider_.FindDataSource(type_name);
  if (source == nullptr) return NoSuchType("data source", type_name);
  return source;
}

absl::StatusOr<schema::AnyEphemeralResource*> ProviderService::FindEphemeralResource(
    std::string_view type_name) const {
  schema::AnyEphemeralResource* const resource = provider_.FindEphemeralResource(type_name);
  if (resource == nullptr) return NoSuchType("ephemeral resource", type_name);
  return resource;
}

}  // namespace fediversity::rpc
