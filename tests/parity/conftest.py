"""One employees-mock for all cases, and the server that it proxies to."""

import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "api" / "mock")]

from employees_mock import EmployeesMock  # noqa: E402
from replay import Player, start_upstream  # noqa: E402


@pytest.fixture(scope="session")
def player(tmp_path_factory):
    upstream, url = start_upstream()
    server = EmployeesMock(tmp_path_factory.mktemp("parity")).start()
    yield Player(server.url, url)
    assert server.stop() == 0, server.log()[-5000:]
    upstream.shutdown()
