"""Every failure ends in a problem answer, and no unprotected byte gets out."""
import json
import socket

import httpx
import pytest
from stage import CODES, assert_no_secret, assert_problem
from fakes import EMPLOYEES, PROTECTED, SECRETS, cut, garbage, hang, in_chunks, reply, reset

GOOD_DATASET = reply(body=json.dumps({"dataSet": "{}"}))
GOOD_TOKEN = reply(body=json.dumps({"access_token": "t-1", "expires_in": 60}))

TRANSPORT = {
    "reset": (reset, 503, "unreachable"),
    "no_http": (garbage(), 502, "nonsense"),
    "hang": (hang(), 504, "timeout"),
    "hang_in_headers": (hang(b"HTTP/1.1 200 OK\r\nContent-"), 504, "timeout"),
    "hang_in_body": (hang(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"dataSet\":\"{"), 504, "timeout"),
    "reset_in_body": (cut(reply(body="{" + " " * 100), 90), 503, "unreachable"),
}
STATUSES = [201, 204, 301, 400, 403, 404, 413, 429, 500, 502, 503, 504]
NONSENSE_DATASETS = {
    "empty": "", "text": "Robert", "null": "null", "array": "[]", "string": '"x"', "no_member": "{}",
    "null_member": '{"dataSet":null}', "number": '{"dataSet":1}', "object": '{"dataSet":{"firstName":"Robert"}}',
    "twice": '{"dataSet":"{}","dataSet":"{}"}', "cut": '{"dataSet":"{}', "open": '{"dataSet":"{}"', "tail": '{"dataSet":"{}"}x',
    "raw_control": '{"dataSet":"{\n}"}', "bad_escape": r'{"dataSet":"{\x}"}', "short_escape": r'{"dataSet":"{}\u12"}',
    "lone_high": r'{"dataSet":"{\ud83d}"}', "lone_low": r'{"dataSet":"{\ude00}"}', "empty_set": '{"dataSet":""}',
    "scalar_set": '{"dataSet":"1"}', "xml_for_json": '{"dataSet":"<a/>"}', "deep": '{"x":' + "[" * 100000 + "]" * 100000 + ',"dataSet":"{}"}',
    "comma": '{"dataSet":"{}",}', "error": '{"error":"Robert Brownforest"}', "trailing_backslash": '{"dataSet":"\\',
}
NONSENSE_TOKENS = {
    "empty": "", "text": "x", "array": "[]", "no_token": '{"expires_in":60}', "null_token": '{"access_token":null,"expires_in":60}',
    "empty_token": '{"access_token":"","expires_in":60}', "number": '{"access_token":1,"expires_in":60}',
    "line_break": '{"access_token":"a\\r\\nx-evil: 1","expires_in":60}', "blank": '{"access_token":"a b","expires_in":60}',
    "not_ascii": '{"access_token":"\\u00e9","expires_in":60}', "no_expiry": '{"access_token":"t-1"}',
    "zero": '{"access_token":"t-1","expires_in":0}', "negative": '{"access_token":"t-1","expires_in":-5}',
    "string_expiry": '{"access_token":"t-1","expires_in":"60"}', "fraction": '{"access_token":"t-1","expires_in":1.5}',
    "huge_token": json.dumps({"access_token": "t" * 20000, "expires_in": 60}), "cut": '{"access_token":"t-1","expires_in":60',
    "twice": '{"access_token":"t-1","access_token":"t-2","expires_in":60}',
}


def drop_token(stage):
    """Makes the next request fetch one."""
    stage.interceptor.good_from = 10 ** 9
    stage.ask()
    stage.interceptor.reset_script()
    stage.interceptor.forget()


@pytest.mark.parametrize("name", TRANSPORT)
def test_transport_of_the_data_set_call_fails(stage, name):
    fault, status, cause = TRANSPORT[name]
    stage.interceptor.dataset_answer = fault
    assert_problem(stage.ask(), status, cause)
    assert stage.envoy.counter("refused." + cause) >= 1
    assert f"cause={cause}" in stage.envoy.text()


@pytest.mark.parametrize("name", TRANSPORT)
def test_transport_of_the_token_call_fails(stage, name):
    fault, status, cause = TRANSPORT[name]
    drop_token(stage)
    stage.interceptor.token_answer = fault
    assert_problem(stage.ask(), status, cause)
    assert stage.interceptor.datasets == []
    stage.interceptor.token_answer = None
    assert stage.ask().json() == PROTECTED


@pytest.mark.parametrize("status", STATUSES)
def test_data_set_call_is_refused(stage, status):
    stage.interceptor.dataset_answer = reply(status, '{"dataSet":"Robert Brownforest"}')
    assert_problem(stage.ask(), 502, "refused")


@pytest.mark.parametrize("status", [400, 401, 403, 500, 503])
def test_token_call_is_refused(stage, status):
    drop_token(stage)
    stage.interceptor.token_answer = reply(status, '{"access_token":"t","expires_in":5}')
    assert_problem(stage.ask(), 502, "refused")


@pytest.mark.parametrize("name", NONSENSE_DATASETS)
def test_data_set_answer_is_nonsense(stage, name):
    stage.interceptor.dataset_answer = reply(body=NONSENSE_DATASETS[name])
    assert_problem(stage.ask(), 502, "nonsense")


@pytest.mark.parametrize("name", NONSENSE_TOKENS)
def test_token_answer_is_nonsense(stage, name):
    drop_token(stage)
    stage.interceptor.token_answer = reply(body=NONSENSE_TOKENS[name])
    assert_problem(stage.ask(), 502, "nonsense")


def test_spoiled_token_is_fetched_anew_once(stage):
    stage.ask()
    stage.interceptor.forget()
    stage.interceptor.good_from = stage.interceptor.issued + 1
    assert stage.ask().json() == PROTECTED
    assert (len(stage.interceptor.tokens), len(stage.interceptor.datasets)) == (1, 2)


def test_second_401_is_a_refusal(stage):
    stage.ask()
    stage.interceptor.forget()
    stage.interceptor.good_from = 10 ** 9
    assert_problem(stage.ask(), 502, "refused")
    assert (len(stage.interceptor.tokens), len(stage.interceptor.datasets)) == (1, 2)


def test_token_call_fails_after_a_401(stage):
    stage.ask()
    stage.interceptor.good_from = 10 ** 9
    stage.interceptor.token_answer = reset
    assert_problem(stage.ask(), 503, "unreachable")


def test_interceptor_is_not_there(launch):
    stage = launch()
    stage.interceptor.stop()
    assert_problem(stage.ask(), 503, "unreachable")
    stage.backend.on("/img", reply(body=b"\x89PNG", content_type="image/png"))
    assert stage.ask("/img").content == b"\x89PNG"


def test_unknown_cluster(launch):
    stage = launch(settings={"interceptorCluster": "nowhere"})
    assert_problem(stage.ask(), 503, "unreachable")


def test_body_above_the_limit(launch):
    stage = launch(settings={"maxBodyBytes": 300})
    body = json.dumps(EMPLOYEES) + " " * 300
    for answer in (reply(body=body), reply(body=body, chunked=True), reply(body=body, trailers=[("a", "b")])):
        stage.backend.on("/big", answer)
        assert_problem(stage.ask("/big"), 413, "too_big")
    assert_problem(stage.ask(json={**CODES, "x": "y" * 300}), 413, "too_big")
    assert stage.interceptor.datasets == []


@pytest.mark.parametrize("hold", ["stop", "filter", "none"])
def test_protected_body_above_the_buffer_limit(launch, hold):
    stage = launch(hold=hold, limit=100_000)
    stage.interceptor.dataset_faults = [reply(body=json.dumps({"dataSet": json.dumps(["x" * 200_000])}))] * 2
    for count in (1, 2):
        if hold == "none":
            with pytest.raises(httpx.RemoteProtocolError):
                stage.ask()
        else:
            assert stage.ask().status_code == 500
        assert stage.envoy.counter("refused.too_big") == count
    assert stage.ask().json() == PROTECTED
    assert "cause=too_big" in stage.envoy.text()


@pytest.mark.parametrize("fault", [reply(500), reset, reply(body='{"dataSet":"')])
@pytest.mark.parametrize("trailers", [(), (("a", "b"),)])
def test_headers_that_are_gone_leave_a_broken_body(launch, fault, trailers):
    stage = launch(hold="none")
    stage.backend.on("/x", reply(body=json.dumps(EMPLOYEES), trailers=trailers))
    assert stage.ask("/x").json() == PROTECTED
    stage.interceptor.dataset_answer = fault
    received = b""
    with pytest.raises(httpx.RemoteProtocolError), httpx.Client() as client:
        with client.stream("POST", stage.envoy.url + "/x", json=CODES) as answer:
            for piece in answer.iter_raw():
                received += piece
    assert not any(secret in received for secret in SECRETS)


@pytest.mark.parametrize("hold", ["stop", "filter", "none"])
def test_open_lets_the_original_through_with_a_mark(launch, hold):
    stage = launch(hold=hold, settings={"onFailure": "open"})
    assert "UNPROTECTED" not in stage.envoy.text()
    assert "onFailure is open" in stage.envoy.text()
    good = stage.ask()
    assert good.json() == PROTECTED
    assert good.headers["x-data-protected"] == ("false" if hold == "none" else "true")
    for fault in (reply(500), reset, reply(body="{")):
        stage.interceptor.dataset_answer = fault
        answer = stage.ask()
        assert (answer.status_code, answer.json()) == (200, EMPLOYEES)
        assert answer.headers["x-data-protected"] == "false"
        assert answer.headers["content-type"] == "application/json"
    answer = stage.ask(codes={})
    assert answer.json() == EMPLOYEES and answer.headers["x-data-protected"] == "false"
    assert "UNPROTECTED" in stage.envoy.text()
    assert stage.envoy.counter("failed_open") == 4


@pytest.mark.parametrize("hold", ["stop", "filter", "none"])
def test_open_lets_all_of_what_cannot_be_protected_through(launch, hold):
    stage = launch(hold=hold, settings={"onFailure": "open", "maxBodyBytes": 2000})
    rows = [b"id,name\n", b"1,Robert\n", b"2,Rip\n"]
    long = [json.dumps(EMPLOYEES).encode(), b" " * 1000, b" " * 1000, b" " * 1000]
    for answer, body in ((in_chunks(rows, "text/csv"), b"".join(rows)), (reply(body=b"".join(rows), content_type="text/csv"), b"".join(rows)),
                         (in_chunks(rows, None, trailers=b"x-t: 1\r\n"), b"".join(rows)), (in_chunks(long), b"".join(long)),
                         (in_chunks(long, "text/plain"), b"".join(long)), (reply(body=b"".join(long), chunked=True), b"".join(long)),
                         (reply(body=b"x", content_type="application/pdf"), b"x")):
        stage.backend.on("/odd", answer)
        got = stage.ask("/odd")
        assert (got.status_code, got.content) == (200, body)
        assert got.headers["x-data-protected"] == "false"
    stage.backend.on("/page", in_chunks([b"<!doc", b"type html>", b"<p>"], "text/html"))
    assert stage.ask("/page").content == b"<!doctype html><p>"
    assert stage.envoy.counter("failed_open") == 7


def test_client_that_hangs_up_harms_nobody(stage):
    stage.ask()
    stage.interceptor.dataset_answer = hang()
    with pytest.raises(httpx.ReadTimeout), httpx.Client(timeout=0.3) as client:
        client.post(stage.envoy.url + "/employees", json=CODES)
    stage.interceptor.dataset_answer = None
    assert stage.ask().json() == PROTECTED


def test_backend_that_breaks_off_gives_no_byte(stage):
    whole = reply(body=json.dumps(EMPLOYEES))
    stage.backend.on("/cut", cut(whole, len(whole) - 20))
    try:
        assert_no_secret(stage.ask("/cut"))
    except httpx.RemoteProtocolError:
        pass
    assert stage.interceptor.datasets == []


def test_no_secret_is_in_any_log(stage):
    stage.ask()
    stage.interceptor.dataset_answer = reply(400, '{"message":"Robert"}')
    stage.ask()
    log = stage.envoy.text()
    for word in ("Robert", "Brownforest", "secret-token", "s'e`c", "post+man", "api-key-1"):
        assert word not in log


def test_raw_connection_that_dies_while_held(stage):
    stage.interceptor.dataset_answer = hang()
    for _ in range(10):
        with socket.create_connection(("127.0.0.1", stage.envoy.port)) as raw:
            raw.sendall(b'POST /employees HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{"countryCode":"GB"}')
    stage.interceptor.dataset_answer = None
    assert stage.ask().json() == PROTECTED
