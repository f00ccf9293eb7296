"""The ring of data keys: whatever comes in by configuration or command line, nothing that a key made
is lost, and what was retired stays so."""

import json
import signal

import pytest
from service import REFERENCE, claims, employees, wait_until

ROW = employees({"firstName": "Robert", "DOB": "18/12/1965"})
GRANTED = {"dataOwningCountryCode": "GB", "matchingRule": claims(ADGroup="HR")}


def states(s):
    return {key["id"]: key["state"] for key in s.admin().get("/admin/v1/keys").json()["keys"]}


def wrapped(s):
    return s.admin().get("/admin/v1/config").json()["keys"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_import_never_replaces_a_key_by_another_of_its_number(start, method):
    one = start("one")
    two = start("two", key_file=one.options["key-file"])
    for s in (one, two):
        assert s.admin().post("/admin/v1/keys/rotate").status_code == 201
    token = two.caller().protect(ROW, jobType="Encrypt")
    document = two.admin().get("/admin/v1/config").json() | {"keys": wrapped(one)}
    answer = two.admin().request(method, "/admin/v1/config", json=document)
    assert (answer.status_code, answer.json()["field"]) == (409, "keys[0].id"), answer.text
    assert two.caller().protect(token, jobType="Decrypt", **GRANTED) == ROW


def test_the_same_key_wrapped_again_is_no_other_key(start):
    s = start()
    s.admin().post("/admin/v1/keys/rotate")
    keys = wrapped(s)
    assert s.admin().post("/admin/v1/config", json={"keys": keys}).status_code == 200
    assert s.admin().post("/admin/v1/config", json={"keys": [keys[0] | {"created": None}]}).status_code == 200
    assert wrapped(s) == keys


def test_an_import_retires_a_key_but_brings_none_back(start):
    s = start()
    for _ in range(2):
        s.admin().post("/admin/v1/keys/rotate")
    before = s.admin().get("/admin/v1/config").json()
    assert s.admin().post("/admin/v1/keys/2/retire").status_code == 200
    assert s.admin().put("/admin/v1/config", json=before).status_code == 200
    assert states(s) == {1: "active", 2: "retired", 3: "active"}
    assert s.admin().post("/admin/v1/config", json={"keys": [{"id": 1, "state": "retired"}]}).status_code == 200
    assert s.admin().post("/admin/v1/config", json={"keys": [{"id": 1}]}).status_code == 200
    assert states(s) == {1: "retired", 2: "retired", 3: "active"}
    last = [key | {"state": "retired"} for key in wrapped(s) if key["id"] == 3]
    assert s.admin().post("/admin/v1/config", json={"keys": last}).status_code == 400
    assert states(s)[3] == "active"


def test_a_key_in_a_file_that_was_retired_stays_so_at_sighup_and_start(start, tmp_path):
    first = start("first")
    first.admin().post("/admin/v1/keys/rotate")
    path = tmp_path / "keys.json"
    first.config = []
    path.write_text(first.run("export").stdout)
    s = start("second", config=[path], key_file=first.options["key-file"])
    assert s.admin().post("/admin/v1/keys/1/retire").status_code == 200
    s.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "configuration reloaded" in s.log(), 20, "the reload")
    assert states(s) == {1: "retired", 2: "active"}
    s.stop()
    s.start()
    assert states(s) == {1: "retired", 2: "active"}


@pytest.mark.parametrize("change,field", [
    ({"wrapped": "00"}, "keys[0].wrapped"), ({"id": 7}, "keys[0].wrapped"), ({"id": 1}, "keys[0].wrapped"),
    ({"id": 1001}, "keys[0].id"), ({"state": "old"}, "keys[0].state"), ({"x": 1}, "keys[0].x")])
def test_a_wrong_key_is_named_by_its_place(start, change, field):
    s = start()
    s.admin().post("/admin/v1/keys/rotate")
    key = wrapped(s)[0] | change
    answer = s.admin().post("/admin/v1/config", json={"keys": [key]})
    assert (answer.status_code, answer.json()["field"]) == (400, field), answer.text
    assert states(s) == {1: "active", 2: "active"}


@pytest.mark.parametrize("words", [("key", "rotate"), ("key", "retire", "1"), ("key", "list"), ("export",),
                                   ("audit", "verify")])
def test_a_command_with_another_key_file_is_refused_and_changes_nothing(start, tmp_path, words):
    s = start()
    assert s.run("key", "rotate").returncode == 0
    s.stop()
    right = s.options["key-file"]
    s.options["key-file"] = str(tmp_path / "another.key")
    (tmp_path / "another.key").write_bytes(b"k" * 32)
    s.config = []
    done = s.run(*words)
    assert done.returncode == 2 and not done.stdout, done.stderr
    assert done.stderr.startswith(f"interceptor: {s.options['key-file']}: ") and "another key file" in done.stderr
    s.options["key-file"] = right
    s.config = [str(REFERENCE)]
    s.start()
    assert states(s) == {1: "active", 2: "active"}


@pytest.mark.parametrize("number", ["+1", "%201", "1x", "-1", "0", "1001", "99999999999999999999"])
def test_a_number_of_no_key_is_not_found(service, number):
    assert service.admin().post(f"/admin/v1/keys/{number}/retire").status_code == 404


def test_a_policy_with_data_keys_is_explained_without_the_key_file_but_not_exported(start, tmp_path):
    s = start()
    s.admin().post("/admin/v1/keys/rotate")
    path = tmp_path / "exported.json"
    path.write_text(s.admin().get("/admin/v1/config").text)
    s.config = [str(path)]
    right = s.options["key-file"]
    s.options["key-file"] = str(tmp_path / "no.key")
    asked = ("--manifest=Employee", "--country=GB", "--owner=GB", "--claim=ADGroup=HR")
    for words in (("explain", *asked), ("preview", *asked, f"--input={tmp_path / 'data'}")):
        (tmp_path / "data").write_text("{}")
        done = s.run(*words)
        assert done.returncode == 0 and "own data" in done.stdout, done.stderr
    done = s.run("export")
    assert done.returncode == 2 and not done.stdout and "no.key: there is no such key file" in done.stderr
    s.options["key-file"] = right
    done = s.run("export")
    assert json.loads(done.stdout)["keys"] == wrapped(s) and not done.stderr


def test_credentials_hashed_under_another_key_file_are_refused(start, tmp_path):
    """They would be good for nothing: whoever imported them would lock all callers out."""
    here, there = start("here"), start("there", config=[])
    document = here.admin().get("/admin/v1/config").json()
    path = tmp_path / "export.json"
    path.write_text(json.dumps(document))
    words = "the credentials were hashed under another key file"
    for method in ("PUT", "POST"):
        answer = there.admin().request(method, "/admin/v1/config", json=document)
        assert (answer.status_code, answer.json()["field"], answer.json()["message"]) == (400, "keyFile", words)
    there.stop()
    there.config = [str(path)]
    for command in ([], ["export"]):
        done = there.run(*command)
        assert done.returncode == 2 and f"export.json: keyFile: {words}" in done.stderr, done
    assert here.admin().put("/admin/v1/config", json=document).status_code == 200
    assert start("copy", config=[path], key_file=here.options["key-file"]).caller().send({}).status_code == 200
    fresh = {"name": "demo", "apiKey": "changeme", "clients": [{"id": "postman", "secret": "changeme"}]}
    path.write_text(json.dumps(document | {"tenants": [fresh]}))  # no hash: good everywhere
    assert there.start().caller().send({}).status_code == 200
