#include "provider/backends/proxmox/client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "provider/backends/proxmox/error.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

constexpr std::size_t kLargestForm = std::size_t{512} << 10U;

bool HasForm(http::Method method) {
  return method != http::Method::kGet && method != http::Method::kDelete && method != http::Method::kHead;
}

absl::Status TooLarge(const Call& call, std::size_t size) {
  std::string_view largest;
  std::size_t bytes = 0;
  for (const http::Field& field : call.parameters) {
    if (field.Reveal().size() <= bytes) continue;
    bytes = field.Reveal().size();
    largest = field.name();
  }
  return http::WithDelivery(
      absl::InvalidArgumentError(ToAbsl(Cat(
          {call.what, ": the request is too large\nProxmox takes ", absl::StrCat(kLargestForm),
           " bytes in one request, and this one has ", absl::StrCat(size), ", of which ", absl::StrCat(bytes),
           " are ", largest, ". Make it shorter, or keep the text in a snippet of a storage."}))),
      http::Delivery::kNotSent);
}

absl::StatusOr<http::Request> RequestOf(const Call& call) {
  http::Request request{
      .method = call.method, .path = call.path, .idempotent = call.idempotent, .timeout = call.timeout};
  if (call.body.has_value()) {
    request.body = call.body;
  } else if (!HasForm(call.method)) {
    request.query = call.parameters;
  } else {
    request.body = http::FormBody(call.parameters);
    std::size_t const size = request.body->bytes.Reveal().size();
    if (size > kLargestForm) return TooLarge(call, size);
  }
  return request;
}

// The request with the form's fields in its query, for the secrets that messages must not show.
http::Request Masking(http::Request request, const Call& call) {
  request.query = call.parameters;
  for (const Secret& secret : call.secrets) request.query.emplace_back("part", secret);
  return request;
}

absl::Status WithWhat(const absl::Status& status, std::string_view what, http::Delivery delivery) {
  absl::Status const named(status.code(), Cat({what, ": ", ToStd(status.message())}));
  return http::WithDelivery(named, delivery);
}

absl::StatusOr<json> DataOf(const http::Response& response, const Call& call) {
  json body = json::parse(response.body, nullptr, false);
  if (!body.is_object() || !body.contains("data")) {
    return absl::InternalError(ToAbsl(
        Cat({call.what, ": the answer is not one of the Proxmox API\n", response.url,
             " answered something else than an object with `data`. Check that the endpoint is a Proxmox VE "
             "node, or a proxy that passes its API on."})));
  }
  return std::move(body["data"]);
}

}  // namespace

std::string WithoutSecrets(std::string text, const Call& call) {
  return http::WithoutSecrets(std::move(text), Masking({}, call));
}

Client::Client(std::unique_ptr<http::Transport> transport, Credentials credentials, Clock& clock)
    : transport_(std::move(transport)),
      session_(std::move(credentials), *transport_, clock) {}

absl::StatusOr<json> Client::Send(const Call& call, const CallLimits& limits) {
  ASSIGN_OR_RETURN(http::Request const bare, RequestOf(call));
  for (bool again = false;; again = true) {
    http::Request request = bare;
    auto const generation = session_.Authorize(request, limits);
    if (!generation.ok()) return WithWhat(generation.status(), call.what, http::Delivery::kNotSent);
    absl::StatusOr<http::Response> const response = transport_->Send(request, limits);
    if (!response.ok()) return WithWhat(response.status(), call.what, http::DeliveryOf(response.status()));
    if (response->status / 100 == 2) {
      session_.Accepted();
      return DataOf(*response, call);
    }
    // Nothing was done then, so even a write may be sent again.
    constexpr int kUnauthorized = 401;
    if (response->status == kUnauthorized && !again && session_.Renew(*generation)) continue;
    http::Request const masking = Masking(std::move(request), call);
    if (response->status == kUnauthorized)
      session_.Refused(ErrorOf(masking, *response, "showing Proxmox the credentials"));
    return ErrorOf(masking, *response, call.what);
  }
}

absl::StatusOr<json> Client::Get(std::vector<std::string> path, std::string what, const CallLimits& limits,
                                 Parameters parameters) {
  return Send({.path = std::move(path), .parameters = std::move(parameters), .what = std::move(what)},
              limits);
}

}  // namespace fediversity::proxmox
