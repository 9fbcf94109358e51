#include "provider/wire/json_reader.h"

#include <string>

#include "provider/base/text.h"

namespace fediversity::wire {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(unsigned code, std::string* text) {
  auto add = [text](unsigned byte) { text->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0U | (code >> 6U));
    add(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    add(0xE0U | (code >> 12U));
    add(0x80U | ((code >> 6U) & 0x3FU));
    add(0x80U | (code & 0x3FU));
  } else {
    add(0xF0U | (code >> 18U));
    add(0x80U | ((code >> 12U) & 0x3FU));
    add(0x80U | ((code >> 6U) & 0x3FU));
    add(0x80U | (code & 0x3FU));
  }
}

constexpr unsigned kReplacement = 0xFFFD;

}  // namespace

absl::Status JsonReader::status() const {
  return ok() ? absl::OkStatus() : absl::InvalidArgumentError(ToAbsl(error_));
}

bool JsonReader::Fail(std::string_view what) {
  if (ok()) error_ = Cat({"malformed JSON at byte ", std::to_string(at_), ": ", what});
  return false;
}

void JsonReader::SkipSpace() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
    ++at_;
  }
}

JsonReader::Kind JsonReader::Peek() {
  SkipSpace();
  if (!ok() || at_ == text_.size()) return Kind::kInvalid;
  switch (text_[at_]) {
    case 'n': return Kind::kNull;
    case 't':
    case 'f': return Kind::kBool;
    case '"': return Kind::kString;
    case '[': return Kind::kArray;
    case '{': return Kind::kObject;
    default: return text_[at_] == '-' || IsDigit(text_[at_]) ? Kind::kNumber : Kind::kInvalid;
  }
}

bool JsonReader::ReadNull() {
  if (Peek() != Kind::kNull || text_.substr(at_, 4) != "null") return Fail("null is expected");
  at_ += 4;
  return true;
}

bool JsonReader::ReadBool(bool* value) {
  if (Peek() == Kind::kBool && text_.substr(at_, 4) == "true") {
    at_ += 4;
    *value = true;
    return true;
  }
  if (ok() && text_.substr(at_, 5) == "false") {
    at_ += 5;
    *value = false;
    return true;
  }
  return Fail("true or false is expected");
}

bool JsonReader::ReadNumber(std::string_view* digits) {
  if (Peek() != Kind::kNumber) return Fail("a number is expected");
  std::size_t const begin = at_;
  auto digit_here = [this] { return at_ < text_.size() && IsDigit(text_[at_]); };
  if (text_[at_] == '-') ++at_;
  if (!digit_here()) return Fail("a digit is expected");
  if (text_[at_] == '0') {
    ++at_;
  } else {
    while (digit_here()) ++at_;
  }
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    if (!digit_here()) return Fail("a digit is expected after the point");
    while (digit_here()) ++at_;
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    if (!digit_here()) return Fail("a digit is expected in the exponent");
    while (digit_here()) ++at_;
  }
  *digits = text_.substr(begin, at_ - begin);
  return true;
}

bool JsonReader::ReadHex4(unsigned* code) {
  if (text_.size() - at_ < 4) return Fail("four hexadecimal digits are expected");
  *code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    char const c = text_[at_];
    unsigned digit = 0;
    if (IsDigit(c)) {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return Fail("four hexadecimal digits are expected");
    }
    *code = *code * 16 + digit;
  }
  return true;
}

// At the character after the backslash.
bool JsonReader::ReadEscape(std::string* value) {
  if (at_ == text_.size()) return Fail("the string has no end");
  char const c = text_[at_++];
  switch (c) {
    case '"':
    case '\\':
    case '/': value->push_back(c); return true;
    case 'b': value->push_back('\b'); return true;
    case 'f': value->push_back('\f'); return true;
    case 'n': value->push_back('\n'); return true;
    case 'r': value->push_back('\r'); return true;
    case 't': value->push_back('\t'); return true;
    case 'u': break;
    default: --at_; return Fail("no such escape");
  }
  unsigned code = 0;
  if (!ReadHex4(&code)) return false;
  if (code >= 0xD800 && code <= 0xDFFF) {
    // A high surrogate counts only together with the low one that has to follow it.
    std::size_t const after_first = at_;
    unsigned low = 0;
    if (code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      if (!ReadHex4(&low)) return false;
    }
    if (low >= 0xDC00 && low <= 0xDFFF) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
    } else {
      at_ = after_first;
      code = kReplacement;
    }
  }
  AppendUtf8(code, value);
  return true;
}

bool JsonReader::ReadString(std::string* value) {
  if (Peek() != Kind::kString) return Fail("a string is expected");
  ++at_;
  value->clear();
  bool ascii = true;
  while (true) {
    std::size_t const begin = at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20) {
      ascii = ascii && static_cast<unsigned char>(text_[at_]) < 0x80;
      ++at_;
    }
    value->append(text_, begin, at_ - begin);
    if (at_ == text_.size()) return Fail("the string has no end");
    if (text_[at_] == '"') {
      ++at_;
      if (!ascii) *value = ValidUtf8(*value);
      return true;
    }
    if (text_[at_] != '\\') return Fail("a control character in a string has to be escaped");
    ++at_;
    if (!ReadEscape(value)) return false;
  }
}

bool JsonReader::Enter(char bracket) {
  SkipSpace();
  if (!ok()) return false;
  if (at_ == text_.size() || text_[at_] != bracket) {
    return Fail(bracket == '[' ? "an array is expected" : "an object is expected");
  }
  if (depth() >= kMaxDepth) return Fail("it is nested too deeply");
  ++at_;
  first_.push_back(true);
  return true;
}

bool JsonReader::Advance(char end) {
  SkipSpace();
  if (!ok()) return false;
  if (at_ == text_.size()) return Fail("the text ends too early");
  if (text_[at_] == end) {
    ++at_;
    first_.pop_back();
    return false;
  }
  if (first_.back()) {
    first_.back() = false;
    return true;
  }
  if (text_[at_] != ',') return Fail("a comma is expected");
  ++at_;
  return true;
}

bool JsonReader::BeginArray() { return Enter('['); }

bool JsonReader::NextElement() {
  if (!Advance(']')) return false;
  if (Peek() == Kind::kInvalid) return Fail("a value is expected");
  return true;
}

bool JsonReader::BeginObject() { return Enter('{'); }

bool JsonReader::NextMember(std::string* key) {
  if (!Advance('}')) return false;
  if (!ReadString(key)) return false;
  SkipSpace();
  if (at_ == text_.size() || text_[at_] != ':') return Fail("a colon is expected");
  ++at_;
  if (Peek() == Kind::kInvalid) return Fail("a value is expected");
  return true;
}

std::string_view JsonReader::SkipValue() {
  Kind const kind = Peek();  // also passes over white space
  std::size_t const begin = at_;
  std::string text;
  std::string_view digits;
  bool flag = false;
  switch (kind) {
    case Kind::kNull: ReadNull(); break;
    case Kind::kBool: ReadBool(&flag); break;
    case Kind::kNumber: ReadNumber(&digits); break;
    case Kind::kString: ReadString(&text); break;
    case Kind::kArray:
      BeginArray();
      while (NextElement()) SkipValue();
      break;
    case Kind::kObject:
      BeginObject();
      while (NextMember(&text)) SkipValue();
      break;
    case Kind::kInvalid: Fail("a value is expected"); break;
  }
  return ok() ? text_.substr(begin, at_ - begin) : std::string_view();
}

bool JsonReader::ExpectEnd() {
  SkipSpace();
  if (ok() && at_ != text_.size()) return Fail("something follows the value");
  return ok();
}

}  // namespace fediversity::wire
