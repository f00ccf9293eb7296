"""Envoys are costly to start: one a file for each way of holding headers, and `launch` for tests that
need settings of their own. The stand-ins are told anew what to answer before each test."""
import pathlib
import sys

import httpx
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from envoy import Envoy  # noqa: E402
from fakes import SECRETS, Backend, Interceptor  # noqa: E402

CODES = {"countryCode": "GB", "dataOwningCountryCode": "IT"}


class Stage:
    """Backend, interceptor and an Envoy between client and backend."""

    def __init__(self, **options):
        self.backend, self.interceptor = Backend(), Interceptor()
        self.hold = options.get("hold", "stop")
        self.envoy = Envoy(self.backend.port, self.interceptor.port, **options)
        self.serves = self.envoy.wait()

    def ask(self, path="/employees", method="POST", codes=CODES, **more):
        if method == "POST" and codes is not None and not {"content", "json", "data"} & set(more):
            more["json"] = codes
        with httpx.Client(timeout=20) as client:
            return client.request(method, self.envoy.url + path, **more)

    def stop(self):
        self.envoy.stop()
        self.backend.stop()
        self.interceptor.stop()


@pytest.fixture
def launch():
    """launch(hold=..., settings={...}): a stage of one's own."""
    stages = []

    def start(**options):
        stages.append(Stage(**options))
        return stages[-1]
    yield start
    for stage in stages:
        stage.stop()


@pytest.fixture(scope="module", params=["stop", "filter"])
def shared(request):
    stage = Stage(hold=request.param, settings={"timeoutMs": 1500})
    assert stage.serves, stage.envoy.text()
    yield stage
    stage.stop()


@pytest.fixture
def stage(shared):
    shared.interceptor.reset_script()
    shared.interceptor.issued = 1000 + len(shared.interceptor.requests)  # tokens stay distinct
    shared.interceptor.forget()
    shared.backend.answers.clear()
    shared.backend.requests.clear()
    return shared


def assert_problem(answer, status, *causes):
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status"}
    assert problem["status"] == status
    assert problem["type"].removeprefix("urn:interception:") in causes
    assert_no_secret(answer)


def assert_no_secret(answer):
    for secret in SECRETS:
        assert secret not in answer.content
    assert b"secret-token" not in answer.content
