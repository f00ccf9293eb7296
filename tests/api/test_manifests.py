"""What the cluster's manifests say of the plugin holds for the one that was built."""

import pathlib
import re
import subprocess

import pytest
from service import BUILD, ROOT

WASM = (BUILD if BUILD.is_absolute() else ROOT / BUILD) / "plugin.wasm"
PINNED = ("deploy/overlays/mesh/wasm-plugin.yaml", "deploy/components/hold-stop/envoy-filter.yaml")


def is_debian_12():
    release = pathlib.Path("/etc/os-release")
    lines = release.read_text().splitlines() if release.exists() else []
    return "ID=debian" in lines and 'VERSION_ID="12"' in lines


@pytest.mark.skipif(not WASM.exists(), reason="this build has no plugin")
def test_the_plugin_is_as_small_as_promised():
    assert WASM.stat().st_size < 40 << 10


@pytest.mark.skipif(not WASM.exists() or not is_debian_12(), reason="another compiler makes another module")
def test_the_pinned_digest_is_that_of_the_plugin(tmp_path):
    """`make pin-plugin` writes it; an old one lets nothing through in a mesh."""
    done = subprocess.run([str(ROOT / "deploy/plugin-oci.sh"), str(WASM), str(tmp_path / "oci"), "1.0.0"], check=True,
                          capture_output=True, text=True)
    for path in PINNED:
        assert re.findall(r"^ *sha256: ([0-9a-f]{64})$", (ROOT / path).read_text(), re.M) == [done.stdout.strip()], path
