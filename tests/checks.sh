# For the scripts of compose/ and cluster/: checks that count, and calls from outside the containers.
passed=0 failed=0

# check WORDS COMMAND...: the words say what is true.
check() {
    words=$1
    shift
    if "$@" >"$work/check" 2>&1; then
        passed=$((passed + 1))
        echo "  ok      $words"
    else
        failed=$((failed + 1))
        echo "  FAILED  $words"
        sed 's/^/            /' "$work/check" | tail -n 15
    fi
}

# Runs until it succeeds, at most so many seconds.
within() { # seconds command...
    end=$(($(date +%s) + $1))
    shift
    until "$@"; do
        [ "$(date +%s)" -lt "$end" ] || return 1
        sleep 0.2
    done
}

equal() { # wanted got
    [ "$1" = "$2" ] || { echo "wanted: $1"; echo "got:    $2"; return 1; }
}

summary() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# curl of this machine, or of the tools image in this machine's network.
outside() {
    if command -v curl >/dev/null; then
        curl "$@"
    else
        docker run --rm --network host "${REGISTRY:-}interceptor-tools:${IMAGE_TAG:-1.0.0}" curl "$@"
    fi
}
