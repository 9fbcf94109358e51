#include "tests/emulators/garage/control_api.h"

#include <map>
#include <optional>

#include "tests/emulators/common/pattern.h"
#include "tests/emulators/garage/emulator.h"
#include "tests/emulators/garage/shown.h"

namespace fediversity::emulators::garage {
namespace {

HttpAnswer Done(const Json& body = nullptr) {
  return {.body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}
HttpAnswer Refuse(const std::string& why) { return {.status = 400, .body = Json{{"message", why}}.dump()}; }

std::chrono::milliseconds Milliseconds(const Json& body, const char* name) {
  return std::chrono::milliseconds(body.value(name, 0));
}

Json State(Store& store) {
  Json buckets = Json::object();
  for (const auto& [id, bucket] : store.buckets) {
    Json objects = Json::array();
    for (const auto& [name, content] : bucket.objects) objects.push_back(name);
    Json uploads = Json::array();
    for (const auto& [upload_id, upload] : bucket.uploads) uploads.push_back(upload.key);
    Json grants = Json::object();
    for (const auto& [key, grant] : bucket.grants) {
      if (grant.Any()) grants[key] = ShowPermissions(grant);
    }
    buckets[id] = {
        {"aliases", bucket.aliases}, {"objects", objects}, {"uploads", uploads}, {"grants", grants}};
  }
  Json keys = Json::object();
  for (const auto& [id, key] : store.keys) keys[id] = {{"name", key.name}, {"aliases", key.aliases}};
  return {{"buckets", buckets}, {"keys", keys}, {"aliases", store.aliases}};
}

std::optional<Fault> ReadFault(const Json& body) {
  static const std::map<std::string, Fault::Action> kActions = {
      {"answer-before", Fault::Action::kAnswerBefore},
      {"answer-after", Fault::Action::kAnswerAfter},
      {"cut-before", Fault::Action::kCutBefore},
      {"cut-after", Fault::Action::kCutAfter},
      {"delay", Fault::Action::kDelay}};
  Fault fault;
  auto const action = kActions.find(body.value("action", ""));
  fault.path = body.value("path", fault.path);
  if (action == kActions.end() || !Pattern(fault.path).IsValid()) return std::nullopt;
  fault.action = action->second;
  fault.method = body.value("method", fault.method);
  fault.nth = body.value("nth", fault.nth);
  fault.times = body.value("times", fault.times);
  fault.status = body.value("status", fault.status);
  fault.code = body.value("code", fault.code);
  fault.message = body.value("message", fault.message);
  fault.delay = Milliseconds(body, "delay_ms");
  return fault;
}

Bucket* Named(Store& store, const Json& body) {
  std::string const name = body.value("bucket", "");
  Bucket* const bucket = store.FindByAlias(name);
  return bucket != nullptr ? bucket : store.FindBucket(name);
}

// Does something to the bucket that the body names.
template <typename Act>
HttpAnswer WithBucket(GarageEmulator& emulator, const Json& body, Act act) {
  return emulator.With([&](Store& store) {
    Bucket* const bucket = Named(store, body);
    if (bucket == nullptr) return Refuse("no such bucket");
    act(store, *bucket);
    return Done();
  });
}

HttpAnswer Post(GarageEmulator& emulator, const std::string& what, const Json& body) {
  if (what == "faults") {
    auto fault = ReadFault(body);
    if (!fault.has_value()) return Refuse("no such action, or a malformed path");
    emulator.AddFault(std::move(*fault));
    return Done();
  }
  if (what == "objects") {
    return WithBucket(emulator, body, [&](Store&, Bucket& bucket) {
      bucket.objects[body.value("key", "")] = body.value("content", "");
    });
  }
  if (what == "uploads") {
    return WithBucket(emulator, body, [&](Store& store, Bucket& bucket) {
      constexpr std::size_t kBytes = 32;
      bucket.uploads[store.Hex(kBytes)] = {
          .key = body.value("key", ""), .started = store.Now(), .parts = {{1, "a part"}}};
    });
  }
  if (what == "aliases") {
    return WithBucket(emulator, body, [&](Store& store, const Bucket& bucket) {
      store.GiveAlias(body.value("alias", ""), bucket.id);
    });
  }
  if (what == "tokens") {
    return Done({{"token", emulator.MakeToken(body.value("scope", std::vector<std::string>{"*"}))}});
  }
  if (what == "quorum") {
    emulator.With([&](Store& store) { store.has_quorum = body.value("available", true); });
    return Done();
  }
  if (what == "latency") {
    emulator.SetLatency(Milliseconds(body, "request_ms"));
    return Done();
  }
  if (what == "advance") {
    emulator.With([&](Store& store) { store.Advance(Milliseconds(body, "ms").count()); });
    return Done();
  }
  return Refuse("no such control");
}

HttpAnswer DispatchControl(GarageEmulator& emulator, const std::string& method, const std::string& what,
                           const Json& body) {
  if (method == "POST") return Post(emulator, what, body);
  if (method == "GET" && what == "state") return Done(emulator.With(State));
  if (method == "GET" && what == "requests") {
    Json rows = Json::array();
    for (const LoggedRequest& request : emulator.requests()) {
      rows.push_back({{"method", request.method},
                      {"path", request.path},
                      {"query", request.query},
                      {"status", request.status},
                      {"who", request.who}});
    }
    return Done(rows);
  }
  if (method == "DELETE" && what == "requests") {
    emulator.ForgetRequests();
    return Done();
  }
  if (method == "DELETE" && what == "faults") {
    emulator.ClearFaults();
    return Done();
  }
  return Refuse("no such control");
}

}  // namespace

HttpAnswer ServeControl(GarageEmulator& emulator, const HttpRequest& request) {
  constexpr std::string_view kRoot = "/emulator/";
  Json const body = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
  if (!body.is_object()) return Refuse("the body is no JSON object");
  try {
    return DispatchControl(emulator, request.method, request.target.substr(kRoot.size()), body);
  } catch (const Json::exception& error) {  // a value of another type than it should have
    return Refuse(error.what());
  }
}

}  // namespace fediversity::emulators::garage
