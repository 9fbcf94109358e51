#include "tests/emulators/garage/recorded_calls.h"

#include <re2/re2.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "provider/base/text.h"
#include "tests/emulators/garage/test_client.h"
#include "tests/support/wait_until.h"

namespace fediversity::emulators::garage {
namespace {

std::string TextOf(const Json& call, const char* name) { return call.value(name, ""); }

// What ids have in common: the number of rows, and the fields of each.
Json Shape(const Json& rows) {
  Json shape = Json::array();
  for (const Json& row : rows) {
    Json names = Json::array();
    for (const auto& [name, value] : row.items()) names.push_back(name);
    shape.push_back(std::move(names));
  }
  return shape;
}

// Real servers count objects a moment later.
void HideCounters(Json& bucket) {
  if (!bucket.is_object() || !bucket.contains("unfinishedUploads")) return;
  for (auto& [name, value] : bucket.items()) {
    if (name == "objects" || name == "bytes" || name.starts_with("unfinished")) value = "(of the moment)";
  }
}

class Replay {
 public:
  explicit Replay(const ReplayTarget& target) : target_(target) {}

  void Make(const Json& call, ReplayTally& tally) {
    if (target_.emulated && !call.value("emulated", true)) {
      ++tally.skipped;
      return;
    }
    if (call.contains("once") && !WaitUntilCounted(call["once"])) {
      Differ(call, tally, Cat({"counted: ", call["once"].dump()}), "not so far");
      return;
    }
    TestAnswer const answer = Send(call);
    if (!call.contains("status")) {
      if (answer.status != 200) Differ(call, tally, "this has to work", answer.body);
      return;
    }
    ++tally.made;
    if (answer.status != call["status"].get<int>()) {
      Differ(call, tally, call["status"].dump(), Cat({std::to_string(answer.status), " ", answer.body}));
      return;
    }
    if (!call.contains("answer")) return;
    Compare(call, call["answer"], answer, tally);
  }

 private:
  std::string Token(const std::string& who) const {
    if (who.empty()) return target_.token;
    auto const made = tokens_.find(who);
    return made != tokens_.end() ? made->second : who;
  }

  // Whether it is so in the end.
  bool WaitUntilCounted(const Json& once) {
    Json const look = {{"method", "GET"},
                       {"target", Cat({"/v2/GetBucketInfo?globalAlias=", TextOf(once, "alias")})}};
    return testing::WaitUntil([&] {
      Json const bucket = Json::parse(Send(look).body, nullptr, false);
      return bucket.is_object() && bucket.value("objects", Json()) == once["objects"];
    });
  }

  TestAnswer Send(const Json& call) {
    TestRequest request{
        .method = call["method"], .url = "", .body = bindings_.Translate(TextOf(call, "body"))};
    std::string target = bindings_.Translate(call["target"].get<std::string>());
    if (target == "/v2/ImportKey") LearnSecret(request.body);
    std::string const key = TextOf(call, "key");
    if (key.empty() || key == "admin") {
      std::string const who = TextOf(call, "as");
      if (who != "nobody") request.bearer = Token(who);
    } else {
      std::string const secret = TextOf(call, "secret");
      request.key = bindings_.Translate(key);
      request.secret = secret.empty() ? secrets_[key] : secret;
      std::string const region = TextOf(call, "region");
      request.region = region.empty() ? target_.region : region;
      // libcurl signs a parameter as it stands, the server with a '='.
      if (target.find('?') != std::string::npos && target.find('=') == std::string::npos) target += '=';
    }
    request.url = (key.empty() ? target_.admin_url : target_.s3_url) + target;
    return SendTest(request);
  }

  // Of a key that is imported, whose secret no answer names.
  void LearnSecret(const std::string& body) {
    Json const key = Json::parse(body, nullptr, false);
    if (key.is_object() && key.contains("secretAccessKey"))
      secrets_.emplace(key["accessKeyId"], key["secretAccessKey"]);
  }

  void Learn(const Json& recorded, const Json& actual) {
    bindings_.Learn(recorded, actual);
    if (!actual.is_object()) return;
    if (actual.contains("secretAccessKey")) secrets_[recorded["accessKeyId"]] = actual["secretAccessKey"];
    if (actual.contains("secretToken")) tokens_[recorded["id"]] = actual["secretToken"];
  }

  Json Translated(const Json& recorded) const {
    if (recorded.is_string()) {
      std::string text = bindings_.Translate(recorded.get<std::string>());
      re2::RE2::GlobalReplace(&text, "([>/])garage([</])", "\\1" + target_.region + "\\2");
      return text;
    }
    Json translated = recorded;
    if (recorded.is_array()) {
      for (Json& element : translated) element = Translated(element);
    } else if (recorded.is_object()) {
      translated.clear();
      for (const auto& [name, value] : recorded.items())
        translated[bindings_.Translate(name)] = Translated(value);
      if (recorded.value("region", Json()) == "garage") translated["region"] = target_.region;
    }
    return translated;
  }

  void Compare(const Json& call, const Json& recorded, const TestAnswer& answer, ReplayTally& tally) {
    Json actual = recorded.is_string() ? Json(answer.body) : Json::parse(answer.body, nullptr, false);
    if (recorded.is_string()) {
      bindings_.LearnUpload(recorded, answer.body);
    } else {
      Learn(recorded, actual);
    }
    Json expected = Translated(recorded);
    std::string const how = TextOf(call, "compare");
    if (how == "from the offset") {
      std::string const target = bindings_.Translate(call["target"].get<std::string>());
      std::string const offset = target.substr(target.rfind('=') + 1);
      if (actual.empty() || actual[0].value("id", "") != offset) Differ(call, tally, offset, answer.body);
      return;
    }
    if (how == "shape") {
      expected = Shape(expected);
      actual = Shape(actual);
    }
    expected = Normalised(expected);
    actual = Normalised(actual);
    if (!target_.emulated) {
      HideCounters(expected);
      HideCounters(actual);
    }
    if (expected.is_array() && actual.is_array()) {  // by ids that are drawn anew
      expected = Sorted(std::move(expected));
      actual = Sorted(std::move(actual));
    }
    if (expected != actual) Differ(call, tally, expected.dump(), actual.dump());
  }

  static void Differ(const Json& call, ReplayTally& tally, const std::string& expected,
                     const std::string& actual) {
    tally.differences.push_back(
        Cat({TextOf(call, "note"), ": ", TextOf(call, "method"), " ", TextOf(call, "target"), " ",
             TextOf(call, "body"), "\n    recorded: ", expected, "\n    answered: ", actual}));
  }

  ReplayTarget target_;
  Bindings bindings_;
  std::map<std::string, std::string> secrets_;  // by the recorded id of the key
  std::map<std::string, std::string> tokens_;   // by the recorded id
};

}  // namespace

ReplayTally ReplayRecordedCalls(const std::string& name, const ReplayTarget& target) {
  ReplayTally tally;
  Replay replay(target);
  std::ifstream file(Cat({FEDIVERSITY_GOLDEN_FOLDER, "/garage/", name, ".jsonl"}));
  for (std::string line; std::getline(file, line);) replay.Make(Json::parse(line), tally);
  return tally;
}

}  // namespace fediversity::emulators::garage
