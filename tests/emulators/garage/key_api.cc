#include "provider/base/text.h"
#include "tests/emulators/garage/call.h"
#include "tests/emulators/garage/names.h"
#include "tests/emulators/garage/shown.h"

namespace fediversity::emulators::garage {
namespace {

constexpr std::size_t kKeyIdBytes = 12;
constexpr std::size_t kKeySecretBytes = 32;

// The body of CreateKey and UpdateKey. What is left out stays as it is.
struct KeyChange {
  std::optional<std::string> name;
  std::optional<std::int64_t> expiration;
  bool never_expires = false;
  bool allow = false;
  bool deny = false;
};

bool MayCreateBuckets(const Json& permissions, std::string& error) {
  if (permissions.is_null()) return false;
  return Fields(permissions, "KeyPerm", error).Flag("createBucket").value_or(false);
}

KeyChange ReadKeyChange(Fields& fields, std::string& error) {
  return {.name = fields.Text("name"),
          .expiration = fields.Time("expiration"),
          .never_expires = fields.Flag("neverExpires").value_or(false),
          .allow = MayCreateBuckets(fields.Object("allow"), error),
          .deny = MayCreateBuckets(fields.Object("deny"), error)};
}

std::string Contradiction(const KeyChange& change) {
  return change.expiration.has_value() && change.never_expires
             ? "cannot specify `expiration` and `never_expires`"
             : "";
}

// What the version does not know has no effect.
void ChangeKey(const KeyChange& change, Key& key) {
  if (change.name.has_value()) key.name = *change.name;
  if (change.expiration.has_value()) key.expiration = change.expiration;
  if (change.never_expires) key.expiration.reset();
  if (change.allow) key.create_bucket = true;
  if (change.deny) key.create_bucket = false;
}

Parsed CreateKey(const Call& call) {
  return WithBody(call, "UpdateKeyRequestBody", ReadKeyChange, [](const KeyChange& change) {
    return [change](Store& store, const std::string&) {
      if (std::string const why = Contradiction(change); !why.empty()) return BadRequest(why);
      Key& key = store.MakeKey("GK" + store.Hex(kKeyIdBytes), store.Hex(kKeySecretBytes), "Unnamed key");
      ChangeKey(change, key);
      return Ok(ShowKey(store, key, true));
    };
  });
}

Parsed UpdateKey(const Call& call) {
  return WithBody(call, "UpdateKeyRequestBody", ReadKeyChange,
                  [id = *call.query.Get("id")](const KeyChange& change) {
                    return [id, change](Store& store, const std::string&) {
                      Key* const key = store.FindKey(id);
                      if (key == nullptr) return NoSuchKey(id);
                      if (std::string const why = Contradiction(change); !why.empty()) return BadRequest(why);
                      ChangeKey(change, *key);
                      return Ok(ShowKey(store, *key, false));
                    };
                  });
}

struct GivenKey {
  std::string id;
  std::string secret;
  std::optional<std::string> name;
};

Parsed ImportKey(const Call& call) {
  auto const read = [](Fields& fields, std::string&) {
    return GivenKey{.id = fields.NeededText("accessKeyId"),
                    .secret = fields.NeededText("secretAccessKey"),
                    .name = fields.Text("name")};
  };
  return WithBody(call, "ImportKeyRequest", read, [version = call.version](const GivenKey& given) {
    return [version, given](Store& store, const std::string&) {
      if (store.keys.contains(given.id) || store.dropped_keys.contains(given.id)) {
        return Conflict("KeyAlreadyExists",
                        Cat({"Key ", given.id,
                             " already exists in data store. Even if it is deleted, we can't let "
                             "you create a new key with the same ID. Sorry."}));
      }
      std::string const why = WrongKeyFormat(version, given.id, given.secret);
      if (!why.empty()) return BadRequest("Invalid key format: " + why);
      return Ok(
          ShowKey(store, store.MakeKey(given.id, given.secret, given.name.value_or("Imported key")), false));
    };
  });
}

Parsed DeleteKey(const Call& call) {
  return Effect([id = *call.query.Get("id")](Store& store, const std::string&) {
    if (store.FindKey(id) == nullptr) return NoSuchKey(id);
    store.DropKey(id);
    return Ok(nullptr);
  });
}

Reply SearchKey(Store& store, Version version, const std::string& text, bool with_secret) {
  std::string const wanted = Lower(text);
  std::vector<const Key*> found;
  for (const auto& [id, key] : store.keys) {
    if (Lower(id).starts_with(wanted) || Lower(key.name) == wanted) found.push_back(&key);
  }
  if (found.empty() && version == Version::kTwoFive) return NoSuchKey(text);
  if (found.size() != 1) return BadRequest(std::to_string(found.size()) + " matching keys");
  return Ok(ShowKey(store, *found.front(), with_secret));
}

Parsed GetKeyInfo(const Call& call) {
  auto const shown = call.query.Get("showSecretKey");
  if (shown.has_value() && *shown != "true" && *shown != "false") {
    return BadRequest("Failed to parse query parameter");
  }
  return Effect([query = call.query, version = call.version, with_secret = shown == "true"](
                    Store& store, const std::string&) {
    auto const id = query.Get("id");
    auto const search = query.Get("search");
    if (id.has_value() == search.has_value()) {
      return BadRequest("Either id or search must be provided (but not both)");
    }
    if (search.has_value()) return SearchKey(store, version, *search, with_secret);
    const Key* const key = store.FindKey(*id);
    return key == nullptr ? NoSuchKey(*id) : Ok(ShowKey(store, *key, with_secret));
  });
}

Parsed ListKeys(const Call& call) {
  std::optional<Reply> refused;
  Page const page = ReadPage(call, 10'000, refused);
  if (refused.has_value()) return *refused;
  return Effect([page](Store& store, const std::string&) {
    return Ok(OnPage(page, store.keys, [&](const Key& key) {
      Json const shown = ShowKey(store, key, false);
      return Json{{"id", key.id},
                  {"name", key.name},
                  {"created", shown["created"]},
                  {"expiration", shown["expiration"]},
                  {"expired", shown["expired"]}};
    }));
  });
}

Parsed ListKeysInfo(const Call& call) {
  std::optional<Reply> refused;
  Page const page = ReadPage(call, 1000, refused);
  if (refused.has_value()) return *refused;
  return Effect([page](Store& store, const std::string&) {
    return Ok(OnPage(page, store.keys, [&](const Key& key) { return ShowKey(store, key, false); }));
  });
}

}  // namespace

std::vector<Endpoint> KeyEndpoints() {
  return {{.method = "GET", .name = "ListKeys", .parse = ListKeys},
          {.method = "GET", .name = "ListKeysInfo", .parse = ListKeysInfo, .since = Version::kTwoFive},
          {.method = "GET", .name = "GetKeyInfo", .parse = GetKeyInfo},
          {.method = "POST", .name = "CreateKey", .parse = CreateKey},
          {.method = "POST", .name = "ImportKey", .parse = ImportKey},
          {.method = "POST", .name = "UpdateKey", .parse = UpdateKey, .argument = "id"},
          {.method = "POST", .name = "DeleteKey", .parse = DeleteKey, .argument = "id"}};
}

}  // namespace fediversity::emulators::garage
