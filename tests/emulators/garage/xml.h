#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_XML_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_XML_H_

#include <string>
#include <string_view>
#include <vector>

namespace fediversity::emulators::garage {

// "<name>content</name>", with the content as it is.
std::string Element(std::string_view name, std::string_view content);
// The same with a text, in which what XML minds is escaped.
std::string TextElement(std::string_view name, std::string_view text);
// A document of S3 with this root.
std::string Document(std::string_view root, std::string_view content);
// The texts of all elements of that name.
std::vector<std::string> TextsOf(std::string_view document, std::string_view name);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_XML_H_
