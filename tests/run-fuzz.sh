#!/bin/sh
# Runs every fuzz target in DIR for TIME seconds each, one on each core, from its seed corpus.
# What they find is kept in build/fuzz-findings. Usage: TIME=60 tests/run-fuzz.sh DIR
set -u
dir=$1
findings=build/fuzz-findings
mkdir -p "$findings"
export TIME dir findings

run_one() {
    name=${1#fuzz_}
    work=$(mktemp -d)
    if "$dir/$1" -max_total_time="$TIME" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$findings/$1-" "$work" "tests/fuzz/corpus/$name" >"$findings/$1.log" 2>&1; then
        echo "$1: clean, $(sed -n 's/^stat::number_of_executed_units: *//p' "$findings/$1.log") runs"
    else
        echo "$1: FOUND SOMETHING, see $findings/$1.log"
        tail -n 20 "$findings/$1.log"
        touch "$findings/failed"
    fi
    rm -rf "$work"
}

if [ "${2:-}" = one ]; then
    run_one "$3"
    exit 0
fi
rm -f "$findings/failed"
ls "$dir" | grep '^fuzz_' | xargs -P "$(nproc)" -I{} "$0" "$dir" one {}
[ ! -e "$findings/failed" ]
