#!/usr/bin/env bash
# Installs what the build and the tests need beside the .NET SDK: on Debian and Ubuntu, as root. Otherwise says what is
# missing and which tests that skips. Ends with 0 when nothing is missing.
. "$(dirname "$0")/common.sh"
export DEBIAN_FRONTEND=noninteractive

# Package: why. Without it tests are skipped, or (gcc, zlib1g-dev) nothing links.
declare -A missing=()
need() { # package, reason, command that must succeed
  local package=$1 reason=$2
  shift 2
  "$@" || missing[$package]=$reason
}

header() { [ -e "/usr/include/$1" ] || [ -e "/usr/include/$(uname -m)-linux-gnu/$1" ]; }

find_missing() {
  missing=()
  need gcc "publishing for Linux; tests that call the library from C" have gcc
  need g++ "tests that call the library from C++" have g++
  need zlib1g-dev "publishing for Linux; tests of the interop toolkit on libz" header zlib.h
  need lld "publishing for Windows, so all tests of the Windows programs" have_llvm lld-link
  need clang "publishing for Windows, so all tests of the Windows programs" have_llvm clang++
  need llvm "publishing for Windows, so all tests of the Windows programs" have_llvm llvm-dlltool
  need mingw-w64 "publishing for Windows, so all tests of the Windows programs" have x86_64-w64-mingw32-g++
  need wine64 "running the Windows programs" have wine
  need libarchive-tools "comparing archives with what bsdtar reads" have bsdtar
  need python3 "comparing archives with what Python's tarfile reads" have python3
  need chromium "looking at the report page of a recording in a browser" have chromium
  need valgrind "looking for memory errors in C callers" have valgrind
  need golang-go "tests in which a Go program calls the layer functions" have go
  need skopeo "reading image layouts with another tool" have skopeo
  need umoci "reading image layouts with another tool" have umoci
  need zstd "comparing compressed layers with what zstd reads" have zstd
  need sqlite3 "tests of the interop toolkit on SQLite" have sqlite3
  need libsqlite3-dev "tests of the interop toolkit on SQLite" header sqlite3.h
  need liblzma-dev "tests of the interop toolkit on liblzma" header lzma.h
  need libarchive-dev "tests of the interop toolkit on libarchive" header archive.h
  need libsodium-dev "tests of the interop toolkit on libsodium" header sodium.h
  need libssl-dev "tests of the interop toolkit on OpenSSL" header openssl/ssl.h
}

apt_install() {
  apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends "$@" >/dev/null
}

install_missing() {
  say "Installing ${!missing[*]}"
  local package
  local -a packages=()
  apt-get update -qq || echo "apt-get update failed; trying with what is known"
  for package in "${!missing[@]}"; do
    case $package in
      # Debian 12 has newer ones beside its default 14; either works.
      lld | clang | llvm)
        if apt-cache show "$package-19" >/dev/null 2>&1; then
          package=$package-19
        fi
        packages+=("$package")
        ;;
      # "wine" is the launcher of wine64.
      wine64) packages+=(wine64 wine) ;;
      *) packages+=("$package") ;;
    esac
  done
  # One by one when they fail together: a package that this distribution lacks must not keep the others away.
  if ! apt_install "${packages[@]}"; then
    for package in "${packages[@]}"; do
      apt_install "$package" || echo "  $package was not installed"
    done
  fi
}

find_missing
if [ "${#missing[@]}" -gt 0 ] && [ "$(id -u)" -eq 0 ] && have apt-get; then
  install_missing
  find_missing
fi

if [ "${#missing[@]}" -gt 0 ]; then
  say "Missing, and not installed (that needs root and apt-get)"
  for package in "${!missing[@]}"; do
    printf '  %-18s skips %s\n' "$package" "${missing[$package]}"
  done
  exit 1
fi
