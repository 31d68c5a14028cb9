#!/usr/bin/env bash
# The shell part of the GitHub Action: measures, compares with what was measured before, and keeps the results for the next time.
# Everything comes from the environment (action.yml), so that no input is ever taken for shell code.
set -euo pipefail

root=$PWD
report=$root/.lanewise-report
previous=$root/.lanewise-previous/results.json
read -ra command <<<"${LANEWISE_COMMAND:-npx --no-install lanewise}"
arguments=()
# xargs knows quotes, and runs nothing of what it reads.
if [ -n "${LANEWISE_ARGUMENTS:-}" ]; then
  while IFS= read -r word; do arguments+=("$word"); done < <(xargs -n1 printf '%s\n' <<<"$LANEWISE_ARGUMENTS")
fi
if [ -n "${LANEWISE_SUITE:-}" ]; then arguments+=(--suite "$LANEWISE_SUITE"); fi

tell() { printf '%s\n' "$1" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"; }
put() { printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"; }
finish() {
  put changed "$1"
  exit "$2"
}

cd "${LANEWISE_DIRECTORY:-.}"
status=0
"${command[@]}" run "${arguments[@]+"${arguments[@]}"}" --out "$report" --summary || status=$?
# 1: a cell has failed, and the report says which; anything else has no results.
if [ "$status" -gt 1 ]; then exit "$status"; fi
put results "$report/results.json"

changed='not compared'
if [ "${LANEWISE_COMPARE:-true}" = true ] && [ -f "$previous" ]; then
  verdict=0
  comparison=$(mktemp)
  "${command[@]}" compare "$previous" "$report/results.json" --fail-on "${LANEWISE_FAIL_ON:-slower}" >"$comparison" 2>&1 || verdict=$?
  {
    printf '\n### Since the last results\n\n```text\n'
    cat "$comparison"
    printf '```\n'
  } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
  cat "$comparison"
  rm "$comparison"
  case $verdict in
    0) changed=no ;;
    1 | 4) changed=slower ;;
    3) changed=undecided ;;
    *) tell 'The last results are of another machine or another kind: nothing was compared.' ;;
  esac
fi
# Slower results are kept, too: the next comparison is with what is there then.
mkdir -p "$(dirname "$previous")"
cp "$report/results.json" "$previous"
if [ "$changed" = slower ]; then finish "$changed" 1; fi
finish "$changed" "$status"
