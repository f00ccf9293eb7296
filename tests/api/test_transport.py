"""Section 1 of docs/contract.md, and the headers of section 4 that all answers carry."""

import http.client
import json
import re
import socket
import ssl
import uuid

import pytest
from service import DATASET, TOKEN, Caller, envelope

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def test_tls_answers_with_a_certificate_for_localhost(service):
    answer = service.https().get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.parametrize("version,accepted", [(ssl.TLSVersion.TLSv1_1, False),
                                              (ssl.TLSVersion.TLSv1_2, True),
                                              (ssl.TLSVersion.TLSv1_3, True)])
def test_tls_versions_below_1_2_are_refused(service, version, accepted):
    context = ssl.create_default_context(cafile=str(service.certs / "ca.crt"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", int(service.ports["listen"])), 10) as raw:
        if accepted:
            with context.wrap_socket(raw, server_hostname="localhost") as tls:
                assert tls.version()
        else:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(raw, server_hostname="localhost")


@pytest.mark.parametrize("name", ["api.exate.co", "localhost", "127.0.0.1", "interceptor"])
def test_certificate_carries_the_names_that_clients_dial(service, name):
    with socket.create_connection(("127.0.0.1", int(service.ports["listen"])), 10) as raw:
        with service.context.wrap_socket(raw, server_hostname=name) as tls:
            assert tls.getpeercert()


@pytest.mark.parametrize("path", ["/", "/apigator", TOKEN + "/", "/healthz/x", "/admin/v1/tenants"])
def test_unknown_path_is_not_found(service, path):
    answer = service.http().post(path)
    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"
    assert answer.json()["http_status_code"] == 404


@pytest.mark.parametrize("path", [TOKEN, DATASET])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_method_is_405_with_allow_post(service, path, method):
    answer = service.http().request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.json()["error"] == "method_not_allowed"


def test_query_on_a_known_path_is_ignored(service, caller):
    caller.http.params = {"a": "b"}
    assert caller.get_token().status_code == 200


def test_path_and_method_are_tested_before_the_api_key(service):
    assert service.http().get(DATASET).status_code == 405
    assert service.http().post("/nope").status_code == 404


@pytest.mark.parametrize("name", ["X-Api-Key", "X-API-Key", "x-api-key", "X-API-KEY"])
def test_header_names_in_any_case(caller, name):
    answer = caller.http.post(TOKEN, headers={name: "changeme"}, data=caller.form)
    assert answer.status_code == 200


@pytest.mark.parametrize("transport", ["http", "https"])
@pytest.mark.parametrize("count", [1, 100])
def test_16_kib_of_headers_arrive(service, transport, count):
    many = {f"X-Long-{n}": "v" * (16384 // count) for n in range(count)}
    caller = Caller(getattr(service, transport)())
    assert caller.send({}, headers=many).status_code == 200


def test_chunked_bodies_are_read(caller):
    def pieces():
        yield b"client_id=postman&client_se"
        yield b"cret=changeme&grant_type=client_credentials"

    answer = caller.http.post(TOKEN, content=pieces(),
                              headers={"X-Api-Key": "changeme",
                                       "Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 200


def test_a_refusal_is_seen_by_clients_that_write_the_whole_body_first(service, caller):
    """So a router with an expired token learns of it, however large the data set."""
    body = json.dumps(envelope({"a": "x" * 30_000_000}))
    headers = {"Content-Type": "application/json", "X-Api-Key": "changeme", "X-Resource-Token": "Bearer "}
    connection = http.client.HTTPConnection("127.0.0.1", int(service.ports["listen-plain"]), timeout=30)

    def ask():
        connection.request("POST", DATASET, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    assert ask() == 401
    headers |= caller.headers()
    assert ask() == 200
    connection.close()


def test_every_answer_has_content_length(service, caller):
    for answer in (service.http().get("/healthz"), service.http().get("/nope"),
                   caller.get_token(), caller.send({})):
        assert int(answer.headers["content-length"]) == len(answer.content)


def test_connection_is_kept_alive(service):
    with socket.create_connection(("127.0.0.1", int(service.ports["listen-plain"])), 10) as s:
        for _ in range(3):
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b'{"status":"ok"}'):
                piece = s.recv(4096)
                assert piece, "the connection was closed"
                answer += piece
            assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("ask", [lambda s, c: s.http().get("/nope"), lambda s, c: c.get_token(),
                                 lambda s, c: c.send({}), lambda s, c: c.send("x"),
                                 lambda s, c: s.http().post(DATASET),
                                 lambda s, c: s.admin().get("/admin/v1/rules")])
def test_all_answers_carry_ids_and_safety_headers(service, caller, ask):
    answer = ask(service, caller)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert UUID.match(answer.headers["x-gravitee-request-id"])
    assert answer.headers["x-gravitee-request-id"] == answer.headers["x-gravitee-transaction-id"]
    assert answer.headers["x-request-id"]


def test_gravitee_id_is_new_for_each_call(caller):
    ids = {caller.send({}).headers["x-gravitee-request-id"] for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize("given", ["a", "A-1._z", "x" * 128])
def test_request_id_comes_back_as_it_came(caller, given):
    answer = caller.send({}, headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a/b", "a\tb", "ä".encode()])
def test_other_request_ids_are_replaced(caller, given):
    answer = caller.send({}, headers={"X-Request-ID": given})
    assert answer.status_code == 200
    assert answer.headers["x-request-id"] != given
    uuid.UUID(answer.headers["x-request-id"])


def test_request_id_stands_in_the_error_body(service):
    answer = service.http().post(DATASET, headers={"X-Request-ID": "abc-1"})
    assert answer.json()["request_id"] == "abc-1"
    assert answer.headers["x-request-id"] == "abc-1"
