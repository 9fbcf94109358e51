#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "provider/backends/garage/s3_client.h"
#include "provider/backends/garage/xml.h"
#include "provider/http/percent.h"

namespace {

using namespace fediversity;          // NOLINT
using namespace fediversity::garage;  // NOLINT

std::size_t DepthOf(const XmlElement& element) {
  std::size_t deepest = 0;
  for (const XmlElement& child : element.children) deepest = std::max(deepest, DepthOf(child));
  return deepest + 1;
}

// What may be written into a document is read back as it was.
void WriteAndRead(const std::string& text) {
  if (!IsXmlText(text)) return;
  auto const read = ParseXml("<a>" + EscapeXml(text) + "</a>");
  if (!read.ok() || read->text != text) std::abort();
}

}  // namespace

// Answers of S3: as a document, as the lists and as a refusal; and keys of objects as they are written into one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string const text(reinterpret_cast<const char*>(data), size);
  if (auto const document = ParseXml(text); document.ok()) {
    constexpr std::size_t kDeepest = 17;
    if (document->name.empty() || DepthOf(*document) > kDeepest) std::abort();
  }
  if (auto const keys = DecodeObjectList(text, "x"); keys.ok()) {
    for (const std::string& key : *keys) {
      if (key.empty()) std::abort();
    }
  }
  static_cast<void>(DecodeDeletion(text, "x"));
  http::Request const request{.path = {"bucket"}};
  for (int const status : {400, 403, 404, 500, 503}) {
    if (S3ErrorOf(request, {.status = status, .body = text}, "x").ok()) std::abort();
  }
  WriteAndRead(text);
  if (http::PercentDecode(http::PercentEncode(text)) != text) std::abort();
  static_cast<void>(http::PercentDecode(text));
  return 0;
}
