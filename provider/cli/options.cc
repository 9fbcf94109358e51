#include "provider/cli/options.h"

#include <fnmatch.h>

#include <algorithm>

#include "provider/base/text.h"

namespace fediversity::cli {

absl::StatusOr<Options> Options::Parse(const std::vector<std::string>& arguments,
                                       std::span<const std::string_view> known,
                                       std::span<const std::string_view> switches) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if (!argument.starts_with("--")) {
      options.words_.emplace_back(argument);
      continue;
    }
    argument.remove_prefix(2);
    std::size_t const equals = argument.find('=');
    std::string_view const name = argument.substr(0, equals);
    if (std::ranges::find(switches, name) != switches.end()) {
      if (equals != std::string_view::npos) {
        return absl::InvalidArgumentError(Cat({"Option --", name, " takes no value"}));
      }
      options.values_.emplace_back(name, "");
      continue;
    }
    if (std::ranges::find(known, name) == known.end()) {
      return absl::InvalidArgumentError(Cat({"There is no option --", name, " here"}));
    }
    if (equals != std::string_view::npos) {
      options.values_.emplace_back(name, argument.substr(equals + 1));
    } else if (++i < arguments.size()) {
      options.values_.emplace_back(name, arguments[i]);
    } else {
      return absl::InvalidArgumentError(Cat({"Option --", name, " needs a value"}));
    }
  }
  return options;
}

std::optional<std::string> Options::Get(std::string_view name) const {
  std::vector<std::string> values = All(name);
  if (values.empty()) return std::nullopt;
  return std::move(values.back());
}

std::vector<std::string> Options::All(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : values_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

absl::Status Options::ExpectNoWords() const {
  if (words_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(Cat({"\"", words_.front(), "\" is not understood here"}));
}

bool FitsOneOf(const std::string& name, const std::vector<std::string>& globs) {
  return globs.empty() || std::ranges::any_of(globs, [&name](const std::string& glob) {
           return fnmatch(glob.c_str(), name.c_str(), 0) == 0;
         });
}

int Misused(const absl::Status& why, std::ostream& err) {
  err << why.message() << ". `terraform-provider-fediversity --help` lists the commands and their options.\n";
  return 2;
}

}  // namespace fediversity::cli
