#include "tests/provider/cli/cli_fixture.h"

#include <stdlib.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "datasources/all.h"
#include "ephemeral/all.h"
#include "provider/config/provider_block.h"
#include "resources/all.h"

namespace fediversity::cli {

CliTest::CliTest() {
  std::string pattern = (std::filesystem::temp_directory_path() / "cli-test-XXXXXX").string();
  EXPECT_NE(mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  const char* const path = std::getenv("PATH");
  variables_ = {{"PATH", path == nullptr ? "" : path}, {"TMPDIR", folder_.string()}};
  provider_.block =
      config::MakeProviderBlock(backends_, [this](const std::string& name) -> std::optional<std::string> {
        auto const found = variables_.find(name);
        if (found == variables_.end()) return std::nullopt;
        return found->second;
      });
  provider_.resources = resources::All(backends_);
  provider_.data_sources = datasources::All(backends_);
  provider_.ephemeral_resources = ephemeral::All(backends_);
}

CliTest::~CliTest() {
  std::error_code ignored;  // a folder that stays behind in /tmp fails no test
  std::filesystem::remove_all(folder_, ignored);
}

void CliTest::Set(const std::map<std::string, std::string>& variables) {
  for (const auto& [name, value] : variables) variables_[name] = value;
}

std::optional<int> CliTest::Run(const Arguments& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Environment const environment = ProcessEnvironment();
  auto const exit_code = cli::Run(arguments, {provider_, backends_, environment, never_, out, err});
  out_ = out.str();
  err_ = err.str();
  return exit_code;
}

void CliTest::StartServer(const testing::ZoneServer::Setup& setup) {
  auto server = testing::ZoneServer::Start(setup);
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  Set({{"DNS_UPDATE_SERVER", "127.0.0.1"},
       {"DNS_UPDATE_PORT", std::to_string(server_->named().port())},
       {"DNS_UPDATE_KEYNAME", server_->key().name},
       {"DNS_UPDATE_KEYALGORITHM", server_->key().algorithm},
       {"DNS_UPDATE_KEYSECRET", server_->key().secret}});
}

std::string CliTest::Write(std::string_view name, std::string_view text) {
  std::filesystem::path const path = folder_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::string CliTest::Read(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace fediversity::cli
