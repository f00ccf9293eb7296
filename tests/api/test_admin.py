"""The admin API: who may use it, and what it changes."""

import http.server
import json
import socket
import threading

import httpx
import pytest
from openapi_spec_validator import validate
from service import DATASET, REFERENCE, claims, employees, envelope, wait_until

READS = ["tenants", "tenants/demo", "tenants/demo/clients", "tenants/demo/clients/postman",
         "manifests", "manifests/Employee", "rules", "rules/own%20data", "config", "calls", "audit",
         "audit/verify", "faults", "keys"]
ROW = employees({"firstName": "Robert", "DOB": "18/12/1965"})


@pytest.fixture
def own(start):
    """A service of the test's own, for changes."""
    return start()


# ---- access ----

@pytest.mark.parametrize("path", READS)
def test_reads_need_the_token_where_one_is_set(service, path):
    assert service.admin().get(f"/admin/v1/{path}").status_code == 200
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": service.admin_token},
                    {"Authorization": f"Bearer {service.admin_token}x"}):
        answer = service.admin(token=False).get(f"/admin/v1/{path}", headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")


def test_without_a_token_set_only_reads_are_allowed(start):
    admin = start(admin_token=None).admin()
    for path in READS:
        assert admin.get(f"/admin/v1/{path}").status_code == 200
    for method, path in (("PUT", "rules/x"), ("DELETE", "rules/own%20data"), ("PUT", "config"),
                         ("POST", "preview"), ("POST", "keys/rotate"), ("DELETE", "calls"),
                         ("PUT", "faults")):
        answer = admin.request(method, f"/admin/v1/{path}", json={})
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden"), path


def test_admin_api_is_not_on_the_service_port(service):
    answer = service.http().get("/admin/v1/tenants",
                                headers={"Authorization": f"Bearer {service.admin_token}"})
    assert answer.status_code == 404


def test_token_may_come_from_a_file(start, tmp_path):
    (tmp_path / "secret").write_text("from-a-file\n")
    service = start(admin_token=None, env={"INTERCEPTOR_ADMIN_TOKEN_FILE": str(tmp_path / "secret")})
    admin = service.admin()
    assert admin.get("/admin/v1/rules").status_code == 401
    assert admin.get("/admin/v1/rules", headers={"Authorization": "Bearer from-a-file"}).status_code == 200


# ---- manifests, rules, tenants ----

def test_manifest_is_put_read_replaced_and_deleted(own):
    admin = own.admin()
    url = "/admin/v1/manifests/a%2Fb%20%C3%A9"
    manifest = {"attributes": [{"path": "x.y", "type": "string"}], "unlisted": "pass"}
    assert admin.get(url).status_code == 404
    answer = admin.put(url, json=manifest)
    assert answer.status_code == 201
    assert answer.json() == manifest | {"name": "a/b é", "version": 1, "origin": "admin"}
    assert admin.put(url, json=answer.json()).json()["version"] == 1
    assert admin.put(url, json=manifest | {"name": None}).json()["version"] == 1
    manifest["attributes"].append({"path": "z"})
    assert admin.put(url, json=manifest).json()["version"] == 2
    assert own.caller().protect({"z": "q"}, manifestName="a/b é") == {"z": "*********"}
    assert "a/b é" in [m["name"] for m in admin.get("/admin/v1/manifests").json()["manifests"]]
    assert admin.delete(url).status_code == 200
    assert admin.delete(url).status_code == 404
    assert own.caller().send({}, manifestName="a/b é").json()["error"] == "unknown_manifest"


@pytest.mark.parametrize("document,field", [
    ({}, "attributes"), ({"attributes": [{}]}, "attributes[0].path"),
    ({"attributes": [{"path": "a..b"}]}, "attributes[0].path"),
    ({"attributes": [{"path": "a", "type": "text"}]}, "attributes[0].type"),
    ({"attributes": [{"path": "a", "technique": "keepLast"}]}, "attributes[0].technique"),
    ({"attributes": [{"path": "a"}, {"path": "a"}]}, "attributes"),
    ({"attributes": [], "defaultJob": "Default"}, "defaultJob"),
    ({"attributes": [], "unlisted": "drop"}, "unlisted"), ({"attributes": [], "x": 1}, "x"),
    ({"attributes": [{"path": ".".join("a" * 200)}]}, "attributes[0].path"),
    ({"attributes": [{"path": "a" * 5000}]}, "attributes[0].path"),
    ({"attributes": [], "description": 5}, "description"),
    ({"attributes": [{"path": "a", "description": {}}]}, "attributes[0].description"),
    ({"name": "other", "attributes": []}, "name")])
def test_wrong_manifest_is_refused_and_named(own, document, field):
    answer = own.admin().put("/admin/v1/manifests/m", json=document)
    assert answer.status_code == 400, answer.text
    assert field in answer.json()["field"]
    assert own.admin().get("/admin/v1/manifests/m").status_code == 404


@pytest.mark.parametrize("change,field", [
    ({"manifests": ["Nope"]}, "manifests[0]"), ({"attributes": ["nope"]}, "attributes[0]"),
    ({"countries": ["XX"]}, "countries[0]"), ({"dataOwningCountries": ["same"]}, "dataOwningCountries[0]"),
    ({"claims": {"any": []}}, "claims.any"), ({"claims": {"claim": "a"}}, "claims.equals"),
    ({"claims": {"not": {"all": [{"claim": "a", "equals": 1}]}}}, "claims.not.all[0].equals"),
    ({"claims": {"all": [{"claim": "a", "equals": "b"}], "any": []}}, "claims"),
    ({"dataUsageIds": ["1"]}, "dataUsageIds[0]"), ({"validFrom": "2020"}, "validFrom"),
    ({"validFrom": "2021-01-01T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"}, "validUntil"),
    ({"x": 1}, "x")])
def test_wrong_rule_is_refused_and_named(service, change, field):
    rule = {"manifests": ["Employee"], "attributes": ["*"]} | change
    answer = service.admin().put("/admin/v1/rules/wrong", json=rule)
    assert answer.status_code == 400, answer.text
    assert field in answer.json()["field"]


def test_manifest_that_a_rule_names_stays(own):
    answer = own.admin().delete("/admin/v1/manifests/Customer")
    assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
    assert answer.json()["message"] == 'rule "own data".manifests[1] speaks of this manifest'
    assert own.caller().send({}, manifestName="Customer").status_code == 200


def test_a_change_that_a_stored_rule_cannot_bear_is_a_conflict_and_names_it(own):
    less = {"attributes": [{"path": "customers[].name"}]}
    for method, path, document in (("PUT", "manifests/Customer", less),
                                   ("POST", "config", {"manifests": [less | {"name": "Customer"}]})):
        answer = own.admin().request(method, f"/admin/v1/{path}", json=document)
        assert (answer.status_code, answer.json()["error"]) == (409, "conflict"), answer.text
        assert answer.json()["field"] == 'rule "mail for support".attributes[0]'
    assert len(own.admin().get("/admin/v1/manifests/Customer").json()["attributes"]) > 1
    rules = [{"name": "mail for support", "manifests": ["Customer"], "attributes": ["*"]},
             {"name": "call centre", "manifests": ["Customer"], "attributes": ["*"]}]
    together = {"manifests": [less | {"name": "Customer"}], "rules": rules}
    assert own.admin().post("/admin/v1/config", json=together).status_code == 200


def test_tenant_and_clients_come_and_go(own):
    admin = own.admin()
    tenant = {"apiKey": "k1", "rateLimitPerMinute": 50, "clients": [{"id": "c1", "secret": "s1"}]}
    answer = admin.put("/admin/v1/tenants/new", json=tenant)
    assert answer.status_code == 201
    assert "k1" not in answer.text and "s1" not in answer.text and "Hash" not in answer.text
    one = own.caller(api_key="k1", client_id="c1", client_secret="s1")
    assert one.send({}).status_code == 200
    # What was read can be put again: credentials that are left out stay.
    assert admin.put("/admin/v1/tenants/new", json=answer.json() | {"quotaPerMonth": 9}).status_code == 200
    assert one.get_token().status_code == 200
    assert admin.put("/admin/v1/tenants/new/clients/c2", json={"secret": "s2"}).status_code == 201
    two = own.caller(api_key="k1", client_id="c2", client_secret="s2")
    assert two.send({}).status_code == 200
    for body in {}, {"secret": None}, admin.get("/admin/v1/tenants/new/clients/c2").json():
        assert admin.put("/admin/v1/tenants/new/clients/c2", json=body).status_code == 200
    assert two.get_token().status_code == 200
    assert admin.put("/admin/v1/tenants/new/clients/c3", json={}).status_code == 400
    assert admin.get("/admin/v1/tenants/new/clients").json() == {"clients": [{"id": "c1"}, {"id": "c2"}]}
    assert admin.delete("/admin/v1/tenants/new/clients/c2").status_code == 200
    assert admin.delete("/admin/v1/tenants/new/clients/c2").status_code == 404
    assert two.get_token().status_code == 401
    assert admin.delete("/admin/v1/tenants/new").status_code == 200
    assert one.get_token().json()["error"] == "invalid_api_key"


@pytest.mark.parametrize("client,field", [
    ({"id": 5, "secret": "s"}, "id"), ({"id": "other", "secret": "s"}, "id"), ({"secret": 5}, "secret"),
    ({"secret": "s", "secretHash": "x"}, "secret"), ({"secretHash": ""}, "secretHash"), ({"secret": "s", "x": 1}, "x")])
def test_a_wrong_client_is_refused_by_its_own_member(own, client, field):
    answer = own.admin().put("/admin/v1/tenants/demo/clients/c", json=client)
    assert (answer.status_code, answer.json()["field"]) == (400, field), answer.text
    assert own.admin().get("/admin/v1/tenants/demo/clients/c").status_code == 404


def test_a_change_that_takes_no_body_minds_none(own):
    for method, path, status in (("POST", "keys/rotate", 201), ("POST", "keys/1/retire", 200),
                                 ("DELETE", "rules/own%20data", 200), ("DELETE", "calls", 200),
                                 ("DELETE", "faults", 200), ("DELETE", "tenants/other", 200)):
        assert own.admin().request(method, f"/admin/v1/{path}", json={}).status_code == status, path
        answer = own.admin().request(method, f"/admin/v1/{path}", content=b" " * 100_000)
        assert answer.status_code == 413, path


def test_two_tenants_with_one_api_key_are_refused(own):
    answer = own.admin().put("/admin/v1/tenants/x", json={"apiKey": "changeme"})
    assert answer.status_code == 409
    assert "changeme" not in answer.text
    assert own.caller().get_token().status_code == 200


@pytest.mark.parametrize("key", ["k\n", " k", "k\t", "a\r\nb", "a\u0001", "\u007f"])
def test_an_api_key_that_no_header_can_carry_is_refused(service, key):
    answer = service.admin().put("/admin/v1/tenants/t", json={"apiKey": key})
    assert (answer.status_code, answer.json()["field"]) == (400, "apiKey"), answer.text
    assert service.admin().get("/admin/v1/tenants/t").status_code == 404


def test_an_api_key_of_blanks_and_other_letters_inside_is_taken(own):
    key = "a b\tc\u00e9'`%\u20ac"
    body = {"apiKey": key, "clients": [{"id": "postman", "secret": "changeme"}]}
    assert own.admin().put("/admin/v1/tenants/t", json=body).status_code == 201
    assert own.caller(api_key=key.encode()).get_token().status_code == 200


# ---- the whole configuration ----

def test_export_holds_no_credential_and_can_be_imported(own, start):
    exported = own.admin().get("/admin/v1/config")
    assert "changeme" not in exported.text and "other-secret" not in exported.text
    other = start("second", config=[], key_file=own.options["key-file"])
    admin = other.admin()
    assert admin.get("/readyz").status_code == 503
    assert admin.put("/admin/v1/config", json=exported.json()).status_code == 200
    assert admin.get("/admin/v1/config").json() == exported.json()
    assert other.caller().protect(ROW)["employees"]["employee"][0]["firstName"] == "*********"
    assert admin.get("/readyz").status_code == 200


def test_import_is_all_or_nothing(own):
    admin = own.admin()
    before = admin.get("/admin/v1/config").json()
    wrong = {"manifests": [{"name": "Fine", "attributes": []}],
             "rules": [{"name": "r", "manifests": ["Nope"], "attributes": ["*"]}]}
    for method in ("PUT", "POST"):
        answer = admin.request(method, "/admin/v1/config", json=wrong)
        assert answer.status_code == 400
        assert "rules[" in answer.json()["field"] and "manifests[0]" in answer.json()["field"]
        assert admin.get("/admin/v1/config").json() == before


def test_an_import_keeps_the_order_behind_what_is_there(own):
    admin = own.admin()
    before = [m["name"] for m in admin.get("/admin/v1/manifests").json()["manifests"]]
    added = [f"m{n}" for n in (3, 1, 2)]
    document = {"manifests": [{"name": name, "attributes": []} for name in [added[0], before[0], *added[1:]]]}
    document["manifests"][1] = admin.get("/admin/v1/config").json()["manifests"][0]
    assert admin.post("/admin/v1/config", json=document).status_code == 200
    assert admin.put("/admin/v1/manifests/last", json={"attributes": []}).status_code == 201
    listed = [m["name"] for m in admin.get("/admin/v1/manifests").json()["manifests"]]
    assert listed == before + added + ["last"]


def test_post_adds_and_put_replaces(own):
    admin = own.admin()
    added = {"manifests": [{"name": "Added", "attributes": [{"path": "a"}]}]}
    assert admin.post("/admin/v1/config", json=added).status_code == 200
    assert own.caller().send({}, manifestName="Added").status_code == 200
    document = json.loads(REFERENCE.read_text().replace("${API_KEY:-changeme}", "changeme")
                          .replace("${CLIENT_ID:-postman}", "postman")
                          .replace("${CLIENT_SECRET:-changeme}", "changeme"))
    document["tenants"] = document["tenants"][:1]
    assert admin.put("/admin/v1/config", json=document).status_code == 200
    assert own.caller().send({}, manifestName="Added").json()["error"] == "unknown_manifest"


def test_placeholders_of_the_environment_are_not_filled_over_the_api(own):
    tenant = {"tenants": [{"name": "x", "apiKey": "${INTERCEPTOR_ADMIN_TOKEN}"}]}
    answer = own.admin().post("/admin/v1/config", json=tenant)
    assert answer.status_code == 400 and "tenants[0].apiKey" == answer.json()["field"]


# ---- preview, suggest ----

def test_preview_shows_before_after_and_why(service):
    answer = service.admin().post("/admin/v1/preview", json={
        "manifestName": "Employee", "jobType": "Restrict", "countryCode": "GB",
        "dataOwningCountryCode": "GB", "matchingRule": claims(ADGroup="HR"),
        "dataSet": json.dumps(ROW)})
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert json.loads(seen["before"]) == json.loads(seen["after"]) == ROW
    assert {a["rule"] for a in seen["attributes"]} == {"own data"}
    answer = service.admin().post("/admin/v1/preview", json={
        "manifestName": "Employee", "countryCode": "GB", "dataSet": ROW})
    row = json.loads(answer.json()["after"])["employees"]["employee"][0]
    assert row == {"firstName": "*********", "DOB": "01/01/0001"}
    assert answer.json()["attributes"][0]["counts"] == {"protected": 1, "granted": 0, "kept": 0}


def test_preview_of_an_inactive_manifest_says_so(own):
    """It can be tried before it counts; a call is refused."""
    own.admin().put("/admin/v1/manifests/Draft", json={"active": False, "attributes": [{"path": "a"}]})
    for name, active in (("Draft", False), ("Employee", True)):
        seen = own.admin().post("/admin/v1/preview", json={"manifestName": name, "countryCode": "GB",
                                                           "dataSet": {}}).json()
        assert seen["active"] is active
    assert own.caller().send({}, manifestName="Draft").json()["error"] == "unknown_manifest"


@pytest.mark.parametrize("change,status,field", [
    ({"manifestName": "x"}, 404, "manifestName"), ({"tenant": "x"}, 404, "tenant"),
    ({"dataSet": "{"}, 400, "dataSet"), ({"countryCode": None}, 400, "countryCode"),
    ({"dataSetType": "CSV"}, 400, "dataSetType")])
def test_preview_names_what_is_wrong(service, change, status, field):
    body = {"manifestName": "Employee", "countryCode": "GB", "dataSet": "{}"} | change
    answer = service.admin().post("/admin/v1/preview", json=body)
    assert (answer.status_code, answer.json()["field"]) == (status, field), answer.text


def test_preview_takes_null_as_absent(service):
    absent = {"jobType": None, "protectNullValues": None, "preserveStringLength": None, "tenant": None,
              "dataSetType": None, "silent": None, "dataOwningCountryCode": None}
    body = {"manifestName": "Employee", "countryCode": "GB", "dataSet": ROW}
    answer = service.admin().post("/admin/v1/preview", json=body | absent)
    assert answer.status_code == 200, answer.text
    assert answer.json() == service.admin().post("/admin/v1/preview", json=body).json()


@pytest.mark.parametrize("value", [
    '{"a": 1.10, "b": 1E400, "c": 12345678901234567890, "d": [-0, "\\u00e9\\"/"]}', '[]'])
def test_a_data_set_that_is_a_json_value_keeps_its_digits(service, value):
    body = '{"manifestName": "Customer", "countryCode": "GB", "d\\u0061taSet": %s , "job": null}' % value
    answer = service.admin().post("/admin/v1/preview", content=body)
    assert answer.status_code == 200, answer.text
    as_text = service.admin().post("/admin/v1/preview", json={
        "manifestName": "Customer", "countryCode": "GB", "dataSet": value})
    assert answer.json()["before"] == answer.json()["after"] == as_text.json()["before"]
    proposed = service.admin().post("/admin/v1/suggest", content='{"dataSet": %s}' % value)
    assert proposed.status_code == 200, proposed.text


def test_a_proposed_manifest_can_be_put_and_protects_the_sample(own):
    sample = {"people": [{"firstName": "Ann", "mail": "ann@x.com", "born": "1980-02-03", "n": 5}]}
    answer = own.admin().post("/admin/v1/suggest", json={"name": "People", "dataSet": json.dumps(sample)})
    assert answer.status_code == 200, answer.text
    proposed = answer.json()
    paths = [a["path"] for a in proposed["manifest"]["attributes"]]
    assert "people[].firstName" in paths and "people[].mail" in paths and "people[].n" not in paths
    assert [r["path"] for r in proposed["reasons"]] == paths
    assert own.admin().put("/admin/v1/manifests/People", json=proposed["manifest"]).status_code == 201
    text = own.caller().send(sample, manifestName="People").text
    assert "Ann" not in text and "ann@" not in text
    assert own.admin().post("/admin/v1/suggest", json={"dataSet": "{"}).json()["field"] == "dataSet"


# ---- calls and audit ----

def test_calls_tell_who_asked_for_what(own):
    caller = own.caller()
    caller.send(ROW, headers={"X-Request-ID": "call-1"}, dataUsageId=7)
    caller.send("x", headers={"X-Request-ID": "call-2"})
    listed = own.admin().get("/admin/v1/calls").json()["calls"]
    bad, good, token = listed
    assert (token["endpoint"], token["status"], token["client"]) == ("token", 200, "postman")
    assert good | {"counts": None, "durationUs": 0, "transactionId": "", "at": ""} == {
        "number": 2, "at": "", "endpoint": "dataset", "status": 200, "error": None,
        "tenant": "demo", "client": "postman", "manifest": "Employee", "manifestVersion": 1,
        "job": "Restrict", "countryCode": "GB", "dataOwningCountryCode": "IT", "dataUsageId": 7,
        "silent": False, "protected": True, "counts": None, "durationUs": 0,
        "requestId": "call-1", "transactionId": ""}
    assert good["counts"]["valuesProtected"] == 2
    assert (bad["error"], bad["requestId"], bad["protected"]) == ("invalid_dataset", "call-2", False)
    assert [c["number"] for c in own.admin().get("/admin/v1/calls?limit=1").json()["calls"]] == [3]
    assert own.admin().get("/admin/v1/calls?after=3").json()["calls"] == []
    own.admin().delete("/admin/v1/calls")
    assert own.admin().get("/admin/v1/calls").json() == {"calls": [], "total": 3}
    assert own.admin().get("/admin/v1/calls?limit=-1").status_code == 400


def test_a_call_is_listed_before_its_answer_has_gone(own):
    """Who has an answer finds its call in the list: it stands there while nobody reads the answer."""
    headers = own.caller().headers() | {"X-Request-ID": "unread", "Content-Type": "application/json"}
    body = json.dumps(envelope({"a": "x" * 16_000_000}))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", int(own.ports["listen-plain"])))
        s.sendall(f"POST {DATASET} HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {len(body)}\r\n\r\n{body}"
                  .encode())
        admin = own.admin()
        wait_until(lambda: admin.get("/admin/v1/calls?limit=1").json()["calls"][0]["requestId"] == "unread",
                   20, "the call in the list")


def test_audit_keeps_each_call_and_verifies(own):
    caller = own.caller()
    caller.send(ROW, headers={"X-Request-ID": "a1", "X-Validation-Key": "vk", "X-Silent-Mode": "true"},
                matchingRule=claims(Role="x"), classificationModel="m")
    rows = own.admin().get("/admin/v1/audit").json()["audit"]
    record = rows[0]["record"]
    assert rows[0]["tenant"] == "demo" and [row["number"] for row in rows] == [2, 1]
    assert record["requestId"] == "a1" and record["silent"] and record["claims"] == ["Role"]
    assert record["counts"]["employees.employee[].DOB"] == {"protected": 1, "granted": 0, "kept": 0}
    assert record["classificationModel"] == "m" and "vk" not in json.dumps(
        {**record, "validationKeyHash": ""})
    assert own.admin().get("/admin/v1/audit/verify").json() == {"whole": True, "rows": 2}
    assert own.admin().get("/admin/v1/audit?tenant=other").json() == {"audit": []}
    assert own.admin().get("/admin/v1/audit?from=x").status_code == 400


def test_audit_tells_which_answers_were_not_protected(own):
    caller = own.caller()
    caller.send(ROW)
    caller.send(ROW, headers={"X-Silent-Mode": "true"})
    caller.send(ROW, manifestName="nope", headers={"X-Dataset-On-Invalid-Manifest": "true"})
    rows = own.admin().get("/admin/v1/audit?limit=3").json()["audit"]
    seen = [(row["record"]["status"], row["record"].get("protected")) for row in rows]
    assert seen == [(200, False), (200, False), (200, None)]


@pytest.mark.parametrize("change,error,known", [
    ({"manifestName": "nope"}, "unknown_manifest", True), ({"dataSet": "{"}, "invalid_dataset", True),
    ({"jobType": "x"}, "invalid_field", False), ({"dataSet": None}, "missing_field", False),
    ({"X-Data-Set-Type": "CSV"}, "invalid_request", True),
    ({"X-Resource-Token": "Bearer x"}, "invalid_token", False),
    ({"Content-Type": "text/plain"}, "unsupported_media_type", False)])
def test_a_refused_call_leaves_what_had_been_read_of_it(own, change, error, known):
    headers = {"X-Execution-Context": "batch 7", "X-Validation-Key": "vk"}
    headers |= {name: value for name, value in change.items() if "-" in name}
    own.caller().send(ROW, headers=headers, matchingRule=claims(Role="x"), classificationModel="m",
                      **{name: value for name, value in change.items() if "-" not in name})
    record = own.admin().get("/admin/v1/audit?limit=1").json()["audit"][0]["record"]
    assert (record["error"], record["protected"]) == (error, False)
    assert record["executionContext"] == "batch 7" and "vk" not in record["validationKeyHash"]
    assert (record.get("claims"), record.get("classificationModel")) == (
        (["Role"], "m") if known else (None, None))


@pytest.mark.parametrize("fields", [
    {"manifestName": "x" + "\u00e9" * 300}, {"manifestName": "\U0001f642" * 300},
    {"matchingRule": {"claims": [{"attributeName": "n" * 2_000_000, "attributeValue": "v"}]}},
    {"matchingRule": {"claims": [{"attributeName": "a\0b", "attributeValue": "v"}]}},
    {"matchingRule": {"claims": [{"\u20ac" * 400: "v"}] * 150}}, {"classificationModel": "\u00e9" * 5000}])
def test_whatever_a_call_holds_its_record_can_be_read(own, fields):
    caller = own.caller()
    answer = caller.send(ROW, headers={"X-Request-ID": "odd"}, **fields)
    record = own.admin().get("/admin/v1/audit?limit=1").json()["audit"][0]["record"]
    call = own.admin().get("/admin/v1/calls?limit=1").json()["calls"][0]
    assert record and (record["requestId"], record["status"]) == ("odd", answer.status_code)
    assert (call["requestId"], call["manifest"]) == ("odd", record["manifest"])
    asked = [fields.get("manifestName", "Employee"), fields.get("classificationModel", "")]
    assert asked[0].startswith(record["manifest"]) and asked[1].startswith(record.get("classificationModel", ""))
    assert ("classificationModel" in record) == ("classificationModel" in fields)
    for name in record.get("claims", []):
        assert len(name.encode()) <= 200 and name.rstrip("n\u20ac") in ("", "a\0b")
    assert ("claims" in record) == ("matchingRule" in fields)


def test_the_longest_names_stand_whole_in_the_trail(own):
    tenant, client, manifest = "t" * 100, "c" * 100, "m" * 200
    own.admin().put(f"/admin/v1/tenants/{tenant}", json={"apiKey": "k", "clients": [{"id": client, "secret": "s"}]})
    own.admin().put(f"/admin/v1/manifests/{manifest}", json={"attributes": [{"path": "a"}]})
    own.caller(api_key="k", client_id=client, client_secret="s").protect({"a": "x"}, manifestName=manifest)
    row = own.admin().get("/admin/v1/audit?limit=1").json()["audit"][0]
    assert (row["tenant"], row["record"]["client"], row["record"]["manifest"]) == (tenant, client, manifest)
    call = own.admin().get("/admin/v1/calls?limit=1").json()["calls"][0]
    assert (call["tenant"], call["client"], call["manifest"]) == (tenant, client, manifest)


def test_a_manifest_with_very_many_attributes_is_audited_whole(own):
    paths = [f"some.rather.long.path.to.an.attribute.number{i}" for i in range(20_000)]
    manifest = {"attributes": [{"path": path} for path in paths]}
    assert own.admin().put("/admin/v1/manifests/Wide", json=manifest).status_code == 201
    deep = {f"number{i}": "x" for i in range(20_000)}
    for name in reversed("some.rather.long.path.to.an.attribute".split(".")):
        deep = {name: deep}
    own.caller().protect(deep, manifestName="Wide")
    counts = own.admin().get("/admin/v1/audit?limit=1").json()["audit"][0]["record"]["counts"]
    assert len(counts) == 20_000


def test_changes_are_audited(own):
    own.admin().delete("/admin/v1/rules/own%20data")
    record = own.admin().get("/admin/v1/audit").json()["audit"][0]["record"]
    assert (record["endpoint"], record["method"]) == ("admin", "DELETE")
    assert record["path"] == "/admin/v1/rules/own%20data"


def test_audit_off_keeps_nothing(start):
    service = start(audit="off")
    service.caller().send(ROW)
    assert service.admin().get("/admin/v1/audit").json() == {"audit": []}


# ---- faults ----

def test_faults_with_status_tenant_and_count(own):
    admin = own.admin()
    caller = own.caller()
    caller.headers()
    other = own.caller(api_key="other-key", client_id="other-client", client_secret="other-secret")
    other.headers()
    fault = {"path": "dataset", "tenant": "demo", "status": 503, "times": 2}
    assert admin.put("/admin/v1/faults", json=fault).status_code == 200
    assert [caller.send({}).status_code for _ in range(3)] == [503, 503, 200]
    assert other.send({}).status_code == 200
    assert admin.get("/admin/v1/faults").json()["faults"][0]["hits"] == 2
    admin.put("/admin/v1/faults", json=[{"status": 401}])
    assert caller.send({}).status_code == 401 and caller.get_token().status_code == 401
    assert admin.delete("/admin/v1/faults").json() == {"faults": []}
    assert caller.send({}).status_code == 200


def test_faults_reset_malformed_and_delay(own):
    admin = own.admin()
    caller = own.caller()
    caller.headers()
    admin.put("/admin/v1/faults", json={"faults": [{"path": "dataset", "reset": True, "times": 1},
                                                   {"path": "dataset", "malformed": True, "times": 1},
                                                   {"path": "dataset", "delayMs": 300}]})
    with pytest.raises(httpx.TransportError):
        caller.send({})
    answer = caller.send({})
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    answer = caller.send(ROW)
    assert answer.status_code == 200 and answer.elapsed.total_seconds() >= 0.3
    assert "Robert" not in answer.text


def test_faults_that_were_read_can_be_put_again(own):
    admin = own.admin()
    caller = own.caller()
    caller.headers()
    put = admin.put("/admin/v1/faults", json=[{"status": 503, "times": 2, "tenant": "demo"}, {"delayMs": 1}]).json()
    assert caller.send({}).status_code == 503
    read = admin.get("/admin/v1/faults").json()
    assert [(f["hits"], f.get("times"), f.get("left")) for f in read["faults"]] == [(1, 2, 1), (0, None, None)]
    assert admin.put("/admin/v1/faults", json=read).json() == put


def test_every_fault_is_told_among_the_calls_and_in_the_trail(own):
    caller = own.caller()
    caller.headers()
    own.admin().put("/admin/v1/faults", json=[{"malformed": True, "times": 1}, {"reset": True, "times": 1},
                                              {"status": 418}])
    assert caller.send(ROW).status_code == 200
    with pytest.raises(httpx.TransportError):
        caller.send(ROW)
    assert caller.send(ROW).status_code == 418
    seen = own.admin().get("/admin/v1/calls?limit=3").json()["calls"]
    assert [(c["error"], c["protected"]) for c in seen] == [("injected_fault", False)] * 3
    rows = own.admin().get("/admin/v1/audit?limit=3").json()["audit"]
    assert [row["record"].get("error") for row in rows] == ["injected_fault"] * 3


@pytest.mark.parametrize("fault", [{}, {"status": 99}, {"path": "x", "reset": True}, {"status": "500"},
                                   {"status": 500, "times": 0}, {"status": 500, "probability": 2},
                                   {"status": 500, "x": 1}, [1], "x"])
def test_wrong_faults_are_refused(service, fault):
    assert service.admin().put("/admin/v1/faults", json=fault).status_code == 400
    assert service.admin().get("/admin/v1/faults").json() == {"faults": []}


# ---- keys ----

def test_rotated_keys_encrypt_and_old_tokens_still_open(own):
    admin = own.admin()
    caller = own.caller()
    hr = {"dataOwningCountryCode": "GB", "matchingRule": claims(ADGroup="HR")}
    old = caller.protect(ROW, jobType="Encrypt")
    masked = caller.protect(ROW, jobType="DataMasking")
    pseudonyms = caller.protect(ROW, jobType="Pseudonymise")
    rotated = admin.post("/admin/v1/keys/rotate")
    assert rotated.status_code == 201
    assert [(k["id"], k["newest"]) for k in rotated.json()["keys"]] == [(1, False), (2, True)]
    assert caller.protect(old, jobType="Decrypt", **hr) == ROW
    new = caller.protect(ROW, jobType="Encrypt")
    assert caller.protect(new, jobType="Decrypt", **hr) == ROW
    assert caller.protect(ROW, jobType="DataMasking") == masked
    assert caller.protect(ROW, jobType="Pseudonymise") == pseudonyms
    own.stop()
    own.start()
    caller, admin = own.caller(), own.admin()
    assert caller.protect(new, jobType="Decrypt", **hr) == ROW
    assert admin.post("/admin/v1/keys/1/retire").status_code == 200
    assert caller.protect(old, jobType="Decrypt", **hr) == old
    assert caller.protect(new, jobType="Decrypt", **hr) == ROW
    assert admin.post("/admin/v1/keys/2/retire").status_code == 409
    assert admin.post("/admin/v1/keys/9/retire").status_code == 404
    assert admin.post("/admin/v1/keys/x/retire").status_code == 404


def test_pseudonyms_outlive_every_key_of_the_ring(own):
    admin, caller = own.admin(), own.caller()
    fields = {"dataOwningCountryCode": "GB", "matchingRule": claims(ADGroup="HR")}
    data = employees({"firstName": "Robert", "lastName": "Brownforest"})
    for keep in (True, False):
        made = caller.protect(data, jobType="Pseudonymise", preserveStringLength=keep)
        newest = admin.post("/admin/v1/keys/rotate").json()["keys"][-1]["id"]
        assert admin.post(f"/admin/v1/keys/{newest - 1}/retire").status_code == 200
        assert caller.protect(data, jobType="Pseudonymise", preserveStringLength=keep) == made
        assert caller.protect(made, jobType="Reconstruct", **fields) == data


def test_a_replica_opens_what_a_rotated_key_made_once_it_has_the_configuration(own, start):
    assert own.admin().post("/admin/v1/keys/rotate").status_code == 201
    token = own.caller().protect(ROW, jobType="Encrypt")
    other = start("replica", config=[], key_file=own.options["key-file"])
    other.admin().put("/admin/v1/config", json=own.admin().get("/admin/v1/config").json())
    assert other.caller().protect(token, jobType="Decrypt", dataOwningCountryCode="GB",
                                  matchingRule=claims(ADGroup="HR")) == ROW


# ---- operation ----

def test_openapi_is_valid_and_names_every_route(service):
    document = service.admin(token=False).get("/openapi.json").json()
    validate(document)
    assert "/apigator/protect/v1/dataset" in document["paths"]
    assert set(document["paths"]["/admin/v1/rules/{name}"]) == {"get", "put", "delete"}
    ids = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(ids) == len(set(ids))


def test_metrics_count_calls(own):
    own.caller().send(ROW)
    text = own.admin(token=False).get("/metrics").text
    assert 'interceptor_requests_total{endpoint="dataset",status="200"} 1' in text
    assert "interceptor_values_protected_total 2" in text


def test_page_and_its_parts_are_served(service):
    admin = service.admin(token=False)
    page = admin.get("/")
    assert page.headers["content-type"].startswith("text/html")
    for part, media in (("/app.js", "text/javascript"), ("/style.css", "text/css")):
        assert part[1:] in page.text
        assert admin.get(part).headers["content-type"].startswith(media)
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_admin_answers_malformed_json_with_its_place(service):
    answer = service.admin().put("/admin/v1/rules/x", content="{\n oops")
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed_json")
    assert "line 2" in answer.json()["field"]


@pytest.mark.parametrize("path,document", [
    ("manifests/m", lambda name: {name: 1}), ("faults", lambda name: {name: 1}),
    ("config", lambda name: {"manifests": [{"name": "m", "attributes": [{name: 1}]}]}),
    ("config", lambda name: {"rules": [{"name": name, "manifests": ["none"], "attributes": ["*"]}]}),
    ("rules/r", lambda name: {"manifests": ["Employee"], "attributes": ["*"], "claims": {"all": [{name: 1}]}})])
def test_a_long_place_is_told_in_whole_characters(service, path, document):
    for count in range(40, 100):
        for name in ("\u00e9" * count, "\u20ac" * count, "\U0001f600" * count):
            answer = service.admin().put(f"/admin/v1/{path}", json=document(name))
            assert answer.status_code == 400
            assert json.loads(answer.content.decode())["field"], answer.text


@pytest.mark.parametrize("method,path", [
    ("PUT", "manifests/x"), ("PUT", "rules/x"), ("PUT", "tenants/x"), ("POST", "config"),
    ("PUT", "config"), ("PUT", "faults"), ("POST", "preview"), ("POST", "suggest")])
@pytest.mark.parametrize("body", ["", " ", "\n"])
def test_an_empty_body_is_malformed_json(service, method, path, body):
    answer = service.admin().request(method, f"/admin/v1/{path}", content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed_json"), answer.text


def test_wait_until_gives_up():
    with pytest.raises(AssertionError):
        wait_until(lambda: False, 0.01, "nothing")


class FakeEnvoy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"stats":[{"name":"wasmcustom.protected","value":3}]}'
        self.send_response(200 if self.path.startswith("/stats?format=json") else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def test_envoys_statistics_are_passed_on(start):
    envoy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeEnvoy)
    threading.Thread(target=envoy.serve_forever, daemon=True).start()
    s = start(envoy_admin=f"http://127.0.0.1:{envoy.server_port}")
    answer = s.admin().get("/admin/v1/envoy")
    assert answer.json() == {"stats": [{"name": "wasmcustom.protected", "value": 3}]}
    envoy.shutdown()
    envoy.server_close()
    assert s.admin().get("/admin/v1/envoy").status_code == 503


def test_without_an_envoy_there_are_no_statistics(service):
    assert service.admin().get("/admin/v1/envoy").status_code == 404
