"""The description of the APIs, exercised: whatever is sent, each answer's status and body are
documented and none is a failure of the service."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (content_type_conformance, response_schema_conformance,
                                               status_code_conformance)
from service import DATASET, TOKEN, Service, employees

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance,
          response_schema_conformance]
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
            case.validate_response(answer, checks=CHECKS)

    run()


def test_every_route_answers_as_described(described):
    document = described.admin(token=False).get("/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    exercised = 0
    for result in schema.get_all_operations():
        exercise(result.ok(), described)
        exercised += 1
    assert exercised == sum(len(path) for path in document["paths"].values())


RULE = {"manifests": ["Employee"], "attributes": ["*"], "claims": None, "validFrom": "2020-01-01T00:00:00Z"}
WALK = [
    ("PUT", "/admin/v1/tenants/{name}", {"apiKey": "k", "clients": [{"id": "c", "secret": "s"}]}, {"name": "t"}),
    ("PUT", "/admin/v1/tenants/{name}", {"rateLimitPerMinute": 5}, {"name": "t"}),
    ("GET", "/admin/v1/tenants/{tenant}/clients", None, {"tenant": "t"}),
    ("PUT", "/admin/v1/tenants/{tenant}/clients/{client}", {"secret": "x"}, {"tenant": "t", "client": "d"}),
    ("GET", "/admin/v1/tenants/{tenant}/clients/{client}", None, {"tenant": "t", "client": "d"}),
    ("DELETE", "/admin/v1/tenants/{tenant}/clients/{client}", None, {"tenant": "t", "client": "d"}),
    ("GET", "/admin/v1/tenants", None, {}), ("GET", "/admin/v1/tenants/{name}", None, {"name": "t"}),
    ("DELETE", "/admin/v1/tenants/{name}", None, {"name": "t"}),
    ("PUT", "/admin/v1/manifests/{name}", {"attributes": [{"path": "a"}], "active": False}, {"name": "m"}),
    ("GET", "/admin/v1/manifests", None, {}), ("GET", "/admin/v1/manifests/{name}", None, {"name": "m"}),
    ("DELETE", "/admin/v1/manifests/{name}", None, {"name": "Employee"}),
    ("PUT", "/admin/v1/rules/{name}", RULE, {"name": "r"}), ("PUT", "/admin/v1/rules/{name}", {}, {"name": "r"}),
    ("GET", "/admin/v1/rules", None, {}), ("GET", "/admin/v1/rules/{name}", None, {"name": "r"}),
    ("POST", "/admin/v1/keys/rotate", None, {}), ("GET", "/admin/v1/keys", None, {}),
    ("POST", "/admin/v1/keys/{id}/retire", None, {"id": "1"}),
    ("GET", "/admin/v1/config", None, {}),
    ("POST", "/admin/v1/config", {"rules": [RULE | {"name": "q"}]}, {}),
    ("POST", "/admin/v1/preview", {"manifestName": "Employee", "countryCode": "GB",
                                   "dataSet": employees({"firstName": "x"})}, {}),
    ("POST", "/admin/v1/suggest", {"dataSet": {"email": "a@b.cd"}}, {}),
    ("PUT", "/admin/v1/faults", {"path": "token", "tenant": "t", "delayMs": 1, "times": 2}, {}),
    ("GET", "/admin/v1/faults", None, {}), ("DELETE", "/admin/v1/faults", None, {}),
    ("GET", "/admin/v1/calls", None, {}), ("DELETE", "/admin/v1/calls", None, {}),
    ("GET", "/admin/v1/audit", None, {}), ("GET", "/admin/v1/audit/verify", None, {}),
    ("GET", "/healthz", None, {}), ("GET", "/readyz", None, {}), ("GET", "/openapi.json", None, {}),
]


def test_answers_are_as_described(start):
    """One of each kind, which random cases seldom meet: what is stored, kept and refused."""
    s = start()
    caller = s.caller()
    caller.send(employees({"firstName": "x"}))
    caller.send("{")
    admin = s.admin()
    document = admin.get("/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    for method, path, body, names in WALK:
        case = schema[path][method].Case(path_parameters=names, headers=dict(admin.headers))
        answer = case.call(base_url=str(admin.base_url), json=body)
        case.validate_response(answer, checks=CHECKS)
        assert answer.status_code < 300 or (path, body) in (
            ("/admin/v1/manifests/{name}", None), ("/admin/v1/rules/{name}", {})), answer.text
    for operation in (o for path in document["paths"].values() for o in path.values()):
        for status, answer in operation["responses"].items():
            content = answer["content"].get("application/json", {"schema": {"$ref": ""}})
            assert "$ref" in content["schema"] or operation["operationId"] == "openapi", operation
