#!/bin/sh
# The calls of the walk-through: asks for the employees and checks that each answer is protected.
#   calls.sh URL [CALLS]
# COUNTRY and OWNER are the requesting and the owning country; RESTRICTED_TEXT is what stands in
# the place of a name; QUIT_URL is told at the end. Exits 0 when every answer was protected, 1 when one was not.
set -eu
url=$1 calls=${2:-50}
body="{\"countryCode\": \"${COUNTRY:-GB}\", \"dataOwningCountryCode\": \"${OWNER:-IT}\"}"
restricted=${RESTRICTED_TEXT:-*********}
answer=$(mktemp)
trap 'rm -f "$answer"; [ -z "${QUIT_URL:-}" ] || curl --silent --max-time 2 -X POST "$QUIT_URL" || true' EXIT

# "status seconds"; the answer goes to the file, headers first.
call() {
    curl --silent --max-time 30 --include --output "$answer" --write-out '%{http_code} %{time_total}' \
        -X POST "$url" -H 'Content-Type: application/json' -H 'Accept: application/json' -d "$body" || true
}

# Marked as protected, at least one name in it, and each of them the restricted text.
is_protected() {
    awk -v restricted="$restricted" '
        { sub(/\r$/, "") }
        tolower($0) == "x-data-protected: true" { marked = 1 }
        match($0, /"(firstName|lastName)": "/) {
            names++
            rest = substr($0, RSTART + RLENGTH)
            if (substr(rest, 1, length(restricted) + 1) != restricted "\"") clear++
        }
        END { exit !(marked && names && !clear) }' "$answer"
}

protected=0 failed=0 i=0 times=
while [ "$i" -lt "$calls" ]; do
    i=$((i + 1))
    result=$(call)
    times="$times ${result#* }"
    if [ "${result% *}" = 200 ] && is_protected; then
        protected=$((protected + 1))
    else
        failed=$((failed + 1))
        [ "$failed" -gt 1 ] || { echo "call $i was answered ${result% *}:"; cat "$answer"; echo; }
    fi
done

if [ "$failed" -eq 0 ] && [ "$calls" -gt 0 ]; then
    echo "the last answer:"
    sed '1,/^\r*$/d' "$answer"
    echo
fi
echo "$times" | tr ' ' '\n' | grep . | sort -n | awk -v protected=$protected -v calls="$calls" '
    { t[NR] = $1 * 1000 }
    END { printf "%d of %d answers were protected, p50 %.1f ms, p99 %.1f ms\n", protected, calls,
          t[int((NR - 1) * 0.5) + 1], t[int((NR - 1) * 0.99) + 1] }'
[ "$protected" -eq "$calls" ]
