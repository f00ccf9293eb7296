"""Envoys are costly to start: one a file for each way of holding headers, and `launch` for tests that
need settings of their own. The stand-ins are told anew what to answer before each test."""
import pytest
from stage import Stage


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
