# Images, the compose demo and the cluster.

IMAGES      := interceptor employees-mock envoy plugin tools
IMAGE_TAG   ?= $(VERSION)
REGISTRY    ?=
DOCKER      ?= docker

interceptor_IMAGE    := interceptor
employees-mock_IMAGE := employees-mock
envoy_IMAGE          := interceptor-envoy
plugin_IMAGE         := interceptor-plugin
tools_IMAGE          := interceptor-tools
interceptor_DOCKERFILE    := interceptor/Dockerfile
employees-mock_DOCKERFILE := employees-mock/Dockerfile
envoy_DOCKERFILE          := deploy/envoy/Dockerfile
plugin_DOCKERFILE         := plugin/Dockerfile
tools_DOCKERFILE          := deploy/tools/Dockerfile

# What the builder should know of this place: pip's settings, proxies, another base image.
IMAGE_ARGS := $(foreach name,BASE PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_PROXY PIP_TRUSTED_HOST \
                HTTP_PROXY HTTPS_PROXY NO_PROXY,$(if $($(name)),--build-arg '$(name)=$($(name))'))

.PHONY: images $(IMAGES:%=image-%) test-compose test-cluster

## images: build the five container images (REGISTRY=host/ IMAGE_TAG=... name them)
images: $(IMAGES:%=image-%)

$(IMAGES:%=image-%): image-%:
	@echo "  image   $(REGISTRY)$($*_IMAGE):$(IMAGE_TAG)"
	$(Q)$(DOCKER) build $(if $(V),,--quiet) -f $($*_DOCKERFILE) --build-arg VERSION=$(VERSION) \
	    $(IMAGE_ARGS) -t $(REGISTRY)$($*_IMAGE):$(IMAGE_TAG) .

## plugin-oci: the plugin's image as an OCI layout in build/plugin-oci, with a digest known beforehand
.PHONY: plugin-oci pin-plugin plugin-configmap
plugin-oci: $(BUILD)/plugin.wasm
	$(Q)deploy/plugin-oci.sh $< $(BUILD)/plugin-oci $(VERSION)

## pin-plugin: write that digest into the manifests (once a release)
pin-plugin: $(BUILD)/plugin.wasm
	$(Q)digest=$$(deploy/plugin-oci.sh $< $(BUILD)/plugin-oci $(VERSION)) && \
	    sed -i -E "s/^( *sha256: )[0-9a-f]{64}$$/\1$$digest/" \
	        deploy/overlays/mesh/wasm-plugin.yaml deploy/components/hold-stop/envoy-filter.yaml && \
	    echo "pinned $$digest"

## plugin-configmap: put the plugin where overlays/mesh-file and mesh-stop expect it
plugin-configmap: $(BUILD)/plugin.wasm
	$(Q)cp $< deploy/components/plugin-file/plugin.wasm

## test-compose: the compose demo on this machine's Docker, its failures and restarts
test-compose:
	$(Q)tests/compose/run.sh

## test-cluster: the mesh overlay on the cluster of KUBECONFIG (Kubernetes with Istio)
test-cluster:
	$(Q)tests/cluster/run.sh

# ---- the small programs inside the images ----

IMAGE_PROGRAMS := $(BUILD)/docker-entrypoint $(BUILD)/launch $(BUILD)/probe

$(BUILD)/docker-entrypoint: deploy/mock/entrypoint.c deploy/mock/import.c deploy/mock/import.h
$(BUILD)/launch: deploy/envoy/launch.c
$(BUILD)/probe: deploy/envoy/probe.c
$(IMAGE_PROGRAMS):
	@mkdir -p $(@D)
	@echo "  cc      $<"
	$(Q)$(CC) $(LDFLAGS) -pie -Wl,-z,relro,-z,now -std=c17 -D_GNU_SOURCE $(OPTIMISE) $(HARDENING) \
	    $(WARNINGS) $(SANITIZE) $(CPPFLAGS) $(CFLAGS) -o $@ $(filter %.c,$^)
