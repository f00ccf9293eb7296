#!/bin/sh
# The mesh overlay on a real cluster with Istio, in a namespace of its own: calls through sidecars and
# ingress gateway, what happens when each part fails, a rolling restart under load, the end.
# Needs kubectl, KUBECONFIG and the plugin (make plugin-configmap, or its image); istioctl and kubeconform are used
# where they are. NAMESPACE and KEEP=1 (leave it there) may be given; POSTGRES_IMAGE, another than
# postgres:17 (tests/cluster/postgres makes one).
set -u
cd "$(dirname "$0")/../.."
. tests/checks.sh

command -v kubectl >/dev/null || { echo "test-cluster: kubectl is missing"; exit 2; }
kubectl get --raw /readyz >/dev/null 2>&1 || { echo "test-cluster: no cluster answers; set KUBECONFIG"; exit 2; }
kubectl get crd wasmplugins.extensions.istio.io >/dev/null 2>&1 || { echo "test-cluster: the cluster has no Istio"; exit 2; }
# From the build, or else out of its image.
plugin=deploy/components/plugin-file/plugin.wasm
if [ ! -s $plugin ] && id=$(docker create "${REGISTRY:-}interceptor-plugin:${IMAGE_TAG:-1.0.0}" none 2>/dev/null); then
    docker cp "$id:/plugin.wasm" $plugin >/dev/null
    docker rm "$id" >/dev/null
fi
[ -s $plugin ] || { echo "test-cluster: run make plugin-configmap first"; exit 2; }

ns=${NAMESPACE:-interceptor-test-$$}
work=$(mktemp -d)
log=build/test-cluster.log
mkdir -p build
: >"$log"
tag=${IMAGE_TAG:-1.0.0}

postgres=${POSTGRES_IMAGE:-postgres:17}

with_names() { # this namespace and these images
    sed -e "s/test-wasm/$ns/g" -e "s#image: postgres:.*#image: $postgres#" \
        -e "s#image: \(interceptor\|employees-mock\|interceptor-tools\):.*#image: ${REGISTRY:-}\1:$tag#"
}
build() { kubectl kustomize "deploy/$1" | with_names; } # what is to be applied
build_shared() { # overlays/mesh-file with a token store that all interceptors share
    mkdir -p build/cluster-shared
    cat >build/cluster-shared/kustomization.yaml <<KUSTOMIZATION
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: test-wasm
sortOptions: {order: fifo}
resources: [../../deploy/overlays/mesh-file]
components: [../../deploy/components/shared-store, ../../deploy/components/postgres]
KUSTOMIZATION
    kubectl kustomize build/cluster-shared | with_names
}
k() { kubectl -n "$ns" "$@"; }
quietly() { "$@" >>"$log" 2>&1; }

finish() {
    [ -n "${KEEP:-}" ] || kubectl delete namespace "$ns" "$ns-base" "$ns-original" --ignore-not-found --wait=false >/dev/null 2>&1
    quietly kubectl delete persistentvolume "$ns" --ignore-not-found --wait=false
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# ---- calls ----

in_client() { k exec rest-api-client -c client -- "$@"; }
# The answer with its headers to $work/answer, its status to $status.
call_to() { # url [curl arguments]
    url=$1
    shift
    in_client curl --silent --max-time 20 --include --write-out '%{http_code}' -X POST "$url" \
        -H 'Content-Type: application/json' -d '{"countryCode":"GB","dataOwningCountryCode":"GB"}' "$@" >"$work/raw" 2>>"$log"
    status=$(tail -c 3 "$work/raw")
    head -c -3 "$work/raw" >"$work/answer"
}
employees() { call_to "http://employees-api.$ns.svc.cluster.local:9999/employees"; }
shows_no_data() { ! grep -aE '"(Robert|Brownforest|Rip|Van Winkle|18/12/1965|18/01/1972)"' "$work/answer"; }
looks_protected() {
    equal 200 "$status" && shows_no_data && grep -qi '^x-data-protected: true' "$work/answer" &&
        sed '1,/^\r*$/d' "$work/answer" >"$work/body" && diff "$work/body" "$work/expected"
}
is_protected() { employees; looks_protected; }
# refused STATUS...: with one of these, and without data.
refused() {
    employees
    shows_no_data && echo "wanted: $*; got: $status" && echo "$*" | grep -qw "$status"
}
printf '%s' "$(cat tests/compose/expected.json)" >"$work/expected"

rolled_out() { quietly k rollout status --timeout=120s "deploy/$1"; }
restart() { quietly k rollout restart "deploy/$1" && rolled_out "$1"; }
# No pod of the old kind is left, whose answers would count.
restart_all() {
    restart "$1" && within 90 sh -c "! kubectl -n $ns get pods -l app=$2 -o name --field-selector=status.phase=Running | \
        xargs -r kubectl -n $ns get --ignore-not-found -o 'jsonpath={range .items[*]}{.metadata.deletionTimestamp}{end}{.metadata.deletionTimestamp}' | grep -q ."
}
patch() { quietly k patch "$@"; }
has_variable() { k exec deploy/employees-api -c istio-proxy -- env | grep -qxF "$1"; }
# A sidecar gets its variables when it is injected, by an Istio that may not know of the change yet.
restart_with() { # NAME=value
    for _ in 1 2 3; do
        restart_all employees-api employees && within 10 has_variable "$1" && return
    done
    return 1
}

# ---- before anything is there ----

is_restricted() {
    quietly kubectl create namespace "$ns-base" &&
        quietly kubectl label namespace "$ns-base" pod-security.kubernetes.io/warn=restricted pod-security.kubernetes.io/enforce=restricted &&
        kubectl kustomize deploy/base | kubectl -n "$ns-base" apply --dry-run=server -f - >"$work/dry" 2>&1 &&
        kubectl kustomize deploy/client | sed 's/inject: "true"/inject: "false"/' |
        kubectl -n "$ns-base" apply --dry-run=server -f - >>"$work/dry" 2>&1 && ! grep -i 'would violate' "$work/dry"
    code=$?
    cat "$work/dry"
    quietly kubectl delete namespace "$ns-base" --wait=false
    return $code
}
# Schemas of the kinds that are not Kubernetes' own come from SCHEMAS, if it is given.
is_valid() {
    for overlay in base client overlays/mesh overlays/external overlays/mesh-file overlays/mesh-stop; do
        build "$overlay" | kubeconform -strict -schema-location "$SCHEMAS" || return 1
    done
    build_shared | kubeconform -strict -schema-location "$SCHEMAS"
}

echo "cluster $(kubectl config current-context), namespace $ns:"
# shellcheck disable=SC2046
check "the images are at hand" tests/cluster/load-images.sh \
    $(for name in interceptor employees-mock interceptor-tools; do echo "${REGISTRY:-}$name:$tag"; done)
check "every pod is of the restricted kind" is_restricted
if command -v kubeconform >/dev/null && [ -n "${SCHEMAS:-}" ]; then
    check "every manifest is valid to the letter" is_valid
fi

# ---- installing it ----

install_all() { build overlays/mesh-file | kubectl apply -f - && k apply -f deploy/client/rest-client-pod-sidecar.yaml; }
is_ready() {
    k wait --for=condition=complete --timeout=120s job/interceptor-setup job/employees-variables && rolled_out interceptor && rolled_out employees-api && k wait --for=condition=Ready --timeout=90s pod/rest-api-client &&
        within 60 sh -c "kubectl -n $ns get deploy interceptor -o 'jsonpath={.status.readyReplicas}' | grep -qx 2"
}
is_clean_for_istio() { istioctl analyze -n "$ns" 2>&1 | tee "$work/analysis" | grep 'No validation issues found' || { cat "$work/analysis"; return 1; }; }

check "one command installs it" install_all
check "it gets ready, two interceptors" is_ready
if command -v istioctl >/dev/null; then
    check "istioctl analyze has nothing to say" is_clean_for_istio
fi

# ---- the protected answer ----

through_the_gateway() {
    gateway=$(kubectl get service -A -l istio=ingressgateway -o 'jsonpath={.items[0].metadata.name}.{.items[0].metadata.namespace}')
    call_to "http://$gateway/employees" -H 'Host: employees.example.com'
    looks_protected
}
fifty_calls() {
    sed "s#image: .*#image: ${REGISTRY:-}interceptor-tools:$tag#" deploy/client/calls-job.yaml | k apply -f - &&
        k wait --for=condition=complete --timeout=120s job/fifty-calls &&
        k logs job/fifty-calls -c client | grep '50 of 50 answers were protected'
}
# A pod without a sidecar, straight to the backend.
plain_call() {
    k run plain --image="${REGISTRY:-}interceptor-tools:$tag" --image-pull-policy=IfNotPresent --restart=Never \
        --labels=sidecar.istio.io/inject=false --command -- idle.sh
    k wait --for=condition=Ready --timeout=60s pod/plain || return 1
    k exec plain -- curl --silent --max-time 10 -X POST http://employees-api:9999/employees -d '{}' >"$work/answer" 2>&1
    code=$?
    quietly k delete pod plain --wait=false
    shows_no_data && [ "$code" -ne 0 ] && ! grep -q employees "$work/answer"
}

check "the answer through the sidecars is protected, byte for byte" within 30 is_protected
check "the answer through the ingress gateway is protected" within 30 through_the_gateway
check "the job's 50 calls are protected" fifty_calls
check "without mutual TLS there is no answer" plain_call

# ---- a rolling restart under load ----

# The load ends when the restart has: some hundred calls, each of them checked.
rolling_restart() {
    rm -f "$work/load"
    in_client calls.sh "http://employees-api:9999/employees" 1500 >"$work/load" 2>&1 &
    load=$!
    restart interceptor || return 1
    within 60 sh -c "test \$(kubectl -n $ns get pods -l app=interceptor -o name | wc -l) -eq 2"
    wait $load
    code=$?
    tail -n 3 "$work/load"
    return $code
}
check "a rolling restart under load loses no call" rolling_restart

# ---- failures ----

scaled_to() { quietly k scale deploy/interceptor --replicas="$1"; }
gone() { k wait --for=delete --timeout=90s pod -l app=interceptor; }

without_interceptor() { scaled_to 0 && gone && refused 503; }
check "interceptor gone: 503, no data" without_interceptor
interceptor_back() { scaled_to 2 && rolled_out interceptor && within 60 is_protected; }
check "... and back" interceptor_back

rule() { patch destinationrule originate-tls-apigator-svc --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/trafficPolicy/tls/$1\",\"value\":$2}]"; }
rule subjectAltNames '["somebody.else"]'
check "a name that the certificate lacks: 503, no data" within 60 refused 503
rule subjectAltNames '["api.exate.co"]'
check "... and back" within 60 is_protected

rule caCertificates '"/var/run/secrets/istio/root-cert.pem"'
check "an authority that did not sign it: 503, no data" within 60 refused 503
rule caCertificates '"/etc/interceptor-ca/ca.crt"'
check "... and back" within 60 is_protected

fetched_from() { # url, digest of it or null
    patch wasmplugin apigator-wasm-plugin --type=merge -p "{\"spec\":{\"url\":\"$1\",\"sha256\":$2}}"
}
fetched_from oci://127.0.0.1:1/interceptor-plugin:1.0.0 null
check "a registry that is not there: 403 or 500, no data" within 60 refused 403 500 503
fetched_from file:///etc/interceptor-plugin/plugin.wasm null
check "... and back" within 90 is_protected

patch proxyconfig employees-proxy-config --type=merge -p '{"spec":{"environmentVariables":{"CLIENT_SECRET":"wrong"}}}'
wrong_secret() { restart_with CLIENT_SECRET=wrong && within 60 refused 502; }
check "a wrong secret in the plugin: 502, no data" wrong_secret
patch proxyconfig employees-proxy-config --type=merge -p '{"spec":{"environmentVariables":{"JOB_TYPE":"Nonsense"}}}'
# The new pod's Envoy refuses the plugin: it does not become ready, or lets nothing through.
nothing_comes() { employees; shows_no_data && [ "$status" != 200 ]; }
refused_by_envoy() {
    for _ in 1 2 3; do
        k delete pod -l app=employees && within 60 has_variable JOB_TYPE=Nonsense && within 60 nothing_comes && return
    done
    return 1
}
check "a plugin that Envoy refuses: no data" refused_by_envoy
patch proxyconfig employees-proxy-config --type=merge -p '{"spec":{"environmentVariables":{"CLIENT_SECRET":"changeme","JOB_TYPE":"Restrict"}}}'
back_with_settings() { restart_with JOB_TYPE=Restrict && within 60 is_protected; }
check "... and back" back_with_settings

# ---- a registry that is slow, and a plugin that traps ----

# The plugin's image as it is shipped, from a registry of this namespace.
registry_up() { # delay of a manifest in ms
    digest=$(deploy/plugin-oci.sh $plugin "$work/oci" 1.0.0) || return 1
    blobs=$work/oci/blobs/sha256
    layer=$(grep -o '"layers":.*' "$blobs/$digest" | grep -oE '[0-9a-f]{64}')
    config=$(grep -o '"config":{[^}]*}' "$blobs/$digest" | grep -oE '[0-9a-f]{64}')
    k create configmap registry-files --from-file="manifest=$blobs/$digest" --from-file="config=$blobs/$config" --from-file="layer=$blobs/$layer" &&
        sed -e "s/MANIFEST/$digest/g; s/CONFIG/$config/; s/LAYER/$layer/; s/DELAY/$1/" tests/cluster/registry.yaml | with_names | k apply -f - &&
        k wait --for=condition=Ready --timeout=60s pod/registry
}
# New pods, which have no plugin of before: until it is there nothing comes, and then what is protected.
slowly() {
    registry=registry.$ns.svc.cluster.local:5000
    patch proxyconfig employees-proxy-config --type=merge -p "{\"spec\":{\"environmentVariables\":{\"WASM_INSECURE_REGISTRIES\":\"$registry\"}}}" &&
        fetched_from "oci://$registry/interceptor-plugin:1.0.0" "\"$digest\"" || return 1
    for _ in 1 2 3; do
        k delete pod -l app=employees && within 30 has_variable "WASM_INSECURE_REGISTRIES=$registry" && break
    done
    refusals=0
    end=$(($(date +%s) + 120))
    until is_protected; do
        shows_no_data && [ "$(date +%s)" -lt "$end" ] || return 1
        refusals=$((refusals + 1))
        sleep 0.5
    done
    echo "$refusals refused before"
    [ $refusals -gt 0 ]
}
trapped() { fetched_from "http://registry.$ns.svc.cluster.local:5000/trap.wasm" null && within 60 refused 503 && refused 503; }

check "a registry in the cluster" registry_up 15000
check "slow registry: no data before the plugin is there, protected after" slowly
check "a plugin that traps: 503, no data" trapped
fetched_from file:///etc/interceptor-plugin/plugin.wasm null
check "... and back" within 60 is_protected

# Patched, as the job that fills it does: what was applied, the next apply of the manifests takes out.
fill_tls() { quietly k patch secret interceptor-tls --type=merge -p "{\"data\":$1}"; }
good_tls=$(k get secret interceptor-tls -o 'jsonpath={.data}')
quietly k delete secret interceptor-tls
quietly k rollout restart deploy/interceptor
waits_for_secret() { k get pods -l app=interceptor -o 'jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}' | grep ContainerCreating; }
check "Secret missing: the new interceptor waits" within 60 waits_for_secret
check "... while the old ones answer, protected" is_protected
quietly k create secret generic interceptor-tls && fill_tls "$good_tls"
check "... and goes on when the Secret is there" rolled_out interceptor
check "... protected" within 60 is_protected

# An hour is over in no time: the certificate ends on the day before it begins.
expired() {
    k get secret interceptor-authority -o 'jsonpath={.data.ca\.crt}' | base64 -d >"$work/ca.crt" &&
        k get secret interceptor-authority -o 'jsonpath={.data.ca\.key}' | base64 -d >"$work/ca.key" &&
        (cd "$work" && tar -c ca.crt ca.key) | k exec -i rest-api-client -c client -- sh -c \
            'rm -rf /tmp/x && mkdir /tmp/x && cd /tmp/x && tar -x && DAYS=0 make-certs.sh /tmp/x >&2 && sleep 1 && tar -c server.crt server.key' >"$work/expired.tar" &&
        (cd "$work" && tar -xf expired.tar) &&
        fill_tls "{\"tls.crt\":\"$(base64 -w0 "$work/server.crt")\",\"tls.key\":\"$(base64 -w0 "$work/server.key")\"}" && restart_all interceptor interceptor && within 60 refused 503
}
check "certificate expired: 503, no data" expired
certificate_back() { fill_tls "$good_tls" && restart_all interceptor interceptor && within 60 is_protected; }
check "... and back" certificate_back

# ---- pseudonyms that keep their length ----

job() { patch proxyconfig employees-proxy-config --type=merge -p "{\"spec\":{\"environmentVariables\":{\"JOB_TYPE\":\"$1\",\"PRESERVE_STRING_LENGTH\":\"$2\"}}}"; }
refused_without_store() { job Pseudonymise true; restart_with JOB_TYPE=Pseudonymise && within 60 refused 502; }
# Where the cluster makes no volumes by itself, one on the node.
make_volume() {
    kubectl get storageclass -o 'jsonpath={.items[*].metadata.annotations}' | grep -q 'is-default-class":"true' && return
    printf '{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"%s"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],
        "claimRef":{"namespace":"%s","name":"data-token-store-0"},"hostPath":{"path":"/tmp/%s","type":"DirectoryOrCreate"}}}' "$ns" "$ns" "$ns" |
        kubectl apply -f - && volume_is_ours
}
# A folder of the node belongs to root; that user is no longer one in the pod.
volume_is_ours() {
    k run volume --image="${REGISTRY:-}interceptor-tools:$tag" --image-pull-policy=IfNotPresent --restart=Never --overrides='{"spec":{"automountServiceAccountToken":false,
        "containers":[{"name":"volume","image":"'"${REGISTRY:-}interceptor-tools:$tag"'","command":["chown","999:999","/data"],"securityContext":{"runAsUser":0},
        "volumeMounts":[{"name":"data","mountPath":"/data"}]}],"volumes":[{"name":"data","hostPath":{"path":"/tmp/'"$ns"'","type":"DirectoryOrCreate"}}]}}' \
        --labels=sidecar.istio.io/inject=false && k wait --for=jsonpath='{.status.phase}'=Succeeded --timeout=60s pod/volume && k delete pod volume
}
shared_store() {
    make_volume && build_shared | kubectl apply -f - && k rollout status --timeout=120s statefulset/token-store &&
        restart_all interceptor interceptor && job Pseudonymise true && restart_with JOB_TYPE=Pseudonymise
}
# Names of the same length, other than those that there are; the answer to $work/body.
is_pseudonymised() {
    employees
    equal 200 "$status" && shows_no_data && sed '1,/^\r*$/d' "$work/answer" >"$work/body" &&
        grep -qE '"firstName": "[A-Za-z0-9]{6}"' "$work/body" && grep -qE '"lastName": "[A-Za-z0-9]{11}"' "$work/body"
}
always_the_same() {
    within 30 is_pseudonymised && cp "$work/body" "$work/first" || return 1
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        is_pseudonymised && diff "$work/first" "$work/body" || return 1
        sleep 1 # the sidecar's connection ends after 10 s, and the next one may lead to the other
    done
}
with_new_pods() {
    k delete pod -l app=interceptor && rolled_out interceptor && within 60 is_pseudonymised && diff "$work/first" "$work/body"
}
store_gone() { k scale statefulset/token-store --replicas=0 && k wait --for=delete --timeout=60s pod/token-store-0 && within 30 refused 503; }
store_back() {
    k scale statefulset/token-store --replicas=1 && k rollout status --timeout=90s statefulset/token-store && rolled_out interceptor &&
        within 60 is_pseudonymised && diff "$work/first" "$work/body"
}
job_back() { job Restrict false; restart_with JOB_TYPE=Restrict && within 60 is_protected; }

check "without a store they are refused: 502, no data" refused_without_store
if [ -n "${POSTGRES_IMAGE:-}" ]; then
    check "the database's image is at hand" tests/cluster/load-images.sh "$postgres"
fi
check "a database that all interceptors share" shared_store
check "every interceptor gives the same pseudonyms" always_the_same
check "... and others after them" with_new_pods
check "the database gone: 503, no data" store_gone
check "... and back, with all pseudonyms" store_back
check "... and back to other jobs" job_back

# ---- headers held by the plugin itself ----

# Proxies older than Envoy 1.35 do not know the knob.
with_stop() {
    k delete wasmplugin apigator-wasm-plugin && k delete envoyfilter hold-response-headers &&
        build overlays/mesh-stop | kubectl apply -f - && restart_all employees-api employees && within 60 is_protected
}
check "headers held by the plugin: protected" with_stop
stop_without_interceptor() { scaled_to 0 && gone && refused 503; }
check "... interceptor gone: 503, no data" stop_without_interceptor

# ---- the walk-through's own objects ----

# On top of base/: its names, its addresses. For its sidecars api.exate.co is the interceptor.
original() {
    kubectl create namespace "$ns" && kubectl label namespace "$ns" istio-injection=enabled &&
        sed -e "s/NAMESPACE/$ns/g" -e 's#PLUGIN#file:///etc/interceptor-plugin/plugin.wasm#' tests/cluster/original.yaml | k apply -f - &&
        build base | k apply -f - && k create configmap interceptor-plugin --from-file=$plugin &&
        address=$(k get service interceptor -o 'jsonpath={.spec.clusterIP}') &&
        k patch deployment employees-api -p '{"spec":{"template":{"metadata":{"annotations":{
            "sidecar.istio.io/userVolume":"[{\"name\":\"interceptor-ca\",\"configMap\":{\"name\":\"interceptor-ca\",\"items\":[{\"key\":\"ca.crt\",\"path\":\"ca.crt\"}]}},{\"name\":\"interceptor-plugin\",\"configMap\":{\"name\":\"interceptor-plugin\"}}]",
            "sidecar.istio.io/userVolumeMount":"[{\"name\":\"interceptor-ca\",\"mountPath\":\"/etc/ssl/certs/ca-certificates.crt\",\"subPath\":\"ca.crt\",\"readOnly\":true},{\"name\":\"interceptor-plugin\",\"mountPath\":\"/etc/interceptor-plugin\",\"readOnly\":true}]"}},
            "spec":{"hostAliases":[{"ip":"'"$address"'","hostnames":["api.exate.co"]}]}}}}' &&
        k apply -f deploy/client/rest-client-pod-sidecar.yaml
}
original_is_ready() {
    k wait --for=condition=complete --timeout=120s job/interceptor-setup && rolled_out interceptor && restart_all employees-api employees &&
        k wait --for=condition=Ready --timeout=90s pod/rest-api-client
}
nothing_unprotected() { scaled_to 0 && gone && employees && shows_no_data; }

whole=$ns
ns=$whole-original
check "the walk-through's own objects go on top of base/" original
check "... get ready" original_is_ready
check "... and protect the answer" within 60 is_protected
check "... interceptor gone: no data" nothing_unprotected
[ -n "${KEEP:-}" ] || quietly kubectl delete namespace "$ns" --timeout=120s
ns=$whole

# ---- the end ----

is_deleted() {
    { build overlays/mesh-stop; build overlays/mesh-file; } | kubectl delete --ignore-not-found --timeout=120s -f - &&
        ! kubectl get namespace "$ns"
}
left_over() { # whatever kind, whatever namespace
    kinds=$(kubectl api-resources --verbs=list -o name | grep -vE '^(events|componentstatuses)' | paste -sd, -)
    left=$(kubectl get "$kinds" -A -o 'jsonpath={range .items[*]}{.kind} {.metadata.namespace} {.metadata.name}{"\n"}{end}' 2>/dev/null | grep -F "$ns ")
    [ -z "$left" ] || { echo "$left"; return 1; }
}
if [ -z "${KEEP:-}" ]; then
    check "one command deletes it" is_deleted
    check "nothing is left" left_over
fi
summary
