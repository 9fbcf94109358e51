#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_PERMISSIONS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_PERMISSIONS_H_

namespace fediversity::garage {

// What a key may do on a bucket.
struct Permissions {
  bool read = false;
  bool write = false;
  bool owner = false;

  bool any() const { return read || write || owner; }
  friend bool operator==(const Permissions&, const Permissions&) = default;
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_PERMISSIONS_H_
