"""Section 2 of docs/contract.md: the token endpoint."""

import base64
import json

import pytest
from service import DATASET, REFERENCE, TOKEN

FORM = "application/x-www-form-urlencoded"


def post(service, body, **headers):
    headers = {"X-Api-Key": "changeme", "Content-Type": FORM} | {
        name.replace("_", "-"): value for name, value in headers.items()}
    return service.http().post(TOKEN, content=body,
                               headers={n: v for n, v in headers.items() if v is not None})


GOOD = "client_id=postman&client_secret=changeme&grant_type=client_credentials"


def test_answer_has_exactly_five_members(service):
    answer = post(service, GOOD)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"access_token", "expires_in", "token_type", "scope", "refresh_token"}
    assert body["expires_in"] == 3600 and body["token_type"] == "bearer" and body["scope"]
    assert " " not in body["access_token"] and body["access_token"]
    assert isinstance(body["refresh_token"], str) and body["refresh_token"]


def test_answer_may_not_be_stored(service):
    answer = post(service, GOOD)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"


def test_token_life_is_configurable(start):
    assert start(token_ttl_s=77).caller().get_token().json()["expires_in"] == 77


def test_no_two_tokens_are_equal(service):
    assert len({post(service, GOOD).json()["access_token"] for _ in range(10)}) == 10


@pytest.mark.parametrize("body", [
    "client_id=postman&client_secret=changeme&grant_type=client_credentials",
    "grant_type=client%5Fcredentials&client_secret=change%6De&client_id=post%6dan",
    GOOD + "&unknown=1&unknown=2&x",
    GOOD + "&",
    "&" + GOOD,
    GOOD + "&refresh_token=",
])
def test_forms_that_are_read(service, body):
    assert post(service, body).status_code == 200


@pytest.fixture(scope="module")
def odd(tmp_path_factory, certs):
    """A client whose secret holds everything that forms may trip over."""
    from service import Service
    folder = tmp_path_factory.mktemp("odd")
    document = {"tenants": [{"name": "t", "apiKey": "k'`\"=;", "clients": [
        {"id": "a b", "secret": "p%41q`'=& +%zz%"},
        {"id": "raw+id%21", "secret": "p+%41%q'`=\"\\"}]}]}
    (folder / "c.json").write_text(json.dumps(document))
    s = Service(folder / "run", certs, config=[folder / "c.json"]).start()
    yield s
    s.stop()


@pytest.mark.parametrize("body,fine", [
    ("client_id=a+b&client_secret=p%2541q`'%3D%26+%2B%25zz%25&grant_type=client_credentials", True),
    ("client_id=a%20b&client_secret=p%2541q`'=%26 %2B%zz%&grant_type=client_credentials", True),
    ("client_id=a b&client_secret=p%2541q%60%27=%26%20%2b%zz%&grant_type=client_credentials", True),
    ("client_id=a b&client_secret=p%41q`'=%26 %2B%zz%&grant_type=client_credentials", False),
    ("client_id=raw+id%21&client_secret=p+%41%q'`=\"\\&grant_type=client_credentials", True),
    ("client_id=raw%2Bid%2521&client_secret=p%2B%2541%25q'%60%3D%22%5C"
     "&grant_type=client_credentials", True),
    ("client_id=raw+id%21&client_secret=p %41%q'`=\"\\&grant_type=client_credentials", False),
])
def test_values_are_decoded_as_clients_send_them(odd, body, fine):
    answer = post(odd, body, X_Api_Key="k'`\"=;")
    assert answer.status_code == (200 if fine else 401), answer.text


@pytest.mark.parametrize("body,field", [
    ("", "client_id"),
    ("client_secret=changeme&grant_type=client_credentials", "client_id"),
    ("client_id=&client_secret=changeme&grant_type=client_credentials", "client_id"),
    ("client_id=postman&grant_type=client_credentials", "client_secret"),
    ("client_id=postman&client_secret=changeme", "grant_type"),
    ("client_id=postman&client_secret=changeme&grant_type=refresh_token", "refresh_token"),
    (GOOD + "&client_id=postman", "client_id"),
    (GOOD + "&grant_type=client_credentials", "grant_type"),
    (GOOD + "&client%5Fid=x", "client_id"),
])
def test_field_missing_empty_or_twice_is_invalid_request(service, body, field):
    answer = post(service, body)
    assert answer.status_code == 400
    error = answer.json()
    assert error["error"] == "invalid_request"
    assert error["field"] == field
    assert error["error_description"] == error["message"]
    assert error["http_status_code"] == 400
    assert error["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("grant", ["password", "CLIENT_CREDENTIALS", "authorization_code"])
def test_other_grant_types_are_unsupported(service, grant):
    answer = post(service, f"client_id=postman&client_secret=changeme&grant_type={grant}")
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("client,secret", [("postman", "s3cr3t-guess"), ("nobody", "changeme"),
                                           ("other-client", "other-secret"), ("Postman", "changeme")])
def test_wrong_or_foreign_client_is_invalid_client(service, client, secret):
    answer = post(service, f"client_id={client}&client_secret={secret}&grant_type=client_credentials")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert secret == "changeme" or secret not in answer.text


@pytest.mark.parametrize("key", [None, "", "wrong", "Changeme"])
def test_api_key_is_tested_first(service, key):
    answer = post(service, "nonsense", X_Api_Key=key, Content_Type="text/plain")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_api_key")


@pytest.mark.parametrize("media", [None, "application/json", "text/plain", ""])
def test_other_content_type_is_unsupported(service, media):
    answer = post(service, GOOD, Content_Type=media)
    assert (answer.status_code, answer.json()["error"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("media", [FORM + "; charset=utf-8", FORM.upper(), FORM + ";x"])
def test_content_type_may_have_parameters_and_any_case(service, media):
    assert post(service, GOOD, Content_Type=media).status_code == 200


@pytest.mark.parametrize("encoding,status", [("gzip", 415), ("identity", 200), ("Identity", 200)])
def test_content_encoding_other_than_identity_is_refused(service, encoding, status):
    assert post(service, GOOD, Content_Encoding=encoding).status_code == status


def test_a_second_content_encoding_is_not_overlooked(service):
    status, _, body = service.raw(
        f"POST {TOKEN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Api-Key: changeme\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: identity\r\n"
        f"Content-Encoding: gzip\r\nContent-Length: {len(GOOD)}\r\n\r\n{GOOD}")
    assert (status, json.loads(body)["field"]) == (415, "Content-Encoding")


def test_body_may_have_16_kib_and_no_more(service):
    fill = GOOD + "&x="
    assert post(service, fill + "a" * (16384 - len(fill))).status_code == 200
    answer = post(service, fill + "a" * (16385 - len(fill)))
    assert (answer.status_code, answer.json()["error"]) == (413, "payload_too_large")


# ---- refresh ----

def refresh(caller, token):
    return caller.get_token(grant_type="refresh_token", refresh_token=token)


def test_refresh_token_is_good_once(caller):
    first = caller.get_token().json()
    second = refresh(caller, first["refresh_token"])
    assert second.status_code == 200
    caller.token = second.json()["access_token"]
    assert caller.send({}).status_code == 200
    again = refresh(caller, first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert refresh(caller, second.json()["refresh_token"]).status_code == 200


def test_refresh_token_is_used_up_across_a_restart(start):
    service = start()
    token = service.caller().get_token().json()["refresh_token"]
    assert refresh(service.caller(), token).status_code == 200
    service.stop()
    service.start()
    assert refresh(service.caller(), token).status_code == 400


def test_refresh_token_of_another_tenant_is_refused(service, caller):
    other = service.caller(api_key="other-key", client_id="other-client",
                           client_secret="other-secret")
    token = other.get_token().json()["refresh_token"]
    answer = refresh(caller, token)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_an_access_token_is_no_refresh_token_and_the_reverse(caller):
    tokens = caller.get_token().json()
    assert refresh(caller, tokens["access_token"]).json()["error"] == "invalid_grant"
    caller.token = tokens["refresh_token"]
    assert caller.send({}).json()["error"] == "invalid_token"


# ---- access tokens ----

def test_token_of_another_tenant_is_refused(service, caller):
    other = service.caller(api_key="other-key", client_id="other-client",
                           client_secret="other-secret")
    caller.token = other.get_token().json()["access_token"]
    assert (caller.send({}).status_code, caller.send({}).json()["error"]) == (401, "invalid_token")


def altered(token):
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    forged = base64.urlsafe_b64encode(json.dumps(claims | {"exp": 9999999999}).encode())
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return [f"{head}.{forged.decode().rstrip('=')}.{signature}", f"{none}.{body}.", f"{head}.{body}.",
            token[:-1], token + "A", token[:-1] + ("A" if token[-1] != "A" else "B"), "x", "a.b.c",
            "x" * 5000]


def test_forged_tokens_are_refused(caller):
    tokens = altered(caller.get_token().json()["access_token"])
    for token in tokens:
        caller.token = token
        answer = caller.send({})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token"), token[:80]
        assert answer.json()["field"] == "X-Resource-Token"


@pytest.mark.parametrize("header", [None, "", "Bearer", "{token}", "Basic {token}",
                                    "Bearer{token}"])
def test_malformed_resource_token_header_is_refused(caller, header):
    headers = caller.headers()
    token = headers.pop("X-Resource-Token").split()[1]
    if header is not None:
        headers["X-Resource-Token"] = header.format(token=token)
    answer = caller.http.post("/apigator/protect/v1/dataset", headers=headers, json={})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


@pytest.mark.parametrize("header", ["Bearer ", "bearer  ", "Bearer \t "])
def test_scheme_without_token_is_refused(service, header):
    """As the router's first call has it; httpx would not send it."""
    status, _, body = service.raw(f"POST {DATASET} HTTP/1.1\r\nHost: x\r\nX-Api-Key: changeme\r\n"
                                  f"X-Resource-Token: {header}\r\nContent-Length: 0\r\n"
                                  f"Connection: close\r\n\r\n")
    assert status == 401 and json.loads(body)["error"] == "invalid_token"


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "bEaReR   "])
def test_scheme_in_any_case_and_with_blanks(caller, scheme):
    token = caller.headers()["X-Resource-Token"].split()[1]
    assert caller.send({}, headers={"X-Resource-Token": scheme + token}).status_code == 200


def test_expired_token_is_refused(start):
    early = start("early", clock="2026-01-01T00:00:00Z")
    token = early.caller().get_token().json()["access_token"]
    early.stop()
    late = start("late", clock="2026-01-01T00:59:59Z", key_file=early.options["key-file"])
    caller = late.caller()
    caller.token = token
    assert caller.send({}).status_code == 200
    later = start("later", clock="2026-01-01T01:00:00Z", key_file=early.options["key-file"])
    caller = later.caller()
    caller.token = token
    assert caller.send({}).json()["error"] == "invalid_token"


def test_replica_with_the_same_key_file_accepts_the_token(start):
    one = start("one")
    two = start("two", key_file=one.options["key-file"])
    three = start("three")
    token = one.caller().get_token().json()["access_token"]
    for service, status in ((two, 200), (three, 401)):
        caller = service.caller()
        caller.token = token
        assert caller.send({}).status_code == status


def test_token_of_a_removed_client_is_refused(start):
    service = start()
    caller = service.caller()
    assert caller.send({}).status_code == 200
    assert service.admin().delete("/admin/v1/tenants/demo/clients/postman").status_code == 200
    assert caller.send({}).status_code == 401


def test_reference_has_the_tenants_of_the_tests():
    names = [tenant["name"] for tenant in json.loads(REFERENCE.read_text())["tenants"]]
    assert names == ["demo", "other"]
