#!/bin/sh
# Runs the unit tests given as programs; prints the output of those that fail, and how many passed.
set -u
passed=0 failed=0
for program in "$@"; do
    if output=$("$program" 2>&1); then
        # cmocka counts the cases of a program in its closing lines.
        cases=$(printf '%s\n' "$output" | sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' | tail -n 1)
        passed=$((passed + ${cases:-0}))
        [ "${cases:-0}" -gt 0 ] || { echo "$program ran no test"; failed=$((failed + 1)); }
    else
        printf '%s\n' "$output"
        echo "FAILED $program"
        failed=$((failed + 1))
    fi
done
echo "units: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
