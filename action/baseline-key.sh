#!/usr/bin/env bash
# What tells the baseline of one step from that of another: whatever changes what is measured, or on what. Everything comes from the environment (action.yml).
set -euo pipefail

# Fields end with NUL, which none can hold: suite `a` in folder `b-c` is not suite `a-b` in folder `c`.
key=$(printf '%s\0' "${GITHUB_WORKFLOW:-}" "${GITHUB_JOB:-}" "${LANEWISE_MATRIX:-}" "${LANEWISE_SUITE:-}" "${LANEWISE_ARGUMENTS:-}" "${LANEWISE_DIRECTORY:-.}" "${LANEWISE_COMMAND:-}" |
  node -e '
    const hash = require("crypto").createHash("sha256").update(process.versions.node.split(".")[0]);
    process.stdin.on("data", (bytes) => hash.update(bytes)).on("end", () => console.log(hash.digest("hex").slice(0, 16)));
  ')
# A machine of one's own may still have what an earlier job left: only the cache has baselines.
rm -rf ".lanewise-baseline/$key"
printf 'key=%s\n' "$key" >>"${GITHUB_OUTPUT:-/dev/stdout}"
