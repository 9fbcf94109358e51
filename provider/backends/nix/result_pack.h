#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_RESULT_PACK_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_RESULT_PACK_H_

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace fediversity::nix {

class ResultCache;

// Where answers lie in the contents of a pack, by the SHA-256 of their questions. What is cut off or no entry is passed
// over; that an answer is the right one, is not looked at yet.
struct PackedAnswer {
  std::size_t start;
  std::size_t size;
};
std::unordered_map<std::string, PackedAnswer> IndexPack(std::string_view entries);

// Answers that are asked for together, such as all verdicts of one set of rules: one file of a ResultCache, read as a
// whole at the first question and appended to. For any number of processes at once; an answer is verified when it is
// found, and what is damaged or cut off counts as not there. Thread-safe.
//
// The file is a row of entries: "fdp1", the length of the answer in 4 bytes (little-endian), the SHA-256 of the
// question, the first 8 bytes of the SHA-256 of that and the answer, the answer.
class ResultPack {
 public:
  // `cache` outlives it; where it is off, nothing is kept. `name`: from HashOf().
  ResultPack(ResultCache& cache, std::string_view name);
  ~ResultPack();  // writes what is left to write
  ResultPack(const ResultPack&) = delete;
  ResultPack& operator=(const ResultPack&) = delete;

  std::optional<std::string> Find(std::string_view question);
  // Keeps an answer that Find() did not have. It reaches the file some answers later, or at the end.
  void Put(std::string_view question, std::string_view answer);

 private:
  // These with the mutex held.
  void Load();
  void Append();

  ResultCache& cache_;
  const std::string path_;  // empty: off
  std::mutex mutex_;
  bool loaded_ = false;
  std::string entries_;  // as they were read
  std::unordered_map<std::string, PackedAnswer> index_;
  std::string unwritten_;
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_RESULT_PACK_H_
