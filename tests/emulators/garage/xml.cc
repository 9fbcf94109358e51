#include "tests/emulators/garage/xml.h"

#include <utility>

#include "provider/base/text.h"

namespace fediversity::emulators::garage {
namespace {

constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
    {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}};

std::string Unescape(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    std::size_t taken = 1;
    std::string_view meant = text.substr(0, 1);
    for (const auto& [entity, letter] : kEntities) {
      if (!text.starts_with(entity)) continue;
      taken = entity.size();
      meant = letter;
    }
    plain += meant;
    text.remove_prefix(taken);
  }
  return plain;
}

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    std::string_view written(&letter, 1);
    for (const auto& [entity, plain] : kEntities) {
      if (plain == written) {
        written = entity;
        break;
      }
    }
    escaped += written;
  }
  return escaped;
}

}  // namespace

std::string Element(std::string_view name, std::string_view content) {
  return Cat({"<", name, ">", content, "</", name, ">"});
}

std::string TextElement(std::string_view name, std::string_view text) { return Element(name, Escape(text)); }

std::string Document(std::string_view root, std::string_view content) {
  return Cat({R"(<?xml version="1.0" encoding="UTF-8"?><)", root,
              R"( xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)", content, "</", root, ">"});
}

std::vector<std::string> TextsOf(std::string_view document, std::string_view name) {
  std::string const start = Cat({"<", name, ">"});
  std::string const end = Cat({"</", name, ">"});
  std::vector<std::string> texts;
  for (auto at = document.find(start); at != std::string_view::npos; at = document.find(start, at)) {
    at += start.size();
    auto const stop = document.find(end, at);
    if (stop == std::string_view::npos) break;
    texts.push_back(Unescape(document.substr(at, stop - at)));
  }
  return texts;
}

}  // namespace fediversity::emulators::garage
