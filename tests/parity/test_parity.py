"""Every recorded answer of WireMock, asked of employees-mock again."""

import json
import pathlib

import pytest

import replay

HERE = pathlib.Path(__file__).parent


def load():
    for file in sorted(HERE.glob("*.json")):
        for case in json.loads(file.read_text(encoding="utf-8")):
            yield pytest.param(case, id=f"{file.stem}/{case['group']}/{case['name']}")


@pytest.mark.parametrize("case", list(load()))
def test_answers_as_wiremock(case, player):
    expect = case["expect"]
    assert len(expect) == len(case["steps"])
    for number, step, seen in player.play(case, lambda at, now: now == expect[at]):
        assert seen == expect[number], f"step {number}: {step['method']} {step['path']}"
