"""Which content is protected, passes or is refused."""
import gzip
import json

import pytest
from stage import assert_problem
from fakes import EMPLOYEES, PROTECTED, in_chunks, reply

JSON = json.dumps(EMPLOYEES)
XML = "<r><firstName>Robert</firstName></r>"

PASS = [
    ("text/plain", "plain Robert"), ("text/plain; charset=utf-8", ""), ("text/html", "<!DOCTYPE html><html><p>Robert</html>"),
    ("text/html", "<div>Robert</div>"), ("text/html", "<!-- note -->\n<p>Robert"), ("text/html", "<my-card>Robert</my-card>"),
    ("text/html", '<?xml version="1.0"?><!DOCTYPE html><html/>'), ("text/css", "[hidden]{display:none}"), ("text/css", "a{}"),
    ("text/javascript", "var a = {};"), ("application/javascript", "export {}"), ("image/png", "\x89PNG\r\n"),
    ("image/svg+xml", '<?xml version="1.0"?>\n<svg xmlns="x"/>'), ("font/woff2", "wOF2"), ("audio/mpeg", "ID3"),
    ("video/mp4", "\0\0\0 ftyp"), ("TEXT/Plain", "x"), ("text/plain", "[INFO] Robert"), ("text/plain", "   \n  "),
    ("text/plain", "<3 Robert"), ("application/font-woff", "wOFF"),
]
DATA = [
    ("application/json", JSON), ("application/json; charset=utf-8", JSON), ("APPLICATION/JSON", JSON),
    ("application/problem+json", JSON), ("application/vnd.api+json;v=1", JSON), ("text/plain", JSON), ("text/plain", "\ufeff \n" + JSON),
    ("text/html", JSON), ("text/css", "[" + JSON + "]"), ("application/javascript", JSON), ("text/json", JSON), ("text/csv", JSON),
    (None, JSON), (None, "[" + JSON + "]"), ("text/x-unknown", " " * 5000 + JSON),
    ("text/xml", XML), ("application/xml", XML), ("application/soap+xml", XML), ("application/xhtml+xml", XML), ("text/plain", XML),
    ("text/plain", '<?xml version="1.0"?><!-- c -->' + XML), ("text/html", '<?xml version="1.0"?>' + XML), ("text/html", "<employees>" + XML + "</employees>"),
    (None, XML),
]
REFUSED = [
    ("text/csv", "id,name\n1,Robert"), ("application/octet-stream", "Robert"), ("application/pdf", "%PDF Robert"),
    ("text/event-stream", "data: Robert\n\n"), ("application/grpc", "Robert"), ("application/x-ndjson", JSON), (None, "Robert"),
    ("multipart/mixed", "Robert"), ("application/zip", "PK"), ("application/octet-stream", JSON), ("text/calendar", "BEGIN"),
    ("application/json-seq", JSON), ("nonsense", "Robert"), ("application/x-www-form-urlencoded", "a=Robert"),
]


@pytest.mark.parametrize("kind, body", PASS, ids=range(len(PASS)))
@pytest.mark.parametrize("codes", [{}, {"countryCode": "GB"}], ids=["nobody", "somebody"])
def test_passes_as_it_is(stage, kind, body, codes):
    body = body.encode("latin-1")
    stage.backend.on("/p", reply(body=body, content_type=kind, headers=[("ETag", '"1"'), ("X-Data-Protected", "true")]))
    answer = stage.ask("/p", codes=codes)
    assert (answer.status_code, answer.content) == (200, body)
    assert answer.headers["content-type"] == kind
    assert "x-data-protected" not in answer.headers
    assert stage.interceptor.datasets == []


@pytest.mark.parametrize("kind, body", DATA, ids=range(len(DATA)))
@pytest.mark.parametrize("chunked", [False, True])
def test_data_is_protected(stage, kind, body, chunked):
    stage.backend.on("/d", reply(body=body, content_type=kind, chunked=chunked))
    answer = stage.ask("/d")
    assert answer.status_code == 200, answer.text
    assert "Robert" not in answer.text and "*********" in answer.text
    passes_else = kind and kind.partition(";")[0] in ("text/plain", "text/html", "text/css", "application/javascript")
    assert answer.headers.get("x-data-protected") == (None if passes_else and stage.hold == "filter" else "true")
    sent, = stage.interceptor.datasets
    assert sent.headers["x-data-set-type"] == ("XML" if XML in body else "JSON")
    assert_problem(stage.ask("/d", codes={}), 400, "no_country")


@pytest.mark.parametrize("kind, body", REFUSED, ids=range(len(REFUSED)))
def test_other_content_is_refused(stage, kind, body):
    stage.backend.on("/r", reply(body=body, content_type=kind))
    assert_problem(stage.ask("/r"), 502, "content_type")
    assert stage.interceptor.datasets == []


@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/plain", None])
def test_encoded_content_is_refused(stage, kind):
    stage.backend.on("/z", reply(body=gzip.compress(JSON.encode()), content_type=kind, headers=[("Content-Encoding", "gzip")]))
    assert_problem(stage.ask("/z"), 502, "content_encoding")


def test_identity_is_no_encoding(stage):
    stage.backend.on("/i", reply(body=JSON, headers=[("Content-Encoding", "identity")]))
    assert stage.ask("/i").json() == PROTECTED


def test_partial_content_is_refused(stage):
    stage.backend.on("/part", reply(206, JSON[:50], headers=[("Content-Range", "bytes 0-49/300")]))
    assert_problem(stage.ask("/part", headers={"Range": "bytes=0-49"}), 502, "partial_content")


def test_backend_is_asked_for_plain_and_whole_content(stage):
    stage.ask(headers={"Accept-Encoding": "gzip, br", "Range": "bytes=0-1"})
    headers = stage.backend.requests[-1].headers
    assert not {"accept-encoding", "range"} & set(headers)


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_pass(stage, status):
    stage.backend.on("/n", reply(status, headers=[("ETag", '"1"')]))
    answer = stage.ask("/n", codes={})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (status, b"", '"1"')
    assert stage.interceptor.datasets == []


def test_empty_bodies_pass(stage):
    for answer in (reply(body=b""), reply(body=b"", chunked=True), reply(body=b"", content_type=None, chunked=True),
                   reply(body=b"", trailers=[("a", "b")])):
        stage.backend.on("/e", answer)
        got = stage.ask("/e")
        assert (got.status_code, got.content) == (200, b"")
    assert stage.interceptor.datasets == []


def test_head_passes(stage):
    stage.backend.on("/employees", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 300\r\n\r\n")
    answer = stage.ask(method="HEAD")
    assert (answer.status_code, answer.headers["content-length"]) == (200, "300")


def test_upgrade_is_refused(stage):
    stage.backend.on("/ws", b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nRobert")
    answer = stage.ask("/ws", method="GET", headers={"Connection": "Upgrade", "Upgrade": "websocket"})
    assert answer.status_code == 502 and b"Robert" not in answer.content


@pytest.mark.parametrize("kind", [b"", b"Content-Type: text/plain\r\n"])
def test_tunnel_is_refused(stage, kind):
    stage.backend.on("x:80", b"HTTP/1.1 200 OK\r\n" + kind + b"\r\nRobert")
    answer = stage.ask_raw(b"CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\nX-Country-Code: GB\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 502 ") and b"urn:interception:upgrade" in answer and b"Robert" not in answer


def test_utf16_data_under_a_passing_type_is_not_passed(stage):
    stage.backend.on("/u", reply(body=JSON.encode("utf-16"), content_type="text/plain; charset=utf-16"))
    answer = stage.ask("/u")
    assert answer.status_code == 502 and "R\0o\0b".encode() not in answer.content


def test_a_picture_that_is_data_does_not_get_out(stage):
    stage.backend.on("/img", reply(body=JSON, content_type="image/png"))
    answer = stage.ask("/img")
    assert "Robert" not in answer.text
    assert answer.status_code == (200 if stage.hold == "stop" else 502)


def test_xml_with_a_long_comment_is_still_seen(stage):
    stage.backend.on("/c", reply(body="<!--" + "x" * 20000 + "-->" + XML, content_type="text/plain"))
    assert "Robert" not in stage.ask("/c").text
    assert len(stage.interceptor.datasets) == 1


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/x-unknown", None])
def test_data_that_comes_in_pieces(stage, kind):
    whole = JSON.encode()
    for parts in ([b" ", b"\n", whole[:1], whole[1:50], whole[50:]], [b"\xef\xbb\xbf", whole], [b"[", whole, b"]"]):
        stage.backend.on("/d", in_chunks(parts, kind))
        assert "Robert" not in stage.ask("/d").text
    assert len(stage.interceptor.datasets) == 3


def test_blanks_without_an_end_are_too_big(launch):
    stage = launch(settings={"maxBodyBytes": 5000})
    stage.backend.on("/blank", in_chunks([b" " * 2000] * 4, "text/plain"))
    assert_problem(stage.ask("/blank"), 413, "too_big")


def test_pass_types_can_be_set(launch):
    stage = launch(settings={"passContentTypes": ["text/csv", "application/x-*"]})
    for kind in ("text/csv", "application/x-tar"):
        stage.backend.on("/c", reply(body="a,Robert", content_type=kind))
        assert stage.ask("/c").text == "a,Robert"
    stage.backend.on("/c", reply(body="Robert", content_type="text/plain"))
    assert_problem(stage.ask("/c"), 502, "content_type")
