#include "tests/emulators/garage/names.h"

#include <cctype>

#include "tests/emulators/common/pattern.h"

namespace fediversity::emulators::garage {

bool IsBucketName(std::string_view name) {
  static const Pattern kName("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  static const Pattern kAddress("(\\d{1,3}\\.){3}\\d{1,3}");
  static const Pattern kRefused("xn--.*|.*\\.xn--.*|.*-s3alias");
  return kName.Matches(name) && !kAddress.Matches(name) && !kRefused.Matches(name);
}

std::string BadBucketName(const std::string& name) {
  return name +
         ": Invalid bucket name. See AWS documentation for constraints on S3 bucket names:\n"
         "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html";
}

std::optional<std::string> ParseBucketId(std::string_view text, std::string& error) {
  constexpr std::size_t kDigits = 64;
  if (text.size() % 2 != 0) {
    error = "Invalid bucket id: Odd number of digits";
    return std::nullopt;
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (std::isxdigit(static_cast<unsigned char>(text[at])) != 0) continue;
    error = "Invalid bucket id: Invalid character '" + std::string(1, text[at]) + "' at position " +
            std::to_string(at);
    return std::nullopt;
  }
  if (text.size() != kDigits) {
    error = "Invalid bucket id";
    return std::nullopt;
  }
  return Lower(text);
}

std::string WrongKeyFormat(Version version, std::string_view id, std::string_view secret) {
  constexpr std::size_t kLeastId = 8;
  constexpr std::size_t kLeastSecret = 16;
  static const Pattern kStrictId("GK[0-9a-f]{24}");
  static const Pattern kStrictSecret("[0-9a-f]{64}");
  static const Pattern kId("[A-Za-z0-9._-]*");
  static const Pattern kSecret("[!-~]*");
  if (version != Version::kTwoFive) {
    if (!kStrictId.Matches(id)) {
      return "The specified key ID is not a valid Garage key ID (starts with `GK`, followed by 12 hex-encoded bytes)";
    }
    return kStrictSecret.Matches(secret)
               ? ""
               : "The specified secret key is not a valid Garage secret key (composed of 32 hex-encoded bytes)";
  }
  if (id.size() < kLeastId) return "Key identifiers should be at least 8 characters long";
  if (!kId.Matches(id)) {
    return "Key identifiers should be composed only of ASCII alphanumeric characters and characters '-', '_' and '.'";
  }
  if (secret.size() < kLeastSecret) return "Secret keys should be at least 16 characters long";
  return kSecret.Matches(secret)
             ? ""
             : "Secret keys should be composed only of graphic ASCII characters (U+0021 to U+007E)";
}

std::string Lower(std::string_view text) {
  std::string lower;
  for (const char letter : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return lower;
}

}  // namespace fediversity::emulators::garage
