#include "tests/emulators/proxmox/volatile_fields.h"

#include <re2/re2.h>

#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/common/pattern.h"

namespace fediversity::emulators {
namespace {

struct Volatile {
  std::string_view path;   // a pattern for the path of the request
  std::string_view place;  // a pattern for the place of the value in the answer
  std::string_view why;
};

// Everything that is not compared. The key has to be there all the same.
constexpr Volatile kVolatile[] = {
    {".*", ".*/(pid|pstart)", "process of a task or VM"},
    {".*", ".*/(starttime|endtime|ctime|snaptime|uptime)", "the time of the run"},
    {".*", ".*/(cpu|mem|netin|netout)", "load at the time of the run"},
    {"/cluster/resources|/nodes", "data/[^/]*node/[^/]*/(disk|maxdisk|maxmem)", "size of the host"},
    {"/cluster/resources", "data/[^/]*storage/.*/(disk|maxdisk)", "size of the host"},
    {"/nodes/[^/]+/status", "data/(wait|idle|loadavg|rootfs|memory|swap).*", "size and load of the host"},
    {"/nodes/[^/]+/tasks", "total", "counts the tasks of earlier runs on the captured server"},
    {"/nodes/[^/]+/storage", "data/[^/]+/(used|avail|total|used_fraction)", "how full the host's disk is"},
    {"/nodes/[^/]+/storage/[^/]+/content", "data/.*\\.qcow2/used", "how much a guest or QEMU has written"},
    {"/nodes/[^/]+/storage/[^/]+/status", "data/(used|avail|total)", "how full the host's disk is"},
};

// Where the answer of the emulator may have more or the capture may have had more.
constexpr Volatile kOptional[] = {
    {"/nodes/[^/]+/status", "data/cpuinfo", "the capture leaves out what describes the host"},
    {"/nodes", "data/.*/ssl_fingerprint", "only there while the server's certificate is known"},
    {"/cluster/tasks|/nodes/[^/]+/tasks", "data/UPID.*", "tasks of earlier runs on the captured server"},
};

template <std::size_t kSize>
bool Listed(const Volatile (&table)[kSize], const std::string& path, const std::string& place) {
  return std::ranges::any_of(table, [&](const Volatile& entry) {
    return Pattern(entry.path).Matches(path) && Pattern(entry.place).Matches(place);
  });
}

// What a server makes up.
const re2::RE2& MadeUp() {
  static const re2::RE2 kPattern(
      "(UPID:[^:]+:[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:"
      "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
      "|(?:[0-9A-F]{2}:){5}[0-9A-F]{2}"
      "|[0-9a-f]{40}"
      "|ctime=[0-9]+|conf\\.tmp\\.[0-9]+|tmp_dwnl\\.[0-9]+)");
  return kPattern;
}

// Takes everything made up out of a text.
std::vector<std::string> TakeMadeUp(std::string& text) {
  std::vector<std::string> found;
  re2::StringPiece rest(text);
  std::string one;
  while (re2::RE2::FindAndConsume(&rest, MadeUp(), &one)) found.push_back(one);
  re2::RE2::GlobalReplace(&text, MadeUp(), "<>");
  return found;
}

std::string Text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

// What tells the rows of a list apart, whatever their order.
std::string RowName(const Json& row) {
  if (!row.is_object()) return {};
  for (const char* const key :
       {"upid", "volid", "id", "key", "sid", "vmid", "iface", "poolid", "n", "storage", "name"}) {
    if (row.contains(key)) return Text(row[key]);
  }
  return {};
}

}  // namespace

void CaptureComparison::MarkSent(const std::string& text) {
  std::string copy = text;
  for (std::string& one : TakeMadeUp(copy)) {
    if (!emulated_by_captured_.contains(one)) sent_.insert(std::move(one));
  }
}

std::string CaptureComparison::Translate(std::string text) const {
  for (const auto& [captured, emulated] : emulated_by_captured_) {
    for (auto at = text.find(captured); at != std::string::npos;
         at = text.find(captured, at + emulated.size())) {
      text.replace(at, captured.size(), emulated);
    }
  }
  return text;
}

std::vector<std::string> CaptureComparison::Compare(const std::string& path, const Json& captured,
                                                    const Json& emulated) {
  path_ = path;
  differences_.clear();
  for (const char* const part : {"data", "message", "errors", "total"}) {
    bool const was = captured.is_object() && captured.contains(part);
    bool const is = emulated.is_object() && emulated.contains(part);
    if (was && is) {
      CompareAt(part, part, captured[part], emulated[part]);
    } else if (was != is && !Listed(kOptional, path_, part)) {
      Differ(part, was ? Text(captured[part]) : "nothing", is ? Text(emulated[part]) : "nothing");
    }
  }
  return differences_;
}

void CaptureComparison::CompareAt(const std::string& place, const std::string& key, const Json& captured,
                                  const Json& emulated) {
  if (Listed(kVolatile, path_, place)) return;
  if (captured.is_object() && emulated.is_object()) {
    CompareObjects(place, captured, emulated);
  } else if (captured.is_array() && emulated.is_array()) {
    CompareLists(place, captured, emulated);
  } else if (captured.is_structured() || emulated.is_structured() ||
             captured.is_null() != emulated.is_null()) {
    Differ(place, captured.dump(), emulated.dump());
  } else {
    CompareTexts(place, key, Text(captured), Text(emulated));
  }
}

void CaptureComparison::CompareObjects(const std::string& place, const Json& captured, const Json& emulated) {
  for (const auto& [key, value] : captured.items()) {
    std::string const at = Cat({place, "/", key});
    if (emulated.contains(key)) {
      CompareAt(at, key, value, emulated[key]);
    } else if (!Listed(kOptional, path_, at)) {
      Differ(at, value.dump(), "nothing");
    }
  }
  for (const auto& [key, value] : emulated.items()) {
    std::string const at = Cat({place, "/", key});
    if (!captured.contains(key) && !Listed(kOptional, path_, at)) Differ(at, "nothing", value.dump());
  }
}

void CaptureComparison::CompareLists(const std::string& place, const Json& captured, const Json& emulated) {
  bool const named = std::ranges::all_of(captured, [](const Json& row) { return !RowName(row).empty(); });
  if (!named || captured.empty()) {
    if (captured.size() != emulated.size()) return Differ(place, captured.dump(), emulated.dump());
    for (std::size_t at = 0; at < captured.size(); ++at) {
      CompareAt(Cat({place, "/", std::to_string(at)}), "", captured[at], emulated[at]);
    }
    return;
  }
  std::map<std::string, const Json*> rows;
  for (const Json& row : emulated) rows[RowName(row)] = &row;
  for (const Json& row : captured) {
    std::string const name = RowName(row);
    auto const found = rows.find(Translate(name));
    if (found != rows.end()) {
      CompareAt(Cat({place, "/", name}), "", row, *found->second);
      rows.erase(found);
    } else if (Translate(name) != name ||
               !Listed(kOptional, path_, Cat({place, "/", name}))) {  // of this run, or asked for
      Differ(Cat({place, "/", name}), row.dump(), "nothing");
    }
  }
  for (const auto& [name, row] : rows) Differ(Cat({place, "/", name}), "nothing", row->dump());
}

void CaptureComparison::CompareTexts(const std::string& place, const std::string& key, std::string captured,
                                     std::string emulated) {
  std::string const was = captured;
  std::string const is = emulated;
  auto const old_ones = TakeMadeUp(captured);
  auto const new_ones = TakeMadeUp(emulated);
  if (key == "content" && captured.find(',') != std::string::npos) {  // a set in any order
    auto left = SplitList(captured);
    auto right = SplitList(emulated);
    std::ranges::sort(left);
    std::ranges::sort(right);
    if (left == right) return;
  }
  bool same = captured == emulated && old_ones.size() == new_ones.size();
  for (std::size_t at = 0; same && at < old_ones.size(); ++at) same = Bind(old_ones[at], new_ones[at]);
  if (!same) Differ(place, was, is);
}

bool CaptureComparison::Bind(const std::string& captured, const std::string& emulated) {
  if (sent_.contains(captured)) return captured == emulated;
  for (const char* const changing : {"ctime=", "conf.tmp", "tmp_dwnl"}) {
    if (captured.starts_with(changing)) return true;
  }
  return emulated_by_captured_.emplace(captured, emulated).first->second == emulated &&
         captured_by_emulated_.emplace(emulated, captured).first->second == captured;
}

void CaptureComparison::Differ(const std::string& place, const std::string& captured,
                               const std::string& emulated) {
  differences_.push_back(place + "\n    captured: " + captured + "\n    emulated: " + emulated);
}

}  // namespace fediversity::emulators
