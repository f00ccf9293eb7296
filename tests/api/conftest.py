"""The interceptor as a fixture: `service` is shared by tests that change nothing; `start` makes
one with options of its own. What a process wrote is shown when a test fails."""

import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from service import ROOT, Service  # noqa: E402


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certs")
    subprocess.run([str(ROOT / "certs" / "make-certs.sh"), str(folder)], check=True,
                   capture_output=True)
    return folder


@pytest.fixture(scope="session")
def service(tmp_path_factory, certs):
    s = Service(tmp_path_factory.mktemp("service"), certs).start()
    yield s
    s.stop()


@pytest.fixture
def caller(service):
    return service.caller()


@pytest.fixture
def start(tmp_path, certs):
    """start(name="a", **options) starts a service that the test's end stops."""
    services = []

    def make(name="service", **options):
        s = Service(tmp_path / name, certs, **options)
        services.append(s)
        return s.start()

    yield make
    for s in services:
        s.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Service):
                report.sections.append((f"log of {name}", value.log()[-5000:]))
    return report
