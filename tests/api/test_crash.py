"""A pseudonym that was handed out is never lost: the process is killed at random while it hands
them out, started again, and asked for every original. KILLS=200 makes the long run of it."""

import json
import os
import random
import threading

import httpx
from service import employees

KILLS = int(os.environ.get("KILLS", "8"))
CALLERS = 3
ROWS = 5
HR = {"dataOwningCountryCode": "GB", "matchingRule": {"claims": [{"ADGroup": "HR"}]}}


class Load(threading.Thread):
    """Sends names that nobody sent before until the service is gone; keeps what was answered."""

    def __init__(self, caller, seed, handed_out, under_way):
        super().__init__()
        self.caller, self.seed, self.handed_out, self.under_way = caller, seed, handed_out, under_way

    def run(self):
        draw = random.Random(self.seed)
        for n in range(100000):
            names = [f"{draw.randrange(36 ** 5):x}{self.seed}n{n}r{i}" for i in range(ROWS)]
            try:
                answer = self.caller.send(employees(*[{"firstName": name} for name in names]),
                                          jobType="Pseudonymise", preserveStringLength=True)
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            rows = json.loads(answer.json()["dataSet"])["employees"]["employee"]
            for name, row in zip(names, rows):
                assert len(row["firstName"]) == len(name) and row["firstName"] != name
                self.handed_out[row["firstName"]] = name
            self.under_way.release()


def assert_all_come_back(caller, handed_out):
    tokens = list(handed_out)
    for at in range(0, len(tokens), 5000):
        part = tokens[at:at + 5000]
        back = caller.protect(employees(*[{"firstName": t} for t in part]), jobType="Reconstruct", **HR)
        assert [row["firstName"] for row in back["employees"]["employee"]] == [handed_out[t] for t in part]


def kill_at_random(service, kills):
    """Leaves the service running, with all its pseudonyms reconstructed."""
    handed_out = {}
    draw = random.Random(1)
    for kill in range(kills):
        token = service.caller()
        token.headers()
        under_way = threading.Semaphore(0)
        load = []
        for n in range(CALLERS):
            caller = service.caller()
            caller.token = token.token
            load.append(Load(caller, kill * CALLERS + n, handed_out, under_way))
        for thread in load:
            thread.start()
        for _ in range(draw.randrange(1, 30)):
            assert under_way.acquire(timeout=30)
        service.process.kill()
        for thread in load:
            thread.join(60)
            assert not thread.is_alive()
        service.kill()
        service.start()
        if kill % 20 == kills % 20 or kill == kills - 1:
            assert_all_come_back(service.caller(), handed_out)
    assert len(handed_out) >= kills * ROWS
    assert_all_come_back(service.caller(), handed_out)


def test_no_pseudonym_is_lost_when_the_process_is_killed(start):
    service = start()
    kill_at_random(service, KILLS)
    service.stop()
    assert service.run("audit", "verify").returncode == 0
