"""`chain` is shared by the tests of a file, `make_chain` makes one of a test's own; `envoy` is the
shared chain's Envoy with the shipped configuration."""

import subprocess

import pytest
from parts import Chain
from service import ROOT


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certs")
    subprocess.run([ROOT / "certs" / "make-certs.sh", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def chain(tmp_path_factory, certs):
    made = Chain(tmp_path_factory.mktemp("chain") / "shared", certs)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def envoy(chain):
    return chain.envoy()
