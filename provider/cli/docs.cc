#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/cli/commands.h"
#include "provider/cli/options.h"
#include "provider/docs/markdown.h"

namespace fediversity::cli {
namespace {

// The folders below the output that hold nothing but generated pages.
constexpr const char* kGenerated[] = {"resources", "data-sources", "ephemeral-resources"};

absl::Status WritePage(const std::filesystem::path& file, const std::string& page) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::ofstream stream(file, std::ios::binary);
  stream << page;
  stream.close();
  if (!error && stream) return absl::OkStatus();
  return absl::UnavailableError(Cat({"Cannot write ", file.string()}));
}

absl::Status WritePages(const schema::Provider& provider, const std::string& examples,
                        const std::filesystem::path& output) {
  ASSIGN_OR_RETURN(auto const pages, docs::RenderDocs(provider, docs::ExamplesIn(examples)));
  for (const char* const folder : kGenerated) {  // pages of what is gone must not stay
    std::error_code error;
    std::filesystem::remove_all(output / folder, error);
    if (error) return absl::UnavailableError(Cat({"Cannot clear ", (output / folder).string()}));
  }
  for (const auto& [path, page] : pages) RETURN_IF_ERROR(WritePage(output / path, page));
  return absl::OkStatus();
}

}  // namespace

int Docs(const Arguments& arguments, const Surroundings& surroundings) {
  auto const options = Options::Parse(arguments, {"examples", "output"});
  if (!options.ok()) return Misused(options.status(), surroundings.err);
  if (absl::Status const words = options->ExpectNoWords(); !words.ok())
    return Misused(words, surroundings.err);
  absl::Status const written =
      WritePages(surroundings.provider, options->Get("examples").value_or("examples"),
                 options->Get("output").value_or("docs"));
  if (written.ok()) return 0;
  surroundings.err << written.message() << "\n";
  return 1;
}

}  // namespace fediversity::cli
