#include "provider/docs/hcl.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/docs/hcl_text.h"
#include "provider/wire/trail.h"

namespace fediversity::docs {
namespace {

// What is longer than this, or has more parts, is not squeezed onto one line.
constexpr std::size_t kFlatLength = 80;
constexpr std::size_t kFlatAttributes = 4;

constexpr int kStep = 2;

using wire::Value;

struct Line {
  std::string key;  // empty: `text` is a comment
  std::string text;
  bool is_flat() const { return !key.empty() && text.find('\n') == std::string::npos; }
};

std::string Spaces(int count) { return std::string(static_cast<std::size_t>(count), ' '); }

// The lines of a body, the equals signs of neighbours that fit on one line in one column.
std::string WriteLines(std::span<const Line> lines, int indent) {
  std::string out;
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t end = i;
    std::size_t width = 0;
    while (end < lines.size() && lines[end].is_flat()) width = std::max(width, KeyColumns(lines[end++].key));
    for (; i < end; ++i) {
      const Line& line = lines[i];
      out += Cat(
          {Spaces(indent), line.key, std::string(width - KeyColumns(line.key), ' '), " = ", line.text, "\n"});
    }
    if (i == lines.size()) break;
    const Line& line = lines[i++];
    out += Spaces(indent);
    if (!line.key.empty()) out += Cat({line.key, " = "});
    out += Cat({line.text, "\n"});
  }
  return out;
}

bool IsPrimitive(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNull:
    case Value::Kind::kBool:
    case Value::Kind::kNumber:
    case Value::Kind::kString: return true;
    default: return false;
  }
}

// Writes values, and keeps track of where it stands for its errors.
class Writer {
 public:
  // `nested` describes the objects in `value`; null where nothing does.
  absl::StatusOr<std::string> Write(const Value& value, const schema::Table* nested, int indent) {
    switch (value.kind()) {
      case Value::Kind::kNull: return "null";
      case Value::Kind::kUnknown: return Error("it is not known yet");
      case Value::Kind::kBool: return value.bool_value() ? "true" : "false";
      case Value::Kind::kNumber:
        if (value.number().is_infinite()) return Error("an infinite number cannot be written");
        return value.number().text();
      case Value::Kind::kString: return QuoteText(value.string());
      case Value::Kind::kList:
      case Value::Kind::kSet: return WriteElements(value.elements(), nested, indent);
      case Value::Kind::kMap: return WriteObject(value, nested, indent);
      case Value::Kind::kDynamic: return Write(value.dynamic_value(), nullptr, indent);
    }
    return Error("it is of no kind that can be written");
  }

  // A map of described objects, in which the keys are the user's.
  absl::StatusOr<std::string> WriteMap(const Value& map, const schema::Table& nested, int indent) {
    if (map.kind() != Value::Kind::kMap) return Write(map, nullptr, indent);
    std::vector<Line> lines;
    for (const Value::Entry& entry : map.entries()) {
      ASSIGN_OR_RETURN(std::string text, WriteEntry(entry, &nested, indent + kStep));
      lines.push_back({WriteKey(entry.first), std::move(text)});
    }
    return Braces(lines, /*flat=*/false, indent);
  }

  // What has to be configured of `object`, keyed by attribute name.
  absl::StatusOr<std::vector<Line>> Configured(const schema::Table& table, const Value& object, int indent) {
    if (object.kind() != Value::Kind::kMap) return Error("it is not an object");
    std::vector<Line> lines;
    for (bool const required : {true, false}) {
      for (const schema::Row& row : table.rows) {
        if (row.required == required) RETURN_IF_ERROR(AddRow(row, object, indent, lines));
      }
    }
    return lines;
  }

 private:
  absl::Status Error(std::string_view what) const {
    absl::Status const status = trail_.Error(what);
    return absl::InvalidArgumentError(
        Cat({"Cannot be written as configuration\n", ToStd(status.message()), "."}));
  }

  absl::StatusOr<std::string> WriteEntry(const Value::Entry& entry, const schema::Table* nested, int indent) {
    trail_.PushKey(entry.first);
    auto text = Write(entry.second, nested, indent);
    trail_.Pop();
    return text;
  }

  absl::Status AddRow(const schema::Row& row, const Value& object, int indent, std::vector<Line>& lines) {
    if (row.write_only && row.required) {
      lines.push_back({"", Cat({"# ", row.name, " has to be set here: no service gives it back."})});
    }
    const Value* value = object.Find(row.name);
    bool const configurable = (row.required || row.optional) && !row.write_only;
    if (!configurable || value == nullptr || value->is_null() || row.fallback == *value)
      return absl::OkStatus();
    if (row.sensitive) {
      lines.push_back({"", Cat({"# ", row.name, " is set, but secret."})});
      return absl::OkStatus();
    }
    trail_.PushAttribute(row.name);
    auto text = row.nesting == schema::Nesting::kMap ? WriteMap(*value, *row.nested, indent)
                                                     : Write(*value, row.nested.get(), indent);
    trail_.Pop();
    RETURN_IF_ERROR(text.status());
    lines.push_back({row.name, *std::move(text)});
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> WriteElements(const Value::Elements& elements, const schema::Table* nested,
                                            int indent) {
    if (elements.empty()) return "[]";
    std::vector<std::string> texts;
    texts.reserve(elements.size());
    bool flat = elements.size() == 1 || std::ranges::all_of(elements, IsPrimitive);
    std::size_t length = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      trail_.PushIndex(i);
      auto text = Write(elements[i], nested, indent + kStep);
      trail_.Pop();
      RETURN_IF_ERROR(text.status());
      length += text->size() + 2;
      flat = flat && text->find('\n') == std::string::npos;
      texts.push_back(*std::move(text));
    }
    if (flat && length <= kFlatLength) return Cat({"[", Join(texts, ", "), "]"});
    std::string const inner = Spaces(indent + kStep);
    std::string out = "[\n";
    for (const std::string& text : texts) out += Cat({inner, text, ",\n"});
    return Cat({out, Spaces(indent), "]"});
  }

  absl::StatusOr<std::string> WriteObject(const Value& object, const schema::Table* nested, int indent) {
    if (nested != nullptr) {
      ASSIGN_OR_RETURN(std::vector<Line> lines, Configured(*nested, object, indent + kStep));
      bool const flat = std::ranges::all_of(lines, [&](const Line& line) {
        const Value* const value = object.Find(line.key);
        return value != nullptr && IsPrimitive(*value);
      });
      // Unlike those of a block, an object's attributes are expressions.
      for (Line& line : lines) {
        if (!line.key.empty()) line.key = WriteKey(line.key);
      }
      return Braces(lines, flat, indent);
    }
    std::vector<Line> lines;
    for (const Value::Entry& entry : object.entries()) {
      ASSIGN_OR_RETURN(std::string text, WriteEntry(entry, nullptr, indent + kStep));
      lines.push_back({WriteKey(entry.first), std::move(text)});
    }
    bool const flat = std::ranges::all_of(
        object.entries(), [](const Value::Entry& entry) { return IsPrimitive(entry.second); });
    return Braces(lines, flat, indent);
  }

  // `flat`: one line will do if it gets neither long nor crowded.
  static std::string Braces(const std::vector<Line>& lines, bool flat, int indent) {
    if (lines.empty()) return "{}";
    if (flat && lines.size() <= kFlatAttributes) {
      std::vector<std::string> parts;
      parts.reserve(lines.size());
      for (const Line& line : lines) parts.push_back(Cat({line.key, " = ", line.text}));
      std::string text = Cat({"{ ", Join(parts, ", "), " }"});
      if (text.size() <= kFlatLength) return text;
    }
    return Cat({"{\n", WriteLines(lines, indent + kStep), Spaces(indent), "}"});
  }

  wire::Trail trail_;
};

std::string Address(std::string_view type_name, std::string_view local_name) {
  return Cat({type_name, ".", local_name});
}

std::string WriteImport(const std::vector<Line>& lines) {
  return Cat({"import {\n", WriteLines(lines, kStep), "}\n"});
}

}  // namespace

absl::StatusOr<std::string> WriteExpression(const Value& value, int indent) {
  return Writer().Write(value, nullptr, indent);
}

absl::StatusOr<std::string> WriteResourceBlock(const schema::Table& table, std::string_view local_name,
                                               const Value& object) {
  ASSIGN_OR_RETURN(std::vector<Line> const lines, Writer().Configured(table, object, kStep));
  std::string const head = Cat({"resource \"", table.name, "\" \"", local_name, "\" {"});
  if (lines.empty()) return Cat({head, "}\n"});
  return Cat({head, "\n", WriteLines(lines, kStep), "}\n"});
}

std::string WriteImportBlock(std::string_view type_name, std::string_view local_name, std::string_view id) {
  return WriteImport({{"to", Address(type_name, local_name)}, {"id", QuoteText(id)}});
}

absl::StatusOr<std::string> WriteImportBlock(std::string_view type_name, std::string_view local_name,
                                             const Value& identity) {
  ASSIGN_OR_RETURN(std::string text, Writer().Write(identity, nullptr, kStep));
  return WriteImport({{"to", Address(type_name, local_name)}, {"identity", std::move(text)}});
}

}  // namespace fediversity::docs
