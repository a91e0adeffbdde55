#!/usr/bin/env bash
# S02 over a population: our engine beside hand-written NumPy, Polars and DuckDB on the same data in the same run.
# usage: benches/run.sh [SIZE…]   (default: 1000 10000 100000 1000000, kinds wan, fen and round up to 100000)
# Our time is the whole command: start, document read and checked, Parquet read, totals, ranks and grades computed, Parquet written.
# The peers' time is from warm Parquet to arrays in memory, with their interpreter already running.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/hengjie/bench}
hengjie=${HENGJIE:-${CARGO_TARGET_DIR:-$HOME/.cache/hengjie/target}/release/hengjie}
reps=${REPS:-5}
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(1000 10000 100000 1000000)
mkdir -p "$work"
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" -q install numpy pyarrow polars duckdb
fi
python="$work/venv/bin/python"

for size in "${sizes[@]}"; do
  kinds=(wan)
  [ "$size" -le 100000 ] && kinds=(wan fen round)
  for kind in "${kinds[@]}"; do
    data="$work/$size-$kind"
    if [ ! -f "$data/ref.parquet" ]; then
      mkdir -p "$data"
      (cd benches/rules && "$python" gen.py "$size" "$kind" "$data" >/dev/null && "$python" ref.py "$data" "$data/ref.parquet")
    fi
    cp benches/rules/mapping.json "$data/mapping.json"
    "$python" benches/rules/ours.py "$hengjie" "$data" "$reps"
    if [ "$kind" = wan ] && [ "$size" -ge 100000 ]; then
      for peer in "numpy exact" "polars exact" "duckdb exact"; do
        # shellcheck disable=SC2086
        (cd benches/rules && "$python" bench.py $peer "$data" "$reps")
      done
    fi
  done
done
