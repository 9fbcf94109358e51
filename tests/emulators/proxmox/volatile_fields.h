#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VOLATILE_FIELDS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VOLATILE_FIELDS_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/proxmox/api.h"

namespace fediversity::emulators {

// Compares answers of the emulator with captured ones. What a server makes up (UUIDs, MACs, digests, UPIDs) differs,
// but has to differ consistently: whatever stood for A once stands for A always, and for nothing else. The figures in
// the table of volatile_fields.cc are not compared at all. Numbers may be text.
class CaptureComparison {
 public:
  // A value that a client chose is compared as it is.
  void MarkSent(const std::string& text);
  // A text of the capture with everything made up replaced by what the emulator made up instead.
  std::string Translate(std::string text) const;

  // The differences, each with the place of the value: "data/0/name".
  std::vector<std::string> Compare(const std::string& path, const Json& captured, const Json& emulated);

 private:
  void CompareAt(const std::string& place, const std::string& key, const Json& captured,
                 const Json& emulated);
  void CompareObjects(const std::string& place, const Json& captured, const Json& emulated);
  void CompareLists(const std::string& place, const Json& captured, const Json& emulated);
  void CompareTexts(const std::string& place, const std::string& key, std::string captured,
                    std::string emulated);
  bool Bind(const std::string& captured, const std::string& emulated);
  void Differ(const std::string& place, const std::string& captured, const std::string& emulated);

  std::set<std::string> sent_;
  std::map<std::string, std::string> emulated_by_captured_;
  std::map<std::string, std::string> captured_by_emulated_;
  std::string path_;
  std::vector<std::string> differences_;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VOLATILE_FIELDS_H_
