#!/usr/bin/env bash
# Fuzzes every target, two at a time, on the pinned stable toolchain. Without FUZZ_SECONDS: the kept corpus and FUZZ_RUNS inputs from a
# fixed seed, the same on every machine, so that a change is judged by itself. With FUZZ_SECONDS: new inputs for so long.
# What is found goes to a scratch folder, and a crash is printed with the command that repeats it.
set -euo pipefail
cd "$(dirname "$0")"
if [ -n "${FUZZ_SECONDS:-}" ]; then
  search=(-max_total_time="$FUZZ_SECONDS")
else
  search=(-seed=1 -runs="${FUZZ_RUNS:-4000}")
fi
target_dir=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
# Coverage through the compiler's own pass; --target keeps build scripts and macros uninstrumented.
flags="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
flags="$flags -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
RUSTFLAGS="$flags" CARGO_TARGET_DIR="$target_dir" cargo build --release --locked --target "$host" --manifest-path Cargo.toml
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

run() {
  local name=$1
  mkdir -p "$scratch/$name"
  if "$target_dir/$host/release/$name" "${search[@]}" -timeout=10 -rss_limit_mb=2048 -max_len=20000 \
    -dict=keywords.dict -print_final_stats=1 -artifact_prefix="crash-$name-" "$scratch/$name" "corpus/$name" >"$scratch/$name.log" 2>&1; then
    echo "fuzz $name: ok, $(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch/$name.log") runs"
  else
    tail -n 40 "$scratch/$name.log"
    echo "fuzz $name: FAILED; repeat with $target_dir/$host/release/$name fuzz/crash-$name-…"
    return 1
  fi
}

failed=0
for pair in "parse format" "check evaluate"; do
  pids=()
  for name in $pair; do run "$name" & pids+=($!); done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
done
exit $failed
