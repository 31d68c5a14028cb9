#!/usr/bin/env bash
# The shell part of the GitHub Action: measures and compares. On a branch it measures both versions in one run, base against head. On the default branch it
# compares the run with the earlier ones in the cache, which only a run that does not look slower joins, so that neither another push nor a rerun compares slow
# with slow. All values come from the environment (action.yml), so that inputs are never executed as shell code.
set -euo pipefail

# No leading dot: uploads of artifacts omit hidden files.
report=$PWD/lanewise-report
baselines=$PWD/.lanewise-baseline/${LANEWISE_KEY:-none}
read -ra command <<<"${LANEWISE_COMMAND:-npx --no-install lanewise}"
changed='not compared'
errors=$(mktemp)
# Beginning of the error of Lanewise if no workload has an older version, and of no other error (src/flow/versions.ts).
no_older_version='lanewise: --versus-ref finds no older version:'
warning=

print_line() { printf '%s\n' "$1" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"; }
# Also shown beside the code of a pull request, by a command of the runner: the text must contain no names and no messages.
warn() {
  warning=$1
  print_line "$1"
}
put() { printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"; }

# A workload may be named `::error::…`, which the runner would execute at the start of a line of the log: it must execute no commands until this step ends.
resume_commands=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '::stop-commands::%s\n' "$resume_commands"
finish() {
  local status=$?
  rm -f "$errors"
  put changed "$changed"
  printf '\n::%s::\n' "$resume_commands"
  if [ -n "$warning" ]; then printf '::warning title=Lanewise::%s\n' "$warning"; fi
  exit "$status"
}
trap finish EXIT

# A report of an earlier step or job must not be taken for that of this one.
rm -rf "$report"

arguments=()
# xargs understands quotes and executes nothing of its input. It would turn a blank text into one empty argument.
if [[ ${LANEWISE_ARGUMENTS:-} =~ [^[:space:]] ]]; then
  words=$(xargs printf '%s\n' <<<"$LANEWISE_ARGUMENTS" 2>/dev/null && printf .) || {
    print_line 'Invalid arguments: every quote must be closed on its line. Quote as in a shell, for example "it'\''s".'
    exit 2
  }
  # The dot preserves empty words at the end, which command substitution would remove.
  while IFS= read -r word; do arguments+=("$word"); done <<<"${words%$'\n'.}"
fi
if [ -n "${LANEWISE_SUITE:-}" ]; then arguments+=(--suite "$LANEWISE_SUITE"); fi

# Prints the ref to compare with; nothing on the default branch, which has a baseline.
base_ref() {
  # A scheduled job may not know the default branch, and runs on no other.
  local default=${LANEWISE_DEFAULT_BRANCH:-${GITHUB_REF_NAME:-main}}
  if [ -n "${LANEWISE_BASE:-}" ]; then printf '%s' "$LANEWISE_BASE"
  elif [ -n "${GITHUB_BASE_REF:-}" ]; then printf 'origin/%s' "$GITHUB_BASE_REF"
  elif [ "${GITHUB_REF_NAME:-$default}" != "$default" ]; then printf 'origin/%s' "$default"
  fi
}

has_commit() { git rev-parse --verify --quiet --end-of-options "$1^{commit}" >/dev/null; }

# Without history where the clone has none; a whole one stays whole.
fetch_ref() {
  local depth=()
  if [ "$(git rev-parse --is-shallow-repository)" = true ]; then depth=(--depth=1); fi
  git fetch --quiet --no-tags "${depth[@]+"${depth[@]}"}" --end-of-options origin "$1"
}

# Fetches the base: actions/checkout may have fetched only one commit. A branch is then known by its name at the origin.
fetch_base() {
  local branch=${base#origin/}
  if has_commit "$base"; then
    return
  elif [ "$branch" = "$base" ] && has_commit "refs/remotes/origin/$branch"; then
    base=origin/$branch
  elif [ "$branch" != "$base" ]; then
    fetch_ref "+refs/heads/$branch:refs/remotes/origin/$branch" || true
  elif fetch_ref "+refs/heads/$branch:refs/remotes/origin/$branch" 2>/dev/null; then
    base=origin/$branch
  elif [[ $base =~ ^[0-9a-f]{40,64}$ ]]; then
    fetch_ref "$base" || true
  else
    fetch_ref "+refs/tags/$base:refs/tags/$base" || true
  fi
}

# Runs of one baseline: from three on they show how much runs differ by themselves, and more than ten are old.
most_runs=10

# Times of different machines are never compared: each kind of machine has its own baseline.
baseline_folder() {
  node -e '
    const { cpuModel, cores, arch, os, node } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).environment;
    const machine = JSON.stringify([cpuModel, cores, arch, os.split(" ")[0], node.split(".")[0]]);
    process.stdout.write(require("crypto").createHash("sha256").update(machine).digest("hex").slice(0, 16));
  ' "$1"
}

# Whether a comparison, as JSON on stdin, has every configuration within the minimum effect by its estimate.
looks_as_fast() {
  node -e '
    const { changes, minEffect } = JSON.parse(require("fs").readFileSync(0, "utf8"));
    process.exitCode = changes.length > 0 && changes.every(({ speedup }) => 1 / speedup.estimate < 1 + minEffect) ? 0 : 1;
  ' 2>/dev/null
}

cd -- "${LANEWISE_DIRECTORY:-.}"
fail_on=${LANEWISE_FAIL_ON:-slower}
# Slower results are always reported.
threshold=$fail_on
if [ "$fail_on" = never ]; then threshold=slower; fi
base=
if [ "${LANEWISE_COMPARE:-true}" = true ]; then base=$(base_ref); fi
versus=()
if [ -n "$base" ]; then
  fetch_base
  versus=("--versus-ref=$base" "--fail-on=$threshold")
fi

# Runs the command, and keeps a copy of its stderr. The command handles interrupts; tee ignores them and copies its last output.
measure() {
  local status
  {
    "${command[@]}" run "${arguments[@]+"${arguments[@]}"}" "$@" --out "$report" --summary 2>&1 >&3 3>&- | tee -i "$errors" >&2 3>&-
    status=${PIPESTATUS[0]}
  } 3>&1
  return "$status"
}

# The error is the last line of Lanewise: an earlier one may come from a workload, and npx or pnpm print further lines about the status.
has_no_older_version() {
  local line last=
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in 'lanewise: '*) last=$line ;; esac
  done <"$errors"
  [ "${last#"$no_older_version"}" != "$last" ]
}

# Prints the number of workloads that the run omitted, since they have no older version.
omitted() {
  node -e '
    const { warnings = [] } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    process.stdout.write(String(warnings.filter(({ kind }) => kind === "no-older-version").length));
  ' "$1"
}

status=0
measure "${versus[@]+"${versus[@]}"}" || status=$?
# The first benchmark of a project has no older version. Any other refusal is an error, and must not disable the comparison.
if [ "$status" = 2 ] && [ -n "$base" ] && has_no_older_version; then
  warn 'Nothing was compared: no workload has an older version on the base (new or moved files, or built ones that are not in git). Measured without a comparison.'
  base=
  LANEWISE_COMPARE=false
  status=0
  measure || status=$?
fi
case $status in
  0 | 1 | 3 | 4 | 130) ;;
  # Wrong usage, or an error of Lanewise itself: nothing is known about the code.
  *) exit "$status" ;;
esac
if [ -f "$report/results.json" ]; then
  put results "$report/results.json"
  if [ -n "$base" ] && [ "$(omitted "$report/results.json")" != 0 ]; then
    warn 'Some workloads were not compared, and not measured: they have no older version on the base. The report names them.'
  fi
elif [ "$status" = 130 ]; then
  exit "$status"
else
  # Without results, statuses such as 1 and 4 do not come from Lanewise, but from another command.
  print_line "The command ended with $status and left no results.json: is Lanewise installed?"
  exit 70
fi

if [ -n "$base" ]; then
  case $status in
    0) changed=no ;;
    # A configuration failed; the report shows other changes.
    1 | 3) changed=undecided ;;
    4) changed=slower ;;
  esac
elif [ "${LANEWISE_COMPARE:-true}" = true ] && [ "$status" = 0 ]; then
  # An invalid threshold must not look like an incomparable baseline. It is refused before the results, which cannot be compared with themselves.
  if [ "$threshold" != slower ]; then
    problem=$("${command[@]}" compare "$report/results.json" "$report/results.json" --fail-on "$threshold" 2>&1 >/dev/null || true)
    case $problem in
      *'Invalid --fail-on'*)
        print_line "$problem"
        exit 2
        ;;
    esac
  fi
  baseline=$baselines/$(baseline_folder "$report/results.json")
  olds=("$baseline"/*.json)
  if [ -f "${olds[0]}" ]; then
    verdict=0
    comparison=$("${command[@]}" compare "${olds[@]}" "$report/results.json" --fail-on "$threshold" 2>&1) || verdict=$?
    printf '%s\n' "$comparison"
    # Indented, not fenced: no text inside can end the code block.
    { printf '\n### Since the baseline\n\n'; printf '%s\n' "$comparison" | sed 's/^/    /'; printf '\n'; } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
    case $verdict in
      0) changed=no ;;
      2)
        print_line 'The baseline cannot be compared with these results, so nothing was compared.'
        rm -rf "$baseline"
        ;;
      3) changed=undecided ;;
      4) changed=slower ;;
      # Neither a result about the code, nor a reason to replace the baseline.
      *)
        print_line "The comparison with the baseline itself failed (status $verdict). If it does so again, delete the cache entry lanewise-baseline-…-${LANEWISE_KEY:-}-…."
        exit 70
        ;;
    esac
    if [ "$changed" = slower ]; then status=4; fi
  fi
  # Results that are or look slower never join the baseline, not even if the job tolerates the difference: small steps would add up. What is undecided joins
  # if it looks as fast, or the baseline would never have the runs that it needs to decide.
  joins=no
  case $changed in
    'not compared') joins=yes ;;
    no) if [ "$threshold" = slower ] || "${command[@]}" compare "${olds[@]}" "$report/results.json" --fail-on slower >/dev/null 2>&1; then joins=yes; fi ;;
  esac
  if [ "$joins" = no ] && [ "$changed" != slower ] &&
    ("${command[@]}" compare "${olds[@]}" "$report/results.json" --fail-on never --json 2>/dev/null || true) | looks_as_fast; then
    joins=yes
  fi
  if [ "$joins" = yes ]; then
    mkdir -p "$baseline"
    # Names in the order of the runs.
    cp "$report/results.json" "$baseline/$(date -u +%Y%m%dT%H%M%SZ)-$(printf '%010d' "${GITHUB_RUN_ID:-0}")-${GITHUB_RUN_ATTEMPT:-1}-$$.json"
    olds=("$baseline"/*.json)
    while [ "${#olds[@]}" -gt "$most_runs" ]; do
      rm -- "${olds[0]}"
      olds=("${olds[@]:1}")
    done
    put baseline new
  fi
fi

case $status in
  # Undecided comparisons are reported, and do not fail the job.
  3) exit 0 ;;
  4) if [ "$fail_on" = never ]; then exit 0; fi ;;
esac
exit "$status"
