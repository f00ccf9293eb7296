"""The description of the APIs, exercised: whatever is sent, each answer's status is documented and
none is a failure of the service."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance
from service import DATASET, TOKEN, Service

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "8"))


@pytest.fixture(scope="module")
def described(tmp_path_factory, certs):
    s = Service(tmp_path_factory.mktemp("described"), certs).start()
    yield s
    s.stop()


def exercise(operation, service):
    admin = operation.path not in (TOKEN, DATASET)
    port = service.ports["admin-listen" if admin else "listen-plain"]
    caller = service.caller()
    control = service.admin()

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
              phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    def run(case):
        case.headers = dict(case.headers or {}) | (dict(control.headers) if admin else caller.headers())
        answer = case.call(base_url=f"http://127.0.0.1:{port}")
        control.delete("/admin/v1/faults")
        if answer.status_code != 501:
            case.validate_response(answer, checks=[not_a_server_error, status_code_conformance])

    run()


def test_every_route_answers_as_described(described):
    document = described.admin(token=False).get("/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    exercised = 0
    for result in schema.get_all_operations():
        exercise(result.ok(), described)
        exercised += 1
    assert exercised == sum(len(path) for path in document["paths"].values())
