#!/bin/sh
# Makes the demo's authority and certificate and hands out only what each side needs:
#   /authority  everything, the authority's key too; no other container mounts it
#   /tls        certificate and key of the interceptor
#   /trust      the authority's certificate, for whoever calls the interceptor
# Further names for the certificate are arguments. Good ones stay (make-certs.sh).
set -eu

hand_out() { # from to
    cmp -s "$1" "$2" && return
    cp -p "$1" "$2.new"
    mv "$2.new" "$2"
}

make-certs.sh /authority "$@"
hand_out /authority/server.key /tls/server.key
hand_out /authority/server.crt /tls/server.crt
hand_out /authority/ca.crt /trust/ca.crt
echo "certificates are ready: $(openssl x509 -in /tls/server.crt -noout -enddate)"
