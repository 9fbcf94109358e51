#include <utility>

#include "provider/backends/garage/decode.h"
#include "provider/backends/garage/encode.h"
#include "provider/backends/garage/error.h"
#include "provider/backends/garage/http_api.h"
#include "provider/backends/garage/names.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::garage {

using nlohmann::json;

absl::StatusOr<Key> HttpApi::ReadKey(std::string_view access_key_id, const CallLimits& limits) {
  std::string const what = OfKey(access_key_id, "reading it");
  ASSIGN_OR_RETURN(json const answer, client_.Get("GetKeyInfo", {{"id", access_key_id}}, what, limits));
  return DecodeKey(answer, what);
}

absl::StatusOr<Secret> HttpApi::ReadSecret(std::string_view access_key_id, const CallLimits& limits) {
  std::string const what = OfKey(access_key_id, "reading its secret");
  ASSIGN_OR_RETURN(
      json const answer,
      client_.Get("GetKeyInfo", {{"id", access_key_id}, {"showSecretKey", "true"}}, what, limits));
  return DecodeSecret(answer, what);
}

absl::StatusOr<Key> HttpApi::ImportKey(const KeyCredentials& credentials, std::string_view name,
                                       const CallLimits& limits) {
  std::string const what = OfKey(credentials.access_key_id, "importing it");
  json body{{"accessKeyId", credentials.access_key_id},
            {"secretAccessKey", credentials.secret_access_key.Reveal()},
            {"name", name}};
  auto const answer = Write({.name = "ImportKey",
                             .what = what,
                             .body = std::move(body),
                             .idempotent = true,
                             .secrets = {credentials.secret_access_key}},
                            limits);
  if (answer.ok()) return DecodeKey(*answer, what);
  if (CauseOf(answer.status()) != Cause::kTaken) return answer.status();
  return ReconcileImport(credentials, name, answer.status(), limits);
}

// The id is taken: by this very key, where it was sent before and the answer got lost.
absl::StatusOr<Key> HttpApi::ReconcileImport(const KeyCredentials& credentials, std::string_view name,
                                             const absl::Status& taken, const CallLimits& limits) {
  std::string const what = OfKey(credentials.access_key_id, "importing it");
  auto refuse = [&](std::string_view reason, std::string_view advice) {
    return Reworded(taken, absl::StatusCode::kAlreadyExists,
                    Cat({what, ": ", reason, "\n", advice, "\n", PartsOf(taken).detail}));
  };
  ASSIGN_OR_RETURN(json const answer, [&]() -> absl::StatusOr<json> {
    auto read = client_.Get("GetKeyInfo", {{"id", credentials.access_key_id}, {"showSecretKey", "true"}},
                            what, limits);
    if (!absl::IsNotFound(read.status())) return read;
    return refuse("a key with this id was deleted",
                  "Garage never takes the id of a deleted key again: choose another one, or have one drawn.");
  }());
  ASSIGN_OR_RETURN(Secret const secret, DecodeSecret(answer, what));
  ASSIGN_OR_RETURN(Key key, DecodeKey(answer, what));
  if (secret == credentials.secret_access_key && key.name == name) return key;
  return refuse(
      "another key has this id",
      Cat({"It is called \"", OneLine(key.name),
           "\" and has another secret or name than the one to be made. Choose another id, or import that key "
           "into the configuration."}));
}

absl::StatusOr<Key> HttpApi::UpdateKey(std::string_view access_key_id, const KeyChange& change,
                                       const CallLimits& limits) {
  std::string const what = OfKey(access_key_id, "changing it");
  ASSIGN_OR_RETURN(json const answer, Write({.name = "UpdateKey",
                                             .what = what,
                                             .query = {{"id", access_key_id}},
                                             .body = Encode(change),
                                             .idempotent = true},
                                            limits));
  ASSIGN_OR_RETURN(Key key, DecodeKey(answer, what));
  std::vector<std::string> const missing = Missing(change, key);
  if (missing.empty()) return key;
  return absl::UnimplementedError(ToAbsl(
      Cat({what, ": the server did not take ", Join(missing, ", "),
           "\nIts answer has other values than were sent. Either the server is too old for that, or somebody "
           "else has changed the key at the same time. Everything else was done."})));
}

absl::Status HttpApi::DeleteKey(std::string_view access_key_id, const CallLimits& limits) {
  auto const answer = Write({.name = "DeleteKey",
                             .what = OfKey(access_key_id, "deleting it"),
                             .query = {{"id", access_key_id}},
                             .body = json::object(),
                             .idempotent = true},
                            limits);
  if (absl::IsNotFound(answer.status())) return absl::OkStatus();
  return answer.status();
}

}  // namespace fediversity::garage
