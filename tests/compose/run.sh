#!/bin/sh
# The compose demo for real: start, the protected answer from outside, each service stopped in turn,
# restarts, secrets as files; then the mock's image by WireMock's contract. Needs only Docker.
#   COMPOSE="docker-compose"   tries this one only; else every compose that is there
#   BUILD_IMAGES=0             uses the images as they are
set -u
cd "$(dirname "$0")/../.."

if ! command -v docker >/dev/null || ! docker info >/dev/null 2>&1; then
    echo "test-compose: skipped, there is no Docker on this machine"
    exit 0
fi

composes() {
    docker compose version >/dev/null 2>&1 && echo "docker compose"
    docker-compose version >/dev/null 2>&1 && echo "docker-compose"
}

failed=0
if [ -n "${COMPOSE:-}" ]; then
    tests/compose/demo.sh "$COMPOSE" || failed=1
else
    found=$(composes)
    [ -n "$found" ] || { echo "test-compose: skipped, this Docker has no compose"; exit 0; }
    while read -r compose <&3; do
        tests/compose/demo.sh "$compose" || failed=1
    done 3<<LIST
$found
LIST
fi
tests/compose/images.sh || failed=1
exit $failed
