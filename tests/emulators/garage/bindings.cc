#include <re2/re2.h>

#include <algorithm>
#include <cctype>

#include "tests/emulators/common/pattern.h"
#include "tests/emulators/garage/names.h"
#include "tests/emulators/garage/recorded_calls.h"

namespace fediversity::emulators::garage {
namespace {

// Fields that hold lists in any order.
constexpr std::string_view kUnordered[] = {"keys", "buckets", "localAliases"};
// Fields that differ from host to host or are drawn at random; they have to be there all the same.
constexpr std::string_view kVolatile[] = {
    "freeform",      "dataAvail",      "metadataAvail", "incompleteAvailInfo",
    "available",     "total",          "hostname",      "addr",
    "zone",          "tags",           "capacity",      "usableCapacity",
    "partitionSize", "statistics",     "garageVersion", "dbEngine",
    "rustVersion",   "resyncQueueLen", "secretToken",   "garageFeatures"};

std::string WithoutChance(std::string text) {
  struct Replaced {
    re2::RE2 pattern;
    const char* stand_in;
  };
  static const Replaced kReplaced[] = {{"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z", "(a time)"},
                                       {"token_\\d{8}_\\d{4}", "token_(a time)"},
                                       {"column \\d+", "column N"},
                                       {"\\d{8}/([^/']+)/s3", "(a day)/\\1/s3"},
                                       {"<(VersionId|DeleteMarkerVersionId)>[0-9a-f]{64}", "<\\1>(an id)"}};
  for (const auto& [pattern, stand_in] : kReplaced) re2::RE2::GlobalReplace(&text, pattern, stand_in);
  return text;
}

// Times that a server makes up; those that were sent come back as they were.
bool IsTimeOfRun(std::string_view name) { return name == "created"; }

}  // namespace

void Bindings::Bind(const std::string& recorded, const std::string& actual) {
  actual_.emplace(recorded, actual);
}

void Bindings::Learn(const Json& recorded, const Json& actual) {
  if (!recorded.is_object() || !actual.is_object()) return;
  for (const char* const name : {"id", "accessKeyId", "secretAccessKey", "secretToken"}) {
    if (recorded.contains(name) && recorded[name].is_string() && actual.contains(name) &&
        actual[name].is_string()) {
      Bind(recorded[name], actual[name]);
    }
  }
  for (const char* const name : {"nodes", "buckets"}) {
    if (recorded.contains(name) && recorded[name].size() == 1 && actual.contains(name) &&
        actual[name].size() == 1) {
      Learn(recorded[name][0], actual[name][0]);
    }
  }
}

void Bindings::LearnUpload(const std::string& recorded, const std::string& actual) {
  static const re2::RE2 kUpload("<UploadId>([0-9a-f]{64})</UploadId>");
  std::string was;
  std::string is;
  if (re2::RE2::PartialMatch(recorded, kUpload, &was) && re2::RE2::PartialMatch(actual, kUpload, &is))
    Bind(was, is);
}

std::string Bindings::Translate(std::string_view text) const {
  constexpr std::size_t kLeast = 6;
  std::string translated;
  while (!text.empty()) {
    std::size_t size = 0;
    while (size < text.size() && (std::isalnum(static_cast<unsigned char>(text[size])) != 0 ||
                                  text[size] == '_' || text[size] == '-')) {
      ++size;
    }
    std::string word(text.substr(0, size));
    auto found = actual_.lower_bound(Lower(word));
    if (found == actual_.end() || !found->first.starts_with(Lower(word))) found = actual_.lower_bound(word);
    bool const known = size >= kLeast && found != actual_.end() &&
                       (found->first.starts_with(word) || found->first.starts_with(Lower(word))) &&
                       found->first.size() == found->second.size();
    if (known) {
      bool const upper = !found->first.starts_with(word);
      word = found->second.substr(0, size);
      if (upper)
        std::ranges::transform(word, word.begin(), [](unsigned char letter) { return std::toupper(letter); });
    }
    translated += word;
    text.remove_prefix(size);
    if (text.empty()) break;
    translated += text.front();
    text.remove_prefix(1);
  }
  return translated;
}

Json Sorted(Json rows) {
  std::sort(rows.begin(), rows.end(),
            [](const Json& left, const Json& right) { return left.dump() < right.dump(); });
  return rows;
}

Json Normalised(const Json& answer) {
  if (answer.is_string()) return WithoutChance(answer.get<std::string>());
  if (answer.is_array()) {
    Json list = Json::array();
    for (const Json& element : answer) list.push_back(Normalised(element));
    return list;
  }
  if (!answer.is_object()) return answer;
  Json object = Json::object();
  for (const auto& [name, value] : answer.items()) {
    // The message of a new layout draws its figures.
    if (std::ranges::count(kVolatile, name) > 0 || (name == "message" && value.is_array())) {
      object[name] = "(of the run)";
    } else if (IsTimeOfRun(name) || name == "message") {
      object[name] = Normalised(value);
    } else if (value.is_array() && std::ranges::count(kUnordered, name) > 0) {
      object[name] = Sorted(Normalised(value));
    } else {
      object[name] = value.is_string() && name != "name" ? value : Normalised(value);
    }
  }
  return object;
}

}  // namespace fediversity::emulators::garage
