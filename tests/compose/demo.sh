#!/bin/sh
# The demo under one compose program (run.sh).
set -u
compose_program=$1
. tests/checks.sh

project=interceptortest$$
work=$(mktemp -d)
chmod 0755 "$work"
log=build/test-compose.log
mkdir -p build
: >"$log"
# Any free port of this machine; whatever .env may say does not count.
export ENVOY_PORT=0 INTERCEPTOR_PORT=0 INTERCEPTOR_ADMIN_PORT=0 MOCK_PORT=0 CALLS=50
export API_KEY=changeme CLIENT_ID=postman CLIENT_SECRET=changeme INTERCEPTOR_ADMIN_TOKEN=changeme
export JOB_TYPE=Restrict MANIFEST_NAME=Employee COUNTRY=GB OWNER=IT RESTRICTED_TEXT='*********'
files="-f docker-compose.yml"

compose() {
    # shellcheck disable=SC2086
    $compose_program --project-directory . -p "$project" $files "$@"
}
quietly() { compose "$@" >>"$log" 2>&1; }

finish() {
    quietly down --volumes --remove-orphans --timeout 3
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

container() { compose ps -q -a "$1" 2>/dev/null | head -n 1; }
# 1.29 lists stopped containers without being asked, and does not know -a there.
case $compose_program in *docker-compose) container() { compose ps -q "$1" | head -n 1; } ;; esac

state() { docker inspect -f "$2" "$(container "$1")"; }
is_healthy() { [ "$(state "$1" '{{.State.Health.Status}}')" = healthy ]; }

# The one call: status to stdout, the answer with its headers to $work/answer.
employees() {
    outside --silent --max-time 20 --include --write-out '%{http_code}' -o - \
        -X POST "http://$(compose port envoy 18000)/employees" -H 'Content-Type: application/json' \
        -d '{"countryCode":"GB","dataOwningCountryCode":"IT"}' >"$work/raw" 2>/dev/null
    # The status stands behind the body.
    status=$(tail -c 3 "$work/raw")
    head -c -3 "$work/raw" >"$work/answer" 2>/dev/null
}
body() { sed '1,/^\r*$/d' "$work/answer"; }

shows_no_data() {
    ! grep -aE '"(Robert|Brownforest|Rip|Van Winkle|18/12/1965|18/01/1972)"' "${1:-$work/answer}"
}
is_protected() {
    employees
    equal 200 "$status" && body >"$work/body" && shows_no_data &&
        grep -qi '^x-data-protected: true' "$work/answer" && diff "$work/body" "$work/expected"
}
# refused STATUS...: without data, as a problem answer, with one of these.
refused() {
    employees
    shows_no_data && echo "wanted: $*; got: $status" && echo "$*" | grep -qw "$status" && grep -qi '^content-type: application/problem+json' "$work/answer"
}
refused_by_proxy() {
    employees
    shows_no_data && equal "$1" "$status"
}

# In the network of the demo, with the authority's certificate.
inside() {
    docker run --rm -i --network "${project}_demo" -v "${project}_trust:/trust:ro" -v "$PWD/tests/compose:/t:ro" \
        "${REGISTRY:-}interceptor-tools:${IMAGE_TAG:-1.0.0}" "$@"
}
fingerprint() {
    docker run --rm -v "${project}_tls:/tls:ro" "${REGISTRY:-}interceptor-tools:${IMAGE_TAG:-1.0.0}" \
        openssl x509 -in /tls/server.crt -noout -fingerprint -sha256
}
stubs() {
    outside --silent --max-time 10 "http://$(compose port employees-mock 9999)/__admin/mappings" |
        tr ',' '\n' | sed -n 's/.*"total" *: *\([0-9]*\).*/\1/p'
}

printf '%s' "$(cat tests/compose/expected.json)" >"$work/expected"

# ---- start ----

start() {
    if [ "${BUILD_IMAGES:-1}" = 1 ]; then quietly up -d --build; else quietly up -d; fi
}
client_is_content() {
    equal 0 "$(docker wait "$(container client)")" && compose logs client 2>&1 | grep '50 of 50 answers were protected'
}
# The client alone prints answers, with what is not protected.
answers_without_names() { ! compose logs certs loader interceptor employees-mock envoy 2>&1 | grep -aE 'Brownforest|Van Winkle|18/12/1965'; }
logs_without_secrets() { ! compose logs 2>&1 | grep -aE 'changeme|Bearer |eyJ[A-Za-z0-9]'; }

echo "$compose_program:"
check "everything starts in order" start
if [ "$failed" -gt 0 ]; then
    tail -n 40 "$log"
    summary
    exit
fi
check "the client's 50 calls are protected" client_is_content
check "the answer is protected from outside, byte for byte" is_protected
check "the alias api.exate.co has the certificate for it" \
    inside curl --silent --fail --cacert /trust/ca.crt https://api.exate.co:8443/healthz
check "logs hold no data" answers_without_names
check "logs hold no secret" logs_without_secrets

# ---- how the services are kept ----

is_confined() {
    equal "65532:65532" "$(state "$1" '{{.Config.User}}')" &&
        equal true "$(state "$1" '{{.HostConfig.ReadonlyRootfs}}')" &&
        equal '[ALL]' "$(state "$1" '{{.HostConfig.CapDrop}}')" &&
        state "$1" '{{.HostConfig.SecurityOpt}}' | grep no-new-privileges
}
opens_loopback_only() {
    ports=$(state "$1" '{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}} {{end}}{{end}}')
    [ -n "$ports" ] && ! echo "$ports" | tr ' ' '\n' | grep -vx -e 127.0.0.1 -e ''
}
for service in interceptor employees-mock envoy; do
    check "$service runs without rights, its files read-only" is_confined $service
    check "$service is open to this machine only" opens_loopback_only $service
done

# ---- failures ----

# Ends by itself within two seconds: docker would kill it then, and the code would be 137.
stops_by_itself() {
    id=$(container "$1")
    docker stop -t 2 "$id" >/dev/null && equal 0 "$(docker inspect -f '{{.State.ExitCode}}' "$id")"
}
starts_again() { docker start "$(container "$1")" >/dev/null && within 60 is_healthy "$1" && within 30 is_protected; }
envoy_is_gone() { employees; shows_no_data && equal 000 "$status"; }

check "the interceptor stops by itself" stops_by_itself interceptor
check "without the interceptor: 503 and no data" within 10 refused 503
check "the interceptor comes back" starts_again interceptor
docker kill "$(container interceptor)" >/dev/null
check "the interceptor killed: 503 and no data" within 10 refused 503
check "the interceptor comes back after the kill" starts_again interceptor
docker pause "$(container interceptor)" >/dev/null
# A call on an old connection runs out of time, a new connection is never made.
check "the interceptor stuck: 503 or 504 and no data" refused 503 504
docker unpause "$(container interceptor)" >/dev/null
check "the interceptor goes on" within 30 is_protected
check "employees-mock stops by itself" stops_by_itself employees-mock
check "without employees-mock: 503 and no data" within 10 refused_by_proxy 503
check "employees-mock comes back with its mapping" starts_again employees-mock
check "envoy stops by itself" stops_by_itself envoy
check "without envoy: no answer" envoy_is_gone
check "envoy comes back" starts_again envoy

# ---- what stays ----

pseudonym() { inside sh /t/pseudonym.sh Pseudonymise Brownforest 2>>"$log"; }
keeps_data() {
    equal "$certificate" "$(fingerprint)" && equal Brownforest "$(inside sh /t/pseudonym.sh Reconstruct "$token")" &&
        equal 1 "$(stubs)"
}
restarts() { quietly restart && within 60 is_healthy interceptor && within 60 is_healthy envoy && within 30 is_protected; }
again() { quietly down --timeout 3 && quietly up -d && client_is_content && within 30 is_protected; }

certificate=$(fingerprint)
token=$(pseudonym)
check "a pseudonym that keeps its length is handed out" equal 11 "${#token}"
check "everything restarts" restarts
check "after a restart certificate, pseudonym and stub are there" keeps_data
check "everything starts from its volumes" again
check "after down and up certificate, pseudonym and stub are there" keeps_data

# ---- secrets as files ----

quietly down --volumes --timeout 3
mkdir "$work/secrets"
for name in api_key client_secret admin_token; do echo "file-$name-$$" >"$work/secrets/$name"; done
chmod 0755 "$work/secrets"
chmod 0444 "$work/secrets"/*
unset API_KEY CLIENT_SECRET INTERCEPTOR_ADMIN_TOKEN
export SECRETS="$work/secrets"
files="-f docker-compose.yml -f deploy/compose/secrets.yml"
uses_files() { quietly up -d && client_is_content; }
hides_files() { ! docker inspect "$(container envoy)" "$(container interceptor)" | grep "file-.*-$$"; }
check "secrets come from files" uses_files
check "such secrets are in no variable" hides_files
echo "another-$$" >"$work/new" && chmod 0444 "$work/new" && mv "$work/new" "$work/secrets/client_secret"
docker stop -t 2 "$(container envoy)" >/dev/null
quietly up -d --force-recreate --no-deps envoy
check "a wrong secret in the plugin: 502 and no data" within 30 refused 502

# ---- the end ----

leaves_nothing() {
    quietly down --volumes --timeout 3
    [ -z "$(docker ps -aq --filter "label=com.docker.compose.project=$project")" ] &&
        [ -z "$(docker volume ls -q --filter "label=com.docker.compose.project=$project")" ] &&
        [ -z "$(docker network ls -q --filter "label=com.docker.compose.project=$project")" ]
}
check "down --volumes leaves nothing" leaves_nothing
summary
