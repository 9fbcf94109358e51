#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_XML_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_XML_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace fediversity::garage {

// An element of a document without its attributes, which S3 does not use.
struct XmlElement {
  std::string name;  // without a namespace
  std::string text;  // its own, not that of elements inside
  std::vector<XmlElement> children;

  // The first child of that name, or nullptr.
  const XmlElement* Find(std::string_view child) const;
  // Its text; "" where there is none.
  std::string_view TextOf(std::string_view child) const;
};

// The outermost element of a document in UTF-8. InvalidArgument where it is no XML, is nested more than 16 deep, or
// has a document type, whose entities could make it grow.
absl::StatusOr<XmlElement> ParseXml(std::string_view document);

// `text` with what has a meaning in XML replaced by references. Characters that XML 1.0 cannot have are the caller's
// to avoid: see IsXmlText().
std::string EscapeXml(std::string_view text);
// Whether every character of `text` can be in an XML 1.0 document, and stays what it is there.
bool IsXmlText(std::string_view text);

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_XML_H_
