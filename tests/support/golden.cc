#include "tests/support/golden.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace fediversity::testing {
namespace {

std::optional<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

bool Accepting() {
  const char* const value = std::getenv("FEDIVERSITY_ACCEPT");
  return value != nullptr && std::string_view(value) == "1";
}

void Accept(const std::filesystem::path& path, std::string_view actual) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << actual;
  stream.close();
  ASSERT_TRUE(stream) << "cannot write " << path;
  GTEST_SKIP() << "accepted " << path;
}

}  // namespace

void ExpectGolden(std::string_view file, std::string_view actual) {
  std::filesystem::path const path = std::filesystem::path(FEDIVERSITY_GOLDEN_FOLDER) / file;
  std::optional<std::string> const wanted = ReadFile(path);
  if (Accepting()) {
    if (wanted != actual) Accept(path, actual);
    return;
  }
  ASSERT_TRUE(wanted.has_value()) << path << " does not exist; FEDIVERSITY_ACCEPT=1 writes it";
  EXPECT_EQ(*wanted, actual) << "differs from " << path << "; FEDIVERSITY_ACCEPT=1 takes the new text over";
}

}  // namespace fediversity::testing
