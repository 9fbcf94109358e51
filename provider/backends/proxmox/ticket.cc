#include "provider/backends/proxmox/ticket.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "provider/http/percent.h"

namespace fediversity::proxmox {

std::optional<TicketContent> ParseTicket(const Secret& ticket) {
  std::optional<std::string> text = http::PercentDecode(ticket.Reveal());
  if (!text.has_value()) return std::nullopt;
  std::vector<std::string> const parts = absl::StrSplit(*text, absl::MaxSplits(':', 3));
  std::int64_t seconds = 0;
  bool const valid =
      parts.size() == 4 && parts[0] == "PVE" && !parts[1].empty() && absl::SimpleHexAtoi(parts[2], &seconds);
  if (!valid) return std::nullopt;
  return TicketContent{parts[1], absl::FromUnixSeconds(seconds), Secret(*std::move(text))};
}

}  // namespace fediversity::proxmox
