"""What a client gets through the whole chain."""

import concurrent.futures
import itertools
import json
import re

import httpx
import pytest

ASK = {"countryCode": "GB", "dataOwningCountryCode": "IT"}
PHOTO = "https://pbs.twimg.com/profile_images/735509975649378305/B81JwLT7.jpg"
HEX = re.compile(r"[0-9a-f]+")


def recorded_answer():
    """The document that the recorded answer of the external service holds."""
    rows = [("1", "Robert Brownforest", "RB1"), ("2", "Rip Van Winkle", "RVW1")]
    return json.dumps({"employees": {"employee": [
        {"id": number, "firstName": "*********", "lastName": "*********", "fullName": name,
         "DOB": "01/01/0001", "email": f"{mail}@exate.com", "photo": PHOTO} for number, name, mail in rows]}}, indent=2)


def ask(envoy, path="/employees", codes=ASK):
    return httpx.post(envoy.url + path, json=codes, timeout=20, trust_env=False)


def test_the_client_gets_the_recorded_document(envoy):
    answer = ask(envoy)
    assert answer.status_code == 200
    assert answer.text == recorded_answer()
    assert answer.headers["x-data-protected"] == "true"
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_as_envelope_it_is_the_recorded_answer_byte_for_byte(chain):
    answer = ask(chain.envoy(settings={"responseBody": "envelope"}))
    assert len(answer.content) == 733
    assert answer.text == json.dumps({"dataSet": recorded_answer()}, separators=(",", ":"), ensure_ascii=False)


def test_masks_have_the_recorded_form(chain):
    row = {"id": "56", "firstName": "John", "lastName": "doe", "age": 51,
           "accessToken": "someSecretAccessTokenValue", "secret": "someConfidentialSecretValue"}
    chain.mock.answer_with("/masked", json.dumps({"employees": {"employee": [row]}}))
    masking = chain.envoy(environment={"JOB_TYPE": "DataMasking", "PRESERVE_STRING_LENGTH": "true"})
    answer = ask(masking, "/masked", {"countryCode": "GB"})
    assert answer.status_code == 200
    got = answer.json()["employees"]["employee"][0]
    for name in ("firstName", "lastName"):
        mask = got.pop(name)
        assert HEX.fullmatch(mask) and len(mask) == len(row[name]) and mask != row[name]
    assert got == {name: row[name] for name in ("id", "age", "accessToken", "secret")}
    assert '"age": 51,' in answer.text


def test_an_answer_may_grow_past_what_envoy_takes_by_default(chain):
    """As it is laid out, and with its line breaks escaped, it has more than 32 MiB."""
    numbers = [1] * 4_300_000
    chain.mock.answer_with("/grows", json.dumps({"numbers": numbers}, separators=(",", ":")))
    patient = chain.envoy(settings={"timeoutMs": 60000})
    answer = httpx.post(patient.url + "/grows", json={"countryCode": "GB"}, timeout=90, trust_env=False)
    assert (answer.status_code, answer.headers.get("x-data-protected")) == (200, "true"), answer.text[:200]
    assert len(answer.content) + answer.content.count(b"\n") > 32 << 20
    assert answer.json() == {"numbers": numbers}


ODD_TEXTS = {"apostrophe": "O'Brien", "quotes": '"quoted"', "backslash": "back\\slash", "controls": "a\u0001\b\t\n\f\r\u001fz",
             "emoji": "\U0001f600 \u00e9\u4e2d", "slash": "a/b", "looks like JSON": '{"a":[1,2]}', "empty": "",
             "encoding 2": "','b':'", "nul": "a\u0000b"}
NUMBERS = ["1.10", "1E400", "12345678901234567890", "-0.0", "1e-7", "0"]


@pytest.mark.parametrize("name", ODD_TEXTS)
def test_odd_text_is_intact_where_unprotected_and_gone_where_protected(chain, envoy, name):
    text, path = ODD_TEXTS[name], "/odd/" + name.replace(" ", "-")
    row = {"fullName": text, "firstName": text, "lastName": text, "nested": {"firstName": text}}
    chain.mock.answer_with(path, json.dumps({"employees": {"employee": [row]}}))
    got = ask(envoy, path).json()["employees"]["employee"][0]
    assert got == {"fullName": text, "firstName": "*********", "lastName": "*********", "nested": {"firstName": text}}


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_keep_their_digits_where_unprotected(chain, envoy, number):
    chain.mock.answer_with(f"/number/{number}",
                           '{"employees":{"employee":[{"n":%s,"firstName":%s,"DOB":%s}]}}' % (number, number, number))
    answer = ask(envoy, f"/number/{number}")
    assert answer.status_code == 200
    assert f'"n": {number},' in answer.text
    assert '"firstName": 0,' in answer.text and '"DOB": 0\n' in answer.text


# None that other tests ask with.
COUNTRIES = "US DE FR ES PT NL BE AT CH SE NO FI DK PL CZ".split()


def test_concurrent_calls_carry_their_own_country_codes(chain, envoy):
    """Each backend answer tells which request it belongs to; the interceptor tells what it was asked."""
    before = len(chain.service.admin().get("/admin/v1/calls?limit=1000").json()["calls"])
    wanted = list(itertools.permutations(COUNTRIES, 2))[:200]
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda pair: ask(envoy, codes={
            "countryCode": pair[0], "dataOwningCountryCode": pair[1]}), wanted))
    assert [answer.status_code for answer in answers] == [200] * 200
    assert all(answer.text == recorded_answer() for answer in answers)
    calls = chain.service.admin().get("/admin/v1/calls?limit=1000").json()["calls"]
    seen = [(call["countryCode"], call["dataOwningCountryCode"]) for call in calls
            if (call["countryCode"], call["dataOwningCountryCode"]) in set(wanted)]
    assert len(calls) - before >= 200
    assert sorted(seen) == sorted(wanted)


def test_no_log_holds_a_secret_or_a_value(chain, envoy):
    assert ask(envoy).status_code == 200
    token = chain.service.caller().get_token().json()["access_token"]
    for name, text in chain.logs().items():
        for secret in ("changeme", "Brownforest", "18/12/1965", "RB1@exate.com", token[:40]):
            assert secret not in text, f"{name} tells {secret}"


def test_the_plugin_is_small():
    from envoy import PLUGIN
    assert PLUGIN.stat().st_size <= 40 * 1024
