#ifndef FEDIVERSITY_PROVIDER_CLI_OPTIONS_H_
#define FEDIVERSITY_PROVIDER_CLI_OPTIONS_H_

#include <initializer_list>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fediversity::cli {

// Command-line options of the form `--name value` or `--name=value`, switches of the form `--name`, and words that are
// none.
class Options {
 public:
  // InvalidArgument for what is neither in `known` nor in `switches`, for an option without a value and for a switch
  // with one.
  static absl::StatusOr<Options> Parse(const std::vector<std::string>& arguments,
                                       std::span<const std::string_view> known,
                                       std::span<const std::string_view> switches = {});
  static absl::StatusOr<Options> Parse(const std::vector<std::string>& arguments,
                                       std::initializer_list<std::string_view> known) {
    return Parse(arguments, std::span(known.begin(), known.size()));
  }

  // The last value given; nullopt for none.
  std::optional<std::string> Get(std::string_view name) const;
  // All values given, in order.
  std::vector<std::string> All(std::string_view name) const;
  // Whether a switch is given.
  bool Has(std::string_view name) const { return Get(name).has_value(); }
  const std::vector<std::string>& words() const { return words_; }
  // InvalidArgument naming the first word, for a command that takes none.
  absl::Status ExpectNoWords() const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
  std::vector<std::string> words_;
};

// Whether one of `globs` fits `name` (fnmatch), or there are none.
bool FitsOneOf(const std::string& name, const std::vector<std::string>& globs);

// Tells how to get help. Answers the exit code of a command that was called wrongly.
int Misused(const absl::Status& why, std::ostream& err);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_OPTIONS_H_
