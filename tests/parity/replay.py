"""Replays cases against a server that speaks WireMock's protocol and tells what came back.

A case has `group`, `name`, `stubs` (posted one by one after a reset), `steps` and `expect`, one
element for each step. A step has `method`, `path`, `headers` (a list as value: sent once for each),
and one of `body` (text), `base64` (bytes), `json`, `multipart` (parts with name, filename, headers, body).

  no      ["body", "Content-Type", "status"]: not compared
  pick    dotted paths of a JSON answer: only these are compared, `<none>` where there is nothing
  see     headers that are compared beside Content-Type
  min_ms  the answer takes at least that long
  settle_ms  the step is repeated up to that long until it answers as expected

In a step, `${upstream}` is the base URL of a server that tells what it was asked (more of it where
the path has tell-headers, tell-each, tell-body; it answers as the query's status, reason, type,
etag, fold and raw say), `${self}` that of the server under test, and `${N.a.b}` the member a.b of step N's JSON answer (from 0).
In what is compared, ids chosen by the server are `<uuid>`, moments and durations `<time>`.
"""

import base64
import json
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOMENTS = {"loggedDate", "loggedDateString", "timing", "timestamp", "uptimeInSeconds", "timeOffsetNanos"}
BOUNDARY = "parity-boundary-7d1"


class Broken(Exception):
    """The answer is no whole HTTP answer; the text says in which way."""


# what the upstream says and then closes, by the query's `raw`
RAW = {
    "nothing": b"",
    "no-http": b"hello\r\n\r\n",
    "short": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok",
    "short-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
    "trailer": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Head: 1\r\n\r\n2\r\nok\r\n0\r\nX-Tail: 1\r\n\r\n",
    "early": b"HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Head: 1\r\nContent-Length: 2\r\n\r\nok",
}


class Upstream(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        told = {"method": self.command, "path": self.path}
        if "tell-headers" in self.path:
            told["headers"] = {k.lower(): v for k, v in self.headers.items()}
        if "tell-each" in self.path:
            own = {"host", "connection", "user-agent"}
            told["each"] = sorted(f"{k.lower()}: {v}" for k, v in self.headers.items() if k.lower() not in own)
        if "tell-body" in self.path:
            told["body"] = body
        wanted = dict(parse_qsl(urlsplit(self.path).query))
        if "raw" in wanted:
            self.wfile.write(RAW[wanted["raw"]])
            self.close_connection = True
            return
        text = json.dumps(told).encode()
        self.send_response_only(int(wanted.get("status", 200)), wanted.get("reason"))
        for kind in wanted.get("type", "application/json").split("|"):
            self.send_header("Content-Type", kind)
        if "etag" in wanted:
            self.send_header("ETag", wanted["etag"])
        if "fold" in wanted:
            self.send_header("X-Fold", "one\r\n  two")
        self.send_header("X-Upstream", "one")
        self.send_header("X-Upstream", "two")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Clients that break off are nothing to tell."""


def start_upstream():
    server = QuietServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


class Connection:
    """One request on one socket, read to the end of its answer."""

    def __init__(self, base, timeout=5):
        at = urlsplit(base)
        self.host = at.netloc
        self.socket = socket.create_connection((at.hostname, at.port), timeout)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def ask(self, method, path, headers, body):
        names = {name.lower() for name, _ in headers}
        lines = [f"{method} {path} HTTP/1.1"]
        if "host" not in names:
            lines.append(f"Host: {self.host}")
        if body is not None and not names & {"content-length", "transfer-encoding"}:
            lines.append(f"Content-Length: {len(body)}")
        lines += [f"{name}: {value}" for name, value in headers]
        self.socket.sendall("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + (body or b""))
        try:
            return self.read_answer(method)
        except ConnectionResetError:
            raise Broken("connection reset") from None
        except TimeoutError:
            raise Broken("no end") from None
        except (ValueError, UnicodeDecodeError):
            raise Broken("no HTTP") from None

    def read_answer(self, method):
        line = self.file.readline(65536)
        if not line:
            raise Broken("closed without an answer")
        if not line.startswith(b"HTTP/1."):
            raise Broken("no HTTP")
        status, _, reason = line.decode("latin-1").rstrip("\r\n").split(" ", 1)[1].partition(" ")
        headers = []
        while (line := self.file.readline(65536)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("utf-8", "replace").partition(":")
            headers.append((name.strip(), value.strip()))
        return int(status), reason, headers, self.read_body(method, int(status), headers)

    def read_body(self, method, status, headers):
        have = {name.lower(): value for name, value in headers}
        if method == "HEAD" or status in (204, 304):
            return b""
        if have.get("transfer-encoding", "").lower() == "chunked":
            return self.read_chunks()
        if "content-length" in have:
            body = self.file.read(int(have["content-length"]))
            if len(body) < int(have["content-length"]):
                raise Broken("broken body")
            return body
        return self.file.read()

    def read_chunks(self):
        body = b""
        while True:
            line = self.file.readline(65536)
            try:
                size = int(line.split(b";")[0], 16)
            except ValueError:
                raise Broken("broken body") from None
            if size == 0:
                self.file.readline()
                return body
            piece = self.file.read(size)
            if len(piece) < size:
                raise Broken("broken body")
            body += piece
            self.file.readline()


def dig(value, path):
    for step in path.split(".") if path else []:
        if isinstance(value, list) and step.lstrip("-").isdigit() and -len(value) <= int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return "<none>"
    return value


def multipart(parts):
    lines = []
    for part in parts:
        disposition = f'form-data; name="{part["name"]}"'
        if "filename" in part:
            disposition += f'; filename="{part["filename"]}"'
        lines += [f"--{BOUNDARY}", f"Content-Disposition: {disposition}"]
        lines += [f"{name}: {value}" for name, value in part.get("headers", {}).items()]
        lines += ["", part["body"]]
    lines += [f"--{BOUNDARY}--", ""]
    return "\r\n".join(lines).encode()


def request_of(step):
    headers = []
    for name, value in step.get("headers", {}).items():
        headers += [(name, one) for one in (value if isinstance(value, list) else [value])]
    typed = any(name.lower() == "content-type" for name, _ in headers)
    if "json" in step:
        body = json.dumps(step["json"]).encode()
        if not typed:
            headers.append(("Content-Type", "application/json"))
    elif "multipart" in step:
        body = multipart(step["multipart"])
        if not typed:
            headers.append(("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"))
    elif "base64" in step:
        body = base64.b64decode(step["base64"])
    else:
        body = step["body"].encode() if "body" in step else None
    return headers, body


class Player:
    """Plays cases against one server."""

    def __init__(self, base, upstream):
        self.base = base
        self.upstream = upstream

    def fill(self, thing, answers):
        text = json.dumps(thing)
        text = text.replace("${upstream}", self.upstream).replace("${self}", self.base)

        def answered(match):
            at, _, path = match.group(1).partition(".")
            return json.dumps(str(dig(answers[int(at)], path)))[1:-1]

        return json.loads(re.sub(r"\$\{(\d+\.[^}]*)\}", answered, text))

    def send(self, step):
        headers, body = request_of(step)
        with Connection(self.base) as connection:
            return connection.ask(step["method"], step["path"], headers, body)

    def reset(self, stubs):
        self.send({"method": "POST", "path": "/__admin/reset"})
        self.send({"method": "DELETE", "path": "/__admin/mappings"})
        for stub in stubs:
            status = self.send({"method": "POST", "path": "/__admin/mappings", "json": stub})[0]
            if status != 201:
                raise AssertionError(f"a stub of the case was answered {status}: {stub}")

    def level(self, value, given):
        """Replaces what no two servers share: ids, places and moments."""
        if isinstance(value, dict):
            return {k: "<time>" if k in MOMENTS else self.level(v, given) for k, v in value.items()}
        if value == urlsplit(self.base).port and not isinstance(value, bool):
            return "<port>"
        if isinstance(value, list):
            return [self.level(v, given) for v in value]
        if not isinstance(value, str):
            return value
        value = value.replace(self.upstream, "${upstream}").replace(urlsplit(self.upstream).netloc, "${upstream-host}")
        value = value.replace(urlsplit(self.base).netloc, "<hostport>")
        return UUID.sub(lambda m: m.group() if m.group() in given else "<uuid>", value)

    def observe(self, step, given):
        """What the step's answer looks like, in the form of an `expect` element; and its JSON."""
        no = step.get("no", [])
        started = time.monotonic()
        try:
            status, reason, headers, body = self.send(step)
        except Broken as broken:
            return {"fault": str(broken)}, None
        took_ms = (time.monotonic() - started) * 1000
        seen = {} if "status" in no else {"status": status}
        if "reason" in step.get("see", []):
            seen["reason"] = reason
        names = [n for n in ["Content-Type", *step.get("see", [])] if n not in no and n != "reason"]
        seen["headers"] = {n: [self.level(v.lower() if n == "Content-Type" else v, given)
                               for k, v in headers if k.lower() == n.lower()] for n in names}
        if "min_ms" in step:
            seen["min"] = took_ms >= step["min_ms"]
        kind = next((v for k, v in headers if k.lower() == "content-type"), "")
        document = None
        if "json" in kind and body:
            try:
                document = json.loads(body)
            except ValueError:
                pass
        if "body" in no:
            return seen, document
        if document is not None and "text" not in step.get("as", ""):
            level = self.level(document, given)
            seen["json"] = {path: dig(level, path) for path in step["pick"]} if "pick" in step else level
        elif step.get("as") == "base64":
            seen["base64"] = base64.b64encode(body).decode()
        else:
            seen["text"] = self.level(body.decode("utf-8", "replace"), given)
        return seen, document

    def play(self, case, settled=None):
        """Yields (number, step, what came back). `settled(number, seen)` ends a step's repeats."""
        answers = {}
        given = set(UUID.findall(json.dumps({k: v for k, v in case.items() if k != "expect"})))
        self.reset(self.fill(case.get("stubs", []), answers))
        for number, step in enumerate(case["steps"]):
            asked = self.fill(step, answers)
            until = time.monotonic() + step.get("settle_ms", 0) / 1000
            while True:
                seen, answers[number] = self.observe(asked, given)
                over = time.monotonic() >= until
                if over or (settled and settled(number, seen)):
                    break
                time.sleep(0.02)
            yield number, step, seen
