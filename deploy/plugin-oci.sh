#!/bin/sh
# Makes the plugin's image as an OCI layout, the same to the last byte for the same module: so its
# digest can be known and pinned before anybody has pushed it.
#
#   plugin-oci.sh build/plugin.wasm build/plugin-oci VERSION      prints the digest
#   crane push build/plugin-oci REGISTRY/interceptor-plugin:VERSION
#
# One layer, tar and gzip, with plugin.wasm at its root: what Istio's agent reads.
set -eu
export LC_ALL=C
wasm=$1 layout=$2 version=$3

sum() { sha256sum "$1" | cut -d' ' -f1; }
size() { wc -c <"$1" | tr -d ' '; }

# Moves a file to where its digest says, and prints the digest.
blob() {
    digest=$(sum "$1")
    mv "$1" "$layout/blobs/sha256/$digest"
    echo "$digest"
}

rm -rf "$layout"
mkdir -p "$layout/blobs/sha256" "$layout/root"
cp "$wasm" "$layout/root/plugin.wasm"
chmod 0644 "$layout/root/plugin.wasm"
tar -C "$layout/root" --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$layout/layer" plugin.wasm
rm -r "$layout/root"
diff_id=$(sum "$layout/layer")
gzip -9n "$layout/layer"
layer_size=$(size "$layout/layer.gz")
layer=$(blob "$layout/layer.gz")

printf '{"architecture":"wasm","os":"wasip1","config":{"Labels":{"org.opencontainers.image.title":"interceptor-plugin","org.opencontainers.image.version":"%s","org.opencontainers.image.licenses":"Apache-2.0"}},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$version" "$diff_id" >"$layout/config"
config_size=$(size "$layout/config")
config=$(blob "$layout/config")

printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:%s","size":%s}]}' \
    "$config" "$config_size" "$layer" "$layer_size" >"$layout/manifest"
manifest_size=$(size "$layout/manifest")
manifest=$(blob "$layout/manifest")

printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s}]}' \
    "$manifest" "$manifest_size" >"$layout/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
echo "$manifest"
