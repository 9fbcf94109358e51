# shellcheck shell=bash
# Builds the libcurl of the static binary; sourced after common.sh, never run.
#
# Debian's libcurl.a needs Kerberos, which has no static library. So the same source package is built once more
# with OpenSSL and HTTP(S) only, security patches included, and kept in the cache under its Debian version.

# curl_sources DIRECTORY: downloads the source package without touching the system's apt sources.
curl_sources() {
  local directory=$1
  local -a private=(
    -o "Dir::Etc::SourceList=$directory/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$directory/lists" -o "Dir::Cache=$directory/cache" -o APT::Sandbox::User=
  )
  mkdir -p "$directory"/{lists/partial,cache/archives/partial,source}
  # The mirrors that the system takes its packages from serve the sources too.
  # shellcheck disable=SC2016 # apt's own placeholders
  apt-get indextargets --format '$(CREATED_BY)|$(TARGET_OF)|$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(COMPONENT)' |
    awk -F'|' '$1 == "Packages" && $2 == "deb" && $5 == "Debian" && $6 == "main" {print "deb-src " $3, $4, $6}' |
    sort -u >"$directory/sources.list"
  [[ -s $directory/sources.list ]] || fail "no Debian package source is set up; the static build needs curl's source"
  apt-get "${private[@]}" -q update
  (cd "$directory/source" && apt-get "${private[@]}" -q source --download-only curl)
  dpkg-source --no-check -x "$directory"/source/curl_*.dsc "$directory/tree"
}

curl_build() {
  local directory=$1 prefix=$2
  cmake -S "$directory/tree" -B "$directory/build" -G Ninja \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
    -DBUILD_SHARED_LIBS=OFF -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DENABLE_MANUAL=OFF \
    -DHTTP_ONLY=ON -DCURL_USE_OPENSSL=ON -DCURL_DISABLE_NTLM=ON -DUSE_LIBIDN2=OFF -DUSE_NGHTTP2=OFF \
    -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH2=OFF -DCURL_USE_GSSAPI=OFF -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF \
    -DCURL_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt -DCURL_CA_PATH=/etc/ssl/certs
  ninja -C "$directory/build" -j "$JOBS" install
}

# curl_prefix: prints where that libcurl is installed, after building it where need be.
curl_prefix() {
  local version prefix directory
  version=$(dpkg-query -W -f '${source:Version}' libcurl4-openssl-dev)
  prefix=$CACHE/curl-$version
  if [[ ! -f $prefix/lib/libcurl.a ]]; then
    say "building libcurl $version for the static binary, once"
    directory=$(mktemp -d)
    quietly "$ROOT/build/curl.log" curl_sources "$directory"
    quietly "$ROOT/build/curl.log" curl_build "$directory" "$prefix.$$"
    mv -T "$prefix.$$" "$prefix"
    rm -rf "$directory"
  fi
  printf '%s\n' "$prefix"
}
