#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_LISTING_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_LISTING_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"
#include "provider/base/status_macros.h"
#include "provider/http/permits.h"

namespace fediversity::garage {

// What the server lists page by page, sorted by id, kept for all who ask until something is written or it is a minute
// old. Thread-safe; of those who need a page at the same time one reads it, and the others wait.
//
// A page of 1,000 entries costs the server little more than two entries asked for alone, so that a page pays off
// from the third entry on, if it has them. How much there is shows only in the reading. So the first entry is asked
// for alone: many runs are about one. The second makes the first page be read, which in most clusters is all there
// is. Where there is more, two entries that are further on are asked for alone before each further page: a run
// about a few entries of a huge cluster reads little of it, and one about all of them pays at most twice.
template <typename T>
class Listing {
 public:
  using Entries = std::map<std::string, T, std::less<>>;
  using Entry = std::pair<std::string, T>;

  // How it is read.
  struct Source {
    // At most `count` entries in their order, from `offset` on: inclusive, if there is such an entry; from the start
    // where it is empty. Unimplemented or PermissionDenied where it cannot be read so.
    std::function<absl::StatusOr<std::vector<Entry>>(const std::string& offset, int count,
                                                     const CallLimits& limits)>
        page;
    std::function<absl::StatusOr<T>(std::string_view id, const CallLimits& limits)> one;
    // Everything, where there are no pages.
    std::function<absl::StatusOr<Entries>(const CallLimits& limits)> all;
  };

  // `clock` must outlive it. `what` is what others wait for, in messages.
  Listing(Source source, int page_size, std::string what, Clock& clock)
      : source_(std::move(source)),
        page_size_(page_size),
        what_(std::move(what)),
        clock_(clock) {}

  // An entry that no page has is asked for alone before it counts as gone.
  absl::StatusOr<T> Fetch(std::string_view id, const CallLimits& limits) {
    if (auto known = Find(id)) return *std::move(known);
    if (!ShouldRead(id)) return ReadOne(id, limits);
    std::int64_t const reads = Reads();
    {
      ASSIGN_OR_RETURN(auto const permit, turn_.Acquire(limits, what_));
      if (auto known = Find(id)) return *std::move(known);
      RETURN_IF_ERROR(FailureSince(reads));
      if (IsToBeRead(id)) {
        absl::Status const read = ReadPage(limits);
        if (!read.ok() && !IsUnsupported(read)) return read;
        if (auto known = Find(id)) return *std::move(known);
      }
    }
    return ReadOne(id, limits);
  }

  absl::StatusOr<std::shared_ptr<const Entries>> All(const CallLimits& limits) {
    ASSIGN_OR_RETURN(auto const permit, turn_.Acquire(limits, what_));
    // A write in between makes what was read so far old; what comes of it is as good as if it came a little later.
    for (int attempt = 0; attempt < kLongestRun; ++attempt) {
      {
        std::lock_guard const lock(mutex_);
        ForgetIfOld();
        if (state_.complete) return std::make_shared<const Entries>(state_.entries);
        if (!has_pages_) break;
      }
      absl::Status const read = ReadPage(limits);
      if (!read.ok() && !IsUnsupported(read)) return read;
    }
    std::int64_t const drops = Drops();
    ASSIGN_OR_RETURN(Entries entries, source_.all(limits));
    std::lock_guard const lock(mutex_);
    if (drops == drops_) {
      state_ = State{.entries = entries, .complete = true, .read_at = clock_.Now()};
    }
    return std::make_shared<const Entries>(std::move(entries));
  }

  // Makes everything be read anew.
  void Drop() {
    std::lock_guard const lock(mutex_);
    ++drops_;
    state_ = State{};
  }

 private:
  static constexpr int kAlonePerPage = 2;
  // More pages than any cluster has: something else is wrong then.
  static constexpr int kLongestRun = 100000;

  struct State {
    Entries entries = {};
    std::string last = {};  // of what pages have covered; empty before the first
    bool complete = false;
    int alone = 1;  // how many may still be asked for alone before the next page
    std::optional<absl::Time> read_at = {};

    bool Covers(std::string_view id) const { return complete || (!last.empty() && id <= last); }
  };

  static bool IsUnsupported(const absl::Status& status) {
    return absl::IsUnimplemented(status) || absl::IsPermissionDenied(status);
  }

  // Whether `page` is sorted and goes on at `last`, which may come once more.
  static bool Ascends(const std::vector<Entry>& page, std::string_view last) {
    if (!page.empty() && page.front().first < last) return false;
    auto const falls = [](const Entry& a, const Entry& b) { return a.first >= b.first; };
    return std::adjacent_find(page.begin(), page.end(), falls) == page.end();
  }

  void ForgetIfOld() {
    constexpr absl::Duration kLongestAge = absl::Minutes(1);
    if (!state_.read_at.has_value() || clock_.Now() - *state_.read_at <= kLongestAge) return;
    ++drops_;
    state_ = State{};
  }

  std::int64_t Drops() {
    std::lock_guard const lock(mutex_);
    return drops_;
  }

  std::int64_t Reads() {
    std::lock_guard const lock(mutex_);
    return reads_;
  }

  // Somebody tried while this caller waited; to try again would only make the wait longer.
  absl::Status FailureSince(std::int64_t reads) {
    std::lock_guard const lock(mutex_);
    return reads_ == reads ? absl::OkStatus() : failure_;
  }

  std::optional<T> Find(std::string_view id) {
    std::lock_guard const lock(mutex_);
    ForgetIfOld();
    auto const found = state_.entries.find(id);
    if (found == state_.entries.end()) return std::nullopt;
    return found->second;
  }

  // Whether a page is to be read, and not this entry alone. Counts it.
  bool ShouldRead(std::string_view id) {
    std::lock_guard const lock(mutex_);
    if (!has_pages_ || state_.Covers(id)) return false;
    if (state_.alone == 0) return true;
    --state_.alone;
    return false;
  }

  // The same for one who has waited meanwhile.
  bool IsToBeRead(std::string_view id) {
    std::lock_guard const lock(mutex_);
    return has_pages_ && !state_.Covers(id) && state_.alone == 0;
  }

  absl::StatusOr<T> ReadOne(std::string_view id, const CallLimits& limits) {
    std::int64_t const drops = Drops();
    absl::Time const asked = clock_.Now();
    absl::StatusOr<T> value = source_.one(id, limits);
    if (!value.ok()) return value;
    std::lock_guard const lock(mutex_);
    if (drops != drops_) return value;
    state_.entries.insert_or_assign(std::string(id), *value);
    if (!state_.read_at.has_value()) state_.read_at = asked;
    return value;
  }

  // The next page. Its caller has the turn. What a write came in between of is not kept.
  absl::Status ReadPage(const CallLimits& limits) {
    std::string last;
    std::int64_t drops = 0;
    {
      std::lock_guard const lock(mutex_);
      last = state_.last;
      drops = drops_;
    }
    // The last entry comes once more.
    std::size_t const count = static_cast<std::size_t>(page_size_) + (last.empty() ? 0 : 1);
    absl::Time const asked = clock_.Now();
    auto page = source_.page(last, static_cast<int>(count), limits);
    std::lock_guard const lock(mutex_);
    ++reads_;
    failure_ = absl::OkStatus();
    if (!page.ok()) {
      if (IsUnsupported(page.status())) {
        has_pages_ = false;
      } else if (!absl::IsCancelled(page.status()) && !absl::IsDeadlineExceeded(page.status())) {
        failure_ = page.status();  // the limits of one caller are not those of another
      }
      return page.status();
    }
    if (!Ascends(*page, last))
      return absl::InternalError("the server's list is not in order, or does not go on");
    if (drops != drops_) return absl::OkStatus();
    state_.complete = page->size() < count;
    for (Entry& entry : *page) state_.entries.insert_or_assign(entry.first, std::move(entry.second));
    if (!page->empty()) state_.last = page->back().first;
    state_.alone = kAlonePerPage;
    if (!state_.read_at.has_value()) state_.read_at = asked;
    return absl::OkStatus();
  }

  Source const source_;
  int const page_size_;
  std::string const what_;
  Clock& clock_;
  http::Permits turn_{1};
  std::mutex mutex_;
  State state_;
  std::int64_t drops_ = 0;
  std::int64_t reads_ = 0;  // how many pages were asked for
  absl::Status failure_;    // of the last
  bool has_pages_ = true;
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_LISTING_H_
