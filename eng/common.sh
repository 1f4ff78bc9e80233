# What the scripts of this folder share. Sourced, from any folder: afterwards the repository's root is the current one.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
# dotnet refuses to start without a home.
export HOME="${HOME:-/tmp}"

configuration=Release
results=$PWD/artifacts/test-results

say() { printf '\n== %s\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }

# Tools of LLVM carry their version in Debian: lld-link, or the newest of lld-link-22, lld-link-21, ...
have_llvm() {
  local version
  for version in '' -22 -21 -20 -19 -18 -17 -16 -15 -14; do
    if have "$1$version"; then
      return 0
    fi
  done
  return 1
}

# What this machine can link for. On Linux, Windows takes the tools that eng/windows-cross/README.md names.
rids=(linux-x64)
if have_llvm lld-link && have_llvm clang++ && have_llvm llvm-dlltool && have x86_64-w64-mingw32-gcc; then
  rids+=(win-x64)
fi
# As a property (Directory.Build.targets): one restore then serves the build and every publish.
export AotLayersRids="$(IFS=';'; echo "${rids[*]}")"

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
