"""Requests and stubs that mean harm."""

import random
import socket

import pytest


def test_broken_requests_do_not_end_it(mock):
    rng = random.Random(7)
    for _ in range(200):
        with socket.create_connection(("127.0.0.1", mock.ports["http"])) as connection:
            connection.sendall(rng.randbytes(rng.randrange(1, 400)) + b"\r\n\r\n")
    assert mock.http.get("/__admin/health").status_code == 200


HEAD = "POST /x HTTP/1.1\r\nHost: h\r\n"


@pytest.mark.parametrize("request_text,status,words", [
    (HEAD + "Content-Length: 5x\r\n\r\n", 400, "Invalid Content-Length Value"),
    (HEAD + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, "Multiple Content-Lengths"),
    (HEAD + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na", 400,
     "Transfer-Encoding and Content-Length"),
    (HEAD + "Transfer-Encoding: gzip\r\n\r\na", 400, "Bad Transfer-Encoding, chunked not last"),
    (HEAD + "Host: g\r\n\r\n", 400, "Duplicate Host Header"),
    ("GET /x HTTP/1.1\r\n\r\n", 400, "No Host"),
    (HEAD.replace("1.1", "1.2") + "\r\n", 505, "Unknown Version"),
    ("GET /" + "a" * 70000 + " HTTP/1.1\r\nHost: h\r\n\r\n", 414, "URI Too Long"),
    (HEAD + "X: " + "a" * 70000 + "\r\n\r\n", 431, "Request Header Fields Too Large"),
])
def test_what_jetty_can_not_read(mock, request_text, status, words):
    head, body = mock.raw(request_text)
    assert int(head.split()[1]) == status and "Connection: close" in head
    assert body == f"<h1>Bad Message {status}</h1><pre>reason: {words}</pre>"


@pytest.mark.parametrize("chunk", ["zz\r\nabc\r\n", "3\r\nabcXX\r\n", "f" * 20 + "\r\n"])
def test_a_broken_chunk_is_an_exception(mock, chunk):
    head, body = mock.raw(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n")
    words = "java.lang.RuntimeException: wiremock.org.eclipse.jetty.io.EofException: Early EOF"
    assert head.startswith("HTTP/1.1 500 Server Error") and f"<title>Error 500 {words}</title>" in body


def test_broken_mappings_do_not_end_it(mock):
    rng = random.Random(11)
    seed = ('{"id":"11111111-1111-4111-8111-111111111111","request":{"method":"GET","urlPattern":"/a(b)+","headers":'
            '{"A":{"matches":"x"}},"bodyPatterns":[{"equalToJson":"{}"}]},"response":{"status":200,"body":"{{a}}",'
            '"headers":{"B":["c"]},"delayDistribution":{"type":"uniform","lower":1,"upper":2},"transformers":'
            '["response-template"]},"metadata":{"a":[1]}}')
    for _ in range(300):
        text = list(seed)
        for _ in range(rng.randrange(1, 6)):
            text[rng.randrange(len(text))] = rng.choice('{}[]",:0x\\\u00e9')
        answer = mock.http.post("/__admin/mappings", content="".join(text).encode())
        assert answer.status_code in (201, 422, 500)
    assert mock.http.get("/__admin/health").status_code == 200


@pytest.mark.parametrize("content_type, body, served", [
    ("application/json", b'{"\xfe\xff\xffu": "\xf0"}', '{"\ufffd\ufffd\ufffdu":"\ufffd"}'),
    ("application/json; charset=iso-8859-1", b'{"k": "\xe9"}', '{"k":"\xe9"}')])
def test_bytes_of_a_mapping_that_are_no_utf_8(mock, content_type, body, served):
    mapping = b'{"request": {"urlPath": "/bytes"}, "response": {"jsonBody": ' + body + b"}}"
    answer = mock.http.post("/__admin/mappings", content=mapping, headers={"Content-Type": content_type})
    assert answer.status_code == 201
    assert mock.http.get("/bytes").text == served


def test_a_deep_mapping_is_refused(mock):
    answer = mock.http.post("/__admin/mappings", content=b'{"metadata":' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}")
    assert answer.status_code == 422


def test_a_catastrophic_regex_answers_an_error(mock):
    mock.stub({"urlPath": "/re", "bodyPatterns": [{"matches": "(a+)+$"}]}, {"body": "x"})
    answer = mock.http.request("GET", "/re", content="a" * 60 + "b")
    assert answer.status_code in (404, 500)


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "a/../../secret.txt", "link.txt"])
def test_body_files_do_not_leave_the_root(start_mock, name):
    server = start_mock()
    (server.folder / "__files").mkdir()
    (server.folder / "secret.txt").write_text("secret")
    (server.folder / "__files" / "link.txt").symlink_to(server.folder / "secret.txt")
    server.stub({"url": "/f"}, {"bodyFileName": name})
    answer = server.http.get("/f")
    assert answer.status_code == 500 and "secret" not in answer.text.replace("secret.txt", "")
    assert server.http.get("/__admin/files/link.txt").status_code == 500


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt", "/d/link.txt",
                                  "/d/%2e%2e/%2e%2e/secret.txt", "//etc/passwd", "/__files/../secret.txt", "/f.txt%00"])
def test_paths_of_files_do_not_leave_the_root(start_mock, path):
    server = start_mock()
    (server.folder / "secret.txt").write_text("secret")
    (server.folder / "__files" / "d").mkdir(parents=True)
    (server.folder / "__files" / "f.txt").write_text("free")
    (server.folder / "__files" / "link.txt").symlink_to(server.folder / "secret.txt")
    (server.folder / "__files" / "d" / "link.txt").symlink_to("/etc/passwd")
    assert server.http.get("/f.txt").text == "free"
    with socket.create_connection(("127.0.0.1", server.ports["http"]), 5) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))
    assert not answer.endswith(b"secret") and b"root:" not in answer


def test_a_webhook_without_a_url_does_not_end_it(mock):
    mock.stub({"url": "/w"}, {"body": "x"},
              serveEventListeners=[{"name": "webhook", "parameters": {"method": "POST", "body": "b"}}])
    assert mock.http.get("/w").text == "x"
    assert mock.http.get("/__admin/health").status_code == 200


def test_a_header_can_not_smuggle_another(mock):
    mock.stub({"urlPath": "/h"}, {"headers": {"X-A": "{{request.query.v}}"}, "transformers": ["response-template"]})
    answer = mock.http.get("/h", params={"v": "a\r\nX-B: c"})
    assert "x-b" not in answer.headers


def test_many_headers_and_long_ones(mock):
    mock.stub({"url": "/h"}, {"body": "ok"})
    assert mock.http.get("/h", headers={f"X-{n}": "v" for n in range(150)}).text == "ok"
    assert mock.http.get("/h", headers={"X-Long": "a" * 16000}).text == "ok"


@pytest.mark.parametrize("transformers", [[], ["response-template"]])
def test_many_headers_of_an_answer(mock, transformers):
    many = {f"X-{n}": f"{n} {{{{request.method}}}}" if transformers else str(n) for n in range(150)}
    mock.stub({"url": "/h"}, {"headers": many, "transformers": transformers})
    assert mock.http.get("/h").headers["x-149"].startswith("149")
    response = mock.http.get("/__admin/requests").json()["requests"][0]["response"]
    assert len(response["headers"]) == 151 and response["headers"]["X-149"].startswith("149")


def test_a_nul_in_a_header_of_a_proxied_answer_leaves_the_others_alone(mock):
    base = f"http://127.0.0.1:{mock.ports['http']}"
    mock.stub({"url": "/there"}, {"body": "ok", "headers": {"Content-Type": "text/plain;charset="}})
    mock.stub({"url": "/here/there"},
              {"proxyBaseUrl": base, "proxyUrlPrefixToRemove": "/here", "transformers": ["response-template"],
               "headers": {"X-A": "{{request.body}}", "X-B": "b", "Content-Type": "text/html"}})
    answer = mock.http.post("/here/there", content=b"a\0c")
    assert (answer.text, answer.headers["x-a"], answer.headers["x-b"]) == ("ok", "a c", "b")


def test_a_large_body_arrives_whole(mock):
    mock.stub({"method": "POST", "url": "/big"}, {"body": "{{size request.body}}"})
    body = b"x" * (5 << 20)
    assert mock.http.post("/big", content=body).status_code == 200
    event = mock.http.get("/__admin/requests").json()["requests"][0]
    assert len(event["request"]["body"]) == len(body)


def test_numbers_far_out_of_range_are_refused(mock):
    for number in ("1e300", "-1e300", "1e19", "1e400", "99999999999999999999999"):
        body = '{"request": {}, "response": {"status": %s}}' % number
        refused = mock.http.post("/__admin/mappings", content=body)
        assert refused.status_code == 422, (number, refused.text)
        assert refused.json()["errors"][0]["source"]["pointer"] == "/response/status"
