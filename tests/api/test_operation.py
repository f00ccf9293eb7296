"""Starting, reloading, stopping; configuration files; what is wrong with disk and database."""

import base64
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import resource
import signal
import sqlite3
import subprocess
import socket
import time

import pytest
from service import (REFERENCE, ROOT, Service, claims, clean_environment, employees, memory_mib, resident_mib,
                     rows_as_json, rows_as_sql, rows_as_xml, wait_until)

ROW = employees({"firstName": "Robert", "DOB": "18/12/1965"})


def manifest(name):
    return {"manifests": [{"name": name, "attributes": [{"path": "a"}]}]}


def run(service, *words):
    done = service.run(*words)
    return done.returncode, done.stdout, done.stderr


# ---- command line ----

def test_print_config_hides_secrets_and_tells_origins(service):
    code, out, _ = run(service, "--print-config")
    assert code == 0
    assert service.admin_token not in out
    assert re.search(r"^admin-token=\*\*\*\s+# env", out, re.M), out
    assert re.search(r"^token-ttl-s=3600\s+# default", out, re.M)
    assert re.search(r"^database=.*interceptor.db\s+# flag", out, re.M)


@pytest.mark.parametrize("words,place", [
    (["--listen-plain", "nonsense"], "--listen-plain: nonsense: an address"),
    (["--admin-listen", "127.0.0.1:65536"], "--admin-listen: 127.0.0.1:65536: an address"), (["--no-such-flag"], "no-such-flag"),
    (["--threads", "many"], "threads"), (["--clock", "noon"], "--clock"),
    (["--log-level", "loud"], "log-level"), (["--config", "/nowhere.json"], "/nowhere.json"),
    (["--tls-cert", "/nowhere.crt"], "/nowhere.crt"), (["frobnicate"], "frobnicate"),
    (["--database="], "--database: is empty"), (["--key-file="], "--key-file: is empty"),
    (["--config="], "--config: is empty"), (["--envoy-admin=envoy:8001"], "--envoy-admin: must begin"),
    (["--listen", ""], "--listen: is empty"), (["--listen-plain="], "--listen-plain: is empty"),
    (["--port-file="], "--port-file: is empty"), (["--clock", ""], "--clock: is empty"),
    (["--token-store="], "--token-store: is empty"), (["--admin-token="], "--admin-token: is empty"),
    (["--admin-token", "token\n\n"], "--admin-token: no header can carry it"),
    (["suggest", "--input="], "--input: is empty"),
    (["suggest", "--input", "/"], "/: can't be read: Is a directory"),
    (["--config", "/proc/self/mem"], "/proc/self/mem: can't be read"),
    (["--check-config", ""], "argument 1 is empty"), (["backup", ""], "argument 2 is empty"),
    (["key", "retire", "one"], "one: there is no such key")])
def test_usage_errors_end_with_2_and_one_line(certs, tmp_path, words, place):
    s = Service(tmp_path, certs)
    done = subprocess.run([*s.command(), *words], env=s.env, cwd=ROOT, text=True, capture_output=True,
                          timeout=20)
    assert done.returncode == 2, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("interceptor: ")]
    assert len(lines) == 1 and place in lines[0], done.stderr


ASKED = ["--manifest", "Employee", "--country", "GB"]


@pytest.mark.parametrize("words,place", [
    (["explain", "--manifest", "Employee"], "--country: "), (["explain", "--country", "GB"], "--manifest: "),
    (["explain", *ASKED[:2], "--country", "UK"], "--country: "), (["explain", *ASKED, "--owner", "x"], "--owner: "),
    (["explain", *ASKED, "--usage", "1x"], "--usage: "), (["explain", *ASKED, "--claim", "=x"], "--claim: "),
    (["preview", *ASKED, "--claim", b"a\xff=x"], "--claim: "), (["preview", b"--manifest=\xff", *ASKED[2:]], "--manifest: "),
    (["preview", *ASKED, "--job", "Hide"], "--job: "), (["preview", *ASKED, "--type", "SQL"], "--type: "),
    (["preview", *ASKED, "--tenant", "nobody"], "--tenant: "), (["preview", *ASKED[2:], "--manifest", "N"], "--manifest: "),
    (["preview", *ASKED, "--input", "/nowhere"], "/nowhere: "), (["preview", *ASKED], "--input: "),
    (["suggest"], "--input: "), (["suggest", "--type", "SQL"], "--type: "),
    (["suggest", "--manifest", "", "--input", str(REFERENCE)], "--manifest: ")])
def test_policy_commands_name_the_flag_at_fault(service, words, place):
    done = subprocess.run([*service.command()[:1], *words, *service.command()[1:]], env=service.env, cwd=ROOT,
                          input="{", text=True, capture_output=True, timeout=20)
    assert done.returncode == 2 and done.stderr.startswith(f"interceptor: {place}"), done.stderr
    assert done.stderr.count("\n") == 1


def test_explain_tells_of_a_manifest_that_is_not_active(certs, tmp_path):
    path = tmp_path / "c.json"
    for active in (True, False):
        path.write_text(json.dumps({"manifests": [{"name": "m", "active": active, "attributes": [{"path": "a"}]}]}))
        done = Service(tmp_path / "s", certs, config=[path]).run("explain", "--manifest=m", "--country=GB")
        assert done.returncode == 0 and done.stdout.endswith("a: not granted: no rule covers it\n")
        assert ("not active" in done.stdout) != active


def test_a_start_without_tenants_says_so(start):
    s = start(config=[])
    wait_until(lambda: "warn no tenant is configured" in s.log(), 20, "the warning")
    assert s.admin().get("/readyz").status_code == 503
    assert "no tenant" not in start("other").log()


def test_without_any_port_it_does_not_start(certs, tmp_path):
    code, words = ends(Service(tmp_path, certs, tls=False, listen_plain="off", admin_listen="off"))
    assert code == 2 and "every port is off" in words


def test_port_in_use_ends_with_1_and_names_it(service, certs, tmp_path):
    port = service.ports["listen-plain"]
    s = Service(tmp_path, certs, listen_plain=f"127.0.0.1:{port}")
    done = subprocess.run(s.command(), env=s.env, cwd=ROOT, text=True, capture_output=True, timeout=20)
    assert done.returncode == 1 and f"--listen-plain: 127.0.0.1:{port}: port {port} is in use" in done.stderr


def test_a_port_file_never_names_the_ports_of_a_service_before(certs, tmp_path):
    s = Service(tmp_path, certs, tls_cert=tmp_path / "no.crt", threads=1)
    s.port_file.write_text("listen-plain=1\n")
    assert ends(s)[0] == 2 and not s.port_file.exists()
    s = Service(tmp_path, certs, port_file=tmp_path / "folder")
    (tmp_path / "folder").mkdir()
    code, words = ends(s)
    assert code == 1 and "can't write the port file" in words
    assert not list(tmp_path.glob("folder.*"))


@pytest.mark.parametrize("address", ["127.0.0.1:0", "0.0.0.0:0", "[::]:0", "*:0", ":0"])
def test_health_asks_the_running_service(start, address):
    s = start(admin_listen=address)
    assert s.run("--health").returncode == 0
    s.stop()
    assert s.run("--health").returncode == 1


def test_options_come_from_the_environment_and_flags_win(start):
    s = start(env={"INTERCEPTOR_TOKEN_TTL_S": "55"})
    assert s.caller().get_token().json()["expires_in"] == 55
    s = start("second", env={"INTERCEPTOR_TOKEN_TTL_S": "55"}, token_ttl_s=66)
    assert s.caller().get_token().json()["expires_in"] == 66


def test_plain_only_needs_no_certificate(start):
    s = start(tls=False)
    assert set(s.ports) == {"listen-plain", "admin-listen"}
    assert s.caller().send({}).status_code == 200


def test_memory_database_works(start):
    s = start(database=":memory:")
    assert s.caller().send(ROW, jobType="Pseudonymise", preserveStringLength=True).status_code == 200
    assert s.admin().get("/admin/v1/audit/verify").json() == {"whole": True, "rows": 2}


def is_sanitized(process):
    return re.search(r"/lib[a-z]+san\.so", pathlib.Path(f"/proc/{process.pid}/maps").read_text())


def pseudonymise(caller, count):
    rows = employees(*[{"firstName": f"Robert {n}", "lastName": "Brownforest"} for n in range(count)])
    return caller.send(rows, jobType="Pseudonymise", preserveStringLength=True)


@pytest.mark.parametrize("wait", [
    lambda caller, token: pseudonymise(caller, 1), lambda caller, token: pseudonymise(caller, 8000),
    lambda caller, token: caller.get_token(grant_type="refresh_token", refresh_token=token)],
    ids=["small", "large", "refresh"])
def test_calls_do_not_wait_for_one_that_waits(start, wait):
    s = start(threads=1, audit="off")
    caller = s.caller()
    caller.headers()
    token = caller.get_token().json()["refresh_token"]
    db = sqlite3.connect(s.options["database"], isolation_level=None)
    db.execute("BEGIN IMMEDIATE")  # so that nothing can be kept
    with concurrent.futures.ThreadPoolExecutor() as pool:
        waiting = pool.submit(wait, s.caller(), token)
        answered = 0
        while not waiting.done():
            assert caller.send(ROW).status_code == 200
            answered += 1
        assert waiting.result().status_code == 503
    db.execute("ROLLBACK")
    assert answered > 100  # a large body comes in some fifty pieces; were its thread taken then, there would be one more


def test_memory_of_large_calls_is_given_back(start):
    s = start()
    if is_sanitized(s.process):
        pytest.skip("the sanitizer keeps what was freed")
    caller = s.caller()
    assert caller.send(ROW).status_code == 200
    before = resident_mib(s.process)
    large = employees({"text": "x" * (14 << 20)})
    for _ in range(3):
        assert caller.send(large).status_code == 200
    wait_until(lambda: caller.send(ROW).status_code == 200 and resident_mib(s.process) < before + 4, 10,
               "the memory of the large calls")


@pytest.mark.parametrize("kind,write", [("JSON", rows_as_json), ("XML", rows_as_xml), ("SQL", rows_as_sql)])
def test_a_large_answer_takes_the_place_of_its_data_set(start, kind, write):
    s = start()
    caller = s.caller()
    data_set = write([{"firstName": f"Ann{n}", "lastName": f"Lee van Cleef {n}", "DOB": "18/12/1965"}
                      for n in range(110000)])
    fields = {"sqlType": "Oracle"} if kind == "SQL" else {}
    head = {"X-Data-Set-Type": kind}
    assert caller.send(ROW).status_code == 200
    before = resident_mib(s.process)
    answer = caller.send(data_set, jobType="Encrypt", headers=head, **fields)
    assert answer.status_code == 200
    mib = len(data_set) / 2**20
    if not is_sanitized(s.process):
        assert memory_mib(s.process, "VmHWM") - before < max(len(answer.content) / 2**20 + 0.5 * mib, 3.2 * mib)
    open_ = caller.send(answer.json()["dataSet"], jobType="Decrypt", headers=head, countryCode="GB",
                        dataOwningCountryCode="GB", matchingRule=claims(ADGroup="HR"), **fields)
    assert open_.status_code == 200
    assert (json.dumps(json.loads(open_.json()["dataSet"]), separators=(",", ":")) if kind == "JSON"
            else open_.json()["dataSet"]) == data_set


def test_key_file_is_made_for_its_owner_only(service):
    path = service.folder / "interceptor.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 32


# ---- configuration ----

def check(tmp_path, document, env=None):
    path = tmp_path / "c.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return subprocess.run([Service(tmp_path, tmp_path).command()[0], "--check-config", str(path)],
                          env=clean_environment() | (env or {}), cwd=ROOT, text=True, capture_output=True,
                          timeout=20)


@pytest.mark.parametrize("name", ["reference.json", "demo.json"])
def test_shipped_configurations_are_valid(service, name):
    assert service.run("--check-config", str(REFERENCE.parent / name)).returncode == 0


@pytest.mark.parametrize("document,place", [
    ("{", "c.json:1"), ("{\n\n x}", "c.json:3"), ('{"tenants":[],"tenants":[]}', "c.json"),
    ("[]", "c.json: a configuration is"), ({"tenant": []}, "tenant"), ({"tenants": {}}, "tenants"), ({"tenants": [1]}, "tenants[0]"),
    ({"tenants": [{"name": "a"}]}, "tenants[0].apiKey"),
    ({"tenants": [{"name": "a", "apiKey": ""}]}, "tenants[0].apiKey"),
    ({"tenants": [{"name": "a", "apiKey": "k", "rateLimitPerMinute": -1}]},
     "tenants[0].rateLimitPerMinute"),
    ({"tenants": [{"name": "a", "apiKey": "k", "clients": [{"id": "c"}]}]}, "tenants[0].clients[0].secret"),
    ({"tenants": [{"name": "a", "apiKey": "k", "clients": [{"id": "c", "secret": "s"},
                                                           {"id": "c", "secret": "t"}]}]},
     "tenants[0].clients[1].id"),
    ({"tenants": [{"name": "a", "apiKey": "k"}, {"name": "a", "apiKey": "l"}]}, "tenants[1].name"),
    ({"tenants": [{"name": "a", "apiKey": "k"}, {"name": "b", "apiKey": "k"}]}, "tenants[1].apiKey"),
    ({"manifests": [{"name": "m", "attributes": [{"path": "["}]}]}, "manifests[0].attributes[0].path"),
    ({"rules": [{"name": "r", "manifests": ["x"], "attributes": ["*"]}]}, "rules[0].manifests[0]"),
    ({"manifests": [{"name": "m", "attributes": [{"path": "a", "type": "strin"}]}]},
     "attributes[0].type: must be one of string, date, number, boolean"),
    ({"manifests": [{"name": "m", "unlisted": "deny", "attributes": []}]}, "unlisted: must be one of pass, protect, reject"),
    ({"manifests": [{"name": "m", "attributes": [{"path": "a", "technique": "keepLast"}]}]},
     "attributes[0].technique: keepLast:N needs a number from 1 to 1000"),
    ({"manifests": [{"name": "m", "attributes": [{"path": "a", "technique": "hash"}]}]}, "technique: there is no such technique"),
    ({"tenants": [{"name": "a", "apiKey": "${NOT_SET}"}]}, "tenants[0].apiKey"),
    ({"tenants": [{"name": "a", "apiKey": "${NOT SET}"}]}, "tenants[0].apiKey"),
    ({"tenants": [{"name": "a", "apiKey": "${OPEN"}]}, "tenants[0].apiKey"),
    ({"tenants": [{"name": "a", "apiKey": "key\n"}]}, "tenants[0].apiKey: no header can carry it"),
])
def test_wrong_configuration_ends_with_2_and_names_file_place_and_reason(tmp_path, document, place):
    done = check(tmp_path, document)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert str(tmp_path / "c.json") in done.stderr and place in done.stderr, done.stderr


@pytest.mark.parametrize("document,place", [
    ({"rules": [{"name": "r", "manifests": ["m"], "attributes": ["*"],
                 "claims": {"all": [{"not": {"any": [{"claim": "a"}]}}]}}]},
     "c.json: rules[0].claims.all[0].not.any[0].equals: a claim"),
    ({"rules": [{"name": "r", "manifests": ["m"], "attributes": ["*"]}]},
     "c.json: rules[0].manifests[0]: there is no such"), ("{\n,", "c.json:2:1: ")])
def test_the_place_in_a_file_with_a_long_name_shows(tmp_path, document, place):
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    folder.mkdir(parents=True)
    done = check(folder, document)
    assert done.returncode == 2 and place in done.stderr and "y/c.json" in done.stderr, done.stderr


def test_a_complaint_is_one_line_whatever_stands_in_the_file(tmp_path):
    done = check(tmp_path, {"a\nb\u001b[2J\u007f\u00e9": 1})
    assert done.returncode == 2 and done.stderr.endswith("c.json: a\\x0ab\\x1b[2J\\x7f\u00e9: unknown member\n"), done.stderr


def test_placeholders_take_variables_files_and_defaults(start, tmp_path):
    (tmp_path / "secret").write_text("from-file\n")
    document = {"tenants": [{"name": "${NAME:-t}", "apiKey": "a${KEY}b", "clients": [
        {"id": "${ID:-}x", "secret": "${SECRET}"}, {"id": "lit", "secret": "$${X}"}]}]}
    path = tmp_path / "c.json"
    path.write_text(json.dumps(document))
    s = start(config=[path], env={"KEY": "-mid-", "SECRET_FILE": str(tmp_path / "secret")})
    assert s.caller(api_key="a-mid-b", client_id="x", client_secret="from-file").get_token().status_code == 200
    assert s.caller(api_key="a-mid-b", client_id="lit", client_secret="${X}").get_token().status_code == 200
    assert s.admin().get("/admin/v1/tenants/t").status_code == 200


def test_a_secrets_file_with_a_nul_byte_is_not_cut_there(tmp_path):
    (tmp_path / "secret").write_bytes(b"first\0second\n")
    done = check(tmp_path, {"tenants": [{"name": "t", "apiKey": "${KEY}"}]}, {"KEY_FILE": str(tmp_path / "secret")})
    assert done.returncode == 2 and "KEY_FILE names has a NUL byte" in done.stderr, done.stderr


def test_a_pipe_in_a_folder_holds_up_nothing(tmp_path):
    (tmp_path / "a.json").write_text("{}")
    os.mkfifo(tmp_path / "b.json")
    done = Service(tmp_path / "s", tmp_path, config=[tmp_path]).run("--check-config")
    assert done.returncode == 2 and "b.json: is no file" in done.stderr, done.stderr


def test_a_secrets_file_that_cannot_be_read_gives_no_default(tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"tenants": [{"name": "t", "apiKey": "${KEY:-changeme}", "clients": []}]}))
    service = Service(tmp_path / "s", tmp_path, config=[path], env={"KEY_FILE": str(tmp_path / "gone")})
    done = service.run("--check-config")
    assert done.returncode == 2 and "KEY_FILE" in done.stderr, done.stderr


def test_files_and_folders_add_up(start, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "one.json").write_text(json.dumps(manifest("One")))
    (folder / "two.json").write_text(json.dumps(manifest("Two")))
    (folder / "ignored.txt").write_text("{")
    caller = start(config=[REFERENCE, folder]).caller()
    for name in ("Employee", "One", "Two"):
        assert caller.send({}, manifestName=name).status_code == 200
    twice = tmp_path / "twice.json"
    twice.write_text(json.dumps(manifest("One")))
    s = Service(tmp_path / "bad", tmp_path, config=[folder, twice])
    for words in ["--check-config"], [], ["explain", "--manifest=One", "--country=GB"], ["export"]:
        done = s.run(*words)
        assert done.returncode == 2 and "twice.json: manifests[0].name" in done.stderr, (words, done)


def test_what_leaves_the_files_leaves_the_service_and_what_the_api_made_stays(start, tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(manifest("Filed")))
    s = start(config=[REFERENCE, path])
    s.admin().put("/admin/v1/manifests/Made", json={"attributes": []})
    s.stop()
    path.write_text("{}")
    s.start()
    caller = s.caller()
    assert caller.send({}, manifestName="Made").status_code == 200
    assert caller.send({}, manifestName="Filed").status_code == 400


# ---- stopping ----

def test_sigterm_lets_a_call_under_way_end(start):
    s = start()
    caller = s.caller()
    caller.headers()
    s.admin().put("/admin/v1/faults", json={"path": "dataset", "delayMs": 1500})
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        call = pool.submit(caller.send, ROW)
        wait_until(lambda: s.admin().get("/admin/v1/faults").json()["faults"][0]["hits"] == 1, 20,
                   "the call to be under way")
        s.process.send_signal(signal.SIGTERM)
        assert call.result().status_code == 200
    s.stop()
    assert " stopping" in s.log()


def test_counts_and_audit_survive_a_stop(start):
    s = start()
    for _ in range(5):
        s.caller().send(ROW)
    s.stop()
    assert "is whole: 10 rows" in s.run("audit", "verify").stdout


# ---- the database ----

def database(s):
    return sqlite3.connect(s.options["database"])


@pytest.mark.parametrize("statement,word", [
    ("UPDATE audit SET record = replace(record, '200', '201') WHERE number = 3", "row 3"),
    ("UPDATE audit SET at_us = at_us + 1 WHERE number = 2", "row 2"),
    ("UPDATE audit SET tenant = 'x' WHERE number = 4", "row 4"),
    ("DELETE FROM audit WHERE number = 3", "row 3"), ("DELETE FROM audit WHERE number = 1", "row 1"),
    ("DELETE FROM audit WHERE number = 6", "rows after 5"), ("DELETE FROM audit", "rows after 0"),
    ("UPDATE meta SET value = replace(value, '6 ', '5 ') WHERE name = 'audit-head'", "audit-head"),
    ("UPDATE audit SET hash = zeroblob(32) WHERE number = 5", "row 5")])
def test_audit_verify_finds_what_was_changed(start, statement, word):
    s = start()
    caller = s.caller()
    for _ in range(5):
        caller.send(ROW)
    s.stop()
    assert s.run("audit", "verify").returncode == 0
    with database(s) as db:
        db.execute(statement)
    done = s.run("audit", "verify")
    assert done.returncode == 1 and word in done.stderr, done.stderr


def test_backup_is_a_whole_database(start, tmp_path):
    s = start()
    masked = s.caller().protect(ROW, jobType="Pseudonymise", preserveStringLength=True)
    copy = tmp_path / "copy.db"
    assert s.run("backup", str(copy)).returncode == 0
    other = start("other", config=[], database=copy, key_file=s.options["key-file"])
    assert other.caller().protect(ROW, jobType="Pseudonymise", preserveStringLength=True) == masked
    assert s.run("backup", "/nowhere/copy.db").returncode == 1


def test_backup_and_verify_need_no_valid_policy_and_backup_no_key(start, tmp_path):
    s = start()
    s.caller().send(ROW)
    s.stop()
    with database(s) as db:
        db.execute("UPDATE policy SET document = '{' WHERE kind = 'rule'")
    assert "is whole: 2 rows" in s.run("audit", "verify").stdout
    s.options["key-file"] = str(tmp_path / "elsewhere")
    done = s.run("backup", str(tmp_path / "copy.db"))
    assert done.returncode == 0 and (tmp_path / "copy.db").stat().st_size > 0, done.stderr
    assert s.run("audit", "verify").returncode == 2 and not (tmp_path / "elsewhere").exists()


def test_an_export_of_files_says_when_its_hashes_mean_nothing(certs, tmp_path):
    s = Service(tmp_path, certs)
    done = s.run("export")
    assert done.returncode == 0 and json.loads(done.stdout)["tenants"]
    assert "no such key file" in done.stderr and not pathlib.Path(s.options["key-file"]).exists()
    pathlib.Path(s.options["key-file"]).write_bytes(b"k" * 32)
    done = s.run("export")
    assert done.returncode == 0 and not done.stderr


@pytest.mark.parametrize("words", [
    ["export"], ["key", "list"], ["key", "rotate"], ["audit", "verify"], ["--print-config"], ["--help"], ["--version"],
    ["explain", "--manifest=Employee", "--country=GB"], ["suggest", f"--input={REFERENCE}"],
    ["--check-config"], ["preview", "--manifest=Employee", "--country=GB", f"--input={REFERENCE}"]])
def test_what_could_not_be_printed_is_no_success(service, words):
    with open("/dev/full", "w") as full:
        done = subprocess.run(service.command(*words), env=service.env, cwd=ROOT, stdout=full, stderr=subprocess.PIPE,
                              text=True, timeout=20)
    assert done.returncode == 1 and "standard output: No space left" in done.stderr, done.stderr


def test_two_services_on_one_database_keep_one_trail_and_one_set_of_pseudonyms(start):
    one = start("one")
    two = start("two", database=one.options["database"], key_file=one.options["key-file"])
    seen = []
    for _ in range(5):
        for s in (one, two):
            seen.append(s.caller().protect(ROW, jobType="Pseudonymise", preserveStringLength=True))
    assert all(document == seen[0] for document in seen)
    two.stop()
    one.stop()
    assert "is whole: 20 rows" in one.run("audit", "verify").stdout


def test_what_one_service_changes_the_others_on_its_database_follow(start):
    one = start("one")
    two = start("two", database=one.options["database"], key_file=one.options["key-file"])
    caller = two.caller()

    def name(**fields):
        return caller.protect(ROW, **fields)["employees"]["employee"][0]["firstName"]

    def is_clear():
        return name() == "Robert"

    def key_id():
        return base64.urlsafe_b64decode(name(jobType="Encrypt")[len("enc:v1:"):][:8])[:4]

    assert not is_clear()
    rule = {"manifests": ["Employee"], "attributes": ["*"]}
    assert one.admin().put("/admin/v1/rules/new", json=rule).status_code == 201
    wait_until(is_clear, 12, "the other service's rule")
    assert one.admin().delete("/admin/v1/rules/new").status_code == 200
    wait_until(lambda: not is_clear(), 12, "the other service to lose the rule")
    assert key_id() == bytes([0, 0, 0, 1]) and one.run("key", "rotate").returncode == 0
    wait_until(lambda: key_id() == bytes([0, 0, 0, 2]), 12, "the other service to take the new key")
    assert "the database's configuration taken" in two.log() and " error " not in two.log()


def ends(s):
    done = subprocess.run(s.command(), env=s.env, cwd=ROOT, text=True, capture_output=True, timeout=30)
    return done.returncode, done.stderr


def test_newer_database_is_refused_by_version(start):
    s = start()
    s.stop()
    with database(s) as db:
        db.execute("PRAGMA user_version = 1000")
    code, words = ends(s)
    assert code == 1 and "1000" in words


def test_corrupt_database_is_a_clear_message(start):
    s = start()
    s.stop()
    pathlib.Path(s.options["database"]).write_bytes(b"this is no database " * 500)
    code, words = ends(s)
    assert code == 1 and s.options["database"] in words


def test_a_database_file_that_went_is_no_whole_trail(start):
    s = start()
    file = pathlib.Path(s.options["database"])
    assert s.caller().send(employees()).status_code == 200
    assert s.admin().get("/admin/v1/audit/verify").json()["whole"]
    file.rename(file.with_suffix(".away"))
    answer = s.admin().get("/readyz")
    assert answer.status_code == 503 and "file was removed" in answer.json()["message"]
    for path in "audit", "audit/verify":
        assert s.admin().get(f"/admin/v1/{path}").json()["error"] == "unavailable"
    assert not file.exists()
    file.with_suffix(".away").rename(file)
    assert s.admin().get("/readyz").status_code == 200
    assert s.admin().get("/admin/v1/audit/verify").json() == {"whole": True, "rows": 2}


def test_another_key_file_is_a_clear_message(start, tmp_path):
    s = start()
    s.stop()
    s.options["key-file"] = str(tmp_path / "another.key")
    (tmp_path / "another.key").write_bytes(b"k" * 32)
    code, words = ends(s)
    assert code == 2 and "another key file" in words


def test_a_missing_key_file_is_not_made_anew(start):
    s = start()
    s.stop()
    pathlib.Path(s.options["key-file"]).unlink()
    code, words = ends(s)
    assert code == 2 and words.count("\n") == 1 and s.options["key-file"] in words
    assert "does not exist" in words and not pathlib.Path(s.options["key-file"]).exists()


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 5000])
def test_key_file_of_a_wrong_size_is_refused(certs, tmp_path, content):
    (tmp_path / "bad.key").write_bytes(content)
    code, words = ends(Service(tmp_path, certs, key_file=tmp_path / "bad.key"))
    assert code == 2 and "bad.key" in words


def test_database_locked_by_another_fails_calls_that_need_it_and_recovers(start):
    s = start()
    caller = s.caller()
    caller.headers()
    db = sqlite3.connect(s.options["database"], isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    answer = caller.send(ROW, jobType="Pseudonymise", preserveStringLength=True)
    assert answer.status_code == 503 and "Robert" not in answer.text
    db.execute("ROLLBACK")
    assert caller.send(ROW, jobType="Pseudonymise", preserveStringLength=True).status_code == 200
    s.stop()
    assert "is whole" in s.run("audit", "verify").stdout


def test_a_stop_waits_for_a_locked_database_to_take_the_audit_rows(start):
    s = start()
    caller = s.caller()
    caller.headers()
    db = sqlite3.connect(s.options["database"], isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        assert caller.send(ROW).status_code == 200
    wait_until(lambda: "audit rows could not be written" in s.log(), 20, "a commit that fails")
    assert re.search(r'could not be written rows=[1-9]', s.log())
    s.process.terminate()
    time.sleep(1)  # longer than it takes to try once more
    db.execute("ROLLBACK")
    s.stop()
    assert "audit rows are lost" not in s.log()
    assert db.execute("SELECT count(*) FROM audit WHERE json_extract(record, '$.job') = 'Restrict'").fetchone() == (3,)
    assert "is whole" in s.run("audit", "verify").stdout


def test_a_lock_that_stays_delays_only_the_first_and_no_stop(start):
    s = start(audit="off")
    caller = s.caller()
    first = caller.get_token().json()
    caller.headers()
    db = sqlite3.connect(s.options["database"], isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
    refused = caller.get_token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert refused.status_code == 503 and "field" not in refused.json()
    assert s.options["database"] not in refused.text
    begin = time.monotonic()
    for _ in range(10):
        answer = caller.send(ROW, jobType="Pseudonymise", preserveStringLength=True)
        assert answer.status_code == 503 and "Robert" not in answer.text
    s.stop()
    assert time.monotonic() - begin < 10
    db.execute("ROLLBACK")


def small_files(limit):
    """Prefix that runs a program with a ceiling for its files: a disk that fills up."""
    return ["bash", "-c", f"trap '' XFSZ; ulimit -f {limit}; exec \"$@\"", "bash"]


def test_full_disk_fails_calls_and_hands_out_no_pseudonym_that_is_not_kept(start):
    s = start(prefix=small_files(512), audit="off")
    caller = s.caller()
    kept = {}
    failed = 0
    for n in range(400):
        rows = employees(*[{"firstName": f"Name{n}x{i}padded{'z' * 100}"} for i in range(20)])
        answer = caller.send(rows, jobType="Pseudonymise", preserveStringLength=True)
        if answer.status_code == 200:
            got = json.loads(answer.json()["dataSet"])["employees"]["employee"]
            kept.update(zip([r["firstName"] for r in got], [r["firstName"] for r in rows["employees"]["employee"]]))
        else:
            failed += 1
            assert answer.status_code == 503 and f"Name{n}x" not in answer.text
        if failed == 3:
            break
    assert failed == 3 and kept
    s.stop()
    s.prefix = []
    s.start()
    tokens = list(kept)
    back = s.caller().protect(employees(*[{"firstName": t} for t in tokens]), jobType="Reconstruct",
                              dataOwningCountryCode="GB",
                              matchingRule={"claims": [{"ADGroup": "HR"}]})
    assert [r["firstName"] for r in back["employees"]["employee"]] == [kept[t] for t in tokens]


def test_full_disk_refuses_a_change_and_leaves_what_was(start):
    s = start(prefix=small_files(512), audit="off")
    admin = s.admin()
    large = {"attributes": [{"path": f"a{i}{'x' * 200}"} for i in range(200)]}
    answers = [admin.put(f"/admin/v1/manifests/m{n}", json=large) for n in range(30)]
    made = [n for n, answer in enumerate(answers) if answer.status_code == 201]
    assert made and len(made) < len(answers)
    refused = [answer for answer in answers if answer.status_code != 201]
    assert {(answer.status_code, answer.json()["error"]) for answer in refused} == {(503, "unavailable")}
    names = [m["name"] for m in admin.get("/admin/v1/manifests").json()["manifests"]]
    assert [name for name in names if name.startswith("m")] == [f"m{n}" for n in made]
    assert s.caller().send({}, manifestName=f"m{made[0]}").status_code == 200
    assert s.caller().send({}, manifestName="m29").json()["error"] == "unknown_manifest"


def test_audit_that_cannot_be_written_answers_503_and_never_hangs(start):
    s = start(prefix=small_files(256), audit_queue=20, audit_deadline_ms=100)
    caller = s.caller()
    codes = []
    while codes.count(503) < 3:
        assert len(codes) < 5000, "the disk never filled up"
        codes.append(caller.send({"a": "x"}, headers={"X-Execution-Context": "c" * 190}).status_code)
    assert set(codes) == {200, 503}
    assert s.http().get("/healthz").status_code == 200
    assert s.admin(token=False).get("/readyz").status_code == 503
    assert "interceptor_audit_refused_total" in s.admin(token=False).get("/metrics").text
    s.stop()
    s.prefix = []
    verified = s.run("audit", "verify")
    assert verified.returncode == 0, verified.stderr


def test_a_trail_that_stays_full_makes_the_service_not_ready(start):
    s = start(audit_queue=2, audit_deadline_ms=50)
    caller = s.caller()
    caller.headers()
    db = sqlite3.connect(s.options["database"], isolation_level=None)
    wait_until(lambda: "interceptor_audit_queued 0" in s.admin().get("/metrics").text, 10, "the trail")
    db.execute("BEGIN IMMEDIATE")
    wait_until(lambda: caller.send(ROW).status_code == 503, 20, "the queue to be full")
    wait_until(lambda: s.admin().get("/readyz").status_code == 503, 20, "a commit that fails")
    assert "audit" in s.admin().get("/readyz").json()["message"]
    db.execute("ROLLBACK")
    wait_until(lambda: s.admin().get("/readyz").status_code == 200, 20, "the queue to be empty")
    assert caller.send(ROW).status_code == 200


def test_health_and_metrics_answer_while_the_trail_is_waited_for(start):
    s = start()
    caller = s.caller()
    caller.headers()
    db = sqlite3.connect(s.options["database"], isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    assert caller.send(ROW).status_code == 200
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        trail = pool.submit(s.admin().get, "/admin/v1/audit")
        wait_until(lambda: s.admin(token=False).get("/healthz").status_code == 200, 5, "health")
        time.sleep(0.2)
        for path in ("/healthz", "/metrics"):
            assert s.admin(token=False).get(path).status_code == 200
        assert not trail.done()
        assert trail.result().status_code == 200
    db.execute("ROLLBACK")


def test_an_admin_change_whose_record_finds_no_place_is_503(start):
    s = start(audit_queue=1, audit_deadline_ms=100)
    caller = s.caller()
    caller.headers()
    db = sqlite3.connect(s.options["database"], isolation_level=None)
    wait_until(lambda: "interceptor_audit_queued 0" in s.admin().get("/metrics").text, 10, "the trail")
    db.execute("BEGIN IMMEDIATE")
    assert caller.send(ROW).status_code == 200
    answer = s.admin().put("/admin/v1/faults", json={"path": "token", "status": 503})
    assert answer.status_code == 503 and "audit" in answer.json()["message"]
    db.execute("ROLLBACK")


def test_old_rows_are_removed_and_the_trail_stays_whole(start):
    s = start("old", clock="2026-01-01T00:00:00Z")
    for _ in range(3):
        s.caller().send(ROW)
    s.stop()
    later = start("old", clock="2026-01-05T00:00:00Z", audit_keep_days=2)
    later.caller().send(ROW)
    later.stop()
    with database(later) as db:
        assert db.execute("SELECT min(number), max(number) FROM audit").fetchone() == (7, 8)
    assert "is whole: 2 rows" in later.run("audit", "verify").stdout


# ---- hostile clients ----

def test_connections_on_every_port_leave_descriptors_for_reload_and_database(start):
    s = start(prefix=["bash", "-c", "ulimit -n 256; exec \"$@\"", "bash"])
    caller, admin = s.caller(), s.admin()
    caller.headers()
    assert admin.get("/readyz").status_code == 200
    with contextlib.ExitStack() as held:
        for port in s.ports.values():
            for _ in range(200):
                held.enter_context(socket.create_connection(("127.0.0.1", int(port)), 10))
        wait_until(lambda: len(os.listdir(f"/proc/{s.process.pid}/fd")) > 150, 10, "the connections")
        s.process.send_signal(signal.SIGHUP)
        wait_until(lambda: " configuration reloaded" in s.log(), 10, "the reload")
        assert "not reloaded" not in s.log()
        assert admin.get("/admin/v1/audit").status_code == 200
        assert caller.send(ROW).status_code == 200
    assert s.caller().send(ROW).status_code == 200


def test_the_soft_limit_of_descriptors_does_not_bound_the_connections(start):
    s = start(prefix=["bash", "-c", "ulimit -Sn 64; exec \"$@\"", "bash"])
    with contextlib.ExitStack() as held:
        for _ in range(100):
            held.enter_context(socket.create_connection(("127.0.0.1", int(s.ports["listen-plain"])), 10))
        last = held.enter_context(socket.create_connection(("127.0.0.1", int(s.ports["listen-plain"])), 10))
        last.sendall(b"GET /none HTTP/1.1\r\nHost: x\r\n\r\n")
        assert last.recv(100).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize("head", [
    "POST /apigator/protect/v1/dataset HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /apigator/protect/v1/dataset HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"])
def test_ambiguous_framing_is_refused(service, head):
    status, _, body = service.raw(head)
    assert status == 400 and json.loads(body)["error"] == "invalid_request"


LINE = "POST /apigator/identity/v1/token HTTP/1.1\r\nHost: x\r\nX-Request-ID: id-1\r\n"


@pytest.mark.parametrize("request_text,status,error,field,id_known", [
    (LINE + "Content-Length: 5x\r\n\r\nabcde", 400, "invalid_request", None, True),
    (LINE + f"Content-Length: {10**30}\r\n\r\n", 413, "payload_too_large", None, True),
    (LINE + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "invalid_request", "Content-Length", True),
    (LINE + "Transfer-Encoding: gzip\r\n\r\n", 400, "invalid_request", "Transfer-Encoding", True),
    (LINE.replace("Host: x\r\n", "") + "\r\n", 400, "invalid_request", "Host", True),
    (LINE + "no colon\r\n\r\n", 400, "invalid_request", None, True),
    (LINE + "X: " + "x" * 60000 + "\r\n\r\n", 431, "headers_too_large", None, False),
    ("GET /" + "x" * 60000 + " HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri_too_long", None, False),
    (LINE.replace("1.1", "3.0") + "\r\n", 505, "http_version_not_supported", None, False),
])
def test_what_is_no_http_is_answered_as_all_else(service, request_text, status, error, field, id_known):
    got, head, text = service.raw(request_text)
    body = json.loads(text)
    assert (got, body["http_status_code"], body["error"], body.get("field")) == (status, status, error, field)
    assert head.count("HTTP/1.1 ") == 1 and "connection: close" in head.lower()
    assert f"X-Request-ID: {body['request_id']}\r\n" in head and "x-gravitee-request-id: " in head
    assert not id_known or body["request_id"] == "id-1"
    assert ("error_description" in body) == (status in (400, 413, 431))


def test_a_broken_chunk_is_answered_and_recorded(service, caller):
    headers = "".join(f"{name}: {value}\r\n" for name, value in caller.headers().items())
    got, _, text = service.raw("POST /apigator/protect/v1/dataset HTTP/1.1\r\nHost: x\r\n" + headers +
                               "X-Request-ID: broken-chunk\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
    assert (got, json.loads(text)["error"]) == (400, "invalid_request")
    assert json.loads(text)["request_id"] == "broken-chunk"
    records = service.admin().get("/admin/v1/audit", params={"limit": 5}).json()
    assert "broken-chunk" in json.dumps(records)


def test_body_that_is_cut_short_harms_nobody(service, caller):
    headers = caller.headers()
    with socket.create_connection(("127.0.0.1", int(service.ports["listen-plain"])), 10) as s:
        s.sendall(("POST /apigator/protect/v1/dataset HTTP/1.1\r\nHost: x\r\n"
                   "Content-Type: application/json\r\nContent-Length: 1000\r\n"
                   f"X-Api-Key: {headers['X-Api-Key']}\r\n"
                   f"X-Resource-Token: {headers['X-Resource-Token']}\r\n\r\n{{\"a\"").encode())
    assert caller.send(ROW).status_code == 200


def test_limits_of_the_machine_are_as_the_tests_take_them():
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 256 and os.name == "posix"
