#!/usr/bin/env bash
# Runs built test projects and closes with one line: N passed, N failed, N skipped
# usage: eng/run-tests.sh [--failed N] PROJECT_FOLDER[=AREA,...]...
#   an area is a folder of the project; N is what failed before and counts here
# Exits 0 only when tests ran and none failed.
. "$(dirname "$0")/common.sh"
check_sdk

failed=0
if [ "${1:-}" = --failed ]; then
  failed=$2
  shift 2
fi

mkdir -p "$results"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# One .trx file per project, with a line <Counters total="" executed="" passed="" failed="" .../>.
counter() { # file, name
  sed -n 's/.*<Counters[^>]* '"$2"'="\([0-9]*\)".*/\1/p' "$1" | head -n 1
}

run() { # project folder[=areas]
  local name trx log total executed passed status area
  local -a filter=()
  name=$(basename "${1%%=*}")
  if [ "$1" != "${1%%=*}" ]; then
    for area in $(tr ',' ' ' <<<"${1#*=}"); do
      filter[1]=${filter[1]:+${filter[1]}|}FullyQualifiedName~.$area.
    done
    filter[0]=--filter
  fi
  trx=$results/$name.trx
  log=$results/$name.log
  rm -f "$trx"
  # The limit is far above what any of them needs: a hanging test must not hang the run.
  timeout --kill-after=30 1200 dotnet test "artifacts/bin/$name/${configuration,,}/$name.dll" "${filter[@]}" \
    --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=normal" >"$log" 2>&1
  status=$?

  if [ ! -s "$trx" ]; then
    printf '  %-34s did not run\n' "$name"
    tail -n 60 "$log"
    echo "0 1 0" >"$scratch/$name"
    return
  fi

  total=$(counter "$trx" total)
  executed=$(counter "$trx" executed)
  passed=$(counter "$trx" passed)
  local failed=$((executed - passed)) skipped=$((total - executed))
  # A crash of the test process, or no test at all, leaves counters that look well.
  if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ] || [ "$total" -eq 0 ]; then
    failed=$((failed + 1))
  fi

  printf '  %-34s %5d passed, %d failed, %d skipped, %d s\n' "$name" "$passed" "$failed" "$skipped" "$((SECONDS - started))"
  if [ "$failed" -gt 0 ]; then
    grep -vE '^ *Passed ' "$log" | tail -n 300
  elif [ "$skipped" -gt 0 ]; then
    grep -E '^ *Skipped ' "$log"
  fi
  echo "$passed $failed $skipped" >"$scratch/$name"
}

# Two at a time: most of what the slowest one does is to wait for processes. What a project prints comes out in one piece.
started=$SECONDS
running=0
for project in "$@"; do
  if [ "$running" -ge 2 ]; then
    wait -n
    running=$((running - 1))
  fi
  { text=$(run "$project"); printf '%s\n' "$text"; } &
  running=$((running + 1))
done
wait

passed=0 skipped=0
for project in "$@"; do
  if read -r p f s 2>/dev/null <"$scratch/$(basename "${project%%=*}")"; then
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  else
    failed=$((failed + 1))
  fi
done
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
