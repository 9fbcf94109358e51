#ifndef FEDIVERSITY_TESTS_PROVIDER_CLI_CLI_FIXTURE_H_
#define FEDIVERSITY_TESTS_PROVIDER_CLI_CLI_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "provider/cli/commands.h"
#include "tests/resources/dns/zone_server.h"

namespace fediversity::cli {

// Runs commands on a provider that is put together as the real one is, with an environment of the test's own and
// a folder that goes with the test.
class CliTest : public ::testing::Test {
 protected:
  CliTest();
  ~CliTest() override;

  // Runs `arguments`; what they print is in out_ and err_ afterwards. nullopt: they are no command.
  std::optional<int> Run(const Arguments& arguments);

  // Starts a server and points the environment at it.
  void StartServer(const testing::ZoneServer::Setup& setup = {});

  // Sets variables of the environment beside those that there are.
  void Set(const std::map<std::string, std::string>& variables);

  // Writes a file into the folder and answers its path.
  std::string Write(std::string_view name, std::string_view text);
  static std::string Read(const std::filesystem::path& file);

  std::map<std::string, std::string> variables_;
  Backends backends_;
  schema::Provider provider_;
  CancelToken never_;
  std::unique_ptr<testing::ZoneServer> server_;
  std::filesystem::path folder_;
  std::string out_;
  std::string err_;
};

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_TESTS_PROVIDER_CLI_CLI_FIXTURE_H_
