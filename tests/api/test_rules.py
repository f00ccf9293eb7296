"""Section 3.5 of docs/contract.md and the reference rules of section 6."""

import json

import pytest
from service import claims

CUSTOMER = {"customers": [{"name": "Ann", "email": "ann@x.com", "birthDate": "1980-02-03",
                           "balance": 12.5, "vip": True, "address": {"street": "High St", "no": 1},
                           "phones": ["1", "2"], "profile": {"likes": "tea", "age": 3}}]}
CLEAR = {"name", "email", "birthDate", "balance", "vip", "address", "phones", "profile"}


def granted(caller, **fields):
    """The members of the customer that came back in clear."""
    fields = {"manifestName": "Customer", "countryCode": "GB", "dataOwningCountryCode": "GB"} | fields
    row = caller.protect(CUSTOMER, **fields)["customers"][0]
    return {name for name, value in row.items() if value == CUSTOMER["customers"][0][name]}


@pytest.mark.parametrize("country", ["GB", "IT", "US", "DE"])
def test_own_data_is_granted_to_hr_in_the_same_country(caller, country):
    assert granted(caller, countryCode=country, dataOwningCountryCode=country,
                   matchingRule=claims(ADGroup="HR")) == CLEAR


@pytest.mark.parametrize("fields", [
    {"dataOwningCountryCode": "IT"}, {"dataOwningCountryCode": None},
    {"matchingRule": claims(ADGroup="hr")}, {"matchingRule": claims(Group="HR")},
    {"matchingRule": None}, {"matchingRule": {"claims": []}}])
def test_own_data_is_granted_to_nobody_else(caller, fields):
    assert granted(caller, **({"matchingRule": claims(ADGroup="HR")} | fields)) == set()


@pytest.mark.parametrize("given", [
    claims(adgroup="HR"), claims(ADGROUP="HR"), {"claims": [{"adGroup": "HR"}]},
    {"claims": [{"x": "y", "ADGroup": "HR"}]},
    {"claims": [{"attributeName": "x", "attributeValue": "y"}, {"adgroup": "HR"}]}])
def test_claims_in_both_spellings_and_names_in_any_case(caller, given):
    assert granted(caller, matchingRule=given) == CLEAR


@pytest.mark.parametrize("usage,country,owner,expected", [
    (210, "GB", "IT", {"email"}), (211, "GB", "IT", set()), (None, "GB", "IT", set()),
    (210, "IT", "GB", set()), (210, "GB", "GB", set())])
def test_mail_for_support_depends_on_countries_and_purpose(caller, usage, country, owner, expected):
    assert granted(caller, dataUsageId=usage, countryCode=country,
                   dataOwningCountryCode=owner) == expected


@pytest.mark.parametrize("date,expected", [
    ("2019-12-31T23:59:59.999999999Z", set()), ("2020-01-01T00:00:00Z", {"name"}),
    ("2020-06-01T12:00:00.5+02:00", {"name"}), ("2020-12-31T23:59:59.999Z", {"name"}),
    ("2021-01-01T00:00:00Z", set()), ("2020-01-01T00:59:59+01:00", set()),
    ("2020-12-31T23:30:00-01:00", set()), (None, set())])
def test_audit_2020_counts_by_snapshot_date(caller, date, expected):
    assert granted(caller, snapshotDate=date, matchingRule=claims(ADGroup="Audit")) == expected


def test_without_snapshot_date_now_counts(start):
    caller = start(clock="2020-07-01T00:00:00Z").caller()
    assert granted(caller, matchingRule=claims(ADGroup="Audit")) == {"name"}


@pytest.mark.parametrize("given,expected", [
    (claims(Role="Admin", Region="EMEA"), {"phones"}), (claims(ADGroup="Security"), {"phones"}),
    (claims(Role="Admin"), set()), (claims(Region="EMEA"), set()),
    (claims(Role="Admin", Region="APAC"), set()),
    (claims(Role="User", ADGroup="Security"), {"phones"})])
def test_call_centre_needs_both_claims_or_the_group(caller, given, expected):
    assert granted(caller, countryCode="US", matchingRule=given) == expected


def test_rules_follow_a_change_at_once(start):
    service = start()
    caller = service.caller()
    rule = {"manifests": ["Customer"], "classifications": ["name", "account"],
            "dataOwningCountries": ["GB"], "countries": ["*"],
            "claims": {"not": {"claim": "Role", "equals": "Guest"}}}
    assert granted(caller) == set()
    assert service.admin().put("/admin/v1/rules/new", json=rule).status_code == 201
    assert granted(caller) == {"name", "balance", "vip"}
    assert granted(caller, matchingRule=claims(Role="Guest")) == set()
    assert service.admin().put("/admin/v1/rules/new",
                               json=rule | {"active": False}).status_code == 200
    assert granted(caller) == set()
    assert service.admin().delete("/admin/v1/rules/new").status_code == 200
    assert granted(caller) == set()


@pytest.mark.parametrize("date,want", [
    ("2020-06-01T00:00:00.000000001Z", False), ("2020-06-01T00:00:00.000000002Z", True),
    ("2020-06-01T01:00:00.000500001+01:00", True), ("2020-06-01T00:00:00.000500002Z", False)])
def test_a_span_counts_to_the_nanosecond_for_all_that_ask(start, tmp_path, date, want):
    rule = {"manifests": ["Customer"], "attributes": ["customers[].name"],
            "validFrom": "2020-06-01T00:00:00.000000002Z",
            "validUntil": "2020-06-01T00:00:00.000500002Z"}
    service = start()
    assert service.admin().put("/admin/v1/rules/short", json=rule).status_code == 201
    assert granted(service.caller(), snapshotDate=date) == ({"name"} if want else set())
    service.config = []
    asked = ("--manifest=Customer", "--country=GB", "--owner=GB", f"--snapshot-date={date}")
    assert ('customers[].name: granted by "short"' in service.run("explain", *asked).stdout) == want
    (tmp_path / "data").write_text(json.dumps(CUSTOMER))
    shown = service.run("preview", *asked, f"--input={tmp_path / 'data'}")
    after = json.loads(json.loads(shown.stdout)["after"])
    assert (after["customers"][0]["name"] == "Ann") == want, shown


def test_explain_tells_why(service):
    printed = service.run("explain", "--manifest", "Customer", "--country", "GB", "--owner", "IT",
                          "--usage", "210")
    assert printed.returncode == 0, printed.stderr
    assert 'customers[].email: granted by "mail for support"' in printed.stdout
    assert "customers[].name: not granted" in printed.stdout
    assert "\"audit 2020\": the data owning country is not among the rule's" in printed.stdout
