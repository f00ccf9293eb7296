"""Section 4 of docs/contract.md: rate limit and quota."""

import json

import pytest

LIMITS = ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset", "x-quota-limit",
          "x-quota-remaining", "x-quota-reset"]
NOW_MS = 1774958400000  # 2026-03-31T12:00:00Z


def tenant(rate, quota):
    return {"tenants": [{"name": "t", "apiKey": "changeme", "rateLimitPerMinute": rate,
                         "quotaPerMonth": quota,
                         "clients": [{"id": "postman", "secret": "changeme"}]},
                        {"name": "u", "apiKey": "other-key",
                         "clients": [{"id": "other-client", "secret": "other-secret"}]}],
            "manifests": [{"name": "Employee", "attributes": [{"path": "a"}]}]}


@pytest.fixture
def limited(start, tmp_path):
    def make(rate, quota, name="limited", clock="2026-03-31T12:00:00Z", **options):
        path = tmp_path / "limits.json"
        path.write_text(json.dumps(tenant(rate, quota)))
        return start(name, config=[path], clock=clock, **options)
    return make


def numbers(answer):
    return [int(answer.headers[name]) for name in LIMITS]


def test_token_calls_count_and_98_are_left_after_one_call_of_each(limited):
    caller = limited(100, 10000).caller()
    answer = caller.get_token()
    assert numbers(answer) == [100, 99, NOW_MS + 60000, 10000, 9999, 1777550400000]
    caller.token = answer.json()["access_token"]
    assert numbers(caller.send({})) == [100, 98, NOW_MS + 60000, 10000, 9998, 1777550400000]


def test_past_the_minute_is_429_with_retry_after(limited):
    caller = limited(3, 100).caller()
    assert [caller.send({}).status_code for _ in range(2)] == [200, 200]
    for answer in (caller.send({}), caller.get_token()):
        assert answer.status_code == 429
        assert answer.json()["error"] == "rate_limited"
        assert answer.headers["retry-after"] == "60"
        assert numbers(answer)[:2] == [3, 0]
        assert numbers(answer)[3:5] == [100, 97]


def test_past_both_the_longer_wait_is_told(limited):
    caller = limited(2, 2).caller()
    assert caller.send({}).status_code == 200
    answer = caller.send({})
    assert (answer.status_code, answer.json()["error"]) == (429, "quota_exceeded")
    assert int(answer.headers["retry-after"]) == 30 * 86400


def test_past_the_month_is_429_quota_exceeded(limited):
    caller = limited(100, 2).caller()
    assert caller.send({}).status_code == 200
    answer = caller.send({})
    assert (answer.status_code, answer.json()["error"]) == (429, "quota_exceeded")
    assert int(answer.headers["retry-after"]) == 30 * 86400
    assert numbers(answer)[3:5] == [2, 0]


def test_tenants_are_counted_apart(limited):
    service = limited(1, 1)
    assert service.caller().get_token().status_code == 200
    assert service.caller().get_token().status_code == 429
    other = service.caller(api_key="other-key", client_id="other-client",
                           client_secret="other-secret")
    assert [other.send({}).status_code for _ in range(5)] == [200] * 5


def test_a_new_minute_starts_with_its_first_call_and_the_month_is_kept(limited):
    first = limited(2, 10, "run")
    caller = first.caller()
    assert caller.send({}).status_code == 200
    assert caller.send({}).status_code == 429
    first.stop()
    second = limited(2, 10, "run", clock="2026-03-31T12:01:30Z")
    answer = second.caller().get_token()
    assert answer.status_code == 200
    assert numbers(answer) == [2, 1, NOW_MS + 150000, 10, 7, 1777550400000]


def test_errors_other_than_429_carry_no_limits(limited):
    caller = limited(100, 100).caller()
    for answer in (caller.send("x"), caller.send({}, manifestName="x"), caller.get_token(client_id="")):
        assert answer.status_code == 400
        assert not [name for name in LIMITS if name in answer.headers]


def test_limits_are_out_of_the_way_by_default(caller):
    answer = caller.get_token()
    assert int(answer.headers["x-rate-limit-limit"]) == 1000000
    assert int(answer.headers["x-quota-limit"]) == 1000000000
