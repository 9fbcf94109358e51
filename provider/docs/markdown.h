#ifndef FEDIVERSITY_PROVIDER_DOCS_MARKDOWN_H_
#define FEDIVERSITY_PROVIDER_DOCS_MARKDOWN_H_

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/schema/provider.h"

namespace fediversity::docs {

// The text of an example, by its path below examples/ ("resources/fediversity_dns_record_set/resource.tf");
// nullopt where there is none.
using ExampleSource = std::function<std::optional<std::string>(std::string_view path)>;

// Examples as files below `folder`.
ExampleSource ExamplesIn(std::filesystem::path folder);

// The reference pages in the form that the registries of OpenTofu and Terraform show, by their path below
// docs/: "index.md", "resources/dns_record_set.md", "data-sources/dns_zone.md",
// "ephemeral-resources/garage_key_secret.md". Everything but the examples comes from the tables. Each page needs its example:
//
//   provider/provider.tf
//   data-sources/TYPE/data-source.tf
//   ephemeral-resources/TYPE/ephemeral-resource.tf
//   resources/TYPE/resource.tf
//   resources/TYPE/import.sh and import.tf     where the type is imported by id
//   resources/TYPE/import-by-identity.tf       where it has an identity
//
// FailedPrecondition names the one that is missing.
absl::StatusOr<std::map<std::string, std::string>> RenderDocs(const schema::Provider& provider,
                                                              const ExampleSource& examples);

}  // namespace fediversity::docs

#endif  // FEDIVERSITY_PROVIDER_DOCS_MARKDOWN_H_
