"""Flags that change what is served."""

import json
import base64
import gzip
import re
import socket
import ssl
import subprocess
import time

import httpx
import pytest
from employees_mock import until


def test_admin_credentials(start_mock):
    server = start_mock("--admin-api-basic-auth", "user:secret")
    refused = server.http.get("/__admin/mappings")
    assert refused.status_code == 401 and "WWW-Authenticate" not in refused.headers
    assert server.http.get("/__admin", follow_redirects=False).status_code == 302
    assert server.http.get("/__admin/mappings", auth=("user", "wrong")).status_code == 401
    assert server.http.get("/__admin/mappings", auth=("user", "secret")).status_code == 200
    assert server.http.get("/anything").status_code == 404


def test_no_request_journal(start_mock):
    server = start_mock("--no-request-journal")
    server.http.get("/x")
    for path in ["requests", "requests/unmatched/near-misses", "mappings/unmatched"]:
        answer = server.http.get("/__admin/" + path)
        assert answer.status_code == 500 and "RequestJournalDisabledException" in answer.text
    assert server.http.post("/__admin/recordings/snapshot", json={}).status_code == 500
    assert server.http.get("/__admin/requests/unmatched").json() == {"requests": [], "requestJournalDisabled": True}
    assert server.http.post("/__admin/requests/find", json={}).json() == {"requests": [], "requestJournalDisabled": True}
    assert server.http.post("/__admin/requests/count", json={}).json() == {"count": -1, "requestJournalDisabled": True}


def test_a_journal_of_no_entries(start_mock):
    server = start_mock("--max-request-journal-entries", "0")
    server.http.get("/x")
    assert server.http.get("/__admin/requests").json() == {
        "requests": [], "meta": {"total": 0}, "requestJournalDisabled": False}


def test_the_limit_of_logged_bodies(start_mock):
    server = start_mock("--logged-response-body-size-limit", "5")
    server.stub({"urlPath": "/x"}, {"body": "hello world"})
    assert server.http.get("/x").text == "hello world"
    assert server.http.get("/__admin/requests").json()["requests"][0]["response"]["body"] == "hello"


def test_proxy_pass_through(start_mock):
    server = start_mock("--proxy-pass-through", "false")
    assert server.http.get("/__admin/settings").json() == {"settings": {"proxyPassThrough": False}}


def test_journal_bound(start_mock):
    server = start_mock("--max-request-journal-entries", "3")
    for number in range(5):
        server.http.get(f"/{number}")
    events = server.http.get("/__admin/requests").json()["requests"]
    assert [event["request"]["url"] for event in events] == ["/4", "/3", "/2"]


def test_global_templating(start_mock):
    server = start_mock("--global-response-templating")
    server.stub({"urlPath": "/t"}, {"body": "{{request.method}}"})
    assert server.http.get("/t").text == "GET"


def test_global_templating_makes_a_model_of_what_no_stub_answers(start_mock):
    server = start_mock("--global-response-templating")
    parts = [("doc", ("a", b"1")), ("doc", ("b", b"2"))]
    assert server.http.post("/none", files=parts).status_code == 500
    assert server.http.post("/none", files=parts[:1]).status_code == 404
    assert server.http.get("/__admin/requests").json()["meta"]["total"] == 1


def test_templating_switched_off(start_mock):
    server = start_mock("--disable-response-templating")
    server.stub({"urlPath": "/t"}, {"body": "{{request.method}}", "transformers": ["response-template"]})
    assert server.http.get("/t").text == "{{request.method}}"


def test_disable_gzip(start_mock):
    server = start_mock("--disable-gzip")
    server.stub({"urlPath": "/g"}, {"body": "plain"})
    answer = server.http.get("/g", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("when, chunked", [("always", True), ("never", False), ("body_file", False)])
def test_use_chunked_encoding(start_mock, when, chunked):
    server = start_mock("--use-chunked-encoding", when)
    server.stub({"urlPath": "/c"}, {"body": "text"})
    answer = server.http.get("/c")
    assert (answer.text, "transfer-encoding" in answer.headers) == ("text", chunked)


def test_stub_cors(start_mock):
    server = start_mock("--enable-stub-cors")
    server.stub({"url": "/c"}, {"body": "x"})
    answer = server.http.get("/c", headers={"Origin": "http://page.example"})
    assert answer.headers["access-control-allow-origin"] == "http://page.example"
    preflight = server.http.options("/c", headers={
        "Origin": "http://page.example", "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "X-A"})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-methods"] == "OPTIONS,GET,POST,PUT,PATCH,DELETE"
    assert preflight.headers["access-control-allow-headers"] == "X-A"


def test_stub_cors_as_in_wiremock(start_mock):
    server = start_mock("--enable-stub-cors")
    server.stub({"url": "/c"}, {"body": "x"})
    assert server.http.get("/c").headers["vary"] == "Origin"
    server.http.put("/__admin/files/f.txt", content="a file")
    assert server.http.get("/f.txt").headers["vary"] == "Origin"
    assert "vary" not in server.http.get("/nothing").headers
    asked = {"Origin": "http://page.example", "Access-Control-Request-Method": "FOO"}
    refused = server.http.options("/c", headers=asked)
    assert refused.status_code == 200
    assert "access-control-allow-origin" not in refused.headers
    asked |= {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "a, b"}
    assert server.http.options("/c", headers=asked).headers["access-control-allow-headers"] == "a,b"


@pytest.mark.parametrize("path, vary", [("/no-file", False), ("/no-template", True), ("/x?%zz", False)])
def test_errors_of_stubs_have_cors_headers_too(start_mock, path, vary):
    server = start_mock("--enable-stub-cors")
    server.stub({"url": "/no-file"}, {"body": None, "bodyFileName": "none"})
    server.stub({"url": "/no-template"}, {"body": "{{date 'x' format='QQQQQQQ'}}", "transformers": ["response-template"]})
    head, _ = server.raw(f"GET {path} HTTP/1.1\r\nHost: h\r\nOrigin: http://o\r\nConnection: close\r\n\r\n")
    assert " 500 " in head and "Access-Control-Allow-Origin: http://o" in head
    assert ("Vary: Origin" in head) is vary


def test_https_with_a_certificate_made_at_start(start_mock):
    server = start_mock("--https-port", "0")
    server.stub({"url": "/s", "scheme": "https"}, {"body": "safe"})
    answer = httpx.get(f"https://127.0.0.1:{server.ports['https']}/s", verify=False, trust_env=False)
    assert answer.text == "safe"


@pytest.fixture(scope="module")
def keystores(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=localhost -days 2",
        "pkcs12 -export -inkey key.pem -in cert.pem -out store.p12 -passout pass:secret",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    (folder / "both.pem").write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    (folder / "store.jks").write_bytes(b"\xfe\xed\xfe\xed\x00\x00\x00\x02")
    return folder


@pytest.mark.parametrize("name", ["both.pem", "store.p12"])
def test_https_with_a_keystore_of_one_s_own(start_mock, keystores, name):
    server = start_mock("--https-port", "0", "--https-keystore", str(keystores / name), "--keystore-password", "secret")
    answer = httpx.get(f"https://127.0.0.1:{server.ports['https']}/__admin/health", verify=False, trust_env=False)
    assert answer.status_code == 200


@pytest.mark.parametrize("name, password", [("store.p12", "wrong"), ("store.jks", "password"), ("none.p12", "x")])
def test_a_keystore_that_can_not_be_read_is_named(start_mock, keystores, name, password):
    server = start_mock("--https-port", "0", "--https-keystore", str(keystores / name),
                        "--keystore-password", password, wait=False)
    assert server.process.wait(20) != 0
    assert until(lambda: name in server.log())
    assert "WARNING" not in server.log()


@pytest.fixture(scope="module")
def clients(tmp_path_factory):
    """An authority, a client that it signed, one that signed itself, and one that is for servers."""
    folder = tmp_path_factory.mktemp("clients")
    (folder / "client.ext").write_text("extendedKeyUsage=clientAuth")
    (folder / "server.ext").write_text("extendedKeyUsage=serverAuth")
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=authority -days 2",
        "pkcs12 -export -nokeys -in ca.pem -out trust.p12 -passout pass:password",
        "req -x509 -newkey rsa:2048 -nodes -keyout foreign.key -out foreign.pem -subj /CN=foreign -days 2",
        *(line for name in ("client", "server") for line in (
            f"req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}",
            f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -days 2 -extfile {name}.ext")),
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    return folder


def ask_with(server, clients, name):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if name:
        context.load_cert_chain(clients / f"{name}.pem", clients / f"{name}.key")
    return httpx.get(f"https://127.0.0.1:{server.ports['https']}/__admin/health", verify=context, trust_env=False)


@pytest.mark.parametrize("store", ["ca.pem", "trust.p12"])
def test_clients_need_a_certificate(start_mock, clients, store):
    server = start_mock("--https-port", "0", "--https-require-client-cert", "--https-truststore", str(clients / store))
    assert ask_with(server, clients, "client").status_code == 200
    for stranger in (None, "foreign", "server"):
        with pytest.raises(httpx.TransportError):
            ask_with(server, clients, stranger)
    assert server.http.get("/__admin/health").status_code == 200  # plain HTTP asks nobody


def test_without_the_flag_a_truststore_keeps_nobody_out(start_mock, clients):
    server = start_mock("--https-port", "0", "--https-truststore", str(clients / "ca.pem"))
    assert ask_with(server, clients, None).status_code == 200


@pytest.mark.parametrize("store, password", [("trust.p12", "wrong"), ("ca.key", "password"), ("none.p12", "x")])
def test_a_truststore_that_can_not_be_read_is_named(start_mock, clients, store, password):
    server = start_mock("--https-port", "0", "--https-require-client-cert", "--https-truststore",
                        str(clients / store), "--truststore-password", password, wait=False)
    assert server.process.wait(20) != 0
    assert until(lambda: store in server.log())


def test_https_alone(start_mock):
    server = start_mock("--https-port", "0", "--disable-http", wait=False)
    port = until(lambda: server.ports.get("ready") and server.ports["https"])
    answer = httpx.get(f"https://127.0.0.1:{port}/__admin/health", verify=False, trust_env=False)
    assert answer.status_code == 200
    assert "http" not in server.ports


def test_proxy_all_and_stubs_before_it(start_mock):
    far = start_mock(folder="far")
    far.stub({"urlPattern": "/.*"}, {"body": "far"})
    near = start_mock("--proxy-all", far.url, folder="near")
    near.stub({"url": "/own"}, {"body": "own"})
    assert (near.http.get("/own").text, near.http.get("/other").text) == ("own", "far")


def test_preserve_host_header(start_mock):
    far = start_mock(folder="far")
    far.stub({"urlPattern": "/.*"}, {"body": "{{request.headers.Host}}", "transformers": ["response-template"]})
    near = start_mock("--proxy-all", far.url, "--preserve-host-header", folder="near")
    assert near.http.get("/x", headers={"Host": "named.example"}).text == "named.example"


def test_a_body_in_gzip_is_passed_on_as_it_came(start_mock):
    far = start_mock(folder="far")
    near = start_mock("--proxy-all", far.url, folder="near")
    near.http.post("/x", content=gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})
    assert [server.http.get("/__admin/requests").json()["requests"][0]["request"]["body"]
            for server in (near, far)] == ["hello", "hello"]


def test_deny_proxy_targets(start_mock):
    far = start_mock(folder="far")
    near = start_mock("--proxy-all", far.url, "--deny-proxy-targets", "127.0.0.1-127.0.0.255", folder="near")
    denied = near.http.get("/x")
    assert (denied.status_code, denied.headers["Content-Type"]) == (500, "text/plain")
    assert denied.text == "The target proxy address is denied in WireMock's configuration."
    assert far.http.get("/__admin/requests").json()["meta"]["total"] == 0


@pytest.mark.parametrize("allowed, reached", [("*.0.0.1", True), ("127.0.0.?", False), ("LOCALHOST,127.*", True)])
def test_allow_proxy_targets_by_name(start_mock, allowed, reached):
    far = start_mock(folder="far")
    near = start_mock("--proxy-all", far.url, "--allow-proxy-targets", allowed, folder="near")
    assert (near.http.get("/x").status_code == 404) == reached


@pytest.mark.parametrize("given, passed_on", [
    ("gzip, deflate, br", ["gzip,br"]), ("GZIP , x", ["gzip"]), ("gzip;q=1", []), ("*", []), (None, [])])
def test_supported_proxy_encodings(start_mock, given, passed_on):
    far = start_mock(folder="far")
    near = start_mock("--proxy-all", far.url, "--supported-proxy-encodings", "gzip,br", folder="near")
    near.http.headers.pop("Accept-Encoding")
    near.http.get("/x", headers={"Accept-Encoding": given} if given else {})
    headers = far.http.get("/__admin/requests").json()["requests"][0]["request"]["headers"]
    assert [headers[name] for name in headers if name == "Accept-Encoding"] == passed_on


@pytest.mark.parametrize("path, more, status", [
    ("/x", "a", 404), ("/x", "a" * 460, 431), ("/x", "a" * 459, 404), ("/" + "u" * 494, "", 431), ("/" + "u" * 496, "", 414)])
def test_jetty_header_request_size(start_mock, path, more, status):
    server = start_mock("--jetty-header-request-size", "500")
    head = f"GET {path} HTTP/1.1\r\nX-A: {more}\r\nHost: localhost:19831\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.ports["http"])) as connection:
        connection.sendall(head.encode())
        assert connection.makefile("rb").readline().split()[1] == str(status).encode()


def test_a_tunnel_leads_back(mock):
    mock.stub({"url": "/t"}, {"body": "through"})
    with socket.create_connection(("127.0.0.1", mock.ports["http"])) as connection:
        answers = connection.makefile("rb")
        connection.sendall(b"CONNECT other.example:80 HTTP/1.1\r\nHost: other.example:80\r\n\r\n")
        assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
        while answers.readline() != b"\r\n":
            pass
        connection.sendall(b"GET /t HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n")
        assert b"through" in answers.read()
    assert mock.http.get("/__admin/requests").json()["meta"]["total"] == 1


def test_the_moment_of_a_request_has_no_zeros_at_its_end(mock):
    def trimmed():
        mock.http.get("/x")
        logged = mock.http.get("/__admin/requests?limit=1").json()["requests"][0]["request"]
        fraction = logged["loggedDate"] % 1000
        text = f".{fraction:03}".rstrip("0").rstrip(".")
        assert logged["loggedDateString"].endswith(text + "Z")
        return fraction % 10 == 0

    until(trimmed)


@pytest.mark.parametrize("method, response", [
    ("HEAD", {"body": "text", "headers": {"Transfer-Encoding": "chunked"}}),
    ("HEAD", {"body": "text", "chunkedDribbleDelay": {"numberOfChunks": 2, "totalDuration": 10}}),
    ("GET", {"status": 304, "headers": {"Transfer-Encoding": "chunked"}}),
    ("GET", {"status": 204, "headers": {"Transfer-Encoding": "chunked"}}),
])
def test_where_there_is_no_body_there_are_no_chunks(mock, method, response):
    mock.stub({"url": "/a"}, response)
    mock.stub({"url": "/b"}, {"body": "next"})
    with socket.create_connection(("127.0.0.1", mock.ports["http"])) as connection:
        answers = connection.makefile("rb")
        connection.sendall(f"{method} /a HTTP/1.1\r\nHost: h\r\n\r\n".encode())
        while answers.readline() != b"\r\n":
            pass
        connection.sendall(b"GET /b HTTP/1.1\r\nHost: h\r\n\r\n")
        assert answers.readline() == b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize("when, packed", [("never", [False, False]), ("body_file", [False, True]), ("always", [True, True])])
def test_small_answers_of_a_known_length_are_not_packed(start_mock, when, packed):
    server = start_mock("--use-chunked-encoding", when)
    server.http.put("/__admin/files/f.txt", content="small")
    server.stub({"url": "/text"}, {"body": "small"})
    server.stub({"url": "/file"}, {"bodyFileName": "f.txt"})
    answers = [server.http.get(path, headers={"Accept-Encoding": "gzip"}) for path in ("/text", "/file")]
    assert ["content-encoding" in answer.headers for answer in answers] == packed


def test_no_date_but_a_stub_s_own(mock):
    mock.stub({"url": "/d"}, {"headers": {"Date": "Mon, 01 Jan 2024 00:00:00 GMT"}, "statusMessage": "Fine"})
    assert "Date" not in mock.http.get("/x").headers
    assert mock.http.get("/d").headers.get_list("Date") == ["Mon, 01 Jan 2024 00:00:00 GMT"]


def test_many_names_of_headers_are_read_in_linear_time(mock):
    started = time.monotonic()
    mock.stub({"url": "/h"}, {"headers": {f"X-{n}": "v" for n in range(100_000)}})
    assert time.monotonic() - started < 10


def test_record_mappings_writes_files(start_mock):
    far = start_mock(folder="far")
    far.stub({"urlPattern": "/.*"}, {"body": "far", "headers": {"Content-Type": "text/plain"}})
    near = start_mock("--proxy-all", far.url, "--record-mappings", folder="near")
    for _ in range(2):
        near.http.get("/rec/1?a=b")
    near.stop()
    (file,) = (near.folder / "mappings").iterdir()
    assert re.fullmatch(r"mapping-rec-1-\w{5}\.json", file.name)
    mapping = json.loads(file.read_text())
    assert mapping["request"] == {"url": "/rec/1?a=b", "method": "GET"}
    assert mapping["response"]["bodyFileName"] == file.name.replace("mapping", "body").replace(".json", ".txt")
    assert "name" not in mapping and "persistent" not in mapping
    again = start_mock(folder="near")
    assert again.http.get("/rec/1?a=b").text == "far"


def test_match_headers_of_recorded_mappings(start_mock):
    far = start_mock(folder="far")
    far.stub({"urlPattern": "/.*"}, {"body": "far"})
    near = start_mock("--proxy-all", far.url, "--record-mappings", "--match-headers", "X-One, accept", folder="near")
    near.http.post("/", content="text", headers={"x-one": "1", "Accept": "a/b", "X-Two": "2"})
    near.stop()
    (file,) = (near.folder / "mappings").iterdir()
    assert file.name.startswith("mapping-(root)-")
    assert json.loads(file.read_text())["request"] == {
        "url": "/", "method": "POST", "bodyPatterns": [{"equalTo": "text"}],
        "headers": {"x-one": {"equalTo": "1"}, "Accept": {"equalTo": "a/b"}}}


def test_verbose_logs_requests(start_mock):
    server = start_mock("--verbose")
    server.http.get("/look-at-me")
    assert until(lambda: "/look-at-me" in server.log())


def test_print_all_network_traffic(start_mock):
    server = start_mock("--print-all-network-traffic")
    server.http.post("/x", content="the body")
    assert until(lambda: "the body" in server.log())


def test_admin_needs_https(start_mock):
    server = start_mock("--admin-api-require-https", "--https-port", "0")
    refused = server.http.get("/__admin/mappings")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, 40)
    answer = httpx.get(f"https://127.0.0.1:{server.ports['https']}/__admin/mappings", verify=False, trust_env=False)
    assert answer.status_code == 200


def test_bytes_of_a_request_survive(mock):
    mock.stub({"method": "POST", "url": "/b", "bodyPatterns": [
        {"binaryEqualTo": base64.b64encode(bytes(range(256))).decode()}]}, {"body": "same"})
    assert mock.http.post("/b", content=bytes(range(256))).text == "same"


def test_an_absolute_target_is_served_by_its_path(mock):
    mock.stub({"url": "/abs?x=1"}, {"body": "found"})
    with socket.create_connection(("127.0.0.1", mock.ports["http"])) as connection:
        connection.sendall(b"GET http://other.example/abs?x=1 HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n")
        assert b"found" in connection.makefile("rb").read()


SAVED = [  # names as WireMock gives them
    ({"request": {"url": "/a/b.c/d_e-f"}}, "any-ab.cd_e-f-"),
    ({"request": {"method": "GET"}}, "get-always-"),
    ({"request": {"urlPathPattern": "/x/[a-z]+"}}, "any-xa-z-"),
    ({"name": " A.b_é/c "}, "-a.b_c--"),
    ({"name": "x" * 250}, "x" * 200 + "-"),
]


@pytest.mark.parametrize("stub, name", SAVED)
def test_names_of_saved_mappings(start_mock, stub, name):
    server = start_mock()
    made = server.http.post("/__admin/mappings", json={"response": {}, "persistent": True, **stub}).json()
    assert [file.name for file in (server.folder / "mappings").iterdir()] == [f"{name}{made['id']}.json"]


def test_filename_template(start_mock):
    server = start_mock("--filename-template", "{{{request.method}}}/{{{url}}} X{{{name}}}.json")
    server.http.post("/__admin/mappings", json={
        "name": "Né", "request": {"method": "GET", "url": "/a?b"}, "response": {}, "persistent": True})
    assert [file.name for file in (server.folder / "mappings").iterdir()] == ["getab-xn.json"]


@pytest.mark.parametrize("flags, sent", [((), "employees-mock"), (("--preserve-user-agent-proxy-header",), "client/1")])
def test_a_proxied_request_has_a_user_agent(start_mock, flags, sent):
    server = start_mock(*flags)
    server.stub({"url": "/echo"}, {"body": "{{request.headers.User-Agent}}", "transformers": ["response-template"]})
    server.stub({"url": "/p/echo"}, {"proxyBaseUrl": server.url, "proxyUrlPrefixToRemove": "/p"})
    assert server.http.get("/p/echo", headers={"User-Agent": "client/1"}).text == sent
