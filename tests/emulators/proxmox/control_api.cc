#include "tests/emulators/proxmox/control_api.h"

#include <map>
#include <optional>

#include "tests/emulators/common/pattern.h"
#include "tests/emulators/proxmox/emulator.h"

namespace fediversity::emulators {
namespace {

HttpAnswer Ok(const Json& body) {
  return {.body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}
HttpAnswer Refuse(const std::string& why) {
  return {.status = 400, .reason = "Bad Request", .body = Json{{"message", why}}.dump()};
}

std::chrono::milliseconds Milliseconds(const Json& body, const char* name) {
  return std::chrono::milliseconds(body.value(name, 0));
}

Json State(ProxmoxEmulator& emulator) {
  return emulator.With([](Cluster& cluster) {
    Json vms = Json::object();
    for (const auto& [vmid, vm] : cluster.vms) {
      vms[std::to_string(vmid)] = {
          {"node", vm.node}, {"running", vm.running}, {"config", vm.config}, {"pending", vm.pending}};
    }
    Json volumes = Json::array();
    for (const auto& [key, volume] : cluster.volumes()) volumes.push_back(volume.id);
    Json tasks = Json::array();
    for (const Task& task : cluster.tasks.all()) {
      tasks.push_back(
          {{"upid", task.upid}, {"type", task.type}, {"id", task.id}, {"exitstatus", task.exitstatus}});
    }
    return Json{{"vms", std::move(vms)}, {"volumes", std::move(volumes)}, {"tasks", std::move(tasks)}};
  });
}

std::optional<Fault> ReadFault(const Json& body) {
  static const std::map<std::string, Fault::Action> kActions = {
      {"answer-before", Fault::Action::kAnswerBefore}, {"answer-after", Fault::Action::kAnswerAfter},
      {"cut-before", Fault::Action::kCutBefore},       {"cut-after", Fault::Action::kCutAfter},
      {"cut-inside", Fault::Action::kCutInside},       {"delay", Fault::Action::kDelay},
      {"fail-task", Fault::Action::kFailTask},         {"fail-task-after", Fault::Action::kFailTaskAfter},
      {"warn-task", Fault::Action::kWarnTask},         {"hang-task", Fault::Action::kHangTask}};
  auto const action = kActions.find(body.value("action", ""));
  static const std::map<std::string, Fault::Body> kBodies = {
      {"usual", Fault::Body::kUsual}, {"always", Fault::Body::kAlways}, {"reason", Fault::Body::kReason}};
  auto const where = kBodies.find(body.value("body", "usual"));
  if (where == kBodies.end()) return std::nullopt;
  if (action == kActions.end() || !Pattern(body.value("path", ".*")).IsValid()) return std::nullopt;
  return Fault{.action = action->second,
               .method = body.value("method", ""),
               .path = body.value("path", ".*"),
               .nth = body.value("nth", 1),
               .times = body.value("times", 1),
               .status = body.value("status", 500),
               .body = where->second,
               .errors = body.value("errors", std::map<std::string, std::string>()),
               .message = body.value("message", "emulated failure"),
               .delay = Milliseconds(body, "delay_ms")};
}

void ChangeGuest(const Json& body, Guest& guest) {
  guest.boots = body.value("boots", guest.boots);
  guest.answers_shutdown = body.value("answers_shutdown", guest.answers_shutdown);
  guest.releases_devices = body.value("releases_devices", guest.releases_devices);
  guest.agent_runs = body.value("agent_runs", guest.agent_runs);
  guest.agent_silent_calls = body.value("agent_silent_calls", guest.agent_silent_calls);
  guest.interfaces = body.value("interfaces", guest.interfaces);
  guest.files = body.value("files", guest.files);
}

HttpAnswer ChangeVm(ProxmoxEmulator& emulator, int vmid, const Json& body) {
  return emulator.With([&](Cluster& cluster) {
    Vm* const vm = cluster.FindVm(vmid);
    if (vm == nullptr) return Refuse("no such VM");
    if (body.contains("guest")) ChangeGuest(body["guest"], vm->guest);
    if (body.contains("node")) vm->node = body["node"].get<std::string>();
    if (body.contains("running")) {
      vm->running = body["running"].get<bool>();
      vm->started = cluster.Now();
    }
    if (body.contains("config")) {
      for (const auto& [name, value] : body["config"].items()) {
        if (value.is_null()) {
          vm->config.erase(name);
        } else {
          vm->config[name] = value.get<std::string>();
        }
      }
    }
    if (body.contains("lock")) {
      vm->config.erase("lock");
      if (body["lock"].is_string()) vm->config["lock"] = body["lock"].get<std::string>();
    }
    return Ok(nullptr);
  });
}

HttpAnswer Recycle(ProxmoxEmulator& emulator, int vmid) {
  return emulator.With([&](Cluster& cluster) {
    Vm* const vm = cluster.FindVm(vmid);
    if (vm == nullptr) return Refuse("no such VM");
    std::string const meta = "creation-qemu=" + cluster.settings.qemu_version + ",ctime=";
    vm->config = {{"name", "stranger"},
                  {"smbios1", "uuid=" + cluster.NewUuid()},
                  {"vmgenid", cluster.NewUuid()},
                  {"meta", meta + std::to_string(cluster.Wall())},
                  {"boot", " "}};
    vm->pending.clear();
    vm->removed.clear();
    return Ok(nullptr);
  });
}

HttpAnswer ChangeSettings(ProxmoxEmulator& emulator, const Json& body) {
  return emulator.With([&](Cluster& cluster) {
    Cluster::Settings& settings = cluster.settings;
    cluster.quorate = body.value("quorate", cluster.quorate);
    settings.agent_silent_after_start =
        body.value("agent_silent_after_start", settings.agent_silent_after_start);
    settings.has_efi_images = body.value("has_efi_images", settings.has_efi_images);
    settings.clones_hold_locks = body.value("clones_hold_locks", settings.clones_hold_locks);
    if (body.contains("ha_delay_ms")) settings.ha_delay = Milliseconds(body, "ha_delay_ms");
    return Ok(nullptr);
  });
}

HttpAnswer ChangeNode(ProxmoxEmulator& emulator, const std::string& name, const Json& body) {
  return emulator.With([&](Cluster& cluster) {
    Node* const node = cluster.FindNode(name);
    if (node == nullptr) return Refuse("no such node");
    node->online = body.value("online", node->online);
    node->reports = body.value("reports", node->reports);
    node->proxy_status = body.value("status", node->proxy_status);
    node->proxy_error = body.value("error", node->proxy_error);
    return Ok(nullptr);
  });
}

HttpAnswer PutContainer(ProxmoxEmulator& emulator, const Json& body) {
  return emulator.With([&](Cluster& cluster) {
    cluster.containers[body.value("vmid", 0)] = {.node = body.value("node", cluster.nodes.front().name),
                                                 .name = body.value("name", ""),
                                                 .running = body.value("running", false)};
    return Ok(nullptr);
  });
}

HttpAnswer ServeUrl(ProxmoxEmulator& emulator, const Json& body) {
  return emulator.With([&](Cluster& cluster) {
    auto const size = body.value("size", std::uint64_t{0});
    cluster.served[body.value("url", "")] = {
        .size = size,
        .virtual_size = body.value("virtual_size", size),
        .sums = body.value("sums", std::map<std::string, std::string>{})};
    return Ok(nullptr);
  });
}

HttpAnswer PutVolume(ProxmoxEmulator& emulator, const Json& body) {
  static const Pattern kId("([^:/]+):([^/]+)/([^/]+)\\.([^./]+)");
  auto const id = body.value("id", "");
  auto const parts = kId.Groups(id);
  if (parts.empty()) return Refuse("no such volume can be");
  return emulator.With([&](Cluster& cluster) {
    Volume volume{.id = id, .storage = parts[0], .node = body.value("node", "pve1")};
    auto const vmid = ParseInteger(parts[1]);
    if (vmid.has_value()) {
      volume.vmid = static_cast<int>(*vmid);
    } else {
      volume.content = parts[1];
    }
    volume.format = parts[3];
    volume.size = volume.used = body.value("size", std::uint64_t{4096});
    volume.ctime = cluster.Wall();
    cluster.AddVolume(std::move(volume));
    return Ok(nullptr);
  });
}

HttpAnswer Post(ProxmoxEmulator& emulator, const std::string& path, const Json& body) {
  static const Pattern kVm("vms/(\\d{1,9})(/recycle)?");
  static const Pattern kNode("nodes/([^/]+)");
  if (path == "faults") {
    auto fault = ReadFault(body);
    if (!fault.has_value()) return Refuse("no such action, or a malformed path");
    emulator.AddFault(std::move(*fault));
  } else if (path == "refresh") {
    emulator.Refresh();
  } else if (path == "advance") {
    emulator.Advance(Milliseconds(body, "ms"));
  } else if (path == "finish-tasks") {
    emulator.FinishTasks();
  } else if (path == "latency") {
    if (body.contains("task_ms")) emulator.SetTaskLatency(Milliseconds(body, "task_ms"));
    if (body.contains("request_ms")) emulator.SetRequestLatency(Milliseconds(body, "request_ms"));
  } else if (path == "settings") {
    return ChangeSettings(emulator, body);
  } else if (path == "containers") {
    return PutContainer(emulator, body);
  } else if (path == "urls") {
    return ServeUrl(emulator, body);
  } else if (path == "volumes") {
    return PutVolume(emulator, body);
  } else if (path == "tokens") {
    return Ok({{"token", emulator.MakeToken(body.value("user", ""), body.value("name", ""),
                                            body.value("role", ""), body.value("path", "/"))}});
  } else if (auto const node = kNode.Groups(path); !node.empty()) {
    return ChangeNode(emulator, node[0], body);
  } else if (auto const vm = kVm.Groups(path); !vm.empty()) {
    int const vmid = std::stoi(vm[0]);
    return vm[1].empty() ? ChangeVm(emulator, vmid, body) : Recycle(emulator, vmid);
  } else {
    return Refuse("no such control");
  }
  return Ok(nullptr);
}

HttpAnswer Dispatch(ProxmoxEmulator& emulator, const std::string& method, const std::string& path,
                    const Json& body) {
  if (method == "POST") return Post(emulator, path, body);
  if (method == "GET" && path == "state") return Ok(State(emulator));
  if (method == "GET" && path == "connections") {
    return Ok({{"accepted", emulator.connections()}, {"most_open", emulator.TakeMostOpen()}});
  }
  if (method == "GET" && path == "requests") {
    Json rows = Json::array();
    for (const LoggedRequest& request : emulator.requests()) {
      rows.push_back({{"method", request.method},
                      {"path", request.path},
                      {"params", request.params},
                      {"status", request.status},
                      {"who", request.who}});
    }
    return Ok(rows);
  }
  if (method == "DELETE" && path == "requests") {
    emulator.ForgetRequests();
    return Ok(nullptr);
  }
  if (method == "DELETE" && path == "faults") {
    emulator.ClearFaults();
    return Ok(nullptr);
  }
  return Refuse("no such control");
}

}  // namespace

HttpAnswer ServeControl(ProxmoxEmulator& emulator, const HttpRequest& request) {
  constexpr std::string_view kRoot = "/emulator/";
  Json const body = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
  if (!body.is_object()) return Refuse("the body is no JSON object");
  try {
    return Dispatch(emulator, request.method, request.target.substr(kRoot.size()), body);
  } catch (const Json::exception& error) {  // a value of another type than it should have
    return Refuse(error.what());
  }
}

}  // namespace fediversity::emulators
