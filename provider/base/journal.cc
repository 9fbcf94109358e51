#include "provider/base/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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

// Of a note that nobody has, and that nobody has erased since it was listed.
UniqueFd Claim(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.valid() || flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return {};
  struct stat status {};
  if (fstat(fd.get(), &status) != 0 || status.st_nlink == 0) return {};
  return fd;
}

std::string FirstLine(const std::string& path) {
  UniqueFd const fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string const text = fd.valid() ? ReadWhole(fd.get(), kLongestNote).value_or("") : "";
  return text.substr(0, text.find('\n'));
}

}  // namespace

Journal::Note::Note(UniqueFd fd, std::string path, std::string text, Logger logger)
    : fd_(std::move(fd)),
      path_(std::move(path)),
      text_(std::move(text)),
      logger_(std::move(logger)) {}

Journal::Note::Note(Note&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::exchange(other.path_, "")),
      text_(std::move(other.text_)),
      logger_(std::move(other.logger_)) {}

Journal::Note& Journal::Note::operator=(Note&& other) noexcept {
  if (this == &other) return *this;
  Erase();
  fd_ = std::move(other.fd_);
  path_ = std::exchange(other.path_, "");
  text_ = std::move(other.text_);
  logger_ = std::move(other.logger_);
  return *this;
}

void Journal::Note::Append(std::string_view more) {
  text_ += more;
  if (path_.empty()) return;
  if (WriteWhole(fd_.get(), more) && fsync(fd_.get()) == 0) return;
  logger_.Warn("a note of what was begun could not be written", {{"path", path_}, {"error", Why()}});
}

void Journal::Note::Keep() {
  path_.clear();
  fd_.Close();
}

void Journal::Note::Erase() {
  if (!path_.empty() && unlink(path_.c_str()) != 0 && errno != ENOENT) {
    logger_.Warn("a note of what was begun could not be erased", {{"path", path_}, {"error", Why()}});
  }
  Keep();
}

Journal::Journal(std::string folder, Logger logger)
    : folder_(std::move(folder)),
      logger_(std::move(logger)) {}

Journal::Note Journal::Begin(std::string_view kind, std::string_view service, std::string_view text) const {
  if (folder_.empty()) return {};
  auto const give_up = [this](const std::string& path, const std::string& why) {
    logger_.Warn("a note of what is begun could not be written", {{"path", path}, {"error", why}});
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
  if (written) return Note(std::move(fd), path, std::string(text), logger_);
  std::string const why = Why();
  unlink(draft.c_str());
  unlink(path.c_str());
  return give_up(path, why);
}

std::vector<Journal::Note> Journal::LeftBehind(std::string_view kind, std::string_view service) const {
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
    UniqueFd fd = Claim(path);
    if (!fd.valid()) continue;
    std::optional<std::string> text = ReadWhole(fd.get(), kLongestNote);
    if (!text.has_value() || !text->starts_with(head)) continue;
    found.push_back(Note(std::move(fd), std::move(path), text->substr(head.size()), logger_));
  }
  return found;
}

std::optional<Journal::Note> Journal::Take(std::string_view kind, std::string_view service,
                                           std::string_view text) const {
  std::optional<Note> taken;
  for (Note& note : LeftBehind(kind, service)) {
    if (note.text() == text) {
      taken = std::move(note);
    } else {
      note.Keep();
    }
  }
  return taken;
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
