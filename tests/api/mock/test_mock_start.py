"""How the program starts, says what is wrong, and stops."""

import json
import subprocess
import time

import pytest
from employees_mock import BINARY, ROOT


def run(*flags):
    return subprocess.run([str(BINARY), *flags], capture_output=True, text=True, timeout=20)


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_version_is_that_of_wiremock():
    assert run("--version").stdout == "3.13.2\n"


def test_help_lists_flags():
    done = run("--help")
    assert done.returncode == 0
    assert "--root-dir" in done.stdout and "--jetty-acceptor-threads" in done.stdout


def test_unknown_flag_exits_1_and_is_named():
    done = run("--no-such-flag")
    assert done.returncode == 1
    assert "no-such-flag" in done.stderr


@pytest.mark.parametrize("flag", ["--enable-browser-proxying", "--extensions=com.example.X"])
def test_flags_that_can_not_be_honoured_are_refused(flag):
    done = run(flag)
    assert done.returncode == 1
    assert flag.split("=")[0].lstrip("-") in done.stderr


@pytest.mark.parametrize("words, code, said", [
    (["--permitted-system-keys", "("], 1, "--permitted-system-keys: Unclosed group near index 1"),
    (["--https-keystore", "", "--https-port", "0"], 1, "--https-keystore is empty"),
    (["--https-truststore="], 1, "--https-truststore is empty"), (["--extensions", "x"], 1, "employees-mock: --extensions is"),
    (["--port", "65536"], 1, "--port must be an integer from 0 to 65535"), (["--port"], 1, "--port needs a value"),
    (["--admin-api-basic-auth", "x"], 1, "--admin-api-basic-auth must be"), (["--disable-http"], 1, "--disable-http needs"),
    (["--bind-address", "no.such.invalid"], 2, "no.such.invalid:0: no such address"),
    (["--https-keystore", "/", "--https-port", "0"], 2, "/: can't be read: Is a directory"),
    (["--root-dir", __file__], 2, "test_mock_start.py/mappings: can't be read: Not a directory"),
    (["--health", "--port", "1"], 1, "http://127.0.0.1:1/__admin/health: can't be reached")])
def test_what_is_wrong_is_told_in_one_line(tmp_path, words, code, said):
    done = run("--port", "0", "--root-dir", str(tmp_path), *words)
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (code, 1, ""), done
    assert done.stderr.startswith("employees-mock: ") and said in done.stderr


@pytest.mark.parametrize("targets", ["[", "a,300.1.1.1", "1.2.3.9-1.2.3.1"])
def test_targets_of_proxies_that_are_none_are_refused(tmp_path, targets):
    done = run("--port", "0", "--root-dir", str(tmp_path), "--allow-proxy-targets", targets)
    assert done.returncode == 2
    assert targets.split(",")[-1] in done.stderr and done.stderr.count("\n") == 1


def test_jvm_flags_are_taken_with_a_note(start_mock):
    server = start_mock("--jetty-acceptor-threads", "4", "--async-response-enabled=true", "--disable-banner")
    assert server.http.get("/__admin/health").status_code == 200
    assert "--jetty-acceptor-threads: taken, without effect" in server.log()


def test_prints_the_port_that_it_chose(start_mock):
    server = start_mock("--disable-banner")
    assert server.ports["http"] > 0


def test_port_in_use_exits_1_and_names_it(start_mock):
    server = start_mock()
    done = run("--bind-address", "127.0.0.1", "--port", str(server.ports["http"]))
    assert done.returncode == 1
    assert str(server.ports["http"]) in done.stderr


def test_mappings_of_the_folder_are_served(start_mock, tmp_path):
    write(tmp_path / "root", "mappings/one.json", {"request": {"url": "/one"}, "response": {"body": "1"}})
    write(tmp_path / "root", "mappings/-minus.json", {"request": {"url": "/minus"}, "response": {"body": "-"}})
    write(tmp_path / "root", "mappings/deep/two.json",
          {"mappings": [{"request": {"url": "/two"}, "response": {"body": "2"}},
                        {"request": {"url": "/three"}, "response": {"bodyFileName": "three.txt"}}]})
    write(tmp_path / "root", "__files/three.txt", "from a file")
    server = start_mock()
    assert [server.http.get(path).text for path in ("/one", "/two", "/three", "/minus")] == ["1", "2", "from a file", "-"]
    assert server.http.get("/__admin/health").json()["stubs"] == 4


def test_an_empty_body_file_name_lists_the_folder(start_mock, tmp_path):
    write(tmp_path / "root", "__files/a.txt", "")
    write(tmp_path / "root", "__files/b/c.txt", "")
    server = start_mock()
    server.stub({"url": "/plain"}, {"bodyFileName": ""})
    server.stub({"url": "/filled"}, {"bodyFileName": "{{request.query.none}}", "transformers": ["response-template"]})
    assert [server.http.get(path).text for path in ("/plain", "/filled")] == ["a.txt\nb\n"] * 2


def test_a_request_in_the_journal_has_its_members_in_wiremock_s_order(start_mock):
    server = start_mock()
    server.http.get("/x")
    assert list(server.http.get("/__admin/requests").json()["requests"][0]["request"]) == [
        "url", "absoluteUrl", "method", "clientIp", "headers", "cookies", "browserProxyRequest", "loggedDate",
        "bodyAsBase64", "body", "protocol", "scheme", "host", "port", "loggedDateString", "queryParams", "formParams"]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
                                     "utf-32", "utf-32-le", "utf-32-be"])
def test_mapping_files_may_have_a_byte_order_mark_or_be_utf_16_or_32(start_mock, tmp_path, charset):
    stub = {"request": {"url": "/caf\u00e9"}, "response": {"body": "\u6f22"}}
    folder = tmp_path / "root" / "mappings"
    folder.mkdir(parents=True)
    (folder / "one.json").write_bytes(json.dumps(stub, ensure_ascii=False).encode(charset))
    (folder / "two.json").write_bytes(
        json.dumps({"mappings": [{"request": {"url": "/b"}, "response": {}}]}).encode(charset))
    kept = start_mock().http.get("/__admin/mappings").json()["mappings"]
    assert {one["request"]["url"]: one["response"].get("body") for one in kept} == {"/b": None, "/caf\u00e9": "\u6f22"}


def test_yaml_mappings_are_served(start_mock, tmp_path):
    write(tmp_path / "root", "mappings/y.yaml", """
request:
  method: GET
  urlPath: /yaml
response:
  status: 203
  headers: {Content-Type: application/json}
  jsonBody:
    list: [1, 2.5, true, null, "3"]
""")
    server = start_mock()
    answer = server.http.get("/yaml")
    assert (answer.status_code, answer.json()) == (203, {"list": [1, 2.5, True, None, "3"]})


@pytest.mark.parametrize("name, content, line, word", [
    ("syntax.json", '{\n "request": {\n  "url": "/x",,\n }\n}', 3, ""),
    ("member.json", '{\n "request": {\n  "url": "/x",\n  "bogus": 1\n }\n}', 4, "bogus"),
    ("regex.json", '{\n "request": {\n  "urlPattern": "("\n }\n}', 2, "request"),
    ("many.json", '{"mappings": [\n {"request": {"url": "/a"}},\n {"response": {"status": "x"}}\n]}', 3, "status"),
    ("template.json", '{"response": {\n "transformers": ["response-template"],\n "body": "{{#if x}}"}}', 3, "body"),
    ("broken.yaml", "request:\n  url: [\n", 3, ""),
    ("beside.json", '{"mappings": [\n {"request": {"url": "/a"}}],\n "bogus": 1}', 3, "/bogus: "),
    ("options.json", '{"importOptions": {},\n "mappings": []}', 1, "/importOptions: "),
    ("deep.json", '{"mappings": [],\n "request": {"bogus": 1}}', 2, "/request/bogus: "),
    ("list.json", '{\n "mappings": {"request": {"url": "/a"}}}', 2, "/mappings: "),
    ("null.json", '{"mappings": [\n null]}', 2, "/mappings/0: "),
    ("twins.json", '{"mappings": [{"id": "11111111-1111-1111-1111-111111111111"},\n'
     ' {"id": "11111111-1111-1111-1111-111111111111"}]}', 2, "/mappings/1/id: "),
    ("beside.yaml", "mappings: []\nbogus: 1\n", 2, "bogus"),
    ("member.yaml", "request:\n  url: /x\nresponse:\n  bogus: 1\n", 4, "bogus"),
])
def test_broken_mapping_file_exits_2_naming_file_line_and_member(tmp_path, name, content, line, word):
    write(tmp_path, f"mappings/{name}", content)
    done = run("--port", "0", "--root-dir", str(tmp_path))
    assert done.returncode == 2
    assert f"{name}:{line}:" in done.stderr
    assert word in done.stderr


@pytest.mark.parametrize("more", [{"meta": {"total": 1}}, {"$schema": "x"}, {"name": "x", "request": {"url": "/b"}}])
def test_members_that_wiremock_reads_over_may_stand_beside_mappings(start_mock, tmp_path, more):
    write(tmp_path / "root", "mappings/many.json", {"mappings": [{"request": {"url": "/a"}}], **more})
    kept = start_mock().http.get("/__admin/mappings").json()["mappings"]
    assert [stub["request"]["url"] for stub in kept] == ["/a"]


def test_two_files_with_one_id_are_refused_by_name(tmp_path):
    twin = {"id": "11111111-1111-1111-1111-111111111111"}
    write(tmp_path, "mappings/a.json", twin)
    write(tmp_path, "mappings/b.yaml", "name: x\nuuid: 11111111-1111-1111-1111-111111111111\n")
    done = run("--port", "0", "--root-dir", str(tmp_path))
    assert done.returncode == 2
    assert "b.yaml:2: /uuid: " in done.stderr and "a.json" in done.stderr


def test_fail_on_empty(tmp_path):
    assert run("--port", "0", "--root-dir", str(tmp_path), "--fail-on-empty").returncode == 2


def test_health_flag_asks_a_running_server(start_mock):
    server = start_mock()
    assert run("--health", "--port", str(server.ports["http"])).returncode == 0
    server.stop()
    assert run("--health", "--port", str(server.ports["http"])).returncode == 1


def test_sigterm_ends_it_within_two_seconds_though_an_answer_waits(start_mock):
    server = start_mock()
    server.stub({"url": "/slow"}, {"fixedDelayMilliseconds": 60000})
    with server.http.stream("GET", "/__admin/health") as answer:
        answer.read()
    import socket
    waiting = socket.create_connection(("127.0.0.1", server.ports["http"]))
    waiting.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    while server.http.get("/__admin/requests").json()["meta"]["total"] == 0:
        pass
    started = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 8  # the bound of 2 s holds where nothing else runs
    waiting.close()


def test_shutdown_call_ends_it(start_mock):
    server = start_mock()
    assert server.http.post("/__admin/shutdown").status_code == 200
    assert server.process.wait(10) == 0


def test_the_demo_s_start_works_unchanged(start_mock):
    server = start_mock()
    mappings = (ROOT / "employees-mock/mappings/employees.json").read_bytes()
    assert server.http.post("/__admin/mappings/import", content=mappings).status_code == 200
    answer = server.http.post("/employees", json={"countryCode": "GB"})
    assert answer.headers["content-type"] == "application/json"
    rows = answer.json()["employees"]["employee"]
    assert [row["fullName"] for row in rows] == ["Robert Brownforest", "Rip Van Winkle"]
    assert server.http.get("/employees").status_code == 404
