#include "tests/emulators/common/pattern.h"

#include <re2/re2.h>

namespace fediversity::emulators {
namespace {

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Pattern::Pattern(std::string_view expression)
    : expression_(std::make_shared<const re2::RE2>(Piece(expression), re2::RE2::Quiet)) {}

bool Pattern::IsValid() const { return expression_->ok(); }

bool Pattern::Matches(std::string_view text) const {
  return IsValid() && re2::RE2::FullMatch(Piece(text), *expression_);
}

std::vector<std::string> Pattern::Groups(std::string_view text) const {
  if (!IsValid()) return {};
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(expression_->NumberOfCapturingGroups()) + 1);
  if (!expression_->Match(Piece(text), 0, text.size(), re2::RE2::ANCHOR_BOTH, found.data(),
                          static_cast<int>(found.size()))) {
    return {};
  }
  std::vector<std::string> groups;
  for (std::size_t at = 1; at < found.size(); ++at) groups.emplace_back(found[at].data(), found[at].size());
  return groups;
}

}  // namespace fediversity::emulators
