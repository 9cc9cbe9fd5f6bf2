#!/usr/bin/env bash
# Prints how long an audit takes against the floor of its format, in one interleaved run: medians of whole processes.
#
#     benches/ratios.sh FILE.csv [FILE.xlsx] [ROUNDS]
#
# The floors are `floor` (csv crate plus SHA-256, one thread) and `cells` (calamine's cells reader). Needs GNU time.
set -euo pipefail
csv="$1"; xlsx="${2:-}"; rounds="${3:-5}"
cd "$(dirname "$0")/.."
cargo build --release --quiet
cargo bench --no-run --quiet --bench floor --bench cells
target="${CARGO_TARGET_DIR:-target}/release"
newest() { ls -t "$target"/deps/"$1"-* | grep -v '\.d$' | head -1; }
floor="$(newest floor)"; cells="$(newest cells)"
work="$(mktemp -d)"; trap 'rm -rf "$work"' EXIT
cat "$csv" ${xlsx:+"$xlsx"} > /dev/null

measure() { # name, command...
    local name="$1"; shift
    rm -rf "$work/out"
    /usr/bin/time -f '%e %M' -o "$work/time" "$@" > /dev/null
    cat "$work/time" >> "$work/$name"
}
audit() { "$target/lookback" audit "$1" -o "$work/out" --formats csv --quiet --threads "$2" || test $? -eq 3; }
export -f audit; export target work
for _ in $(seq "$rounds"); do
    measure floor "$floor" "$csv"
    measure csv1 bash -c 'audit "$0" 1' "$csv"
    measure csv2 bash -c 'audit "$0" 2' "$csv"
    if [ -n "$xlsx" ]; then
        measure cells "$cells" "$xlsx"
        measure xlsx2 bash -c 'audit "$0" 2' "$xlsx"
    fi
done
median() { sort -n "$work/$1" | awk '{v[NR]=$1; m=$2>m?$2:m} END {print v[int((NR+1)/2)], m}'; }
report() { # label, measured, floor
    read -r seconds memory <<< "$(median "$2")"; read -r base _ <<< "$(median "$3")"
    awk -v l="$1" -v s="$seconds" -v b="$base" -v m="$memory" \
        'BEGIN {printf "%-44s %7.2f s  floor %7.2f s  ratio %.2f  peak %.0f MiB\n", l, s, b, s/b, m/1024}'
}
report "CSV audit, 1 thread / csv crate + SHA-256" csv1 floor
report "CSV audit, 2 threads / csv crate + SHA-256" csv2 floor
if [ -n "$xlsx" ]; then report "XLSX audit, 2 threads / calamine cells" xlsx2 cells; fi
