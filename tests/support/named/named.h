#ifndef FEDIVERSITY_TESTS_SUPPORT_NAMED_NAMED_H_
#define FEDIVERSITY_TESTS_SUPPORT_NAMED_NAMED_H_

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fediversity::testing {

struct NamedKey {
  std::string name;
  std::string algorithm;
  std::string secret;  // base64
};
// A key with a secret made up on the spot.
NamedKey MakeNamedKey(std::string name, std::string algorithm = "hmac-sha256");

struct NamedZone {
  std::string name;
  // Zone file text after SOA, `@ NS ns` and `ns A 127.0.0.1`, with a default TTL of 300.
  std::string records;
  // Of its zone block, such as `allow-update { key tofu; };`.
  std::string statements;
  std::string type = "primary";  // else the block has no file of ours
};

struct NamedOptions {
  std::vector<NamedKey> keys;
  std::vector<NamedZone> zones;
  std::string options;  // further statements of the options block
};

// A BIND of its own: on a free port of 127.0.0.1, in a temporary folder, stopped and removed with this
// object.
class Named {
 public:
  // Returns once the zones are loaded and it answers. NotFound where BIND is not installed.
  static absl::StatusOr<std::unique_ptr<Named>> Start(const NamedOptions& options);
  ~Named();
  Named(const Named&) = delete;
  Named& operator=(const Named&) = delete;

  std::uint16_t port() const { return port_; }
  std::string Log() const;
  // Lines of the log that hold `text`.
  int CountInLog(std::string_view text) const;
  // Ends the server; the port stays closed until Restart, which keeps the zones as they are.
  void Stop();
  absl::Status Restart();

 private:
  Named() = default;
  absl::Status Launch();
  // `loaded_before`: how often the log said so before this start.
  absl::Status AwaitAnswer(int loaded_before);

  std::filesystem::path folder_;
  std::string first_zone_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_NAMED_NAMED_H_
