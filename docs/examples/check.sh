#!/usr/bin/env bash
# Checks the documents of this folder with `hengjie` (first argument, default: the one on the path), and that the pages quote them:
# the blocks of the tutorials make up the whole document, the blocks of the language reference stand in theirs word by word, its tables
# have every word of the language, and the documents of the README pass.
set -euo pipefail
cd "$(dirname "$0")/.."
hengjie=${1:-hengjie}
documents=(examples/deferred-pay.md examples/movement.md examples/tutorial.md examples/tutorial.en.md examples/language.md examples/language.en.md)
"$hengjie" check "${documents[@]}"
"$hengjie" fmt --check "${documents[@]}"
"$hengjie" test "${documents[@]}"
"$hengjie" check examples/bank-facts.md
"$hengjie" fmt --check examples/bank-facts.md

# The blocks of a page, each ended by a byte 1.
blocks() {
  awk '/^````markdown$/ { inside = 1; next } /^````$/ { if (inside) printf "\001"; inside = 0; next } inside' "$1"
}

failed=0
for pair in zh/write-a-policy.md:examples/tutorial.md en/write-a-policy.md:examples/tutorial.en.md; do
  page=${pair%%:*} document=${pair##*:}
  if ! diff <(blocks "$page" | tr -d '\001' | grep -v '^$') <(grep -v '^$' "$document"); then
    echo "docs/$page differs from docs/$document" >&2
    failed=1
  fi
done
for pair in zh/language.md:examples/language.md en/language.md:examples/language.en.md; do
  page=${pair%%:*} document=$(<"${pair##*:}")
  while IFS= read -r -d $'\001' block; do
    if [[ $document != *"${block%$'\n'}"* ]]; then
      printf 'docs/%s quotes what docs/%s does not say:\n%s\n' "$page" "${pair##*:}" "$block" >&2
      failed=1
    fi
  done < <(blocks "$page")
done
# Every word of the language stands in the tables.
while IFS= read -r word; do
  for page in zh/language.md en/language.md; do
    grep -qF "\`$word\`" "$page" || { echo "docs/$page lacks $word" >&2; failed=1; }
  done
done < <(grep -ohE '^ +[A-Z][A-Za-z]+ "[^"]+" "[a-z_]+",' ../crates/syntax/src/keywords.rs | grep -oE '[a-z_]+",$' | tr -d '",')

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
blocks ../README.md | awk -v folder="$scratch" 'BEGIN { RS = "\001" } /./ { printf "%s", $0 > (folder "/readme" NR ".md") }'
for document in "$scratch"/readme*.md; do
  "$hengjie" check "$document" && "$hengjie" test "$document" || failed=1
done
exit "$failed"
