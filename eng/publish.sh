#!/usr/bin/env bash
# Publishes the programs as the tests want them, for Linux and, where this machine can link for it, for Windows. Ends with
# the number of programs that failed.
. "$(dirname "$0")/common.sh"
check_sdk
mkdir -p "$results"
# Programs of an earlier run would be tested in place of one that no longer publishes.
rm -rf artifacts/publish

log=$results/publish.log
dotnet msbuild eng/publish.proj -restore -nologo -verbosity:minimal -maxCpuCount:2 >"$log" 2>&1 || cat "$log"

failures=0
for project in AotLayers.Cli AotLayers.Native AotLayers.Shim AotLayers.WindowsLibraries; do
  for rid in "${rids[@]}"; do
    if [ "$project" = AotLayers.WindowsLibraries ] && [ "${rid#win-}" = "$rid" ]; then
      continue
    fi
    if [ -n "$(ls "artifacts/publish/$project/release_$rid" 2>/dev/null)" ]; then
      printf '  %-18s %s\n' "$project" "$rid"
    else
      printf '  %-18s %s FAILED\n' "$project" "$rid"
      failures=$((failures + 1))
    fi
  done
done
exit "$failures"
