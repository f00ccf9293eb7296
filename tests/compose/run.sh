#!/bin/sh
# The compose demo for real: start, the protected answer from outside, each service stopped in turn,
# restarts, secrets as files; then the mock's image by WireMock's contract. Needs only Docker. Where
# there is none, or no base image to be had, it says that it was left out.
#   COMPOSE="docker-compose"   tries this one only; else every compose that is there
#   BUILD_IMAGES=0             uses the images as they are
set -u
cd "$(dirname "$0")/../.."

leave_out() {
    echo "test-compose: LEFT OUT: $1"
    exit 0
}
base=${BASE:-debian:bookworm-slim}
command -v docker >/dev/null || leave_out "there is no docker on this machine"
timeout 20 docker info >/dev/null 2>&1 || leave_out "no Docker engine answers"
docker image inspect "$base" >/dev/null 2>&1 || timeout 300 docker pull -q "$base" >/dev/null 2>&1 ||
    leave_out "this Docker can't pull $base"

composes() {
    docker compose version >/dev/null 2>&1 && echo "docker compose"
    docker-compose version >/dev/null 2>&1 && echo "docker-compose"
}

failed=0
if [ -n "${COMPOSE:-}" ]; then
    tests/compose/demo.sh "$COMPOSE" || failed=1
else
    found=$(composes)
    [ -n "$found" ] || leave_out "this Docker has no compose"
    while read -r compose <&3; do
        tests/compose/demo.sh "$compose" || failed=1
    done 3<<LIST
$found
LIST
fi
tests/compose/images.sh || failed=1
exit $failed
