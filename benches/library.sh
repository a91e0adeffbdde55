#!/usr/bin/env bash
# Every sample policy over invented people, as whole commands with reading and writing; then ten years of the tobacco ladder (S06).
# usage: benches/library.sh [PEOPLE]   (default: 1000 for each scheme)
# The five schemes with a demonstration organisation run on it, the others on facts that `invent` makes from what they declare.
# REPS: counted runs (default 3). SCALE: size of the demonstration (default 10). LADDER: scale of the ladder (default 57: ten thousand people in 2025).
set -euo pipefail
cd "$(dirname "$0")/.."
work=${BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/hengjie/bench}/library
target=${CARGO_TARGET_DIR:-$HOME/.cache/hengjie/target}
hengjie=${HENGJIE:-$target/release/hengjie}
invent=${INVENT:-$target/release/examples/invent}
reps=${REPS:-3} scale=${SCALE:-10} ladder=${LADDER:-57} people=${1:-1000}
mkdir -p "$work"

# A folder of facts, made once.
made() {
  local folder=$1
  shift
  [ -f "$folder.done" ] || { rm -rf "$folder"; "$@" >/dev/null; touch "$folder.done"; }
}

made "$work/demo-$scale" "$hengjie" --lang zh demo --scale "$scale" --out "$work/demo-$scale" --policies policies
declare -A organisation=([s01]=bank-s01 [s02]=bank-s02 [s04]=telecom [s06]=tobacco [s16]=securities)
cases=()
for document in policies/*/policy.md; do
  policy=${document%/policy.md}
  name=${policy#policies/}
  data="$work/demo-$scale/资料/${organisation[${name%%-*}]:-}"
  if [ -z "${organisation[${name%%-*}]:-}" ]; then
    data="$work/$name-$people"
    made "$data" "$invent" "$policy" "$people" "$data"
  fi
  cases+=("$name:$policy:$data")
done
made "$work/ladder-$ladder" "$invent" tobacco "$ladder" "$work/ladder-$ladder"
bureau="policies/s06-tobacco-ladder:$work/ladder-$ladder/tobacco"
cases+=("s06, a year of ten:$bureau:2025年" "s06, all ten years:$bureau:2016年至2025年")
python3 benches/library/measure.py "$hengjie" "$reps" "${cases[@]}"
