#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_ERROR_REPORT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_ERROR_REPORT_H_

// Errors of Nix, read from what it writes to standard error.

#include <string_view>

#include "provider/backends/nix/evaluation.h"

namespace fediversity::nix {

// Reads the last error from the output of `--log-format internal-json --show-trace`: lines that begin with
// "@nix " and hold a JSON object each. Versions 2.8 to 2.34 agree on `raw_msg` but not on the order of
// `trace`, on whether a frame's context lines are in `raw_msg`, or on the form of `file`, which may carry
// ":line:column". Some errors, such as a stack overflow, come as a plain "error: ..." instead, which is read
// too. Where nothing is found the kind is kDied and the message is the end of the output.
EvaluationError ReadErrorReport(std::string_view standard_error);

// The kind of an error, by the words that Nix puts first.
ErrorKind ClassifyError(std::string_view message);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_ERROR_REPORT_H_
