"""Sections 3.3 and 3.4 of docs/contract.md, seen from outside: what each job does to each value, and
data sets of XML and SQL."""

import json
import re

import pytest
from service import claims

HR = {"matchingRule": claims(ADGroup="HR"), "dataOwningCountryCode": "GB"}
HEX = re.compile(r"^[0-9a-f]*$")
LETTERS = re.compile(r"^[A-Za-z0-9]*$")
NEUTRAL = {"string": "*********", "date": "0001-01-01", "number": 0, "boolean": False}


def customer(**members):
    return json.dumps({"customers": [members]}, ensure_ascii=False)


def one(caller, data, **fields):
    """The first customer of the answer, its numbers as text."""
    answer = caller.send(data if isinstance(data, str) else customer(**data),
                         **({"manifestName": "Customer"} | fields))
    assert answer.status_code == 200, answer.text
    return json.loads(answer.json()["dataSet"], parse_float=str, parse_int=str)["customers"][0]


def reverse(caller, row, job, **fields):
    """The text of what the tokens of a row stand for."""
    answer = caller.send(json.dumps({"customers": [row]}), manifestName="Customer", jobType=job,
                         **(HR | fields))
    assert answer.status_code == 200, answer.text
    return answer.json()["dataSet"]


# ---- Restrict ----

def test_restrict_gives_the_neutral_value_of_each_type(caller):
    row = one(caller, {"name": "Ann", "birthDate": "1980-02-03", "balance": 12.5, "vip": True,
                       "address": {"street": "x", "no": 7}, "phones": ["1", "2"],
                       "profile": {"a": "x", "n": 1, "b": True, "l": [None, "y"]}})
    assert row == {"name": "*********", "birthDate": "0001-01-01", "balance": "0", "vip": False,
                   "address": {"street": "*********", "no": "7"}, "phones": ["*********"] * 2,
                   "profile": {"a": "*********", "n": "0", "b": False, "l": [None, "*********"]}}


@pytest.mark.parametrize("text,expected", [("Ann", "***"), ("O'Brien-Smithers", "*" * 16), ("", ""),
                                           ("é😀", "**")])
def test_restrict_keeps_length_in_code_points(caller, text, expected):
    assert one(caller, {"name": text}, preserveStringLength=True)["name"] == expected


@pytest.mark.parametrize("restricted,expected", [("", ""), ("ab", "ababa"), ("abcdefgh", "abcde"),
                                                 ("é", "ééééé")])
def test_restricted_text_is_repeated_or_cut(caller, restricted, expected):
    assert one(caller, {"name": "Alice"}, restrictedText=restricted,
               preserveStringLength=True)["name"] == expected
    assert one(caller, {"name": "Alice"}, restrictedText=restricted)["name"] == restricted


@pytest.mark.parametrize("date,neutral", [
    ("18/12/1965", "01/01/0001"), ("12/18/1965", "01/01/0001"), ("18-12-1965", "01-01-0001"),
    ("18.12.1965", "01.01.0001"), ("1965-12-18", "0001-01-01"), ("1965/12/18", "0001/01/01"),
    ("1965-12-18T10:11:12.345Z", "0001-01-01T00:00:00.000Z"),
    ("1965-12-18 10:11:12", "0001-01-01 00:00:00"), ("1965-12-18T10:11:12+02:00", "0001-01-01T00:00:00+02:00"),
    ("soon", "*********"), ("31/31/1965", "*********"), ("1965-02-30", "*********")])
def test_dates_become_the_first_day_of_year_1_in_their_format(caller, date, neutral):
    assert one(caller, {"birthDate": date})["birthDate"] == neutral
    if neutral != "*********":
        assert one(caller, {"birthDate": date}, preserveStringLength=True)["birthDate"] == neutral
        masked = one(caller, {"birthDate": date}, jobType="DataMasking")["birthDate"]
        assert masked != date and len(masked) == len(date)
        assert re.sub(r"\d", "0", masked) == re.sub(r"\d", "0", date)


def test_null_stays_unless_nulls_are_protected(caller):
    nulls = {"name": None, "birthDate": None, "balance": None, "vip": None}
    assert one(caller, nulls) == nulls
    for keep in (True, False):
        assert one(caller, nulls, protectNullValues=True, preserveStringLength=keep) == {
            "name": "*********", "birthDate": "*********", "balance": "0", "vip": False}
    masked = one(caller, nulls, protectNullValues=True, jobType="DataMasking")
    assert len(masked["name"]) == len(masked["birthDate"]) == 32 and HEX.match(masked["name"])
    assert (masked["balance"], masked["vip"]) == ("0", False)


def test_values_of_another_type_than_the_attributes_are_treated_by_their_own(caller):
    assert one(caller, {"name": 5, "balance": "x", "vip": 1.5, "birthDate": True}) == {
        "name": "0", "balance": "*********", "vip": "0", "birthDate": False}


def test_granted_values_stay(caller):
    row = {"name": "Ann", "birthDate": "1980-02-03", "vip": True}
    for job in ("Restrict", "DataMasking", "Default"):
        assert one(caller, row, jobType=job, **HR) == row


# ---- DataMasking ----

def test_masks_are_hex_and_the_same_always(caller):
    row = {"name": "Ann", "email": "Ann"}
    first = one(caller, row, jobType="DataMasking")
    assert HEX.match(first["name"]) and len(first["name"]) == 32
    assert one(caller, row, jobType="DataMasking") == first
    assert first["name"] != first["email"], "attributes have masks of their own"
    kept = one(caller, {"name": "Ann é😀"}, jobType="DataMasking", preserveStringLength=True)
    assert HEX.match(kept["name"]) and len(kept["name"]) == 6


def test_masks_differ_between_tenants_and_not_between_replicas(service, start):
    other = service.caller(api_key="other-key", client_id="other-client", client_secret="other-secret")
    replica = start(key_file=service.options["key-file"]).caller()
    mine = one(service.caller(), {"name": "Ann"}, jobType="DataMasking")
    assert one(replica, {"name": "Ann"}, jobType="DataMasking") == mine
    assert one(other, {"name": "Ann"}, jobType="DataMasking") != mine


@pytest.mark.parametrize("number", ["12.50", "-7", "1E400", "-0.010e-5", "12345678901234567890"])
def test_masked_numbers_keep_their_form(caller, number):
    masked = one(caller, '{"customers":[{"balance":%s}]}' % number, jobType="DataMasking")["balance"]
    mantissa = re.split("[eE]", number)[0]
    assert re.sub(r"\d", "9", masked) == re.sub(r"\d", "9", number)
    assert masked[len(mantissa):] == number[len(mantissa):]
    assert "0" not in masked[:len(mantissa)]


# ---- there and back ----

VALUES = ['"Ann"', '"é😀 \\"x\\" \\u0000"', '""', "12.50", "1E400", "-0", "12345678901234567890", "true",
          "false", "null", '"18/12/1965"', '"' + "long " * 50 + '"']


@pytest.mark.parametrize("job,back", [("Pseudonymise", "Reconstruct"), ("Encrypt", "Decrypt")])
@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("value", VALUES)
def test_tokens_give_back_the_exact_literal(caller, job, back, keep, value):
    data = '{"customers":[{"name":%s}]}' % value
    fields = {"preserveStringLength": keep, "protectNullValues": True}
    row = one(caller, data, jobType=job, **fields)
    token = row["name"]
    original = json.loads(value)
    assert isinstance(token, str) and (token != original or original == "")
    if job == "Encrypt":
        assert token.startswith("enc:v1:")
    elif keep and isinstance(original, str):
        assert len(token) == len(original) or len(token) == 22
        assert LETTERS.match(token)
    else:
        assert len(token) >= 22 and LETTERS.match(token)
    literal = json.dumps(original, ensure_ascii=False) if value.startswith('"') else value
    assert f'"name": {literal}' in reverse(caller, row, back, **fields)


def test_pseudonyms_are_the_same_always_and_encryption_is_fresh(caller):
    for keep in (False, True):
        first = one(caller, {"name": "Deterministic"}, jobType="Pseudonymise", preserveStringLength=keep)
        assert one(caller, {"name": "Deterministic"}, jobType="Pseudonymise",
                   preserveStringLength=keep) == first
    tokens = {one(caller, {"name": "Ann"}, jobType="Encrypt")["name"] for _ in range(10)}
    assert len(tokens) == 10


@pytest.mark.parametrize("job,back", [("Pseudonymise", "Reconstruct"), ("Encrypt", "Decrypt")])
@pytest.mark.parametrize("keep", [False, True])
def test_without_a_grant_a_token_becomes_the_neutral_value_of_its_original(caller, job, back, keep):
    row = {"name": "Annabel", "birthDate": "1980-02-03", "balance": 12.5, "vip": True}
    tokens = one(caller, row, jobType=job, preserveStringLength=keep)
    assert one(caller, tokens, jobType=back, preserveStringLength=keep) == {
        "name": "*" * (7 if keep else 9), "birthDate": "0001-01-01", "balance": "0", "vip": False}


@pytest.mark.parametrize("back", ["Reconstruct", "Decrypt"])
def test_what_is_no_token_stays_as_it_is(caller, back):
    row = {"name": "Nobody knows", "birthDate": "1980-02-03", "vip": True,
           "email": "enc:v1:AAAAAaMxNgWfEG0IM", "phones": ["A" * 22]}
    assert one(caller, row, jobType=back, **HR) == row
    assert one(caller, row, jobType=back) == row


@pytest.mark.parametrize("job,back", [("Pseudonymise", "Reconstruct"), ("Encrypt", "Decrypt")])
def test_tokens_of_another_tenant_or_altered_are_none(service, job, back):
    caller = service.caller()
    other = service.caller(api_key="other-key", client_id="other-client", client_secret="other-secret")
    row = one(caller, {"name": "Annabel"}, jobType=job)
    assert one(other, row, jobType=back, **HR) == row
    token = row["name"]
    changed = {"name": token[:-3] + ("A" if token[-3] != "A" else "B") + token[-2:]}
    assert one(caller, changed, jobType=back, **HR) == changed


def test_pseudonyms_of_one_and_two_characters_run_out_gracefully(caller):
    tokens = {}
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!?é":
        token = one(caller, {"name": letter}, jobType="Pseudonymise", preserveStringLength=True)["name"]
        assert token != letter and len(token) in (1, 22)
        tokens[token] = letter
    assert len(tokens) == 68
    for token, letter in tokens.items():
        assert f'"name": {json.dumps(letter, ensure_ascii=False)}' in reverse(caller, {"name": token}, "Reconstruct")


# ---- XML ----

XML = ('<?xml version="1.0"?>\n<e:employees xmlns:e="urn:x"><!-- c -->\n <employee id="1">'
       '<firstName>Robert</firstName><lastName a="b">Brown&amp;Co</lastName><DOB>18/12/1965</DOB>'
       '<note>Robert</note></employee>\n <employee><firstName/><DOB></DOB></employee></e:employees>\n')


def xml(caller, text, **fields):
    return caller.send(text, headers={"X-Data-Set-Type": "XML"}, **fields)


def test_xml_is_protected_and_every_other_byte_stays(caller):
    answer = xml(caller, XML, restrictedText="<&>")
    assert answer.status_code == 200, answer.text
    assert answer.json()["dataSet"] == (XML.replace("<firstName>Robert<", "<firstName>&lt;&amp;&gt;<")
                                        .replace("Brown&amp;Co", "&lt;&amp;&gt;")
                                        .replace("18/12/1965", "01/01/0001"))
    nulls = xml(caller, XML, protectNullValues=True).json()["dataSet"]
    assert nulls.endswith("<firstName>*********</firstName><DOB>*********</DOB></employee></e:employees>\n")


@pytest.mark.parametrize("job,back", [("Pseudonymise", "Reconstruct"), ("Encrypt", "Decrypt")])
def test_xml_comes_back(caller, job, back):
    token = xml(caller, XML, jobType=job).json()["dataSet"]
    assert "Robert</firstName>" not in token and "Robert</note>" in token
    assert xml(caller, token, jobType=back, **HR).json()["dataSet"] == XML


@pytest.mark.parametrize("text", ["", "x", "<a>", "<a></b>", "<a/><b/>", "<!DOCTYPE a><a/>",
                                  '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "<a>&nope;</a>"])
def test_xml_that_is_not_well_formed_or_has_a_dtd_is_refused(caller, text):
    answer = xml(caller, text)
    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (
        400, "invalid_dataset", "dataSet")


# ---- SQL ----

def sql(caller, text, **fields):
    return caller.send(text, headers={"X-Data-Set-Type": "SQL"}, **({"sqlType": "PostgreSQL"} | fields))


def test_sql_literals_of_named_columns_are_protected(caller):
    text = "INSERT INTO emp (id, FIRSTNAME, dob) VALUES (1, 'O''Brien', '18/12/1965'),  (2,NULL,'x');"
    answer = sql(caller, text)
    assert answer.status_code == 200, answer.text
    assert answer.json()["dataSet"] == ("INSERT INTO emp (id, FIRSTNAME, dob) VALUES "
                                        "(1, '*********', '01/01/0001'),  (2,NULL,'*********');")
    answer = sql(caller, "UPDATE emp SET lastName = 'x', n = 1 WHERE id = 2")
    assert answer.json()["dataSet"] == "UPDATE emp SET lastName = '*********', n = 1 WHERE id = 2"


def test_sql_needs_its_type(caller):
    answer = sql(caller, "UPDATE a SET b = 1", sqlType=None)
    assert (answer.json()["error"], answer.json()["field"]) == ("missing_field", "sqlType")


@pytest.mark.parametrize("text", ["", "SELECT 1", "DELETE FROM emp", "INSERT INTO emp VALUES (1)",
                                  "INSERT INTO emp (firstName) VALUES (lower('x'))",
                                  "UPDATE emp SET firstName = lastName", "INSERT INTO emp (a) VALUES ('x"])
def test_other_sql_is_refused(caller, text):
    answer = sql(caller, text)
    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (
        400, "invalid_dataset", "dataSet")


@pytest.mark.parametrize("column,literal,want", [
    ("balance", "-12.50", -12.5), ("balance", ".5", ".5"), ("balance", "007", "007"),
    ("vip", "TRUE", True), ("vip", "False", False)])
@pytest.mark.parametrize("make,back", [("Pseudonymise", "Reconstruct"), ("Encrypt", "Decrypt")])
def test_a_token_made_of_sql_opens_to_json_in_a_json_data_set(caller, column, literal, want, make, back):
    answer = caller.send(f"INSERT INTO c ({column}) VALUES ({literal})", manifestName="Customer",
                         jobType=make, sqlType="H2", headers={"X-Data-Set-Type": "SQL"})
    token = answer.json()["dataSet"].split("'")[1]
    opened = caller.protect({"customers": [{column: token}]}, manifestName="Customer", jobType=back,
                            dataOwningCountryCode="GB", matchingRule=claims(ADGroup="HR"))
    assert opened == {"customers": [{column: want}]}
