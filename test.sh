#!/usr/bin/env bash
# Does all set-up that the tests need, builds, publishes the programs, runs the tests and closes with one line:
#   N passed, N failed, N skipped
# Exits 0 only when tests ran and none failed. Reads nothing from standard input.
#
# usage: ./test.sh            everything
#        ./test.sh NAME...    test projects, or areas (folders in them), by any part of the name that fits only one
#        ./test.sh --list     their names
. "$(dirname "$0")/eng/common.sh"
exec </dev/null

# What there is, one a line: short name, project folder, area. Native.Tests, which waits for programs, takes longest: it starts first.
names() {
  local project area short
  for project in tests/*.Native.Tests $(ls -d tests/*.Tests | grep -v '\.Native\.Tests$'); do
    short=${project#tests/AotLayers.}
    printf '%s %s\n' "${short%.Tests}" "$project"
    for area in "$project"/*/; do
      area=$(basename "$area")
      if grep -qsE '\[(Fact|Theory|Test|TestCase)' "$project/$area"/*.cs; then
        printf '%s %s %s\n' "$area" "$project" "$area"
      fi
    done
  done
}

# The lines of names() that the word means: by its whole name, or else by a part of it.
find_name() { # word
  local found
  for pattern in '{ n = tolower($1) } n == w || "aotlayers." n ".tests" == w' '{ n = tolower($1) } index(n, w)'; do
    found=$(names | awk -v w="${1,,}" "$pattern")
    [ -z "$found" ] || break
  done
  printf '%s' "$found"
}

if [ "${1:-}" = --list ]; then
  names | awk '{ print $3 == "" ? $1 : "  " $3 }'
  exit
fi

# Project folders, each with the areas that were asked for; none means the whole project.
declare -A chosen=()
for word in "$@"; do
  found=$(find_name "$word")
  if [ -z "$found" ]; then
    echo "No test project and no area has '$word' in its name. ./test.sh --list tells the names." >&2
    exit 2
  elif [ "$(wc -l <<<"$found")" -gt 1 ]; then
    echo "'$word' fits more than one:" >&2
    awk '{ print "  " $1 ($3 == "" ? "" : " (in " $2 ")") }' <<<"$found" >&2
    exit 2
  fi
  read -r _ project area <<<"$found"
  if [ -z "$area" ] || [ "${chosen[$project]-}" = whole ]; then
    chosen[$project]=whole
  else
    chosen[$project]+=${chosen[$project]:+,}$area
  fi
done
tests=()
for project in $(names | awk '$3 == "" { print $2 }'); do
  if [ "$#" -eq 0 ] || [ "${chosen[$project]-}" = whole ]; then
    tests+=("$project")
  elif [ -n "${chosen[$project]-}" ]; then
    tests+=("$project=${chosen[$project]}")
  fi
done

check_sdk
eng/install-dependencies.sh
# Again: what was just installed decides what can be published.
. eng/common.sh
rm -rf "$results"
mkdir -p "$results"

say "Building"
targets=(AotLayers.sln)
if [ "$#" -gt 0 ]; then
  targets=("${tests[@]%%=*}")
fi
for target in "${targets[@]}"; do
  if ! dotnet build "$target" -c "$configuration" --nologo -v quiet >"$results/build.log" 2>&1; then
    grep -E 'error|warning' "$results/build.log" | sort -u | head -n 60
    printf '\n0 passed, 1 failed, 0 skipped\n'
    exit 1
  fi
done

unpublished=0
if grep -qs '<TestsPublishedPrograms>true' $(printf '%s/*.csproj ' "${tests[@]%%=*}"); then
  say "Publishing"
  eng/publish.sh || unpublished=$?
fi

say "Testing"
exec eng/run-tests.sh --failed "$unpublished" "${tests[@]}"
