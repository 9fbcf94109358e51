# shellcheck shell=bash
# Lists the project's own files; sourced after common.sh, never run.

# sources PATTERN...: those that are in git or would be, each ended by a NUL; paths are absolute.
sources() {
  git -C "$ROOT" ls-files -z --cached --others --exclude-standard -- "$@" |
    while IFS= read -r -d '' path; do
      # A file that was removed but not committed yet is still in the index.
      [[ ! -f $ROOT/$path ]] || printf '%s/%s\0' "$ROOT" "$path"
    done
}
