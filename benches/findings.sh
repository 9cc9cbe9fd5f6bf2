#!/usr/bin/env bash
# What the workbook costs beside findings.csv when every line is a finding: processor seconds and peak memory of two
# audits of the same lines, one for each format, in one run.
#
#     benches/findings.sh [-n LINES] [-r ROUNDS] [-s "FORMAT FORMAT"] [-c CODE]
#
# CODE is the license code of every line: NLR makes an exception each, C30 without a number a review each.
#
# Needs GNU time. Medians over the rounds; the ratio is that of processor seconds, which other work on the machine
# disturbs less than the clock.
set -euo pipefail
cd "$(dirname "$0")/.."
lines=1000000; rounds=1; formats="csv xlsx"; code=NLR
while getopts n:r:s:c: option; do
    case "$option" in
        n) lines="$OPTARG" ;;
        r) rounds="$OPTARG" ;;
        s) formats="$OPTARG" ;;
        c) code="$OPTARG" ;;
        *) exit 2 ;;
    esac
done
/usr/bin/time -f '%U' true 2> /dev/null || { echo "GNU time is needed: apt-get install time"; exit 2; }

lookback="${LOOKBACK:-}"
if [ -z "$lookback" ]; then
    cargo build --release --quiet
    lookback="${CARGO_TARGET_DIR:-target}/release/lookback"
fi
work="$(mktemp -d)"; trap 'rm -rf "$work"' EXIT

# Lines to Pakistan in one of the six ECCNs after the rule took effect.
awk -v lines="$lines" -v code="$code" 'BEGIN {
    print "Invoice,Line,Date of Export,Ship From Country,Country of Ultimate Destination,Ultimate Consignee,Ultimate Consignee Address,ECCN,Item Number,Description,Quantity,Unit,Value,Currency,License Code,License Number,ITN"
    split("3A992.a 3A999.f 2B999.g 2B999.j", eccns, " ")
    for (line = 1; line <= lines; line++) {
        party = (line * 7919) % 5000; item = (line * 104729) % 400
        printf "INV%07d,%d,2025-%02d-%02d,US,PK,Weaving Works %d Ltd,\"Plot %d, Industrial Area, Faisalabad\",%s,IT-%03d,\"Bench instrument, model %d\",%d,EA,%d.50,USD,%s,,X2025%010d\n",
            int(line / 4), line % 4 + 1, line % 10 + 3, line % 28 + 1, party, party, eccns[item % 4 + 1], item, item, line % 9 + 1, 3000 + line % 5000, code, line
    }
}' > "$work/flagged.csv"

for round in $(seq "$rounds"); do
    for format in $formats; do
        rm -rf "$work/out"
        /usr/bin/time -f '%U %S %e %M' -o "$work/time" "$lookback" audit --quiet "$work/flagged.csv" -o "$work/out" --formats "$format"
        tail -n 1 "$work/time" >> "$work/$format"
        if [ "$round" = 1 ]; then
            findings="$(sed -n 's/.*"findings": \([0-9]*\).*/\1/p' "$work/out/run.json" | head -n 1)"
            printf '%-6s %s findings of the first kind, %s bytes of output\n' "$format" "$findings" "$(du -sb "$work/out" | cut -f1)"
        fi
    done
done
middle() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }
for format in $formats; do
    user="$(cut -d' ' -f1 "$work/$format" | middle)"
    [ -n "${first:-}" ] || first="$user"
    printf '%-6s %8.2f s processor (%.1f x), %.2f s system, %.2f s in all, %d MiB at its peak\n' "$format" "$user" \
        "$(awk -v a="$user" -v b="$first" 'BEGIN { print a / b }')" "$(cut -d' ' -f2 "$work/$format" | middle)" \
        "$(cut -d' ' -f3 "$work/$format" | middle)" "$(($(cut -d' ' -f4 "$work/$format" | middle) / 1024))"
done
