#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/common/pattern.h"
#include "tests/emulators/proxmox/router.h"

namespace fediversity::emulators {
namespace {

constexpr std::size_t kClusterTasks = 25;  // that /cluster/tasks shows
constexpr std::int64_t kDefaultLimit = 50;

// The task that a call names, or why there is none.
Task* FindTask(Cluster& cluster, const Call& call, std::optional<Reply>& refused) {
  static const Pattern kUpid(
      "UPID:[^:]+:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^:\\s]+:[^:\\s]*:[^:\\s]+:");
  std::string const upid = call.Get("upid");
  if (!kUpid.Matches(upid)) {
    refused = BadParameter("upid", "unable to parse worker upid");
    return nullptr;
  }
  Task* const task = cluster.tasks.Find(upid);
  if (task == nullptr || task->node != call.Get("node")) {
    refused = BadParameter("upid", "no such task");
    return nullptr;
  }
  bool const own = task->who.user == call.who.user;
  if (!own && !Allowed(cluster, call.who, "/nodes/" + call.Get("node"), "Sys.Audit")) {
    refused = Denied("/nodes/" + call.Get("node"), "Sys.Audit");
    return nullptr;
  }
  return task;
}

// What every listing says of a task.
Json Row(const Task& task) {
  Json row = {{"upid", task.upid}, {"node", task.node},     {"type", task.type},
              {"id", task.id},     {"user", task.who.user}, {"starttime", task.starttime}};
  if (!task.who.token.empty()) row["tokenid"] = task.who.token;
  return row;
}

Reply GetStatus(Cluster& cluster, const Call& call) {
  std::optional<Reply> refused;
  const Task* const task = FindTask(cluster, call, refused);
  if (task == nullptr) return *refused;
  Json data = Row(*task);
  data["pid"] = task->pid;
  data["pstart"] = task->pstart;
  data["status"] = task->done ? "stopped" : "running";
  if (task->done) data["exitstatus"] = task->exitstatus;
  return Data(std::move(data));
}

Reply GetLog(Cluster& cluster, const Call& call) {
  std::optional<Reply> refused;
  const Task* const task = FindTask(cluster, call, refused);
  if (task == nullptr) return *refused;
  auto const start = static_cast<std::size_t>(ParseInteger(call.Get("start")).value_or(0));
  std::int64_t const limit = ParseInteger(call.Get("limit")).value_or(kDefaultLimit);
  Json lines = Json::array();
  for (std::size_t at = start; at < task->log.size(); ++at) {
    if (limit != 0 && std::cmp_greater_equal(lines.size(), limit)) break;
    lines.push_back({{"n", at + 1}, {"t", task->log[at]}});
  }
  return DataWithTotal(std::move(lines), static_cast<std::int64_t>(task->log.size()));
}

Reply StopTask(Cluster& cluster, const Call& call) {
  std::optional<Reply> refused;
  Task* const task = FindTask(cluster, call, refused);
  if (task == nullptr) return *refused;
  cluster.tasks.Stop(*task, cluster.Wall());
  return Data(nullptr);
}

Reply ListOfNode(Cluster& cluster, const Call& call) {
  bool const sees_all = Allowed(cluster, call.who, "/nodes/" + call.Get("node"), "Sys.Audit");
  std::string const source = call.Has("source") ? call.Get("source") : "archive";
  std::vector<const Task*> found;
  for (const Task& task : cluster.tasks.all()) {
    if (task.node != call.Get("node") || (!sees_all && task.who.user != call.who.user)) continue;
    if ((source == "archive" && !task.done) || (source == "active" && task.done)) continue;
    if (call.Has("vmid") && task.id != call.Get("vmid")) continue;
    if (call.Has("typefilter") && task.type != call.Get("typefilter")) continue;
    if (call.Has("userfilter") && task.who.Name().find(call.Get("userfilter")) == std::string::npos) continue;
    if (call.Flag("errors") && (task.exitstatus == "OK" || !task.done)) continue;
    if (task.starttime < ParseInteger(call.Get("since")).value_or(0)) continue;
    found.insert(found.begin(), &task);
  }
  auto const start = static_cast<std::size_t>(ParseInteger(call.Get("start")).value_or(0));
  auto const limit = static_cast<std::size_t>(ParseInteger(call.Get("limit")).value_or(kDefaultLimit));
  Json rows = Json::array();
  for (std::size_t at = start; at < found.size() && rows.size() < limit; ++at) {
    Json row = Row(*found[at]);
    row["pid"] = found[at]->pid;
    row["pstart"] = found[at]->pstart;
    row["status"] = found[at]->done ? found[at]->exitstatus : "RUNNING";
    if (found[at]->done) row["endtime"] = found[at]->endtime;
    rows.push_back(std::move(row));
  }
  return DataWithTotal(std::move(rows), static_cast<std::int64_t>(found.size()));
}

Reply ListOfCluster(Cluster& cluster, const Call& call) {
  Json rows = Json::array();
  const auto& tasks = cluster.tasks.all();
  for (auto task = tasks.rbegin(); task != tasks.rend() && rows.size() < kClusterTasks; ++task) {
    bool const sees_all = Allowed(cluster, call.who, "/nodes/" + task->node, "Sys.Audit");
    if (!sees_all && task->who.user != call.who.user) continue;
    Json row = Row(*task);
    if (task->done) {
      row["status"] = task->exitstatus;
      row["endtime"] = task->endtime;
      row["saved"] = "1";
    }
    rows.push_back(std::move(row));
  }
  return Data(std::move(rows));
}

}  // namespace

std::vector<Route> TaskRoutes() {
  const std::string task = "/nodes/{node}/tasks/{upid}";
  return {
      {"GET", "/cluster/tasks", "", "", ListOfCluster},
      {"GET", "/nodes/{node}/tasks",
       "errors bool limit int:0.. since int source enum:archive|active|all start int:0.. statusfilter str typefilter str "
       "until int userfilter str vmid fmt:pve-vmid",
       "", ListOfNode},
      {"GET", task + "/status", "", "", GetStatus},
      {"GET", task + "/log", "download bool limit int:0.. start int:0..", "", GetLog},
      {"DELETE", task, "", "", StopTask},
  };
}

}  // namespace fediversity::emulators
