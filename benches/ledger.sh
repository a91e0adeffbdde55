#!/usr/bin/env bash
# Daily averages by owner: our kernels and our ledger beside DuckDB and Polars, on the same data in the same run, in turn.
# usage: benches/ledger.sh [SIZE…]   (default: S M; XS and L as well, see benches/ledger/gen.py)
# Every engine must print the digest of the exact result. Ours is timed as a whole command with its start and its output; a peer in its warm process.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/hengjie/bench}
hengjie=${HENGJIE:-${CARGO_TARGET_DIR:-$HOME/.cache/hengjie/target}/release/hengjie}
reps=${REPS:-5}
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(S M)
mkdir -p "$work"
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" -q install numpy pyarrow polars duckdb
fi
python="$work/venv/bin/python"

for size in "${sizes[@]}"; do
  data="$work/accounts-$size/$size"
  [ -f "$data/ownership.parquet" ] && [ -f "$data/done" ] || { "$python" benches/ledger/gen.py "$size" "$data"; touch "$data/done"; }
  ledger="$work/accounts-$size/ledger"
  "$python" benches/ledger/decode.py "$data" "$reps"
  "$python" benches/ledger/ours.py "$hengjie" build "$data" "$ledger"
  for period in year quarter month; do
    "$python" benches/ledger/ours.py "$hengjie" parquet "$data" "$ledger" "$period" "$reps"
    "$python" benches/ledger/ours.py "$hengjie" ledger "$data" "$ledger" "$period" "$reps"
    for peer in "polars split_streaming" "duckdb split_acc"; do
      # shellcheck disable=SC2086
      "$python" benches/ledger/peers.py $peer "$data" "$period" "$reps"
      # shellcheck disable=SC2086
      "$python" benches/ledger/peers.py $peer "$data" "$period" "$reps" --loaded
    done
  done
  "$python" benches/ledger/ours.py "$hengjie" day "$data" "$ledger"
  "$python" benches/ledger/ours.py "$hengjie" correct "$data" "$ledger"
done
