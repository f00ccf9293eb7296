#!/bin/sh
# Runs the unit tests given as programs, some side by side since they wait more than they compute;
# prints the output of those that fail, and how many cases passed.
set -u
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export results

# cmocka counts the cases of a program in its closing lines.
run_one='
    name=$(basename "$0")
    if "$0" >"$results/$name.out" 2>&1; then
        sed -n "s/^\[  PASSED  \] \([0-9]*\) test.*/\1/p" "$results/$name.out" | tail -n 1 >"$results/$name.passed"
        [ -s "$results/$name.passed" ] || echo "$0 ran no test" >"$results/$name.failed"
    else
        { cat "$results/$name.out"; echo "FAILED $0"; } >"$results/$name.failed"
    fi'
printf '%s\n' "$@" | xargs -P 6 -n 1 sh -c "$run_one"

cat "$results"/*.failed 2>/dev/null
failed=$(ls "$results" | grep -c '\.failed$')
passed=$(cat "$results"/*.passed 2>/dev/null | awk '{n += $1} END {print n + 0}')
echo "units: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
