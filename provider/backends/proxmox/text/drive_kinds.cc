#include "provider/backends/proxmox/text/kind.h"

namespace fediversity::proxmox {
namespace {

// All buses' options together; which of them a bus has is the server's to say.
constexpr OptionRule kDriveOptions[] = {
    {.name = "file", .required = true},
    {.name = "volume", .alias_of = "file"},
    {.name = "aio"},
    {.name = "backup", .form = Form::kBool},
    {.name = "bps", .form = Form::kInteger},
    {.name = "bps_max_length", .form = Form::kInteger},
    {.name = "bps_rd", .form = Form::kInteger},
    {.name = "bps_rd_length", .alias_of = "bps_rd_max_length"},
    {.name = "bps_rd_max_length", .form = Form::kInteger},
    {.name = "bps_wr", .form = Form::kInteger},
    {.name = "bps_wr_length", .alias_of = "bps_wr_max_length"},
    {.name = "bps_wr_max_length", .form = Form::kInteger},
    {.name = "cache"},
    {.name = "cyls", .form = Form::kInteger},
    {.name = "detect_zeroes", .form = Form::kBool},
    {.name = "discard"},
    {.name = "format"},
    {.name = "heads", .form = Form::kInteger},
    {.name = "import-from"},
    {.name = "iops", .form = Form::kInteger},
    {.name = "iops_max", .form = Form::kInteger},
    {.name = "iops_max_length", .form = Form::kInteger},
    {.name = "iops_rd", .form = Form::kInteger},
    {.name = "iops_rd_length", .alias_of = "iops_rd_max_length"},
    {.name = "iops_rd_max", .form = Form::kInteger},
    {.name = "iops_rd_max_length", .form = Form::kInteger},
    {.name = "iops_wr", .form = Form::kInteger},
    {.name = "iops_wr_length", .alias_of = "iops_wr_max_length"},
    {.name = "iops_wr_max", .form = Form::kInteger},
    {.name = "iops_wr_max_length", .form = Form::kInteger},
    {.name = "iothread", .form = Form::kBool},
    {.name = "mbps", .form = Form::kNumber},
    {.name = "mbps_max", .form = Form::kNumber},
    {.name = "mbps_rd", .form = Form::kNumber},
    {.name = "mbps_rd_max", .form = Form::kNumber},
    {.name = "mbps_wr", .form = Form::kNumber},
    {.name = "mbps_wr_max", .form = Form::kNumber},
    {.name = "media"},
    {.name = "model", .form = Form::kUrlEncoded},
    {.name = "product"},
    {.name = "queues", .form = Form::kInteger},
    {.name = "replicate", .form = Form::kBool},
    {.name = "rerror"},
    {.name = "ro", .form = Form::kBool},
    {.name = "scsiblock", .form = Form::kBool},
    {.name = "secs", .form = Form::kInteger},
    {.name = "serial", .form = Form::kUrlEncoded},
    {.name = "shared", .form = Form::kBool},
    {.name = "size", .form = Form::kSize},
    {.name = "snapshot", .form = Form::kBool},
    {.name = "ssd", .form = Form::kBool},
    {.name = "trans"},
    {.name = "vendor"},
    {.name = "werror"},
    {.name = "wwn"},
};

constexpr OptionRule kEfiDiskOptions[] = {
    {.name = "file", .required = true},
    {.name = "volume", .alias_of = "file"},
    {.name = "efitype"},
    {.name = "format"},
    {.name = "import-from"},
    {.name = "ms-cert"},
    {.name = "pre-enrolled-keys", .form = Form::kBool},
    {.name = "size", .form = Form::kSize},
};

constexpr OptionRule kTpmStateOptions[] = {
    {.name = "file", .required = true},
    {.name = "volume", .alias_of = "file"},
    {.name = "format"},
    {.name = "import-from"},
    {.name = "size", .form = Form::kSize},
    {.name = "version"},
};

constexpr OptionRule kUnusedOptions[] = {
    {.name = "file", .required = true},
    {.name = "volume", .alias_of = "file"},
};

}  // namespace

constinit const Kind kDriveKind = {.name = "drive", .default_key = "file", .options = kDriveOptions};
constinit const Kind kEfiDiskKind = {.name = "EFI disk", .default_key = "file", .options = kEfiDiskOptions};
constinit const Kind kTpmStateKind = {
    .name = "TPM state", .default_key = "file", .options = kTpmStateOptions};
constinit const Kind kUnusedKind = {.name = "unused disk", .default_key = "file", .options = kUnusedOptions};

}  // namespace fediversity::proxmox
