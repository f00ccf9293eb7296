"""The documents and the tables in the code say the same."""

import re
import shlex
import subprocess

import pytest
from service import BUILD, ROOT, clean_environment

PROGRAMS = BUILD if BUILD.is_absolute() else ROOT / BUILD
QUOTED = shlex.quote(str(PROGRAMS))
SCRIPTS = re.findall(r"^```sh\n(.*?)^```\n\nprints\n\n```\n(.*?)^```", (ROOT / "docs/integration-tests.md").read_text(),
                     re.M | re.S)

ROUTE = re.compile(r"^\| ([A-Z]+) \| `(\S+)` \| .*? \| ([\d ]+) \|", re.M)


def test_every_route_is_documented_and_no_other(service):
    document = service.admin(token=False).get("/openapi.json").json()
    described = {(method.upper(), path, " ".join(operation["responses"]))
                 for path, operations in document["paths"].items()
                 for method, operation in operations.items()}
    assert set(ROUTE.findall((ROOT / "docs/api.md").read_text())) == described


def help_entries(program):
    """What --help prints: option -> (the word for its value, text, default or None); ranges stay in the text."""
    printed = subprocess.run([str(PROGRAMS / program), "--help"], capture_output=True, text=True, check=True).stdout
    lines = re.findall(r"^  --([a-z0-9-]+)(?: (\S+))?(?:  +(.*))?\n((?:      .*\n)*)", printed, re.M)
    entries = {}
    for name, value, first, more in lines:
        text = " ".join([first, *more.split()]).strip()
        default = re.search(r"(?:\(|; )default ([^\s()]+)\)", text)
        text = re.sub(r"; default [^\s()]+\)", ")", re.sub(r" ?\(default [^\s()]+\)", "", text))
        entries[name] = (value, text, default and default[1])
    return entries


def test_every_option_is_documented_as_help_tells_it():
    text = (ROOT / "docs/configuration.md").read_text()
    rows = re.findall(r"^\| `--([a-z-]+) ?([^`]*)` \| (none|`[^`]*`) \| (.*) \|$", text, re.M)
    documented = {name: (value.replace("\\|", "|"), words, None if default == "none" else default.strip("`"))
                  for name, value, default, words in rows}
    printed = {name: (value, words.replace(" (may be repeated)", ", may be repeated"), default)
               for name, (value, words, default) in help_entries("interceptor").items()}
    assert documented == printed


def test_every_flag_of_the_mock_is_documented_as_help_tells_it():
    text = (ROOT / "docs/employees-mock.md").read_text()
    documented = {}
    for name, value, words in re.findall(r"^\| `--([a-z0-9-]+) ?([^`]*)` \| (.*) \|$", text, re.M):
        default = re.search(r" \(default `(.*)`\)", words)
        words = re.sub(r" \(default `.*`\)", "", words).replace("`", "")
        documented[name] = (value, words, default and default[1])
    printed = {name: (value, re.sub(r" ?\(-?\d+ to -?\d+\)$", "", words.replace("taken, without effect", "no effect")), default)
               for name, (value, words, default) in help_entries("employees-mock").items()}
    for name in ("keystore-password", "truststore-password"):  # --help prints no secret, as none is one's own
        printed[name] = (*printed[name][:2], "password")
    assert documented == printed


def test_every_command_is_documented(service):
    text = (ROOT / "docs/configuration.md").read_text()
    commands = re.findall(r"^  ([a-z]+(?: [a-z]+)?) ", service.run("--help").stdout.split("commands:")[1],
                          re.M)
    assert len(commands) == 9
    for command in commands:
        assert f"| `{command}" in text, command


def members(function, source):
    """The member names that a parser of the configuration knows."""
    code = (ROOT / "interceptor" / source).read_text()
    known = re.search(rf"{function}\(.*?known\[\] = \{{(.*?)NULL", code, re.S).group(1)
    return re.findall(r'"([A-Za-z]+)"', known)


def test_every_member_of_the_document_is_documented():
    text = (ROOT / "docs/configuration.md").read_text()
    for function, source in (("config_read", "config.c"), ("tenant_parse", "tenant.c"),
                             ("read_client", "tenant.c"), ("manifest_parse", "manifest.c"),
                             ("read_attribute", "manifest.c"), ("rule_parse", "rule.c"),
                             ("read_item", "keyring.c")):
        names = members(function, source)
        assert names
        for name in names:
            assert f"`{name}`" in text, f"{name} of {source}"


def test_every_member_of_a_fault_is_documented():
    text = (ROOT / "docs/api.md").read_text()
    for name in members("read_fault", "faults.c"):
        assert f"| `{name}` |" in text


def test_every_metric_is_documented_and_no_other(service):
    told = set(re.findall(r"^# HELP (\S+)", service.admin(token=False).get("/metrics").text, re.M))
    rows = re.findall(r"^\| (`(?:interceptor|process)_.*?) \|", (ROOT / "docs/operations.md").read_text(), re.M)
    assert told and set(re.findall(r"`(\w+)`", " ".join(rows))) == told


def test_a_kustomization_in_the_documents_is_whole():
    """Without a namespace the objects of components land in another one than those of the overlay."""
    found = 0
    for path in (ROOT / "docs").glob("*.md"):
        for block in re.findall(r"^```\n(.*?)^```", path.read_text(), re.M | re.S):
            if not block.startswith(("namespace:", "resources:", "components:")):
                continue
            found += 1
            assert "\nsortOptions:" in block and "namespace: test-wasm" in block, path
            for folder in re.findall(r"\.\./([\w/-]+)", block):
                assert (ROOT / "deploy" / folder / "kustomization.yaml").exists(), folder
    assert found


def test_the_documents_show_what_the_commands_print():
    """In a block whose first line begins with "$ build/", what follows each such line is its output."""
    shown = 0
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for block in re.findall(r"^```\n(\$ build/.*?)^```", path.read_text(), re.M | re.S):
            for command, output in re.findall(r"^\$ build/(.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
                done = subprocess.run(f"{QUOTED}/{command}", shell=True, cwd=ROOT, env=clean_environment(), text=True,
                                      capture_output=True, timeout=20)
                assert done.stdout == output, (path, command, done.stderr)
                shown += 1
    assert shown


def test_both_servers_have_a_script():
    assert len(SCRIPTS) == 2


@pytest.mark.parametrize("script, output", SCRIPTS, ids=["interceptor", "employees-mock"])
def test_the_scripts_for_integration_tests_print_what_they_say(script, output, tmp_path):
    done = subprocess.run(["timeout", "20", "sh", "-c", script.replace("build/", f"{QUOTED}/")], cwd=ROOT, text=True,
                          env=clean_environment() | {"TMPDIR": str(tmp_path), "no_proxy": "*"}, capture_output=True)
    assert (done.stdout, done.stderr) == (output, ""), done


def plugin_rows():
    """Of the tables of docs/plugin.md: the code words of the first two cells of each row."""
    text = (ROOT / "docs/plugin.md").read_text()
    rows = [[re.findall(r"`([^`]+)`", cell) for cell in row] for row in re.findall(r"^\|([^|]+)\|((?:[^|]|\\\|)*)\|", text, re.M)]
    return [row for row in rows if row[0]]


def test_every_setting_of_the_plugin_is_documented_with_its_variable():
    code = (ROOT / "plugin/settings_member.c").read_text()
    known = dict(re.findall(r'^    \{"(\w+)", (?:NULL|"(\w+)"),', code, re.M)) | {"routes": ""}
    documented = {}
    for members, variables in plugin_rows():
        if any(name in known for name in members):
            documented |= zip(members, variables if variables and variables[0].isupper() else [""] * len(members), strict=True)
    assert documented == known


def test_every_cause_and_statistic_of_the_plugin_is_documented():
    causes = set(re.findall(r'ROW\("(\w+)", (\d+)', (ROOT / "plugin/cause.c").read_text())) - {("none", "500")}
    text = (ROOT / "docs/plugin.md").read_text()
    rows = re.findall(r"^\| ((?:`\w+` ?)+)\| (\d{3}) \|", text, re.M)
    assert {(cause, status) for words, status in rows for cause in re.findall(r"`(\w+)`", words)} == causes
    statistics = text.split("## Statistics")[1].split("## ")[0]
    for name in re.findall(r'PREFIX "(\w+)"', (ROOT / "plugin/statistics.c").read_text()):
        assert f"`{name}`" in statistics, name


def test_every_error_is_documented_with_its_status():
    text = (ROOT / "docs/contract.md").read_text().split("## 5. Errors")[1] + (ROOT / "docs/api.md").read_text()
    lines = re.split(r"\n| (?=\d{3} `)", text)
    codes = re.findall(r'= \{"(\w+)", (\d{3})\}', (ROOT / "interceptor/error.c").read_text())
    assert codes
    for code, status in codes:
        assert any(f"`{code}`" in line and status in line for line in lines), (code, status)
