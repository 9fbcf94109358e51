#ifndef FEDIVERSITY_PROVIDER_BASE_STATUS_MACROS_H_
#define FEDIVERSITY_PROVIDER_BASE_STATUS_MACROS_H_

// RETURN_IF_ERROR(expr) leaves the function with the status of `expr` unless it is OK.
// ASSIGN_OR_RETURN(lhs, expr) does the same for a StatusOr, else assigns (or declares) `lhs`:
//
//   ASSIGN_OR_RETURN(Zone const zone, client.Transfer("example.org."));
//   RETURN_IF_ERROR(zone.Verify());

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define FEDIVERSITY_CONCAT_INNER(a, b) a##b
#define FEDIVERSITY_CONCAT(a, b) FEDIVERSITY_CONCAT_INNER(a, b)

#define RETURN_IF_ERROR(expr)                                         \
  do {                                                                \
    if (absl::Status status_of_expr = (expr); !status_of_expr.ok()) { \
      return status_of_expr;                                          \
    }                                                                 \
  } while (false)

#define ASSIGN_OR_RETURN(lhs, expr) \
  ASSIGN_OR_RETURN_INNER(FEDIVERSITY_CONCAT(status_or_of_line_, __LINE__), lhs, expr)

#define ASSIGN_OR_RETURN_INNER(holder, lhs, expr)      \
  auto holder = (expr);                                \
  if (!holder.ok()) return std::move(holder).status(); \
  lhs = *std::move(holder)

#endif  // FEDIVERSITY_PROVIDER_BASE_STATUS_MACROS_H_
