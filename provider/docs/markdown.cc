#include "provider/docs/markdown.h"

#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/docs/markdown_schema.h"
#include "provider/schema/template_id.h"

namespace fediversity::docs {
namespace {

using schema::Table;

// "fediversity_dns_zone" without the provider's name: how the registries name pages.
std::string PageName(std::string_view type_name) {
  std::size_t const end = type_name.find('_');
  return std::string(end == std::string_view::npos ? type_name : type_name.substr(end + 1));
}

// What tells families apart in the registries' sidebar: "dns" of "fediversity_dns_zone".
std::string Subcategory(std::string_view type_name) {
  std::string const page = PageName(type_name);
  std::string family = page.substr(0, page.find('_'));
  if (family == "dns" || family == "nixos") return family == "dns" ? "DNS" : "NixOS";
  if (!family.empty() && family.front() >= 'a' && family.front() <= 'z')
    family.front() = static_cast<char>(family.front() - 32);
  return family;
}

std::string FrontMatter(std::string_view title, std::string_view subcategory, std::string_view doc) {
  std::string head = Cat({"---\npage_title: \"", title, "\"\n"});
  if (!subcategory.empty()) head += Cat({"subcategory: \"", subcategory, "\"\n"});
  head += "description: |-\n";
  // The first paragraph; a line of a block scalar is taken as it is once it is indented.
  std::string_view const paragraph = doc.substr(0, doc.find("\n\n"));
  head += "  ";
  for (char const c : paragraph) {
    head += c;
    if (c == '\n') head += "  ";
  }
  return head + "\n---\n";
}

class Renderer {
 public:
  explicit Renderer(const ExampleSource& examples) : examples_(examples) {}

  absl::StatusOr<std::string> Index(const Table& table) {
    ASSIGN_OR_RETURN(std::string const example, Example("terraform", "provider/provider.tf"));
    ASSIGN_OR_RETURN(std::string const schema, RenderSchema(table, nullptr));
    return Cat({FrontMatter("Provider: Fediversity", "", table.doc), "\n# Fediversity Provider\n\n",
                table.doc, "\n\n## Example Usage\n\n", example, "\n", schema});
  }

  absl::StatusOr<std::string> DataSource(const Table& table) {
    return ReadOnly(table, "Data Source", Cat({"data-sources/", table.name, "/data-source.tf"}));
  }

  absl::StatusOr<std::string> EphemeralResource(const Table& table) {
    return ReadOnly(table, "Ephemeral Resource",
                    Cat({"ephemeral-resources/", table.name, "/ephemeral-resource.tf"}));
  }

  absl::StatusOr<std::string> Resource(const schema::AnyResource& resource) {
    const Table& table = resource.table();
    ASSIGN_OR_RETURN(std::string const example,
                     Example("terraform", Cat({"resources/", table.name, "/resource.tf"})));
    ASSIGN_OR_RETURN(std::string const schema, RenderSchema(table, [&resource](std::string_view operation) {
                       return resource.DefaultTimeout(operation);
                     }));
    ASSIGN_OR_RETURN(std::string const import, Import(table));
    return Cat({Head(table, "Resource"), example, "\n", schema, import});
  }

 private:
  // A page of something that is neither imported nor has time-outs of its own.
  absl::StatusOr<std::string> ReadOnly(const Table& table, std::string_view kind,
                                       const std::string& example_path) {
    ASSIGN_OR_RETURN(std::string const example, Example("terraform", example_path));
    ASSIGN_OR_RETURN(std::string const schema, RenderSchema(table, nullptr));
    return Cat({Head(table, kind), example, "\n", schema});
  }

  static std::string Head(const Table& table, std::string_view kind) {
    return Cat(
        {FrontMatter(Cat({table.name, " ", kind, " - Fediversity"}), Subcategory(table.name), table.doc),
         "\n# ", table.name, " (", kind, ")\n\n", table.doc, "\n\n## Example Usage\n\n"});
  }

  absl::StatusOr<std::string> Import(const Table& table) const {
    if (table.import_id.empty() && !table.is_identified()) return "";
    std::string out = "\n## Import\n";
    std::string const folder = Cat({"resources/", table.name, "/"});
    if (!table.import_id.empty()) {
      ASSIGN_OR_RETURN(std::string const block, Example("terraform", Cat({folder, "import.tf"})));
      ASSIGN_OR_RETURN(std::string const command, Example("shell", Cat({folder, "import.sh"})));
      out += Cat({"\nThe import id has the form `", table.import_id, "`. In an import block:\n\n", block,
                  "\nOn the command line:\n\n", command});
    }
    if (table.is_identified()) {
      ASSIGN_OR_RETURN(std::string const block, Example("terraform", Cat({folder, "import-by-identity.tf"})));
      out += Cat({"\nBy identity, which also takes values that contain the separators of an id:\n\n", block,
                  "\n### Identity Schema\n\n", RenderIdentity(table)});
    }
    return out;
  }

  absl::StatusOr<std::string> Example(std::string_view language, const std::string& path) const {
    std::optional<std::string> text = examples_(path);
    if (!text.has_value()) {
      return absl::FailedPreconditionError(
          Cat({"An example is missing\nThe documentation needs examples/", path, ", which does not exist."}));
    }
    if (!text->ends_with('\n')) *text += '\n';
    return Cat({"```", language, "\n", *text, "```\n"});
  }

  const ExampleSource& examples_;
};

}  // namespace

ExampleSource ExamplesIn(std::filesystem::path folder) {
  return [folder = std::move(folder)](std::string_view path) -> std::optional<std::string> {
    std::error_code unreadable;
    if (!std::filesystem::is_regular_file(folder / path, unreadable)) return std::nullopt;
    std::ifstream stream(folder / path, std::ios::binary);
    if (!stream) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
}

absl::StatusOr<std::map<std::string, std::string>> RenderDocs(const schema::Provider& provider,
                                                              const ExampleSource& examples) {
  Renderer renderer(examples);
  std::map<std::string, std::string> pages;
  ASSIGN_OR_RETURN(pages["index.md"], renderer.Index(provider.block->table()));
  for (const auto& resource : provider.resources) {
    std::string const path = Cat({"resources/", PageName(resource->table().name), ".md"});
    ASSIGN_OR_RETURN(pages[path], renderer.Resource(*resource));
  }
  for (const auto& source : provider.data_sources) {
    std::string const path = Cat({"data-sources/", PageName(source->table().name), ".md"});
    ASSIGN_OR_RETURN(pages[path], renderer.DataSource(source->table()));
  }
  for (const auto& resource : provider.ephemeral_resources) {
    std::string const path = Cat({"ephemeral-resources/", PageName(resource->table().name), ".md"});
    ASSIGN_OR_RETURN(pages[path], renderer.EphemeralResource(resource->table()));
  }
  return pages;
}

}  // namespace fediversity::docs
