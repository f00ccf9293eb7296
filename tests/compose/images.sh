#!/bin/sh
# The images themselves: size, user, labels, health; and employees-mock by the contract of WireMock's
# image, as its compose files and its Testcontainers module use it.
set -u
. tests/checks.sh

work=$(mktemp -d)
chmod 0755 "$work"
base=${BASE:-debian:bookworm-slim}
tag=${IMAGE_TAG:-1.0.0}
mock=${REGISTRY:-}employees-mock:$tag
started=

finish() {
    # shellcheck disable=SC2086
    [ -z "$started" ] || docker rm -f -v $started >/dev/null 2>&1
    docker run --rm --user 0:0 -v "$work:/work" --entrypoint rm "$mock" -rf /work/home >/dev/null 2>&1
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

size() { docker image inspect -f '{{.Size}}' "$1"; }
is_small() { # image MB: above the base
    above=$(($(size "$1") - $(size "$base")))
    echo "$above bytes above $base"
    [ "$above" -le $(($2 * 1000000)) ]
}
config() { docker image inspect -f "$2" "$1"; }
is_labelled() {
    config "$1" '{{json .Config.Labels}}' | grep org.opencontainers.image.title |
        grep org.opencontainers.image.version | grep org.opencontainers.image.licenses
}
asks_itself() { config "$1" '{{.Config.Healthcheck.Test}}' | grep -v -e curl -e /bin/sh | grep CMD; }
# Without the loader's and shell's files it must still start: an empty PATH and no /bin/sh.
is_exec_form() { ! config "$1" '{{json .Config.Entrypoint}}{{json .Config.Cmd}}' | grep -e '/bin/sh' -e '/bin/bash'; }

echo "images:"
for name in interceptor employees-mock interceptor-envoy; do
    image=${REGISTRY:-}$name:$tag
    check "$name runs as user 65532" equal 65532:65532 "$(config "$image" '{{.Config.User}}')"
    check "$name has its labels" is_labelled "$image"
    check "$name is asked for its health without curl" asks_itself "$image"
    check "$name starts without a shell" is_exec_form "$image"
done
check "interceptor is at most 20 MB above its base" is_small "${REGISTRY:-}interceptor:$tag" 20
check "employees-mock is at most 55 MB above its base" is_small "$mock" 55

# ---- the plugin's ----

only_the_module() {
    id=$(docker create "${REGISTRY:-}interceptor-plugin:$tag" none) && started="$started $id"
    docker export "$id" | tar -t | grep -vE '^(dev/|proc/|sys/|etc/|\.dockerenv$)' >"$work/files"
    equal plugin.wasm "$(cat "$work/files")"
}
is_wasm() {
    docker cp "$id:/plugin.wasm" "$work/plugin.wasm" && equal '0061736d01000000' "$(od -An -tx1 -N8 "$work/plugin.wasm" | tr -d ' ')"
}
if docker image inspect "${REGISTRY:-}interceptor-plugin:$tag" >/dev/null 2>&1; then
    check "the plugin's image holds plugin.wasm and nothing else" only_the_module
    check "it is a WebAssembly module" is_wasm
fi

# ---- WireMock's contract ----

run() { # docker's arguments, image and words; the container's id goes to $id
    id=$(docker run -d "$@") || return 1
    started="$started $id"
}
port() { docker port "$id" "$1" | sed -n 's/^0\.0\.0\.0:\|^127\.0\.0\.1://p' | head -n 1; }
get() { outside --silent --fail --max-time 5 "http://127.0.0.1:$(port "${2:-8080}")$1"; }
answers() { within 20 get "$@" >"$work/got" 2>&1 && cat "$work/got"; }
is_healthy() { [ "$(docker inspect -f '{{.State.Health.Status}}' "$id")" = healthy ]; }
says() { answers "$1" "${3:-8080}" >/dev/null && equal "$2" "$(cat "$work/got")"; }
stub() { printf '{"request":{"method":"GET","url":"%s"},"response":{"status":200,"body":"%s"%s}}' "$1" "$2" "${3:-}"; }

mkdir -p "$work/home/mappings" "$work/home/__files"
stub /hello mounted >"$work/home/mappings/hello.json"
printf '{"request":{"method":"GET","url":"/file"},"response":{"status":200,"bodyFileName":"-f.txt"}}' >"$work/home/mappings/file.json"
printf 'from a file' >"$work/home/__files/-f.txt"
stub /say '{{request.path}}' >"$work/home/mappings/say.json"
chmod -R a+rX "$work/home"

check "starts without arguments" run -p 127.0.0.1::8080 "$mock"
check "... on port 8080" answers /__admin/mappings
check "... healthy" within 30 is_healthy
check "... and stops by itself" sh -c "docker stop -t 2 $id && [ \$(docker inspect -f '{{.State.ExitCode}}' $id) = 0 ]"
check "reads what is mounted at /home/wiremock" run -p 127.0.0.1::8080 -v "$work/home:/home/wiremock" "$mock"
check "... mappings" says /hello mounted
check "... and __files" says /file 'from a file'
check "takes flags behind the command" run -p 127.0.0.1::9090 -v "$work/home:/home/wiremock" "$mock" --port 9090 --global-response-templating
check "... the port" says /hello mounted 9090
check "... templates" says /say /say 9090
check "... healthy on that port" within 30 is_healthy
check "takes WIREMOCK_OPTIONS" run -p 127.0.0.1::9091 -e WIREMOCK_OPTIONS='--port 9091 --verbose' -v "$work/home:/home/wiremock" "$mock"
check "... the port" says /hello mounted 9091
check "... healthy on that port" within 30 is_healthy
check "an entry point of one's own" run -p 127.0.0.1::8080 -v "$work/home:/home/wiremock" --entrypoint /docker-entrypoint.sh "$mock" --global-response-templating --disable-gzip --verbose
check "... works" says /say /say
check "an empty first argument counts for nothing" run -p 127.0.0.1::8080 "$mock" "" --disable-banner
check "... works" answers /__admin
check "read-only and without rights" run -p 127.0.0.1::8080 --read-only --cap-drop ALL --security-opt no-new-privileges "$mock"
check "... works" answers /__admin/health
check "another user by --user" run -p 127.0.0.1::8080 --user 12345:12345 "$mock"
check "... works" answers /__admin/health

user_of_process() { docker top "$id" -eo pid,uid,args | awk '/employees-mock/ { print $2; exit }'; }
saves() {
    outside --silent --fail --max-time 5 -X POST "http://127.0.0.1:$(port 8080)/__admin/mappings" -d "$(stub /saved kept)" &&
        outside --silent --fail --max-time 5 -X POST "http://127.0.0.1:$(port 8080)/__admin/mappings/save"
}
saved_by() { equal "$1" "$(find "$work/home/mappings" -newer "$work/before" -type f -exec stat -c %u {} + | sort -u)"; }
touch "$work/before"
check "another user by the variable uid" run -p 127.0.0.1::8080 -e uid=4321 -v "$work/home:/home/wiremock" "$mock"
check "... works" says /hello mounted
check "... as that user" equal 4321 "$(user_of_process)"
check "... saves mappings" saves
check "... whose owner it is" saved_by 4321
refuses_root() { ! docker run --rm -e uid=0 "$mock"; }
check "uid 0 is refused" refuses_root

# As the Testcontainers module does: made, files copied in, started; --disable-banner by default.
copied() {
    id=$(docker create -p 127.0.0.1::8080 "$mock" "" --disable-banner) && started="$started $id" &&
        stub /copied in >"$work/copied.json" && docker cp "$work/copied.json" "$id:/home/wiremock/mappings/1234.json" &&
        printf nested >"$work/n.txt" && docker cp "$work/n.txt" "$id:/home/wiremock/__files/n.txt" && docker start "$id"
}
check "files copied in before the start" copied
check "... are read" says /copied in

imports() { docker exec "$id" /docker-entrypoint.sh --import /home/wiremock/__files/m.json; }
refuses_broken() { ! docker exec "$id" /docker-entrypoint.sh --import /home/wiremock/__files/n.txt; }
printf '{"mappings":[%s]}' "$(stub /imported yes)" >"$work/m.json"
docker cp "$work/m.json" "$id:/home/wiremock/__files/m.json" >/dev/null
check "imports a file by itself" imports
check "... which answers" says /imported yes
check "... and says so when the file is none" refuses_broken
summary
