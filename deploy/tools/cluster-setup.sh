#!/bin/sh
# In a pod of the cluster: fills the objects of deploy/base/secrets.yaml through the API server with
# the rights of its service account. What is there and good stays; run it again to renew.
# ACCOUNT and WORK name other folders than a pod's, for the tests.
set -eu
account=${ACCOUNT:-/var/run/secrets/kubernetes.io/serviceaccount}
work=${WORK:-/tmp}
api=https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/$NAMESPACE
dir=$work/certs
umask 077
mkdir -p "$dir"

ask() { # method path [body]: prints the answer; the token stays off the command line
    printf 'header = "Authorization: Bearer %s"\n' "$(cat "$account/token")" >"$work/curl"
    printf '%s' "${3:-}" >"$work/body"
    curl --silent --show-error --fail-with-body --max-time 20 --retry 5 --retry-connrefused \
        --config "$work/curl" --cacert "$account/ca.crt" -X "$1" "$api/$2" \
        -H 'Content-Type: application/merge-patch+json' ${3:+--data-binary @"$work/body"}
}

# What is there already, a file a secret. One that can't be read ends the script here, so that it
# never counts as empty and has its master key replaced.
read_secrets() {
    for secret in interceptor-key interceptor-authority interceptor-tls; do
        ask GET "secrets/$secret?pretty=true" >"$work/$secret"
    done
}

# The value of a key of a secret as it is stored (base64), or nothing. The API server writes one
# member a line where it is asked for it.
stored() { # secret key
    sed -n 's/^    "'"$2"'": "\([^"]*\)",\{0,1\}$/\1/p' "$work/$1" | head -n 1
}

fetch() { # secret key file
    stored "$1" "$2" | openssl base64 -d -A >"$3"
    [ -s "$3" ] || rm -f "$3"
}

encoded() {
    openssl base64 -A -in "$1"
}

make_keys() {
    [ -z "$(stored interceptor-key key)" ] || return 0
    ask PATCH secrets/interceptor-key "{\"data\":{\"key\":\"$(openssl rand 48 | openssl base64 -A)\",
        \"admin-token\":\"$(openssl rand -hex 24 | openssl base64 -A)\"}}" >/dev/null
    echo "made the master key and the admin token"
}

fetch_certificates() {
    fetch interceptor-authority ca.crt "$dir/ca.crt"
    fetch interceptor-authority ca.key "$dir/ca.key"
    fetch interceptor-tls tls.crt "$dir/server.crt"
    fetch interceptor-tls tls.key "$dir/server.key"
    fetch interceptor-tls names "$dir/server.names"
}

# Another authority than ours signed it, or ours was never here: then it is not ours to renew.
is_foreign() {
    [ -s "$dir/server.crt" ] || return 1
    [ -s "$dir/ca.key" ] || return 0
    ! openssl x509 -in "$dir/server.crt" -noout -issuer 2>/dev/null | grep -qF 'Interceptor demo CA'
}

# As a JSON string: the certificate's lines end in \n.
json_text() {
    awk '{ printf "%s\\n", $0 }' "$1"
}

keep_certificates() {
    ask PATCH secrets/interceptor-authority \
        "{\"data\":{\"ca.crt\":\"$(encoded $dir/ca.crt)\",\"ca.key\":\"$(encoded $dir/ca.key)\"}}" >/dev/null
    ask PATCH configmaps/interceptor-ca "{\"data\":{\"ca.crt\":\"$(json_text $dir/ca.crt)\"}}" >/dev/null
    ask PATCH secrets/interceptor-tls "{\"data\":{\"tls.crt\":\"$(encoded $dir/server.crt)\",
        \"tls.key\":\"$(encoded $dir/server.key)\",\"names\":\"$(encoded $dir/server.names)\"}}" >/dev/null
}

read_secrets
make_keys
fetch_certificates
if is_foreign; then
    echo "interceptor-tls was filled by somebody else and stays as it is"
    exit 0
fi
make-certs.sh $dir "interceptor.$NAMESPACE" "interceptor.$NAMESPACE.svc" \
    "interceptor.$NAMESPACE.svc.cluster.local"
keep_certificates
echo "certificates are ready: $(openssl x509 -in $dir/server.crt -noout -enddate)"
