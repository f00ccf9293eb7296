"""What a client gets when all goes well."""
import json

import pytest
from stage import CODES, assert_problem
from fakes import EMPLOYEES, PROTECTED, by_request, form, reply


def test_document_is_protected_and_marked(stage):
    answer = stage.ask()
    assert answer.status_code == 200
    assert answer.json() == PROTECTED
    assert answer.headers["x-data-protected"] == "true"
    assert answer.headers["content-type"] == "application/json"
    assert "set-cookie" not in answer.headers and "x-quota-limit" not in answer.headers


def test_data_set_call_is_that_of_the_contract(stage):
    stage.ask(headers={"x-request-id": "abc-1", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01", "tracestate": "v=1"})
    call, = stage.interceptor.datasets
    assert call.method == "POST"
    assert call.headers["x-api-key"] == "api-key-1"
    assert call.headers["x-resource-token"].startswith("Bearer secret-token-")
    assert call.headers["content-type"] == "application/json"
    assert call.headers["x-data-set-type"] == "JSON"
    assert call.headers["host"] == "api.exate.co"
    assert call.headers["x-request-id"] == "abc-1"
    assert call.headers["tracestate"] == "v=1"
    version, trace, parent, flags = call.headers["traceparent"].split("-")
    assert (version, trace, flags) == ("00", "a" * 32, "01")
    assert parent != "b" * 16 and len(parent) == 16 and int(parent, 16)
    body = call.json()
    assert json.loads(body.pop("dataSet")) == EMPLOYEES
    assert body == {"manifestName": "Employee", "jobType": "Restrict", "countryCode": "GB",
                    "dataOwningCountryCode": "IT", "protectNullValues": False, "preserveStringLength": False,
                    "restrictedText": "*********"}


BAD_PARENTS = ["", "00", f"00-{'0' * 32}-{'b' * 16}-01", f"00-{'a' * 32}-{'0' * 16}-01", f"00-{'A' * 32}-{'b' * 16}-01",
               f"00-{'a' * 32}-{'b' * 16}-0A", f"ff-{'a' * 32}-{'b' * 16}-01", f"00-{'a' * 32}-{'b' * 16}-01-x", f"00-{'a' * 31}-{'b' * 17}-01"]


@pytest.mark.parametrize("parent", BAD_PARENTS)
def test_broken_trace_is_not_passed_on(stage, parent):
    assert stage.ask(headers={"traceparent": parent, "tracestate": "v=1"}).json() == PROTECTED
    assert not {"traceparent", "tracestate"} & set(stage.interceptor.datasets[0].headers)


@pytest.mark.parametrize("headers, gone", [
    ({"x-request-id": "r" * 20000}, {"x-request-id"}),
    ({"x-request-id": "r" * 257}, {"x-request-id"}),
    ({"traceparent": f"00-{'a' * 32}-{'b' * 16}-01", "tracestate": "v=" + "x" * 20000}, {"tracestate"}),
    ({"traceparent": f"00-{'a' * 32}-{'b' * 16}-01", "tracestate": "v=" + "x" * 2047}, {"tracestate"})])
def test_trace_of_one_caller_does_not_make_the_calls_too_long(stage, headers, gone):
    assert stage.ask(headers=headers).json() == PROTECTED
    assert not gone & set(stage.interceptor.datasets[0].headers)


def test_a_trace_of_the_documented_lengths_goes_along(stage):
    headers = {"x-request-id": "r" * 256, "tracestate": "v=" + "x" * 2046}
    assert stage.ask(headers={**headers, "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}).json() == PROTECTED
    assert headers.items() <= stage.interceptor.datasets[0].headers.items()


def test_token_call_is_that_of_the_contract(launch):
    stage = launch()
    stage.ask(headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    call, = stage.interceptor.tokens
    assert call.headers["x-api-key"] == "api-key-1"
    assert call.headers["content-type"] == "application/x-www-form-urlencoded"
    assert call.headers["traceparent"].startswith(f"00-{'a' * 32}-")
    assert form(call) == {"grant_type": ["client_credentials"], "client_id": ["post+man"],
                          "client_secret": ["s'e`c&r=e t%"]}
    assert b"'" not in call.body and b" " not in call.body


TEXTS = ["O'Brien", '"quoted"', "back\\slash", "\x00\x01\x1f\x7f", "tab\tline\nreturn\r", "\U0001f600 é \u2028",
         "</script>", "", "\\\\\\\"", "a" * 5000, '"' * 4097]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("ascii_only", [True, False])
def test_unprotected_text_comes_through_intact(stage, text, ascii_only):
    document = {"note": text, text: 1, "firstName": text}
    stage.backend.on("/text", reply(body=json.dumps(document, ensure_ascii=ascii_only)))
    assert stage.ask("/text").json() == {"note": text, text: 1, "firstName": "*********"}


def test_data_set_reaches_the_interceptor_byte_for_byte(stage):
    raw = b'{ "a":1.10, "b":1E400,\r\n\t"c":12345678901234567890, "d":"\\u0041\\/\xc3\xa9" }'
    stage.backend.on("/raw", reply(body=raw))
    stage.interceptor.dataset_answer = reply(body=json.dumps({"dataSet": "{}"}))
    assert stage.ask("/raw").text == "{}"
    assert stage.interceptor.datasets[0].json()["dataSet"].encode() == raw


def test_numbers_of_the_interceptor_keep_their_digits(stage):
    stage.interceptor.dataset_answer = reply(body=r'{"dataSet":"{\"a\": 1.10, \"b\": 1E400, \"c\": 12345678901234567890}"}')
    assert stage.ask().text == '{"a": 1.10, "b": 1E400, "c": 12345678901234567890}'


def test_surrogate_pairs_of_the_interceptor_become_characters(stage):
    stage.interceptor.dataset_answer = reply(body=r'{"dataSet":"{\"a\":\"\ud83d\ude00\u00e9\u20ac\"}"}')
    assert stage.ask().text == '{"a":"\U0001f600é€"}'


def test_other_members_of_the_interceptors_answer_do_not_matter(stage):
    stage.interceptor.dataset_answer = reply(body=r' { "x":[{"dataSet":1}], "dataSet" : "{}" , "y":null } ')
    assert stage.ask().text == "{}"


def test_xml_is_protected(stage):
    xml = '<?xml version="1.0"?>\n<e a="1"><firstName>Robert</firstName><x>é "q" \\</x></e>'
    stage.backend.on("/xml", reply(body=xml, content_type="application/xml"))
    answer = stage.ask("/xml")
    assert answer.text == xml.replace("Robert", "*********")
    assert answer.headers["content-type"] == "application/xml"
    assert stage.interceptor.datasets[0].headers["x-data-set-type"] == "XML"


@pytest.mark.parametrize("status", [201, 203, 400, 404, 418, 500, 503])
def test_status_of_the_backend_stays(stage, status):
    stage.backend.on("/status", reply(status, json.dumps(EMPLOYEES)))
    answer = stage.ask("/status")
    assert (answer.status_code, answer.json()) == (status, PROTECTED)


def test_headers_of_the_backend_stay_but_those_about_its_bytes(stage):
    stage.backend.on("/h", reply(body=json.dumps(EMPLOYEES), headers=[
        ("ETag", '"1"'), ("Digest", "sha-256=x"), ("Content-MD5", "x"), ("Accept-Ranges", "bytes"),
        ("Repr-Digest", "x"), ("X-Mine", "kept"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"),
        ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"), ("X-Data-Protected", "yes")]))
    answer = stage.ask("/h")
    assert answer.json() == PROTECTED
    for gone in ("etag", "digest", "content-md5", "accept-ranges", "repr-digest"):
        assert gone not in answer.headers
    assert answer.headers["x-mine"] == "kept"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["last-modified"].startswith("Mon")
    assert answer.headers["x-data-protected"] == "true"


def test_envelope_is_the_interceptors_answer_byte_for_byte(launch):
    stage = launch(settings={"responseBody": "envelope"})
    envelope = '{"dataSet":"{\\n  \\"a\\": \\"\\u00e9\\"\\n}"}'
    stage.interceptor.dataset_answer = reply(body=envelope)
    answer = stage.ask()
    assert answer.text == envelope
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("size", [100_000, 1_000_000, 8_000_000])
@pytest.mark.parametrize("hold", ["stop", "filter"])
def test_big_bodies_are_protected(launch, hold, size):
    stage = launch(hold=hold, settings={"timeoutMs": 30000})  # the stand-in is slow with them
    row = {"firstName": "Robert", "note": 'a "quoted" text with \\ and é'}
    document = {"rows": [row] * (size // len(json.dumps(row)))}
    stage.backend.on("/big", reply(body=json.dumps(document)))
    answer = stage.ask("/big")
    assert answer.status_code == 200
    assert answer.json() == {"rows": [{**row, "firstName": "*********"}] * len(document["rows"])}


@pytest.mark.parametrize("chunked", [True, False])
@pytest.mark.parametrize("trailers", [(), (("x-checksum", "1"), ("digest", "secret"))])
def test_chunks_and_trailers_of_the_answer(stage, chunked, trailers):
    stage.backend.on("/t", reply(body=json.dumps(EMPLOYEES), chunked=chunked, trailers=trailers))
    assert stage.ask("/t").json() == PROTECTED


@pytest.mark.parametrize("kind, body, digest", [
    ("application/json", json.dumps(EMPLOYEES), [("digest", "secret")]), ("text/plain", "plain", [])])
def test_trailers_reach_the_client(stage, kind, body, digest):
    stage.backend.on("/t", reply(body=body, content_type=kind, trailers=[
        ("x-checksum", "1"), *digest, ("x-data-protected", "true")]))
    answer = stage.ask_raw(b"GET /t HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Country-Code: GB\r\n\r\n")
    head, _, rest = answer.lower().partition(b"\r\n\r\n")
    assert b" 200 ok" in head and rest.endswith(b"\r\n0\r\nx-checksum: 1\r\n\r\n")
    assert (b"x-data-protected: true" in head) == (kind == "application/json")


def test_empty_containers_are_protected_too(stage):
    for text in ("[]", "{}"):
        stage.backend.on("/empty", reply(body=text))
        assert stage.ask("/empty").text == text
    assert len(stage.interceptor.datasets) == 2


def test_echo_of_each_request_in_its_own_answer(stage):
    stage.backend.on("/echo", by_request(lambda r: reply(body=r.body)))
    codes = {**CODES, "countryCode": "FR"}
    assert stage.ask("/echo", codes=codes).json() == codes
    assert stage.interceptor.datasets[0].json()["countryCode"] == "FR"


def test_counters_tell_what_happened(launch):
    stage = launch()
    stage.ask()
    stage.backend.on("/page", reply(body="<p>hello", content_type="text/html"))
    stage.ask("/page")
    assert_problem(stage.ask(codes={}), 400, "no_country")
    counter = stage.envoy.counter
    assert (counter("protected"), counter("passed"), counter("refused.no_country")) == (1, 1, 1)
    assert counter("token_fetches") == 1
    assert counter("bytes_sent") == len(json.dumps(EMPLOYEES))
    assert counter("bytes_received") > 0
    assert "cause=no_country" in stage.envoy.text()
    told = stage.envoy.get("/stats?filter=interception")
    assert "wasmcustom.interception.protected: 1" in told and "wasmcustom.interception.interceptor_ms: " in told


def test_token_calls_that_fail_are_counted(launch):
    stage = launch()
    stage.interceptor.token_answer = reply(status=401)
    assert_problem(stage.ask(), 502, "refused")
    # the one that began with the request, and another where that had failed before the answer came
    assert stage.envoy.counter("token_failures") == stage.envoy.counter("token_fetches") in (1, 2)
