#!/usr/bin/env bash
# Does all set-up that the tests need, publishes the programs, runs every test project and closes with one line:
#   N passed, N failed, N skipped
# Exits 0 only when tests ran and none failed. Reads nothing from standard input.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
exec </dev/null

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
export DEBIAN_FRONTEND=noninteractive
# dotnet refuses to start without a home.
export HOME="${HOME:-/tmp}"

results=$PWD/artifacts/test-results
rids=(linux-x64)
problems=0

say() { printf '\n== %s\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }

# The first of the names that exists: tools of LLVM carry their version in Debian.
first_of() {
  local name
  for name in "$@"; do
    if have "$name"; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

versioned() {
  local version
  printf '%s\n' "$1"
  for version in 22 21 20 19 18 17 16 15 14; do
    printf '%s-%s\n' "$1" "$version"
  done
}

have_llvm() {
  local names
  mapfile -t names < <(versioned "$1")
  first_of "${names[@]}" >/dev/null
}

# --- What is missing, as package: why. Without it tests are skipped, or (gcc, zlib1g-dev) nothing links.

declare -A missing=()
need() { # package, reason, command that must succeed
  local package=$1 reason=$2
  shift 2
  "$@" || missing[$package]=$reason
}

find_missing() {
  missing=()
  need gcc "publishing for Linux; tests that call the library from C" have gcc
  need g++ "tests that call the library from C++" have g++
  need zlib1g-dev "tests of the interop toolkit on libz" test -e /usr/include/zlib.h
  need lld "publishing for Windows, so all tests of the Windows programs" have_llvm lld-link
  need clang "publishing for Windows, so all tests of the Windows programs" have_llvm clang++
  need llvm "publishing for Windows, so all tests of the Windows programs" have_llvm llvm-dlltool
  need mingw-w64 "publishing for Windows, so all tests of the Windows programs" have x86_64-w64-mingw32-g++
  need wine64 "running the Windows programs" have wine
  need libarchive-tools "comparing archives with what bsdtar reads" have bsdtar
  need python3 "comparing archives with what Python's tarfile reads" have python3
  need valgrind "looking for memory errors in C callers" have valgrind
}

apt_install() {
  apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends "$@" >/dev/null
}

install_missing() {
  find_missing
  if [ "${#missing[@]}" -eq 0 ]; then
    return
  fi

  if [ "$(id -u)" -eq 0 ] && have apt-get; then
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
    find_missing
  fi

  if [ "${#missing[@]}" -gt 0 ]; then
    say "Missing, and not installed (that needs root and apt-get)"
    for package in "${!missing[@]}"; do
      printf '  %-18s %s\n' "$package" "skips ${missing[$package]}"
    done
  fi
}

check_sdk() {
  if ! have dotnet; then
    echo "dotnet is not on the PATH. Install the .NET 10 SDK: https://dot.net/download" >&2
    exit 1
  fi
  # In this folder, global.json decides: the command fails when no installed SDK satisfies it.
  if ! dotnet --version >/dev/null 2>&1; then
    dotnet --version
    echo "Install the .NET 10 SDK that global.json asks for: https://dot.net/download" >&2
    exit 1
  fi
}

publish() { # project, rid
  local log
  log=$results/publish-$(basename "$1")-$2.log
  if dotnet publish "$1" -c Release -r "$2" --nologo -v quiet >"$log" 2>&1; then
    printf '  %-18s %s\n' "$(basename "$1")" "$2"
  else
    printf '  %-18s %s FAILED\n' "$(basename "$1")" "$2"
    cat "$log"
    problems=$((problems + 1))
  fi
}

# --- Counting: one .trx file per project, with a line <Counters total="" executed="" passed="" failed="" .../>.

counter() { # file, name
  sed -n 's/.*<Counters[^>]* '"$2"'="\([0-9]*\)".*/\1/p' "$1" | head -n 1
}

passed=0 failed=0 skipped=0

run_tests() { # project folder
  local name trx log total executed ok
  name=$(basename "$1")
  trx=$results/$name.trx
  log=$results/$name.log
  rm -f "$trx"
  # The limit is far above what any of them needs: a hanging test must not hang the run.
  timeout --kill-after=30 900 dotnet test "$1" --nologo -v quiet --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=normal" >"$log" 2>&1
  local status=$?

  if [ ! -s "$trx" ]; then
    printf '  %-34s did not run\n' "$name"
    tail -n 60 "$log"
    failed=$((failed + 1))
    return
  fi

  total=$(counter "$trx" total)
  executed=$(counter "$trx" executed)
  ok=$(counter "$trx" passed)
  local bad=$((executed - ok)) left=$((total - executed))
  # A crash of the test process, or no test at all, leaves counters that look well.
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] || [ "$total" -eq 0 ]; then
    bad=$((bad + 1))
  fi

  printf '  %-34s %5d passed, %d failed, %d skipped\n' "$name" "$ok" "$bad" "$left"
  if [ "$bad" -gt 0 ]; then
    grep -vE '^ *Passed ' "$log" | tail -n 300
  elif [ "$left" -gt 0 ]; then
    grep -E '^ *Skipped ' "$log"
  fi

  passed=$((passed + ok))
  failed=$((failed + bad))
  skipped=$((skipped + left))
}

# ---------------------------------------------------------------------------------------------------------------------

check_sdk
install_missing
# Programs of an earlier run would be tested in place of one that no longer publishes.
rm -rf "$results" artifacts/publish
mkdir -p "$results"

if have_llvm lld-link && have_llvm clang++ && have_llvm llvm-dlltool && have x86_64-w64-mingw32-gcc; then
  rids+=(win-x64)
fi

say "Publishing"
for project in src/AotLayers.Cli src/AotLayers.Native src/AotLayers.Shim; do
  if [ -f "$project/$(basename "$project").csproj" ]; then
    for rid in "${rids[@]}"; do
      publish "$project" "$rid"
    done
  fi
done

say "Testing"
for project in tests/*.Tests; do
  if [ -f "$project/$(basename "$project").csproj" ]; then
    run_tests "$project"
  fi
done

failed=$((failed + problems))
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
