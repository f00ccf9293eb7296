"""A PostgreSQL server of the tests' own: on loopback, in a folder of its own, gone afterwards."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from service import wait_until

PASSWORD = "s3cret%40of/the.store"  # as a URL has it once '/' is written %2F
USER = "interceptor"
START_DEADLINE_S = 60


def programs():
    """Debian keeps them beside the version, out of the PATH."""
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    found = shutil.which("initdb")
    assert folders or found, "PostgreSQL is not installed: make deps"
    return folders[-1] if folders else pathlib.Path(found).resolve().parent


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Postgres:
    def __init__(self, **settings):
        self.bin = programs()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="token-store-"))
        self.data = self.folder / "data"
        self.port = free_port()
        self.process = None
        self.databases = 0
        # It refuses to run as root.
        self.identity = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.settings = {"listen_addresses": "127.0.0.1", "port": self.port,
                         "unix_socket_directories": str(self.folder), "max_connections": 40,
                         "shared_buffers": "16MB", "log_statement": "all"} | settings
        self.take(self.folder)
        password = self.write("password", self.password())
        self.run("initdb", "-D", self.data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}",
                 "-E", "UTF8", "--locale=C", "--no-sync")

    # ---- files ----

    def take(self, path):
        if self.identity:
            shutil.chown(path, "postgres", "postgres")

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        self.take(path)
        return path

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    # ---- the server ----

    def run(self, program, *words, **kwargs):
        return subprocess.run([str(self.bin / program), *map(str, words)], check=True, timeout=60, text=True,
                              capture_output=True, cwd=self.folder, **self.identity, **kwargs)

    def start(self):
        flags = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([str(self.bin / "postgres"), "-D", str(self.data), *flags],
                                            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            **self.identity)
        wait_until(self.answers, START_DEADLINE_S, "PostgreSQL")
        return self

    def answers(self):
        assert self.process.poll() is None, self.log()[-3000:]
        return subprocess.run([str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                              timeout=20).returncode == 0

    def send_signal(self, number):
        """To the server and all its processes, each of which leads a group of its own."""
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], text=True,
                                  capture_output=True, timeout=20).stdout.split()
        for pid in (self.process.pid, *map(int, children)):
            os.kill(pid, number)

    def stop(self, number=signal.SIGINT):
        """SIGINT ends its sessions, SIGQUIT ends it as a crash does."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(30)

    def close(self):
        if self.process and self.process.poll() is None:
            self.send_signal(signal.SIGCONT)
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    # ---- databases ----

    @staticmethod
    def password():
        return PASSWORD.replace("%40", "@")

    def url(self, database, user=USER, password=PASSWORD.replace("/", "%2F"), query="sslmode=disable"):
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}?{query}"

    def sql(self, text, database="postgres"):
        """What psql prints, without frills."""
        flags = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-p", str(self.port)]
        env = os.environ | {"PGPASSWORD": self.password()}
        return self.run("psql", *flags, "-U", USER, "-d", database, "-c", text, env=env).stdout.strip()

    def new_database(self):
        self.databases += 1
        name = f"store{self.databases}"
        self.sql(f"CREATE DATABASE {name}")
        return name
