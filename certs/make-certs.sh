#!/bin/sh
# Makes a certificate authority and a server certificate for the interceptor:
#
#   certs/make-certs.sh DIR [NAME...]      DIR/ca.crt ca.key server.crt server.key
#
# The server certificate carries the names that clients dial, and every further NAME (DNS name or
# IP address), such as interceptor.apigator.svc.cluster.local. What is there already and still good
# for 30 days and the same names stays. Keys are readable by their owner only.
# DAYS (default 397) is how long the server certificate lasts; the authority lasts ten years.
set -eu

[ $# -ge 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
dir=$1
shift
names="api.exate.co exate.co interceptor localhost 127.0.0.1 $*"
days=${DAYS:-397}
month=$((30 * 24 * 3600))

umask 077
mkdir -p "$dir"

# "DNS:a,IP:1.2.3.4": only digits and dots, or a colon, make an address.
alternative_names() {
    for name in $names; do
        case $name in
        *:*) echo "IP:$name" ;;
        *[!0-9.]*) echo "DNS:$name" ;;
        *) echo "IP:$name" ;;
        esac
    done | awk '!seen[$0]++' | paste -sd, -
}

# Writes to the side first: a file with its final name is always whole.
new_key() {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.new" 2>/dev/null
    mv "$1.new" "$1"
}

make_ca() {
    openssl x509 -in "$dir/ca.crt" -noout -checkend $month >/dev/null 2>&1 && [ -s "$dir/ca.key" ] && return
    new_key "$dir/ca.key"
    openssl req -x509 -new -key "$dir/ca.key" -sha256 -days 3650 -subj "/CN=Interceptor demo CA" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
        -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$dir/ca.crt.new"
    mv "$dir/ca.crt.new" "$dir/ca.crt"
    rm -f "$dir/server.crt" # the old authority signed it
}

# The names it was made for are kept beside it, so that a changed list makes a new one.
server_is_good() {
    [ -s "$dir/server.key" ] && [ "$(cat "$dir/server.names" 2>/dev/null)" = "$1" ] &&
        openssl x509 -in "$dir/server.crt" -noout -checkend $month >/dev/null 2>&1 &&
        openssl verify -CAfile "$dir/ca.crt" "$dir/server.crt" >/dev/null 2>&1 &&
        is_pair
}

is_pair() {
    [ "$(openssl x509 -in "$dir/server.crt" -noout -pubkey 2>/dev/null)" = \
        "$(openssl pkey -in "$dir/server.key" -pubout 2>&1)" ]
}

make_server() {
    san=$(alternative_names)
    server_is_good "$san" && return
    made=1
    new_key "$dir/server.key.next"
    cat >"$dir/server.ext" <<EXT
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=$san
EXT
    openssl req -new -key "$dir/server.key.next" -subj "/CN=api.exate.co" |
        openssl x509 -req -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -sha256 -days "$days" \
            -set_serial "0x$(openssl rand -hex 16)" -extfile "$dir/server.ext" \
            -out "$dir/server.crt.new" 2>/dev/null || made=
    rm "$dir/server.ext"
    [ "$made" ] || {
        echo "make-certs.sh: openssl makes no certificate of $days days (DAYS) for $san" >&2
        exit 1
    }
    echo "$san" >"$dir/server.names"
    mv "$dir/server.key.next" "$dir/server.key"
    mv "$dir/server.crt.new" "$dir/server.crt"
}

make_ca
make_server
chmod 0600 "$dir/ca.key" "$dir/server.key"
chmod 0644 "$dir/ca.crt" "$dir/server.crt"
