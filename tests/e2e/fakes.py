"""Stand-ins for the backend and the interceptor that record what they get and fail on demand."""
import asyncio
import json
import re
import threading
import urllib.parse

TOKEN_PATH = "/apigator/identity/v1/token"
DATASET_PATH = "/apigator/protect/v1/dataset"
SECRET_FIELDS = ("firstName", "lastName", "DOB")
MASK = "*********"


class Request:
    def __init__(self, method, path, headers, body, trailers=()):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.trailers = dict(trailers)

    def json(self):
        return json.loads(self.body)


def reply(status=200, body=b"", headers=(), content_type="application/json", chunked=False, trailers=()):
    """The bytes of one answer. trailers need chunked."""
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} x".encode()]
    if content_type:
        lines.append(b"Content-Type: " + content_type.encode())
    lines += [f"{name}: {value}".encode("latin-1") for name, value in headers]
    if chunked or trailers:
        half = len(body) // 2
        parts = [p for p in (body[:half], body[half:]) if p]
        lines.append(b"Transfer-Encoding: chunked")
        data = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n"
        data += b"".join(f"{n}: {v}\r\n".encode() for n, v in trailers) + b"\r\n"
    else:
        if status not in (204, 304) and not any(n.lower() == "content-length" for n, _ in headers):
            lines.append(b"Content-Length: %d" % len(body))
        data = b"" if status in (204, 304) else body
    return b"\r\n".join(lines) + b"\r\n\r\n" + data


# ---- faults: coroutines that take the writer; the connection closes behind them ----

async def reset(writer):
    writer.transport.abort()


def garbage(data=b"this is no HTTP\r\n\r\n"):
    async def play(writer):
        writer.write(data)
        await writer.drain()
    return play


def cut(answer, keep):
    """Only the first bytes of an answer, then a reset."""
    async def play(writer):
        writer.write(answer[:keep])
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()
    return play


def hang(first=b""):
    """Sends the first bytes and nothing more, until the peer hangs up."""
    async def play(writer):
        writer.write(first)
        await writer.drain()
        while not writer.transport.is_closing():
            await asyncio.sleep(0.02)
    return play


def slow(answer, seconds):
    async def play(writer):
        await asyncio.sleep(seconds)
        writer.write(answer)
        await writer.drain()
        play.done = True
    play.keep_open = True
    return play


def in_chunks(parts, content_type="application/json", trailers=b"", seconds=0.03):
    """A 200 whose body comes part by part, so that no two of them, or the end, arrive at once."""
    async def play(writer):
        kind = b"Content-Type: " + content_type.encode() + b"\r\n" if content_type else b""
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + kind + b"\r\n")
        for part in parts:
            await asyncio.sleep(seconds)
            writer.write(b"%x\r\n%s\r\n" % (len(part), part))
            await writer.drain()
        await asyncio.sleep(seconds)
        writer.write(b"0\r\n" + trailers + b"\r\n")
        await writer.drain()
    return play


class Server:
    """HTTP/1.1 on a free port of loopback, in a thread of its own."""

    def __init__(self):
        self.requests = []
        self.early = False  # True: answers without waiting for the body of the request
        self.lock = threading.Lock()
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self.thread.start()
        assert started.wait(10)

    def _run(self, started):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 26, backlog=1024))
        self.port = self.server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()
        self.loop.close()

    def stop(self):
        """Closes the port and all connections. May be called twice."""
        if self.loop.is_running():
            self.loop.call_soon_threadsafe(lambda: self.loop.create_task(self._close()))
            self.thread.join(10)

    async def _close(self):
        self.server.close()
        others = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.loop.stop()

    async def _serve(self, reader, writer):
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.CancelledError, OSError):
            pass
        finally:
            writer.close()

    async def _one(self, reader, writer):
        request = await self._read(reader)
        if request is None:
            return False
        with self.lock:
            self.requests.append(request)
        answer = self.answer(request)
        if callable(answer):
            await answer(writer)
            return getattr(answer, "keep_open", False)
        writer.write(answer)
        await writer.drain()
        return True

    async def _read(self, reader):
        line = await reader.readline()
        if not line:
            return None
        method, path, _ = line.decode("latin-1").split(" ", 2)
        headers = await self._headers(reader)
        body, trailers = b"", {}
        if self.early:
            return Request(method, path, headers, body)
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while size := int((await reader.readline()).split(b";")[0], 16):
                body += await reader.readexactly(size)
                await reader.readline()
            trailers = await self._headers(reader)
        elif "content-length" in headers:
            body = await reader.readexactly(int(headers["content-length"]))
        return Request(method, path, headers, body, trailers.items())

    @staticmethod
    async def _headers(reader):
        headers = {}
        while (line := (await reader.readline()).rstrip(b"\r\n")):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        return headers

    def answer(self, request):
        raise NotImplementedError


EMPLOYEES = {"employees": {"employee": [
    {"id": "1", "firstName": "Robert", "lastName": "Brownforest", "DOB": "18/12/1965", "salary": 1.10},
    {"id": "2", "firstName": "Rip", "lastName": "Van Winkle", "DOB": "18/01/1972", "salary": 2}]}}
SECRETS = (b"Robert", b"Brownforest", b"Van Winkle", b"18/12/1965", b"18/01/1972")
PROTECTED = json.loads(json.dumps(EMPLOYEES))
for _row in PROTECTED["employees"]["employee"]:
    _row.update({"firstName": MASK, "lastName": MASK, "DOB": "01/01/0001"})


class Backend(Server):
    """Answers by path; /employees is always there. An answer may be a function of the request."""

    def __init__(self):
        self.answers = {}
        super().__init__()

    def on(self, path, answer):
        self.answers[path] = answer
        return path

    def answer(self, request):
        answer = self.answers.get(request.path.partition("?")[0])
        if answer is None:
            return reply(body=json.dumps(EMPLOYEES))
        return answer(request) if getattr(answer, "takes_request", False) else answer


def by_request(function):
    function.takes_request = True
    return function


def protect_text(text, kind):
    """What the real one does to the fields of this test data, laid out as it does."""
    if kind == "XML":
        return re.sub(r"(<(firstName|lastName|DOB)>)[^<]*", lambda m: m[1] + MASK, text)
    def walk(value):
        if isinstance(value, dict):
            return {k: (MASK if k in SECRET_FIELDS and isinstance(v, str) and k != "DOB" else
                        "01/01/0001" if k == "DOB" else walk(v)) for k, v in value.items()}
        return [walk(v) for v in value] if isinstance(value, list) else value
    return json.dumps(walk(json.loads(text)), indent=2, ensure_ascii=False)


class Interceptor(Server):
    """Token and data set calls. What is appended to token_faults or dataset_faults is played once
    each, in order; what is set as token_answer or dataset_answer is played always."""

    def __init__(self):
        self.reset_script()
        super().__init__()

    def reset_script(self):
        self.token_faults, self.dataset_faults = [], []
        self.token_answer = self.dataset_answer = None
        self.expires_in = 3600
        self.issued = 0
        self.good_from = 1  # tokens with a lower number are refused with 401

    @property
    def tokens(self):
        with self.lock:
            return [r for r in self.requests if r.path == TOKEN_PATH]

    @property
    def datasets(self):
        with self.lock:
            return [r for r in self.requests if r.path == DATASET_PATH]

    def forget(self):
        with self.lock:
            self.requests.clear()

    def answer(self, request):
        if request.path == TOKEN_PATH:
            if self.token_faults:
                return self.token_faults.pop(0)
            return self.token_answer or self.good_token()
        if request.path == DATASET_PATH:
            if self.dataset_faults:
                return self.dataset_faults.pop(0)
            return self.dataset_answer or self.good_dataset(request)
        return reply(404)

    def good_token(self):
        self.issued += 1
        return reply(body=json.dumps({
            "access_token": f"secret-token-{self.issued}", "expires_in": self.expires_in,
            "token_type": "bearer", "scope": "s", "refresh_token": "r"}))

    def good_dataset(self, request):
        number = int(request.headers["x-resource-token"].rpartition("-")[2])
        if number < self.good_from:
            return reply(401, body='{"error":"invalid_token"}')
        try:
            document = request.json()
            text = protect_text(document["dataSet"], request.headers.get("x-data-set-type", "JSON"))
        except ValueError:
            return reply(400, body='{"error":"malformed_json"}')
        return reply(body=json.dumps({"dataSet": text}, ensure_ascii=False, separators=(",", ":")),
                     headers=[("set-cookie", "lb=1"), ("x-quota-limit", "5")])


def form(request):
    return urllib.parse.parse_qs(request.body.decode(), strict_parsing=True)
