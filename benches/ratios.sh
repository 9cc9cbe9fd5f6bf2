#!/usr/bin/env bash
# Prints how long audits take against the floor of their format, as ratios within one interleaved run: medians of whole
# processes, so that figures from different machines can be compared.
#
#     benches/ratios.sh [-n LINES] [-r ROUNDS] [-m] [-s] [FILE.csv|FILE.xlsx ...]
#
# Without files a book of LINES lines (1,000,000) is made up, as CSV and, a quarter as long, as XLSX. The floors are
# `floor` (csv crate plus SHA-256, one thread) and `cells` (calamine's cells reader). Peers that are installed run in the
# same rounds: xan, xsv, and DuckDB and Polars for the python named by PYTHON. Memory is shown where GNU time is there to
# tell it; -m compares that of four times as many lines, also with another party on every line. -s adds the screening of
# names, against brute force and by what is found.
set -euo pipefail
cd "$(dirname "$0")/.."
lines=1000000; rounds=5; memory=; screening=; python="${PYTHON:-python3}"
while getopts n:r:ms option; do
    case "$option" in
        n) lines="$OPTARG" ;;
        r) rounds="$OPTARG" ;;
        m) memory=yes ;;
        s) screening=yes ;;
        *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

cargo build --release --quiet
# The path of a bench binary, as cargo names it.
bench() { cargo bench --no-run --bench "$1" 2>&1 | sed -n 's/.*Executable .*(\(.*\))$/\1/p'; }
floor="$(bench floor)"; cells="$(bench cells)"; generate="$(bench generate)"
lookback="${CARGO_TARGET_DIR:-target}/release/lookback"
work="$(mktemp -d)"; trap 'rm -rf "$work"' EXIT

if [ $# -eq 0 ]; then
    "$generate" "$lines" "$work/book.csv"
    "$generate" $((lines / 4)) "$work/book.xlsx"
    set -- "$work/book.csv" "$work/book.xlsx"
fi

# Runs a command and notes its seconds and KiB under a name. An audit that rejected rows ends with 3 and is measured too.
measure() {
    local name="$1" began; shift
    if [ -x /usr/bin/time ] && /usr/bin/time -f '%e %M' true 2> /dev/null; then
        /usr/bin/time -f '%e %M' -o "$work/time" "$@" > /dev/null || test $? -eq 3
        tail -n 1 "$work/time" >> "$work/$name"
    else
        began="$(date +%s.%N)"
        "$@" > /dev/null || test $? -eq 3
        awk -v b="$began" -v e="$(date +%s.%N)" 'BEGIN { print e - b, 0 }' >> "$work/$name"
    fi
}
audit() { # name, threads, file
    rm -rf "$work/report"
    measure "$1" "$lookback" audit "$3" -o "$work/report" --formats csv --quiet --threads "$2"
}
# Median and least of the seconds, most of the memory.
summary() { sort -n "$work/$1" | awk '{ s[NR] = $1; if ($2 > m) m = $2 } END { print s[int((NR + 1) / 2)], s[1], m }'; }
print_ratio() { # label, measured, floor
    local seconds least peak base base_least
    read -r seconds least peak <<< "$(summary "$2")"
    read -r base base_least _ <<< "$(summary "$3")"
    awk -v l="$1" -v s="$seconds" -v b="$base" -v sl="$least" -v bl="$base_least" -v m="$peak" 'BEGIN {
        ratio = b < 0.1 ? "too short to tell" : sprintf("%.2f (of the fastest rounds %.2f)", s / b, sl / bl)
        printf "  %-20s %7.2f s   floor %6.2f s   ratio %s", l, s, b, ratio
        if (m > 0) printf "   peak %.0f MiB", m / 1024
        print ""
    }'
}
# The peers that are there, for a file.
peers() {
    case "$1" in
        *.csv)
            for tool in xan xsv; do if command -v "$tool" > /dev/null; then echo "$tool"; fi; done
            for package in duckdb polars; do
                if "$python" -c "import $package" 2> /dev/null; then echo "$package"; fi
            done ;;
    esac
}
run_peer() { # peer, file
    case "$1" in
        # Columns counted by their values: every cell is read.
        xan | xsv) measure "measured-$1" "$1" stats "$2" ;;
        *) measure "measured-$1" "$python" benches/peers.py "$1" "$2" 2 ;;
    esac
}

for file in "$@"; do
    # Read once, so that no round pays for the disk.
    cat "$file" > /dev/null
    rm -f "$work"/measured-*
    case "$file" in *.xlsx) base="$cells" ;; *) base="$floor" ;; esac
    here="$(peers "$file")"
    for _ in $(seq "$rounds"); do
        measure measured-floor "$base" "$file"
        audit measured-1 1 "$file"
        audit measured-2 2 "$file"
        for peer in $here; do run_peer "$peer" "$file"; done
    done
    flagged="$(awk -F, 'NR > 1 { print $9 }' "$work/report/findings.csv" | sort -u | wc -l)"
    audited="$(grep '"audited"' "$work/report/run.json" | tail -n 1 | tr -dc 0-9)"
    echo "$(basename "$file"): $(wc -c < "$file") bytes, $audited lines audited, $flagged flagged, $rounds rounds"
    print_ratio "audit, 1 thread" measured-1 measured-floor
    print_ratio "audit, 2 threads" measured-2 measured-floor
    for peer in $here; do print_ratio "$peer" "measured-$peer" measured-floor; done
done

# Memory of four times as many lines, with repeated parties and with another on every line.
if [ -n "$memory" ]; then
    echo "memory"
    for parties in repeated distinct; do
        for times in 1 4; do
            book="$work/$parties-$times.csv"
            "$generate" $((times * lines)) "$book" $([ "$parties" = distinct ] && echo distinct) > /dev/null
            for threads in 1 2; do
                rm -f "$work/memory-$parties-$times-$threads"
                audit "memory-$parties-$times-$threads" "$threads" "$book"
            done
            rm "$book"
        done
        for threads in 1 2; do
            read -r _ _ one <<< "$(summary "memory-$parties-1-$threads")"
            read -r _ _ four <<< "$(summary "memory-$parties-4-$threads")"
            awk -v p="$parties" -v t="$threads" -v n="$lines" -v a="$one" -v b="$four" 'BEGIN {
                printf "  parties %s, %d thread(s): %d lines %.0f MiB, %d lines %.0f MiB, ratio %.2f\n",
                    p, t, n, a / 1024, 4 * n, b / 1024, b / a
            }'
        done
    done
fi

if [ -n "$screening" ]; then
    echo "screening"
    cargo bench --quiet --bench screening 2> /dev/null | sed 's/^/  /'
    cargo bench --quiet --bench recall 2> /dev/null | sed 's/^/  /'
fi
