#include "tests/emulators/proxmox/api.h"

#include <charconv>

namespace fediversity::emulators {

std::string Call::Get(std::string_view name) const {
  auto const found = params.find(name);
  return found == params.end() ? std::string() : found->second;
}

bool Call::Flag(std::string_view name, bool otherwise) const {
  auto const found = params.find(name);
  return found == params.end() ? otherwise : found->second == "1";
}

int Call::Vmid() const { return static_cast<int>(ParseInteger(Get("vmid")).value_or(0)); }

Reply Data(Json data) { return {.body = {{"data", std::move(data)}}}; }

Reply DataWithTotal(Json data, std::int64_t total) {
  return {.body = {{"data", std::move(data)}, {"total", total}}};
}

Reply Error(int status, std::string_view message) {
  return {.status = status,
          .reason = std::string(message.substr(0, message.find('\n'))),
          .body = {{"data", nullptr}, {"message", message}}};
}

Reply Died(std::string_view message) { return Error(500, std::string(message) + "\n"); }

Reply Denied(std::string_view path, std::string_view privileges) {
  return Error(403, "Permission check failed (" + std::string(path) + ", " + std::string(privileges) + ")\n");
}

Reply BadParameters(Json errors) {
  Reply reply = Error(400, "Parameter verification failed.\n");
  reply.body["errors"] = std::move(errors);
  return reply;
}

Reply BadParameter(const std::string& name, const std::string& why) {
  return BadParameters(Json::object({{name, why}}));
}

Reply Bare(int status, std::string_view reason) { return {.status = status, .reason = std::string(reason)}; }

std::vector<std::string> SplitList(std::string_view list) {
  constexpr std::string_view kSeparators(",;\0 \t\n", 6);
  std::vector<std::string> items;
  while (!list.empty()) {
    auto const end = std::min(list.find_first_of(kSeparators), list.size());
    if (end > 0) items.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return items;
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (;;) {
    auto const end = text.find(separator);
    pieces.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace fediversity::emulators
