#ifndef FEDIVERSITY_PROVIDER_BASE_JOURNAL_H_
#define FEDIVERSITY_PROVIDER_BASE_JOURNAL_H_

// What this process has begun to make and has not answered for yet, on disk, so that the next one can clear up or carry
// on where this one is killed. The host keeps nothing of a creation that it got no answer to
// (docs/adr/0016-notes-of-what-was-begun.md).
//
//   Journal::Note const note = journal.Begin("garage_key", api->service(), access_key_id);
//   auto const made = api->ImportKey(...);  // killed here, the note stays
//   return made;                            // otherwise it goes with its owner
//
// Another process finds it:
//
//   for (Journal::Note& note : journal.LeftBehind("garage_key", api->service())) {
//     if (!api->DeleteKey(note.text(), limits).ok()) note.Keep();
//   }

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "provider/base/environment.h"
#include "provider/base/log.h"
#include "provider/base/unique_fd.h"

namespace fediversity {

// Notes as files of one folder. Thread-safe, and safe for processes that share the folder: a note is locked (flock) by
// who has it, so nobody finds one whose owner lives.
//
// A help, not a condition: where a note cannot be written or read, that is logged, and things are as without a journal.
class Journal {
 public:
  // Erases its note when it is destroyed.
  class Note {
   public:
    Note() = default;  // of nothing
    Note(Note&& other) noexcept;
    Note& operator=(Note&& other) noexcept;
    ~Note() { Erase(); }

    const std::string& text() const { return text_; }
    // When it was last written; for notes that were left behind.
    absl::Time written() const { return written_; }
    // Adds to the text, on disk when it returns.
    void Append(std::string_view more);
    // Leaves the note where it is, for whoever comes next.
    void Keep();

   private:
    friend class Journal;
    struct Shared;
    Note(UniqueFd fd, std::string path, std::string text, std::shared_ptr<const Shared> shared);
    void Erase();

    UniqueFd fd_;  // holds the lock
    std::string path_;
    std::string text_;
    absl::Time written_;
    std::shared_ptr<const Shared> shared_;
  };

  Journal();  // keeps no notes
  // Keeps them in `folder`, which is made with the first one.
  Journal(std::string folder, Logger logger);

  // Notes that something of this `kind` is about to be made in a `service`, which is known by its endpoint; neither may
  // hold a line break. `text` tells the next process how to find it, and no secrets. On disk when it returns.
  Note Begin(std::string_view kind, std::string_view service, std::string_view text) const;

  // The notes of processes that ended without erasing them, oldest first. They are the caller's now.
  std::vector<Note> LeftBehind(std::string_view kind, std::string_view service) const;

  // The oldest of them whose text is wanted; nullopt where there is none. The others are not touched, so that whoever
  // wants them at the same time finds them.
  using Wanted = std::function<bool(const std::string& text)>;
  std::optional<Note> Take(std::string_view kind, std::string_view service, const Wanted& is_wanted) const;

  // Held by who clears up everything that is left, so that others wait until it is gone.
  std::unique_lock<std::mutex> ClearingUp() const;

  // From now on notes stay when they are destroyed: the host has died, and nobody hears any more that something was made.
  void Abandon() const;

 private:
  std::vector<Note> Find(std::string_view kind, std::string_view service, const Wanted& is_wanted,
                         bool only_first) const;

  std::string folder_;
  std::shared_ptr<Note::Shared> shared_;
};

// Where the notes of a configuration are: beside what the host itself keeps for it in the working directory, one folder
// for each workspace, since each has a state of its own. Empty where the host keeps nothing there (TF_DATA_DIR,
// ".terraform"), as for a provider that was started by hand.
std::string JournalFolder(const Environment& environment);

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_JOURNAL_H_
