"""employees-mock as a fixture: `mock` is shared and emptied for each test; `start_mock` makes one
with flags of its own."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from employees_mock import EmployeesMock  # noqa: E402


@pytest.fixture(scope="session")
def shared_mock(tmp_path_factory):
    server = EmployeesMock(tmp_path_factory.mktemp("mock")).start()
    yield server
    assert server.stop() == 0, server.log()[-5000:]


@pytest.fixture
def mock(shared_mock):
    assert shared_mock.process.poll() is None, shared_mock.log()[-5000:]
    shared_mock.clear()
    yield shared_mock
    assert shared_mock.process.poll() is None, shared_mock.log()[-5000:]


@pytest.fixture
def start_mock(tmp_path):
    """start_mock("--flag", folder="name") starts a server that the test's end stops."""
    servers = []

    def make(*flags, folder="root", wait=True):
        server = EmployeesMock(tmp_path / folder, *flags)
        servers.append(server)
        return server.start() if wait else server.launch()

    yield make
    for server in servers:
        assert server.stop() >= 0, server.log()[-5000:]
