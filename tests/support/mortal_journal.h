#ifndef FEDIVERSITY_TESTS_SUPPORT_MORTAL_JOURNAL_H_
#define FEDIVERSITY_TESTS_SUPPORT_MORTAL_JOURNAL_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "provider/base/journal.h"
#include "provider/base/log.h"

namespace fediversity::testing {

// A journal for tests of what is left when a process is killed: the test goes on, so its notes are erased like those of
// any process that lives; then the folder is put back to what it was at the moment of death.
//
//   emulator.AddFault({.action = kCutBefore, .on_strike = [&] { journal.Die(); }});
//   ...
//   journal.ComeBack();
class MortalJournal {
 public:
  MortalJournal() {
    std::string pattern = (std::filesystem::temp_directory_path() / "notes.XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~MortalJournal() { std::filesystem::remove_all(folder_); }
  MortalJournal(const MortalJournal&) = delete;
  MortalJournal& operator=(const MortalJournal&) = delete;

  Journal journal() const { return {notes().string(), Logger()}; }

  void Die() {
    std::filesystem::remove_all(grave());
    std::filesystem::create_directories(notes());
    std::filesystem::copy(notes(), grave());
  }
  // Whether anybody has died; else nothing happens.
  bool ComeBack() {
    if (!std::filesystem::exists(grave())) return false;
    std::filesystem::remove_all(notes());
    std::filesystem::rename(grave(), notes());
    return true;
  }
  // Whether nothing is noted.
  bool IsEmpty() const { return !std::filesystem::exists(notes()) || std::filesystem::is_empty(notes()); }

 private:
  std::filesystem::path notes() const { return folder_ / "notes"; }
  std::filesystem::path grave() const { return folder_ / "grave"; }

  std::filesystem::path folder_;
};

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_MORTAL_JOURNAL_H_
