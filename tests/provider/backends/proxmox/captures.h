#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_CAPTURES_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_CAPTURES_H_

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace fediversity::proxmox {

// A request to a real server and its answer.
struct Capture {
  std::string method;
  std::string path;
  int status = 0;
  std::string reason;
  std::string body;
  nlohmann::json answer;
};

// All of tests/golden/proxmox, versions 8.4 and 9.2.
inline std::vector<Capture> Captures() {
  std::vector<Capture> captures;
  for (const char* const name : {"full-8.4", "full-9.2", "more-8.4", "more-9.2"}) {
    std::ifstream stream(std::string("tests/golden/proxmox/") + name + ".jsonl");
    for (std::string line; std::getline(stream, line);) {
      auto const entry = nlohmann::json::parse(line);
      const auto& answer = entry.at("answer");
      captures.push_back({entry.at("method"), entry.at("path"), entry.at("status"), entry.at("reason"),
                          answer.is_string() ? answer.get<std::string>() : answer.dump(), answer});
    }
  }
  EXPECT_GT(captures.size(), 350U);
  return captures;
}

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_CAPTURES_H_
