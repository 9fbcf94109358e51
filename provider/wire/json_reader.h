#ifndef FEDIVERSITY_PROVIDER_WIRE_JSON_READER_H_
#define FEDIVERSITY_PROVIDER_WIRE_JSON_READER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace fediversity::wire {

// A pull parser for JSON (RFC 8259) that hands out numbers as the text they were written in, because a number
// of the host may have more digits than any machine type. Members come in the order of the text, repeated ones
// included. What is not UTF-8, and lone surrogates, read as U+FFFD.
//
//   JsonReader reader(text);
//   if (reader.BeginObject()) {
//     while (reader.NextMember(&key)) { ... read or skip exactly one value ... }
//   }
//   if (!reader.ok()) return reader.status();
//
// After the first error every call answers false (or kInvalid) and status() says what was wrong. Refuses
// nesting beyond kMaxDepth. `text` must outlive the reader.
class JsonReader {
 public:
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject, kInvalid };
  static constexpr std::size_t kMaxDepth = 256;

  explicit JsonReader(std::string_view text, std::size_t outer_depth = 0)
      : text_(text),
        outer_depth_(outer_depth) {}

  // The kind of the value that comes next; kInvalid at the end of the text and where no value can start.
  Kind Peek();

  bool ReadNull();
  bool ReadBool(bool* value);
  bool ReadNumber(std::string_view* digits);
  bool ReadString(std::string* value);
  bool BeginArray();
  // Whether another element follows; false also consumes the end of the array.
  bool NextElement();
  bool BeginObject();
  // Whether another member follows, whose name goes to `key`; false also consumes the end of the object.
  bool NextMember(std::string* key);
  // Checks and passes over one value. Answers its text, empty on error.
  std::string_view SkipValue();
  // Fails unless only white space is left.
  bool ExpectEnd();

  // Records an error of the caller's, at this place in the text; of several the first stays. Answers false.
  bool Fail(std::string_view what);
  bool ok() const { return error_.empty(); }
  absl::Status status() const;
  // How many arrays and objects are open, those around the text included.
  std::size_t depth() const { return outer_depth_ + first_.size(); }

 private:
  void SkipSpace();
  bool Enter(char bracket);
  // At a comma or `end`, after the first element.
  bool Advance(char end);
  bool ReadEscape(std::string* value);
  bool ReadHex4(unsigned* code);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t outer_depth_;
  std::vector<bool> first_;  // per open array or object: no element was read yet
  std::string error_;
};

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_JSON_READER_H_
