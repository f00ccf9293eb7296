#!/bin/sh
# Takes this machine's images into a cluster that can't pull them. What way there is, in this order:
#   CLUSTER_LOAD="command"   is given each image's name
#   kind, minikube, k3d      by the name of the current context
#   a containerd of this machine that runs Kubernetes (kubeadm, k3s and others)
# With none of them the cluster has to pull: REGISTRY and IMAGE_TAG name the images.
set -u

sockets() { awk '$NF ~ /\/containerd\.sock$/ { print $NF }' /proc/net/unix 2>/dev/null | sort -u; }
kubernetes_socket() {
    command -v ctr >/dev/null || return 1
    for socket in $(sockets); do
        ctr -a "$socket" namespaces ls -q 2>/dev/null | grep -qx k8s.io && { echo "$socket"; return 0; }
    done
    return 1
}
# Of the cluster that is meant: one of its nodes is this machine.
is_here() {
    addresses=$(kubectl get nodes -o 'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}' 2>/dev/null)
    for address in $addresses; do
        ip -o addr 2>/dev/null | grep -qF " $address/" && return 0
    done
    return 1
}

context=$(kubectl config current-context 2>/dev/null)
if [ -n "${CLUSTER_LOAD:-}" ]; then
    load() { $CLUSTER_LOAD "$1"; }
elif [ "${context#kind-}" != "$context" ]; then
    load() { kind load docker-image "$1" --name "${context#kind-}"; }
elif [ "${context#k3d-}" != "$context" ]; then
    load() { k3d image import "$1" -c "${context#k3d-}"; }
elif [ "$context" = minikube ]; then
    load() { minikube image load "$1"; }
elif is_here && socket=$(kubernetes_socket); then
    load() { docker save "$1" | ctr -a "$socket" -n k8s.io images import - >/dev/null; }
else
    echo "the cluster pulls the images itself"
    exit 0
fi
for image in "$@"; do
    docker image inspect "$image" >/dev/null 2>&1 || { echo "no image $image: make images builds it" >&2; exit 1; }
    load "$image" || exit 1
done
