#!/usr/bin/env bash
# Computes the key of a step's baseline from everything that changes the measurement or its machine. All values come from the environment (action.yml).
set -euo pipefail

# Fields end with NUL, which none can contain: suite `a` in folder `b-c` is not suite `a-b` in folder `c`.
key=$(printf '%s\0' "${GITHUB_WORKFLOW:-}" "${GITHUB_JOB:-}" "${LANEWISE_MATRIX:-}" "${LANEWISE_SUITE:-}" "${LANEWISE_ARGUMENTS:-}" "${LANEWISE_DIRECTORY:-.}" "${LANEWISE_COMMAND:-}" |
  node -e '
    const hash = require("crypto").createHash("sha256").update(process.versions.node.split(".")[0]);
    process.stdin.on("data", (bytes) => hash.update(bytes)).on("end", () => console.log(hash.digest("hex").slice(0, 16)));
  ')
# A self-hosted machine may still have a baseline of an earlier job; only the cache may provide one.
rm -rf ".lanewise-baseline/$key"
printf 'key=%s\n' "$key" >>"${GITHUB_OUTPUT:-/dev/stdout}"
