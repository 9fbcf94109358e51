#include "provider/backends/garage/xml.h"

#include <expat.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <type_traits>

#include "absl/strings/str_replace.h"
#include "provider/base/text.h"

namespace fediversity::garage {
namespace {

constexpr std::size_t kDeepest = 16;

struct ParserDeleter {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, ParserDeleter>;

// The elements that are open, outermost first. `root` holds the document's.
struct Tree {
  XML_Parser parser;
  XmlElement root = {};
  std::vector<XmlElement*> open = {};
  std::string problem = {};

  void Stop(std::string_view why) {
    problem = why;
    XML_StopParser(parser, XML_FALSE);
  }
};

void OnStart(void* data, const XML_Char* name, const XML_Char** /*attributes*/) {
  auto& tree = *static_cast<Tree*>(data);
  if (tree.open.size() > kDeepest) return tree.Stop("it is nested too deeply");
  std::string_view const full = name;
  std::size_t const colon = full.rfind(':');
  XmlElement& parent = *tree.open.back();
  // The parent's other children are closed, so that nothing points at what moves here.
  parent.children.push_back({.name = std::string(colon == full.npos ? full : full.substr(colon + 1))});
  tree.open.push_back(&parent.children.back());
}

void OnEnd(void* data, const XML_Char* /*name*/) {
  auto& tree = *static_cast<Tree*>(data);
  if (tree.open.size() > 1) tree.open.pop_back();
}

void OnText(void* data, const XML_Char* text, int length) {
  auto& tree = *static_cast<Tree*>(data);
  tree.open.back()->text.append(text, static_cast<std::size_t>(length));
}

void OnDocumentType(void* data, const XML_Char* /*name*/, const XML_Char* /*system*/,
                    const XML_Char* /*public_id*/, int /*internal*/) {
  static_cast<Tree*>(data)->Stop("it has a document type");
}

}  // namespace

const XmlElement* XmlElement::Find(std::string_view child) const {
  auto const found = std::ranges::find(children, child, &XmlElement::name);
  return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::TextOf(std::string_view child) const {
  const XmlElement* const found = Find(child);
  return found == nullptr ? std::string_view() : found->text;
}

absl::StatusOr<XmlElement> ParseXml(std::string_view document) {
  Parser const parser(XML_ParserCreate("UTF-8"));
  if (parser == nullptr) return absl::ResourceExhaustedError("out of memory");
  if (document.size() > INT_MAX) return absl::InvalidArgumentError("not XML: it is too large");
  Tree tree{.parser = parser.get()};
  tree.open.push_back(&tree.root);
  XML_SetUserData(parser.get(), &tree);
  XML_SetElementHandler(parser.get(), &OnStart, &OnEnd);
  XML_SetCharacterDataHandler(parser.get(), &OnText);
  XML_SetStartDoctypeDeclHandler(parser.get(), &OnDocumentType);
  int const length = static_cast<int>(document.size());
  if (XML_Parse(parser.get(), document.data(), length, XML_TRUE) != XML_STATUS_OK) {
    std::string_view const why = tree.problem.empty()
                                     ? std::string_view(XML_ErrorString(XML_GetErrorCode(parser.get())))
                                     : std::string_view(tree.problem);
    return absl::InvalidArgumentError(ToAbsl(Cat({"not XML: ", why})));
  }
  return std::move(tree.root.children.front());
}

std::string EscapeXml(std::string_view text) {
  return absl::StrReplaceAll(
      ToAbsl(text), {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"\r", "&#13;"}});
}

bool IsXmlText(std::string_view text) {
  if (ValidUtf8(text) != text) return false;
  constexpr char kFirstPrintable = 0x20;
  bool const control = std::ranges::any_of(text, [](char byte) {
    return byte >= 0 && byte < kFirstPrintable && byte != '\t' && byte != '\n' && byte != '\r';
  });
  // U+FFFE and U+FFFF.
  return !control && text.find("\xEF\xBF\xBE") == text.npos && text.find("\xEF\xBF\xBF") == text.npos;
}

}  // namespace fediversity::garage
