#include "provider/base/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "provider/base/text.h"
#include "provider/base/whole_io.h"

namespace fediversity {
namespace {

constexpr std::string_view kSuffix = ".note";
constexpr std::size_t kLongestNote = 64 * 1024;

// A name is on disk only once its folder is.
bool SyncFolder(const std::string& folder) {
  UniqueFd const fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.valid() && fsync(fd.get()) == 0;
}

std::string Head(std::string_view kind, std::string_view service) { return Cat({kind, "\n", service, "\n"}); }

std::string Why() { return std::generic_category().message(errno); }

UniqueFd OpenNote(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!fd.valid() || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  return fd;
}

// False where somebody has the note, or has erased it since it was opened.
bool Claim(int fd) {
  struct stat status {};
  return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &status) == 0 && status.st_nlink > 0;
}

std::string FirstLine(const std::string& path) {
  UniqueFd const fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string const text = fd.valid() ? ReadWhole(fd.get(), kLongestNote).value_or("") : "";
  return text.substr(0, text.find('\n'));
}

}  // namespace

// What a journal and its notes have in common.
struct Journal::Note::Shared {
  Logger logger;
  std::mutex clearing_up;
  std::atomic<bool> abandoned = false;
};

Journal::Note::Note(UniqueFd fd, std::string path, std::string text, std::shared_ptr<const Shared> shared)
    : fd_(std::move(fd)),
      path_(std::move(path)),
      text_(std::move(text)),
      shared_(std::move(shared)) {
  struct stat status {};
  if (fstat(fd_.get(), &status) == 0) written_ = absl::TimeFromTimespec(status.st_mtim);
}

Journal::Note::Note(Note&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::exchange(other.path_, "")),
      text_(std::move(other.text_)),
      written_(other.written_),
      shared_(std::move(other.shared_)) {}

Journal::Note& Journal::Note::operator=(Note&& other) noexcept {
  if (this == &other) return *this;
  Erase();
  fd_ = std::move(other.fd_);
  path_ = std::exchange(other.path_, "");
  text_ = std::move(other.text_);
  written_ = other.written_;
  shared_ = std::move(other.shared_);
  return *this;
}

void Journal::Note::Append(std::string_view more) {
  text_ += more;
  if (path_.empty()) return;
  if (WriteWhole(fd_.get(), more) && fsync(fd_.get()) == 0) return;
  shared_->logger.Warn("a note of what was begun could not be written", {{"path", path_}, {"error", Why()}});
}

void Journal::Note::Keep() {
  path_.clear();
  fd_.Close();
}

void Journal::Note::Erase() {
  if (!path_.empty() && !shared_->abandoned) {
    bool const erased = unlink(path_.c_str()) == 0 || errno == ENOENT;
    // A note that comes back after a power cut would be of something that is in state.
    if (!erased || !SyncFolder(path_.substr(0, path_.rfind('/')))) {
      shared_->logger.Warn("a note of what was begun could not be erased",
                           {{"path", path_}, {"error", Why()}});
    }
  }
  Keep();
}

Journal::Journal() : Journal("", Logger()) {}

Journal::Journal(std::string folder, Logger logger)
    : folder_(std::move(folder)),
      shared_(std::make_shared<Note::Shared>()) {
  shared_->logger = std::move(logger);
}

std::unique_lock<std::mutex> Journal::ClearingUp() const { return std::unique_lock(shared_->clearing_up); }

void Journal::Abandon() const { shared_->abandoned = true; }

Journal::Note Journal::Begin(std::string_view kind, std::string_view service, std::string_view text) const {
  if (folder_.empty()) return {};
  auto const give_up = [this](const std::string& path, const std::string& why) {
    shared_->logger.Warn("a note of what is begun could not be written", {{"path", path}, {"error", why}});
    return Note();
  };
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) return give_up(folder_, error.message());

  // Names sort by age. It gets its name when it is complete and locked.
  std::string const name = Cat({std::to_string(absl::GetCurrentTimeNanos()), "-", std::to_string(getpid()),
                                "-", std::to_string(gettid())});
  std::string const draft = Cat({folder_, "/.", name});
  std::string const path = Cat({folder_, "/", name, kSuffix});
  UniqueFd fd(open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!fd.valid()) return give_up(draft, Why());
  bool const written = flock(fd.get(), LOCK_EX | LOCK_NB) == 0 &&
                       WriteWhole(fd.get(), Cat({Head(kind, service), text})) && fsync(fd.get()) == 0 &&
                       rename(draft.c_str(), path.c_str()) == 0 && SyncFolder(folder_);
  if (written) return Note(std::move(fd), path, std::string(text), shared_);
  std::string const why = Why();
  unlink(draft.c_str());
  unlink(path.c_str());
  return give_up(path, why);
}

std::vector<Journal::Note> Journal::Find(std::string_view kind, std::string_view service,
                                         const Wanted& is_wanted, bool only_first) const {
  std::vector<Note> found;
  if (folder_.empty()) return found;
  std::vector<std::string> paths;
  std::error_code error;
  // Without a folder there are no notes.
  for (std::filesystem::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == kSuffix) paths.push_back(entry->path().string());
  }
  std::ranges::sort(paths);
  std::string const head = Head(kind, service);
  for (std::string& path : paths) {
    UniqueFd fd = OpenNote(path);
    if (!fd.valid()) continue;
    std::optional<std::string> text = ReadWhole(fd.get(), kLongestNote);
    if (!text.has_value() || !text->starts_with(head) || !is_wanted(text->substr(head.size()))) continue;
    if (!Claim(fd.get())) continue;
    // Its owner may have added to it before it died.
    if (lseek(fd.get(), 0, SEEK_SET) != 0) continue;
    text = ReadWhole(fd.get(), kLongestNote);
    if (!text.has_value()) continue;
    found.push_back(Note(std::move(fd), std::move(path), text->substr(head.size()), shared_));
    if (only_first) break;
  }
  return found;
}

std::vector<Journal::Note> Journal::LeftBehind(std::string_view kind, std::string_view service) const {
  return Find(
      kind, service, [](const std::string&) { return true; }, false);
}

std::optional<Journal::Note> Journal::Take(std::string_view kind, std::string_view service,
                                           const Wanted& is_wanted) const {
  std::vector<Note> found = Find(kind, service, is_wanted, true);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::string JournalFolder(const Environment& environment) {
  std::string data = environment("TF_DATA_DIR").value_or("");
  if (data.empty()) data = ".terraform";
  std::error_code error;
  std::filesystem::path const folder = std::filesystem::absolute(data, error);
  if (error || !std::filesystem::is_directory(folder, error)) return "";
  std::string workspace = environment("TF_WORKSPACE").value_or("");
  if (workspace.empty()) workspace = FirstLine((folder / "environment").string());
  // Hosts let a workspace be called only what can stand in a path; this one may come from elsewhere.
  bool const leads_elsewhere =
      workspace == "." || workspace == ".." || workspace.find('/') != std::string::npos;
  if (workspace.empty() || leads_elsewhere) workspace = "default";
  return (folder / "fediversity" / workspace).string();
}

}  // namespace fediversity
