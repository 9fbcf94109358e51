#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_REPL_TEXT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_REPL_TEXT_H_

// What `nix repl` writes to a pipe: the echo of its input after a prompt, values in colours, blank lines.

#include <optional>
#include <string>
#include <string_view>

namespace fediversity::nix {

// `text` without escape sequences of terminals (ECMA-48 CSI and OSC). An unfinished sequence at the end is
// dropped.
std::string StripAnsi(std::string_view text);

// The content of a Nix string literal: a double quote, text with the escapes \" \\ \n \r \t and \$, a double
// quote. nullopt for anything else.
std::optional<std::string> ReadStringLiteral(std::string_view literal);

// The string that an expression came to: of the lines of `output` the last one that holds a string literal
// and nothing else, beside colours and a prompt. nullopt where there is none.
std::optional<std::string> FindStringValue(std::string_view output);

// Start of the line of `output` on which the string `text` (letters and digits only) stands as a value and
// not as a part of echoed input. npos where there is none yet. Looks from `from` on, the start of a line.
std::size_t FindValueLine(std::string_view output, std::string_view text, std::size_t from);

// Whether `output` shows that the line `input` was taken for the continuation of the one before it, as after
// incomplete code: it is echoed behind another prompt. Looks from `from` on, the start of a line.
bool IsContinuation(std::string_view output, std::string_view input, std::size_t from);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_REPL_TEXT_H_
