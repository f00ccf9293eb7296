"""The audit trail as it is asked for, kept within limits, and checked."""

import signal
import sqlite3

import pytest
from service import REFERENCE, claims, employees, wait_until

ROW = employees({"firstName": "Robert"})


def database(s):
    return sqlite3.connect(s.options["database"])


def numbers(s, query=""):
    answer = s.admin().get(f"/admin/v1/audit?{query}")
    assert answer.status_code == 200, answer.text
    return [row["number"] for row in answer.json()["audit"]]


def calls(s, count):
    caller = s.caller()
    caller.headers()
    for _ in range(count - 1):
        assert caller.send(ROW).status_code == 200


def test_pages_of_the_trail_leave_no_row_out(start):
    s = start()
    calls(s, 7)
    assert numbers(s) == [7, 6, 5, 4, 3, 2, 1]
    assert numbers(s, "limit=3") == [7, 6, 5]
    assert numbers(s, "limit=3&before=5") == [4, 3, 2]
    assert numbers(s, "limit=3&before=2") == [1]
    assert numbers(s, "before=6&after=3") == [5, 4]
    assert numbers(s, "before=0") == numbers(s, "limit=0") == []
    assert numbers(s, "before=9223372036854775807&limit=9223372036854775807")[0] == 7


def test_times_bound_the_trail_also_where_time_began(start):
    s = start(clock="2026-01-01T00:00:00Z")
    calls(s, 2)
    assert numbers(s, "from=2026-01-01T00:00:00Z") == [2, 1]
    assert numbers(s, "until=2026-01-01T00:00:00Z") == []
    assert numbers(s, "until=1970-01-01T00:00:00Z") == []
    assert numbers(s, "until=2026-01-01T00:00:00.001Z&from=0001-01-01T00:00:00Z") == [2, 1]


@pytest.mark.parametrize("query", ["limit=-1", "limit=", "limit=1x", "limit=%205", "limit=+5", "limit=0x1", "before=x",
                                   "after=99999999999999999999", "from=", "until=2026-01-01"])
def test_a_wrong_question_is_refused_by_its_parameter(service, query):
    answer = service.admin().get(f"/admin/v1/audit?{query}")
    assert (answer.status_code, answer.json()["field"]) == (400, query.split("=")[0])


def test_an_answer_of_many_large_records_is_bounded_and_can_be_gone_on_with(start):
    s = start(tls=False)
    paths = [f"some.rather.long.path.to.an.attribute.number{i}" for i in range(20_000)]
    s.admin().put("/admin/v1/manifests/Wide", json={"attributes": [{"path": path} for path in paths]})
    deep = {f"number{i}": "x" for i in range(20_000)}
    for name in reversed("some.rather.long.path.to.an.attribute".split(".")):
        deep = {name: deep}
    caller = s.caller()
    for _ in range(12):
        assert caller.send(deep, manifestName="Wide").status_code == 200
    first = s.admin().get("/admin/v1/audit?limit=10000")
    got = [row["number"] for row in first.json()["audit"]]
    assert got[0] == 14 and 1 < len(got) < 12 and len(first.content) < 64 << 20
    assert numbers(s, f"limit=10000&before={got[-1]}")[0] == got[-1] - 1


def test_a_preview_that_gives_originals_back_is_in_the_trail(start):
    s = start(audit_queue=1, audit_deadline_ms=50)
    token = s.caller().protect(ROW, jobType="Pseudonymise", preserveStringLength=True)
    body = {"manifestName": "Employee", "jobType": "Reconstruct", "countryCode": "GB", "dataSet": token,
            "dataOwningCountryCode": "GB", "matchingRule": claims(ADGroup="HR"), "tenant": "demo",
            "preserveStringLength": True}
    answer = s.admin().post("/admin/v1/preview", json=body, headers={"X-Request-ID": "look"})
    assert answer.status_code == 200 and "Robert" in answer.json()["after"]
    row = s.admin().get("/admin/v1/audit?limit=1").json()["audit"][0]
    assert (row["tenant"], row["record"]) == ("demo", {
        "endpoint": "admin", "method": "POST", "path": "/admin/v1/preview", "requestId": "look",
        "manifest": "Employee", "job": "Reconstruct"})
    with database(s) as db:
        db.execute("BEGIN IMMEDIATE")
        wait_until(lambda: s.caller().get_token().status_code == 503, 20, "the queue to be full")
        answer = s.admin().post("/admin/v1/preview", json=body | {"jobType": "Decrypt"})
        assert answer.status_code == 503 and "Robert" not in answer.text
        db.rollback()


def test_changes_refused_changes_and_reloads_are_in_the_trail(start, tmp_path):
    path = tmp_path / "c.json"
    path.write_text("{}")
    s = start(config=[REFERENCE, path])
    admin = s.admin()
    rule = {"manifests": ["Employee"], "attributes": ["*"]}
    wanted = []
    for method, place, body, status, error in (
            ("PUT", "rules/r", rule, 201, None), ("PUT", "rules/r", {}, 400, "invalid_request"),
            ("PUT", "rules/r", None, 400, "malformed_json"), ("DELETE", "rules/x", None, 404, "not_found"),
            ("DELETE", "manifests/Employee", None, 409, "conflict"),
            ("POST", "config", {"x": "y" * (65 << 20)}, 413, "payload_too_large"),
            ("POST", "preview", {}, 400, "invalid_request"), ("DELETE", "rules/r", None, 200, None)):
        answer = admin.request(method, f"/admin/v1/{place}", json=body, headers={"X-Request-ID": "id"})
        assert answer.status_code == status, answer.text
        refusal = {"status": status, "error": error} if error else {}
        wanted.append({"endpoint": "admin", "method": method, "path": f"/admin/v1/{place}",
                       "requestId": "id"} | refusal)
    assert s.admin(token=False).delete("/admin/v1/rules/x").status_code == 401  # by nobody known
    for text, said in ("{}", " configuration reloaded"), ("{", "configuration not reloaded"):
        path.write_text(text)
        s.process.send_signal(signal.SIGHUP)
        wait_until(lambda said=said: said in s.log(), 20, said)
    wanted.append({"endpoint": "reload"})
    rows = [row["record"] for row in admin.get("/admin/v1/audit").json()["audit"]]
    assert rows[::-1] == wanted


# ---- retention ----

def test_rows_beyond_so_many_go_with_the_next_ones(start):
    s = start(audit_keep_rows=5)
    for _ in range(3):
        calls(s, 8)
        assert len(numbers(s)) == 5
    assert numbers(s) == [24, 23, 22, 21, 20]
    assert s.admin().get("/admin/v1/audit/verify").json() == {"whole": True, "rows": 5}
    s.stop()
    assert "is whole: 5 rows" in s.run("audit", "verify").stdout


def test_old_rows_go_from_a_service_that_nobody_calls(start):
    s = start("old", clock="2026-01-01T00:00:00Z")
    calls(s, 3)
    s.stop()
    later = start("old", clock="2026-01-05T00:00:00Z", audit_keep_days=2)
    wait_until(lambda: numbers(later) == [], 10, "the old rows to go")
    assert later.admin().get("/admin/v1/audit/verify").json() == {"whole": True, "rows": 0}
    calls(later, 1)
    assert numbers(later) == [4]


def test_both_limits_hold_together(start):
    s = start("both", clock="2026-01-01T00:00:00Z")
    calls(s, 10)
    s.stop()
    s = start("both", clock="2026-01-03T00:00:00Z", audit_keep_days=5, audit_keep_rows=4)
    wait_until(lambda: numbers(s) == [10, 9, 8, 7], 10, "the rows beyond four to go")
    s.stop()
    s = start("both", clock="2026-01-07T00:00:00Z", audit_keep_days=5, audit_keep_rows=4)
    calls(s, 1)
    wait_until(lambda: numbers(s) == [11], 10, "the old rows to go")
    s.stop()
    assert "is whole: 1 rows" in s.run("audit", "verify").stdout


# ---- changes that verify finds ----

@pytest.mark.parametrize("statement,word", [
    ("UPDATE audit SET record = record || char(0) || 'x' WHERE number = 2", "row 2"),
    ("UPDATE audit SET tenant = tenant || char(0) WHERE number = 3", "row 3"),
    ("UPDATE audit SET number = -number WHERE number = 1", "row 1"),
    ("UPDATE audit SET number = number + 10", "row 1"),
    ("DELETE FROM meta WHERE name = 'audit-head'", "audit-head"),
    ("INSERT INTO audit SELECT 5, at_us, tenant, record, hash FROM audit WHERE number = 4", "row 5"),
    ("INSERT INTO audit SELECT 0, at_us, tenant, record, hash FROM audit WHERE number = 4", "row 1"),
    ("INSERT INTO audit SELECT -7, at_us, tenant, record, hash FROM audit WHERE number = 1", "row 1"),
    ("DELETE FROM audit WHERE number > 2", "rows after 2")])
def test_verify_finds_what_stands_behind_a_nul_and_what_moved(start, statement, word):
    s = start()
    calls(s, 4)
    s.stop()
    with database(s) as db:
        db.execute(statement)
    done = s.run("audit", "verify")
    assert done.returncode == 1 and word in done.stderr, done.stderr


def test_rows_that_changed_places_are_found(start):
    s = start()
    calls(s, 4)
    s.stop()
    with database(s) as db:
        rows = dict(db.execute("SELECT number, record FROM audit"))
        for here, there in ((2, 3), (3, 2)):
            db.execute("UPDATE audit SET record = ? WHERE number = ?", (rows[there], here))
    done = s.run("audit", "verify")
    assert done.returncode == 1 and "row 2" in done.stderr, done.stderr
    service = s.start()
    verified = service.admin().get("/admin/v1/audit/verify").json()
    assert verified["whole"] is False and "row 2" in verified["fault"]
