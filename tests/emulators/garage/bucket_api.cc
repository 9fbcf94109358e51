#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/garage/bucket_update.h"
#include "tests/emulators/garage/call.h"
#include "tests/emulators/garage/names.h"
#include "tests/emulators/garage/shown.h"

namespace fediversity::emulators::garage {
namespace {

Parsed ListBuckets(const Call& call) {
  std::optional<Reply> refused;
  Page page = ReadPage(call, 10'000, refused);
  if (refused.has_value()) return *refused;
  return Effect([page](Store& store, const std::string&) mutable {
    std::string error;
    if (!page.offset.empty() && !ParseBucketId(page.offset, error)) return BadRequest(error);
    return Ok(OnPage(page, store.buckets, [&](const Bucket& bucket) {
      Json names = Json::array();
      for (const auto& [id, key] : store.keys) {
        for (const std::string& alias : key.AliasesOf(bucket.id)) {
          names.push_back({{"accessKeyId", id}, {"alias", alias}});
        }
      }
      Json const shown = ShowBucket(store, bucket);
      return Json{{"id", bucket.id},
                  {"created", shown["created"]},
                  {"globalAliases", bucket.aliases},
                  {"localAliases", std::move(names)}};
    }));
  });
}

Parsed ListBucketsInfo(const Call& call) {
  std::optional<Reply> refused;
  Page page = ReadPage(call, 1000, refused);
  if (refused.has_value()) return *refused;
  return Effect([page](Store& store, const std::string&) {
    std::string error;
    if (!page.offset.empty() && !ParseBucketId(page.offset, error)) return BadRequest(error);
    return Ok(OnPage(page, store.buckets, [&](const Bucket& bucket) { return ShowBucket(store, bucket); }));
  });
}

Reply SearchBucket(Store& store, const std::string& text) {
  if (const Bucket* const named = store.FindByAlias(text)) return Ok(ShowBucket(store, *named));
  constexpr std::size_t kLeastDigits = 2;
  std::string const start = Lower(text);
  if (start.size() < kLeastDigits) return NoSuchBucket(text);
  std::vector<const Bucket*> found;
  for (const auto& [id, bucket] : store.buckets) {
    if (id.starts_with(start)) found.push_back(&bucket);
  }
  if (found.empty()) return NoSuchBucket(text);
  if (found.size() > 1) return BadRequest("Several matching buckets: " + text);
  return Ok(ShowBucket(store, *found.front()));
}

Parsed GetBucketInfo(const Call& call) {
  return Effect([query = call.query](Store& store, const std::string&) {
    auto const id = query.Get("id");
    auto const alias = query.Get("globalAlias");
    auto const search = query.Get("search");
    if (int{id.has_value()} + int{alias.has_value()} + int{search.has_value()} != 1) {
      return BadRequest("Either id, globalAlias or search must be provided (but not several of them)");
    }
    if (search.has_value()) return SearchBucket(store, *search);
    if (alias.has_value()) {
      const Bucket* const named = store.FindByAlias(*alias);
      return named != nullptr ? Ok(ShowBucket(store, *named)) : NoSuchBucket(*alias);
    }
    std::string error;
    auto const whole = ParseBucketId(*id, error);
    if (!whole.has_value()) return BadRequest(error);
    const Bucket* const bucket = store.FindBucket(*whole);
    return bucket != nullptr ? Ok(ShowBucket(store, *bucket)) : NoSuchBucket(*whole);
  });
}

struct NewBucket {
  std::optional<std::string> alias;
  bool has_local = false;
  std::string key = {};
  std::string local_alias = {};
  Permissions allow = {};
};

Permissions ReadPermissions(const Json& object, std::string& error) {
  if (object.is_null()) return {};
  Fields fields(object, "ApiBucketKeyPerm", error);
  return {.read = fields.Flag("read").value_or(false),
          .write = fields.Flag("write").value_or(false),
          .owner = fields.Flag("owner").value_or(false)};
}

NewBucket ReadNewBucket(Fields& fields, std::string& error) {
  NewBucket wish{.alias = fields.Text("globalAlias")};
  const Json& local = fields.Object("localAlias");
  if (local.is_null()) return wish;
  Fields inner(local, "CreateBucketLocalAlias", error);
  wish.has_local = true;
  wish.key = inner.NeededText("accessKeyId");
  wish.local_alias = inner.NeededText("alias");
  wish.allow = ReadPermissions(inner.Object("allow"), error);
  return wish;
}

Reply MakeBucket(Store& store, const NewBucket& wish) {
  if (wish.alias.has_value()) {
    if (!IsBucketName(*wish.alias)) return BadRequest(BadBucketName(*wish.alias));
    if (store.aliases.contains(*wish.alias)) return Conflict("BucketAlreadyExists", "Bucket already exists");
  }
  Key* key = nullptr;
  if (wish.has_local) {
    if (!IsBucketName(wish.local_alias)) return BadRequest(BadBucketName(wish.local_alias));
    key = store.FindKey(wish.key);
    if (key == nullptr) return NoSuchKey(wish.key);
    if (key->aliases.contains(wish.local_alias)) return BadRequest("Local alias already exists");
  }
  Bucket& bucket = store.MakeBucket();
  if (wish.alias.has_value()) {
    bucket.aliases.insert(*wish.alias);
    store.aliases[*wish.alias] = bucket.id;
  }
  if (key != nullptr) {
    key->aliases[wish.local_alias] = bucket.id;
    bucket.grants[key->id] = wish.allow;
  }
  return Ok(ShowBucket(store, bucket));
}

Parsed CreateBucket(const Call& call) {
  return WithBody(call, "CreateBucketRequest", ReadNewBucket, [](const NewBucket& wish) {
    return [wish](Store& store, const std::string&) { return MakeBucket(store, wish); };
  });
}

Parsed UpdateBucket(const Call& call) {
  return WithBody(call, "UpdateBucketRequestBody", ReadBucketChange,
                  [version = call.version, text = *call.query.Get("id")](const BucketChange& change) {
                    return [version, text, change](Store& store, const std::string&) {
                      std::string error;
                      auto const id = ParseBucketId(text, error);
                      if (!id.has_value()) return BadRequest(error);
                      Bucket* const bucket = store.FindBucket(*id);
                      if (bucket == nullptr) return NoSuchBucket(*id);
                      error = ChangeBucket(version, change, *bucket);
                      return error.empty() ? Ok(ShowBucket(store, *bucket)) : BadRequest(error);
                    };
                  });
}

Parsed DeleteBucket(const Call& call) {
  return Effect([text = *call.query.Get("id")](Store& store, const std::string&) {
    std::string error;
    auto const id = ParseBucketId(text, error);
    if (!id.has_value()) return BadRequest(error);
    const Bucket* const bucket = store.FindBucket(*id);
    if (bucket == nullptr) return NoSuchBucket(*id);
    if (!bucket->objects.empty()) return Conflict("BucketNotEmpty", "Tried to delete a non-empty bucket");
    store.DropBucket(*id);
    return Ok(nullptr);
  });
}

struct Cleanup {
  std::string bucket;
  std::uint64_t seconds = 0;
};

Parsed CleanupIncompleteUploads(const Call& call) {
  auto const read = [](Fields& fields, std::string&) {
    return Cleanup{.bucket = fields.NeededText("bucketId"), .seconds = fields.NeededNatural("olderThanSecs")};
  };
  return WithBody(call, "CleanupIncompleteUploadsRequest", read, [](const Cleanup& wish) {
    return [wish](Store& store, const std::string&) {
      std::string error;
      auto const id = ParseBucketId(wish.bucket, error);
      if (!id.has_value()) return BadRequest(error);
      std::size_t deleted = 0;
      if (Bucket* const bucket = store.FindBucket(*id)) {
        std::int64_t const before = store.Now() - static_cast<std::int64_t>(wish.seconds) * 1000;
        deleted = std::erase_if(bucket->uploads,
                                [&](const auto& upload) { return upload.second.started <= before; });
      }
      return Ok({{"uploadsDeleted", deleted}});
    };
  });
}

struct GrantChange {
  std::string bucket;
  std::string key;
  Permissions permissions;
};

Parsed ChangeGrant(const Call& call, bool allow) {
  auto const read = [](Fields& fields, std::string& error) {
    return GrantChange{.bucket = fields.NeededText("bucketId"),
                       .key = fields.NeededText("accessKeyId"),
                       .permissions = ReadPermissions(fields.NeededObject("permissions"), error)};
  };
  return WithBody(call, "BucketKeyPermChangeRequest", read, [allow](const GrantChange& wish) {
    return [wish, allow](Store& store, const std::string&) {
      std::string error;
      auto const id = ParseBucketId(wish.bucket, error);
      if (!id.has_value()) return BadRequest(error);
      Bucket* const bucket = store.FindBucket(*id);
      if (bucket == nullptr) return NoSuchBucket(*id);
      if (store.FindKey(wish.key) == nullptr) return NoSuchKey(wish.key);
      Permissions& grant = bucket->grants[wish.key];
      if (wish.permissions.read) grant.read = allow;
      if (wish.permissions.write) grant.write = allow;
      if (wish.permissions.owner) grant.owner = allow;
      return Ok(ShowBucket(store, *bucket));
    };
  });
}

Parsed AllowBucketKey(const Call& call) { return ChangeGrant(call, true); }
Parsed DenyBucketKey(const Call& call) { return ChangeGrant(call, false); }

}  // namespace

std::vector<Endpoint> BucketEndpoints() {
  return {{.method = "GET", .name = "ListBuckets", .parse = ListBuckets},
          {.method = "GET", .name = "ListBucketsInfo", .parse = ListBucketsInfo, .since = Version::kTwoFive},
          {.method = "GET", .name = "GetBucketInfo", .parse = GetBucketInfo},
          {.method = "POST", .name = "CreateBucket", .parse = CreateBucket},
          {.method = "POST", .name = "UpdateBucket", .parse = UpdateBucket, .argument = "id"},
          {.method = "POST", .name = "DeleteBucket", .parse = DeleteBucket, .argument = "id"},
          {.method = "POST", .name = "CleanupIncompleteUploads", .parse = CleanupIncompleteUploads},
          {.method = "POST", .name = "AllowBucketKey", .parse = AllowBucketKey},
          {.method = "POST", .name = "DenyBucketKey", .parse = DenyBucketKey}};
}

}  // namespace fediversity::emulators::garage
