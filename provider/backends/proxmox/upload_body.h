#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_UPLOAD_BODY_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_UPLOAD_BODY_H_

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/storage.h"
#include "provider/http/request.h"

namespace fediversity::proxmox {

// The body of an upload: multipart/form-data (RFC 7578) that holds the fields and then the file, for the service reads
// them in that order. The file is read while it is sent. NotFound or FailedPrecondition where it cannot be opened;
// FailedPrecondition while it is sent where it gets shorter.
absl::StatusOr<http::Body> UploadBody(const UploadRequest& request);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_UPLOAD_BODY_H_
