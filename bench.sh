#!/usr/bin/env bash
# All comparisons of speed: does the set-up, builds, runs the benchmarks and closes with their tables.
#
# usage: ./bench.sh            everything, a quarter of an hour on a quiet machine
#        ./bench.sh --quick    few iterations: the order of magnitude, in some minutes
#        ./bench.sh [--quick] NAME...   those whose names have a part: Recording, Stream, Binding, Tar, Start
. "$(dirname "$0")/eng/common.sh"
exec </dev/null

quick=()
filters=()
for word in "$@"; do
  case $word in
    --quick) quick=(--quick) ;;
    -*) echo "Unknown option $word: see the first lines of bench.sh." >&2; exit 2 ;;
    *) filters+=("*$word*") ;;
  esac
done
if [ "${#filters[@]}" -eq 0 ]; then
  filters=('*')
fi

check_sdk
eng/install-dependencies.sh || true
mkdir -p "$results"
reports=$PWD/artifacts/benchmarks
rm -rf "$reports"

say "Building"
dotnet build tests/AotLayers.Benchmarks -c Release --nologo -v quiet || exit 1
case ${filters[*]} in
  '*' | *Start*)
    say "Publishing"
    # The program whose start is measured.
    dotnet publish src/AotLayers.Cli -c Release -r linux-x64 --nologo -v quiet || exit 1
    ;;
esac

say "Measuring"
dotnet "artifacts/bin/AotLayers.Benchmarks/release/AotLayers.Benchmarks.dll" \
  "${quick[@]}" --filter "${filters[@]}" --artifacts "$reports" --stopOnFirstError >"$results/bench.log" 2>&1
status=$?
shopt -s nullglob
tables=("$reports"/results/*-report-github.md)
if [ "$status" -ne 0 ] || [ "${#tables[@]}" -eq 0 ]; then
  tail -n 40 "$results/bench.log"
  exit 1
fi

for table in "${tables[@]}"; do
  name=$(basename "$table" -report-github.md)
  say "${name#AotLayers.Benchmarks.}"
  grep '^|' "$table"
done
