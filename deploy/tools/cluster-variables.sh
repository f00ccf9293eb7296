#!/bin/sh
# In a pod of the cluster: a sidecar gets the variables of a ProxyConfig when its pod is made, and a
# pod that came a moment before the ProxyConfig took effect has none: the plugin then refuses to
# start and nothing is let through. Such pods are deleted, so that they are made anew; ends when
# every pod has its variables, when there is no mesh, or after ten minutes.
#   cluster-variables.sh LABEL=VALUE VARIABLE
set -eu
selector=$1 variable=$2
account=/var/run/secrets/kubernetes.io/serviceaccount
api=https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT
umask 077

ask() { # method path
    printf 'header = "Authorization: Bearer %s"\n' "$(cat $account/token)" >/tmp/curl
    curl --silent --fail --max-time 20 --config /tmp/curl --cacert $account/ca.crt -X "$1" "$api/$2"
}
pods() {
    ask GET "api/v1/namespaces/$NAMESPACE/pods?labelSelector=$selector&pretty=true" |
        awk '/^    "metadata"|^      "metadata"/ { inside = 1 }
             inside && /^        "name":/ { gsub(/[",]/, ""); print $2; inside = 0 }'
}
has_proxy_config() {
    ask GET "apis/networking.istio.io/v1beta1/namespaces/$NAMESPACE/proxyconfigs" | grep -q '"kind": *"ProxyConfig"'
}
# 0: as it should be; 1: made too early; 2: no sidecar; 3: nobody answered, or it is gone
look_at() {
    ask GET "api/v1/namespaces/$NAMESPACE/pods/$1?pretty=true" >/tmp/pod || return 3
    grep -q '"name": "istio-proxy"' /tmp/pod || return 2
    grep -q "\"name\": \"$variable\"" /tmp/pod
}

turn=0
while [ "$turn" -lt 300 ]; do
    turn=$((turn + 1))
    early='' seen='' unsure=''
    for pod in $(pods); do
        seen=$pod
        code=0
        look_at "$pod" || code=$?
        [ "$code" != 2 ] || { echo "$pod has no sidecar: nothing to do"; exit 0; }
        [ "$code" != 3 ] || unsure=$pod
        [ "$code" != 1 ] || early="$early $pod"
    done
    [ -z "$seen" ] || [ -n "$early$unsure" ] || { echo "every pod has its variables"; exit 0; }
    if [ -n "$early" ] && has_proxy_config; then
        for pod in $early; do
            echo "$pod came before its variables: made anew"
            ask DELETE "api/v1/namespaces/$NAMESPACE/pods/$pod" >/dev/null || true
        done
    fi
    sleep 2
done
echo "there is a mesh but no ProxyConfig; restart the deployment once there is one"
