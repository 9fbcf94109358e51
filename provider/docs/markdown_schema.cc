#include "provider/docs/markdown_schema.h"

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/docs/hcl.h"

namespace fediversity::docs {
namespace {

using schema::Nesting;
using schema::Row;
using schema::Table;
using schema::Together;

std::string TypeName(const wire::Type& type) {
  switch (type.kind()) {
    case wire::Type::Kind::kString: return "String";
    case wire::Type::Kind::kNumber: return "Number";
    case wire::Type::Kind::kBool: return "Boolean";
    case wire::Type::Kind::kDynamic: return "Dynamic";
    case wire::Type::Kind::kList: return Cat({"List of ", TypeName(type.element())});
    case wire::Type::Kind::kSet: return Cat({"Set of ", TypeName(type.element())});
    case wire::Type::Kind::kMap: return Cat({"Map of ", TypeName(type.element())});
    case wire::Type::Kind::kObject: return "Object";
    case wire::Type::Kind::kTuple: return "Tuple";
  }
  return "Dynamic";
}

std::string TypeName(const Row& row) {
  switch (row.nesting) {
    case Nesting::kNone: return TypeName(row.type);
    case Nesting::kSingle: return "Attributes";
    case Nesting::kList: return "Attributes List";
    case Nesting::kSet: return "Attributes Set";
    case Nesting::kMap: return "Attributes Map";
  }
  return TypeName(row.type);
}

std::string Code(std::string_view text) { return Cat({"`", text, "`"}); }

std::string Capitalised(std::string_view sentence) {
  std::string text(sentence);
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 32);
  return text;
}

std::string ListOf(const std::vector<std::string>& attributes) {
  std::string list;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (i > 0) list += i + 1 == attributes.size() ? " and " : ", ";
    list += Code(attributes[i]);
  }
  return list;
}

std::string SentenceOf(const Together& condition) {
  std::string const list = ListOf(condition.attributes);
  switch (condition.kind) {
    case Together::Kind::kExactlyOne: return Cat({"Exactly one of ", list, " has to be set."});
    case Together::Kind::kAtMostOne: return Cat({"At most one of ", list, " may be set."});
    case Together::Kind::kAtLeastOne: return Cat({"At least one of ", list, " has to be set."});
    case Together::Kind::kAllOrNone: return Cat({"Of ", list, ", either all or none have to be set."});
  }
  return {};
}

// Writes one table's section and those of the objects in it.
class Section {
 public:
  explicit Section(const TimeoutOf& timeout) : timeout_(timeout) {}

  absl::StatusOr<std::string> Render(const Table& table) {
    RETURN_IF_ERROR(AddGroups(table, {"### Required\n", "### Optional\n", "### Read-Only\n"}, ""));
    // Sections of nested objects add to the list while they are written.
    for (std::size_t i = 0; i < nested_.size(); ++i) {
      Nested const next = nested_[i];
      out_ += Cat({"\n<a id=\"", Anchor(next.path), "\"></a>\n### Nested Schema for `", next.path, "`\n"});
      RETURN_IF_ERROR(AddGroups(*next.table, {"Required:\n", "Optional:\n", "Read-Only:\n"}, next.path));
    }
    return std::move(out_);
  }

 private:
  struct Nested {
    std::string path;
    const Table* table;
  };

  static std::string Anchor(std::string_view path) {
    std::string anchor = "nestedatt--";
    for (char const c : path) {
      if (c == '.') {
        anchor += "--";
      } else {
        anchor += c;
      }
    }
    return anchor;
  }

  absl::Status AddGroups(const Table& table, const std::array<std::string_view, 3>& titles,
                         std::string_view path) {
    constexpr std::array<bool (*)(const Row&), 3> kGroups = {
        [](const Row& row) { return row.required; }, [](const Row& row) { return row.optional; },
        [](const Row& row) { return !row.required && !row.optional; }};
    for (std::size_t i = 0; i < kGroups.size(); ++i) {
      bool titled = false;
      for (const Row& row : table.rows) {
        if (!kGroups[i](row)) continue;
        if (!titled) out_ += Cat({"\n", titles[i], "\n"});
        titled = true;
        RETURN_IF_ERROR(AddRow(row, path));
      }
    }
    for (const Together& condition : table.together) out_ += Cat({"\n", SentenceOf(condition), "\n"});
    return absl::OkStatus();
  }

  absl::Status AddRow(const Row& row, std::string_view parent) {
    std::string const path = parent.empty() ? row.name : Cat({parent, ".", row.name});
    std::string traits = TypeName(row);
    if (row.sensitive) traits += ", Sensitive";
    if (row.write_only) traits += ", Write-only";
    if (!row.deprecation.empty()) traits += ", Deprecated";
    std::vector<std::string> sentences = {row.doc};
    if (row.required || row.optional) {
      for (const schema::Rule& rule : row.rules) {
        sentences.push_back(rule.each_element ? Cat({"Each element ", rule.sentence})
                                              : Capitalised(rule.sentence));
      }
    }
    RETURN_IF_ERROR(AddDefault(row, parent, sentences));
    if (row.write_only) {
      sentences.push_back(Cat(
          {"It is never stored; change ", Code(row.version_attribute), " to have a new value taken over."}));
    }
    if (row.replace) sentences.emplace_back("A change replaces the object.");
    if (!row.deprecation.empty()) sentences.push_back(Cat({"**Deprecated:** ", row.deprecation}));
    if (row.nested != nullptr) {
      sentences.push_back(Cat({"See [the schema of ", Code(path), "](#", Anchor(path), ")."}));
      nested_.push_back({path, row.nested.get()});
    }
    out_ += Cat({"- ", Code(row.name), " (", traits, ") ", Join(sentences, " "), "\n"});
    return absl::OkStatus();
  }

  absl::Status AddDefault(const Row& row, std::string_view parent,
                          std::vector<std::string>& sentences) const {
    if (row.fallback.has_value()) {
      ASSIGN_OR_RETURN(std::string const text, WriteExpression(*row.fallback));
      sentences.push_back(Cat({"Default: ", Code(text), "."}));
    } else if (row.initial.has_value()) {
      ASSIGN_OR_RETURN(std::string const text, WriteExpression(*row.initial));
      sentences.push_back(
          Cat({"Left out, it is ", Code(text), " in a new object, and as it is in one that exists."}));
    } else if (parent == "timeouts" && timeout_) {
      sentences.push_back(
          Cat({"Default: ", Code(Cat({"\"", absl::FormatDuration(timeout_(row.name)), "\""})), "."}));
    }
    return absl::OkStatus();
  }

  const TimeoutOf& timeout_;
  std::string out_ = "## Schema\n";
  std::vector<Nested> nested_;
};

}  // namespace

absl::StatusOr<std::string> RenderSchema(const Table& table, const TimeoutOf& timeout) {
  return Section(timeout).Render(table);
}

std::string RenderIdentity(const Table& table) {
  std::string out;
  for (const std::string& name : table.identity) {
    if (const Row* const row = table.Find(name)) {
      out += Cat({"- ", Code(name), " (", TypeName(*row), ") ", row->doc, "\n"});
    }
  }
  return out;
}

}  // namespace fediversity::docs
