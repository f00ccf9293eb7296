#!/usr/bin/env python3
"""Writes into case files what a server answers: record.py BASE-URL FILE...

The server is WireMock 3.13.2 (java -jar wiremock.jar --port 0 --disable-banner). `--missing`
records only cases that have no answers yet; `--show` prints instead of writing."""

import argparse
import json

import replay


def write_cases(name, cases):
    with open(name, "w", encoding="utf-8") as file:
        file.write("[\n")
        file.write(",\n".join(json.dumps(case, ensure_ascii=False) for case in cases))
        file.write("\n]\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    server, upstream = replay.start_upstream()
    player = replay.Player(args.base.rstrip("/"), upstream)
    for name in args.files:
        with open(name, encoding="utf-8") as file:
            cases = json.load(file)
        for case in cases:
            if args.missing and "expect" in case:
                continue
            try:
                case["expect"] = [seen for _, _, seen in player.play(case)]
            except AssertionError as refused:
                raise SystemExit(f"{name}: {case['group']}: {case['name']}: {refused}") from None
            if args.show:
                print(json.dumps(case, indent=1, ensure_ascii=False))
        if not args.show:
            write_cases(name, cases)
        print(f"{name}: {len(cases)} cases")
    server.shutdown()


if __name__ == "__main__":
    main()
