#!/usr/bin/env bash
# S02 over a population: Hengjie in turn with other engines on the same data (benches/rules/README.md).
# usage: benches/run.sh [SIZE…]   (default: 1000 10000 100000 1000000)
# Up to 100000 people also as kinds fen and round, for exactness. At 100000 also against the rule engines ZEN (Rust crate) and OpenFisca,
# and how long single answers take: what-if, one person's explanation.
# REPS: counted rounds (default 5). BENCH_DIR: where data and engines are kept. SKIP_ZEN=1: without building ZEN.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/hengjie/bench}
target=${CARGO_TARGET_DIR:-$HOME/.cache/hengjie/target}
hengjie=${HENGJIE:-$target/release/hengjie}
reps=${REPS:-5}
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(1000 10000 100000 1000000)
mkdir -p "$work"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
python="$work/venv/bin/python"
"$python" -c 'import numpy, pyarrow, polars, duckdb, openfisca_core' 2>/dev/null ||
  "$work/venv/bin/pip" -q install numpy pyarrow polars duckdb openfisca-core
zen=()
if [ -z "${SKIP_ZEN:-}" ]; then
  CARGO_TARGET_DIR="$work/zenrs" cargo build -q --release --locked --manifest-path benches/rules/zenrs/Cargo.toml
  zen=("zenrs $work/zenrs/release/zenrs")
fi

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
    peers=()
    [ "$kind" = wan ] && [ "$size" -ge 100000 ] && peers=("numpy exact" "polars exact" "duckdb exact")
    [ "$kind" = wan ] && [ "$size" -eq 100000 ] && peers+=("openfisca float" "${zen[@]}")
    "$python" benches/rules/alternate.py "$hengjie" "$data" "$reps" "${peers[@]}"
    if [ "$kind" = wan ] && [ "$size" -ge 100000 ] && [ -x "$target/release/examples/answers" ]; then
      "$target/release/examples/answers" policies/s02-bank-hundred-points "$data" 2025年 总分,序列名次,全行等级 人员.存款日均 等级比例 A28
    fi
  done
done
