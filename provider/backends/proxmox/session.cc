#include "provider/backends/proxmox/session.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "provider/backends/proxmox/error.h"
#include "provider/backends/proxmox/ticket.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

constexpr absl::Duration kLifetime = absl::Hours(2);
// Well before that is over, so that no request meets the end.
constexpr absl::Duration kRenewAfter = absl::Minutes(90);

void PutTicket(http::Request& request, const Secret& ticket, const Secret& csrf_token) {
  request.headers.emplace_back("Cookie", Secret(Cat({"PVEAuthCookie=", ticket.Reveal()})));
  bool const reads = request.method == http::Method::kGet || request.method == http::Method::kHead;
  if (!reads && !csrf_token.empty()) request.headers.emplace_back("CSRFPreventionToken", csrf_token);
}

std::string FieldText(const json& data, const char* key) {
  auto const found = data.find(key);
  return found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Session::Session(Credentials credentials, http::Transport& transport, Clock& clock)
    : credentials_(std::move(credentials)),
      transport_(transport),
      clock_(clock),
      pass_(GivenPass()) {}

// A ticket that is over, and what is no ticket, is left to the service to refuse.
Session::Pass Session::GivenPass() const {
  const auto* const given = std::get_if<Ticket>(&credentials_);
  if (given == nullptr) return {};
  auto const content = ParseTicket(given->ticket);
  absl::Time const now = clock_.Now();
  bool const renewable = content.has_value() && now - content->made < kLifetime;
  return {given->ticket, given->csrf_token, renewable ? std::min(content->made, now) : absl::InfiniteFuture(),
          0};
}

absl::StatusOr<Session::Generation> Session::Authorize(http::Request& request, const CallLimits& limits) {
  RETURN_IF_ERROR(Refusal());
  if (const auto* const token = std::get_if<ApiToken>(&credentials_)) {
    request.headers.emplace_back("Authorization", Secret(Cat({"PVEAPIToken=", token->text.Reveal()})));
    return Generation{0};
  }
  ASSIGN_OR_RETURN(Pass const pass, CurrentPass(limits));
  PutTicket(request, pass.ticket, pass.csrf_token);
  return pass.generation;
}

bool Session::Renew(Generation refused) {
  // What is refused is no password either.
  if (!std::holds_alternative<Login>(credentials_)) return false;
  std::lock_guard const lock(mutex_);
  if (pass_.generation == refused) pass_.made = absl::InfinitePast();
  return true;
}

void Session::Accepted() {
  std::lock_guard const lock(mutex_);
  accepted_ = true;
}

void Session::Refused(const absl::Status& why) {
  std::lock_guard const lock(mutex_);
  // What was good before is so again once the node has restarted, or has found its cluster.
  if (!accepted_) refusal_ = why;
}

absl::Status Session::Refusal() {
  std::lock_guard const lock(mutex_);
  return refusal_;
}

bool Session::IsFresh(const Pass& pass) const {
  return pass.made != absl::InfinitePast() && clock_.Now() - pass.made < kRenewAfter;
}

std::optional<Session::Pass> Session::FreshPass() {
  std::lock_guard const lock(mutex_);
  return IsFresh(pass_) ? std::optional(pass_) : std::nullopt;
}

Login Session::LoginOf(const Pass& pass) const {
  if (const auto* const login = std::get_if<Login>(&credentials_)) return *login;
  TicketContent const content = ParseTicket(pass.ticket).value_or(TicketContent{});
  return {content.user, content.text};
}

absl::StatusOr<Session::Pass> Session::CurrentPass(const CallLimits& limits) {
  if (auto const pass = FreshPass()) return *pass;
  auto const permit = logging_in_.Acquire(limits, "waiting for the login to Proxmox");
  if (!permit.ok()) return permit.status();
  if (auto const pass = FreshPass()) return *pass;  // somebody else has just logged in
  RETURN_IF_ERROR(Refusal());
  Pass old;
  {
    std::lock_guard const lock(mutex_);
    old = pass_;
  }
  absl::StatusOr<Pass> made = LogIn(LoginOf(old), limits);
  if (!made.ok()) {
    std::lock_guard const lock(mutex_);
    if (absl::IsUnauthenticated(made.status())) refusal_ = made.status();
    return made.status();
  }
  Pass pass = *std::move(made);
  const auto* const given = std::get_if<Ticket>(&credentials_);
  if (given != nullptr && given->csrf_token.empty()) pass.csrf_token = Secret();
  std::lock_guard const lock(mutex_);
  pass.generation = ++last_;
  pass_ = pass;
  return pass;
}

absl::StatusOr<Session::Pass> Session::LogIn(const Login& login, const CallLimits& limits) {
  std::vector<http::Field> const form = {{"username", login.username}, {"password", login.password}};
  // Logging in twice gives two tickets and changes nothing else.
  http::Request const request{.method = http::Method::kPost,
                              .path = {"access", "ticket"},
                              .body = http::FormBody(form),
                              .idempotent = true};
  std::string const what = Cat({"logging in to Proxmox as ", login.username});
  absl::Time const asked = clock_.Now();
  ASSIGN_OR_RETURN(http::Response const response, transport_.Send(request, limits));
  if (response.status / 100 != 2) {
    http::Request masking = request;
    masking.query = form;
    return ErrorOf(masking, response, what);
  }
  json const body = json::parse(response.body, nullptr, false);
  json const data = body.is_object() ? body.value("data", json()) : json();
  if (!data.is_object())
    return absl::InternalError(ToAbsl(Cat({what, ": the answer is not what the API describes"})));
  if (data.contains("NeedTFA")) {
    return absl::UnauthenticatedError(
        ToAbsl(Cat({what, ": the user has a second factor\nUse an API token, which needs none."})));
  }
  Pass pass{Secret(FieldText(data, "ticket")), Secret(FieldText(data, "CSRFPreventionToken")), asked, 0};
  if (pass.ticket.empty()) return absl::InternalError(ToAbsl(Cat({what, ": the answer holds no ticket"})));
  return pass;
}

}  // namespace fediversity::proxmox
