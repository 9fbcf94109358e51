#ifndef FEDIVERSITY_PROVIDER_DOCS_HCL_TEXT_H_
#define FEDIVERSITY_PROVIDER_DOCS_HCL_TEXT_H_

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace fediversity::docs {

// `text` as a quoted template that evaluates to just that text: quotes, backslashes, `${`, `%{`, control
// characters and those that change the direction of text are escaped.
std::string QuoteText(std::string_view text);

// A key of an object expression: as it is where HCL reads that as this very key, else quoted, with combining
// characters escaped.
std::string WriteKey(std::string_view key);

// How many columns a key that WriteKey wrote takes. `tofu fmt` counts grapheme clusters.
std::size_t KeyColumns(std::string_view written_key);

using Names = std::set<std::string, std::less<>>;

// A name for a resource made of `text`: lower-case ASCII letters, digits and underscores, accents dropped.
// Where `taken` has it already, a number is appended. The name is added to `taken`.
std::string LocalName(std::string_view text, Names& taken);

}  // namespace fediversity::docs

#endif  // FEDIVERSITY_PROVIDER_DOCS_HCL_TEXT_H_
