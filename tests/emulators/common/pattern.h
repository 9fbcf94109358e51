#ifndef FEDIVERSITY_TESTS_EMULATORS_COMMON_PATTERN_H_
#define FEDIVERSITY_TESTS_EMULATORS_COMMON_PATTERN_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}  // namespace re2

namespace fediversity::emulators {

// A regular expression (RE2's syntax) that has to match a text as a whole; one that is malformed matches nothing.
class Pattern {
 public:
  explicit Pattern(std::string_view expression);

  bool IsValid() const;
  bool Matches(std::string_view text) const;
  // What the groups matched, from the first on; empty where the text does not match.
  std::vector<std::string> Groups(std::string_view text) const;

 private:
  std::shared_ptr<const re2::RE2> expression_;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_COMMON_PATTERN_H_
