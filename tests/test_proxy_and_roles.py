"""The proxy of `deploy/nginx` before a real server, and the database's role on a real one."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests
from websockets.sync.client import connect
from websockets.sync.server import Server, ServerConnection, serve

from so24.store.database.engine import Database
from so24.store.database.migrate import upgrade
from so24.transfer.jobs.engine import migrate_engine
from tests.browser.conftest import free_port
from tests.office.test_tls import own_certificate
from tests.postgres import Cluster

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NAME = "so24.example.com"


@contextmanager
def answering() -> Iterator[Server]:
    """A server that says, by web socket, how it was asked."""

    def tell(connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        for name in ("Host", "X-Forwarded-For", "X-Forwarded-Proto"):
            connection.send(",".join(request.headers.get_all(name)))

    with serve(tell, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def proxy(folder: Path, upstream: int) -> Iterator[tuple[int, int]]:
    """nginx with the example's configuration; the ports of http and https."""
    plain, secure = free_port(), free_port()
    certificate = own_certificate(folder)
    text = (DEPLOY / "nginx" / "so24.conf").read_text()
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "listen [::]:80;": "",
        "listen [::]:443 ssl;": "",
        "http://127.0.0.1:8501": f"http://127.0.0.1:{upstream}",
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate),
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(certificate),
        "/var/log/nginx/so24.log": str(folder / "so24.log"),
    }.items():
        assert old in text
        text = text.replace(old, new)
    places = "".join(
        f"{each}_temp_path {folder}/{each};"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        f"events {{}} http {{ {places} access_log off;\n{text} }}"
    )
    assert NGINX is not None
    command = [NGINX, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command)
    try:
        yield plain, secure
    finally:
        process.terminate()
        process.wait()


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx)")
def test_the_proxy_speaks_https_only_and_passes_web_sockets_on(tmp_path: Path) -> None:
    with answering() as server, proxy(tmp_path, server.socket.getsockname()[1]) as (plain, secure):
        trusted = str(tmp_path / "own.pem")
        sent_on = get(f"http://127.0.0.1:{plain}/invoices?run=7")
        assert (sent_on.status_code, sent_on.headers["Location"]) == (
            301,
            "https://127.0.0.1/invoices?run=7",
        )
        address = f"https://127.0.0.1:{secure}"
        session = "5f0c"
        answer = requests.put(
            f"{address}/_stcore/upload_file/{session}/1", data=b"x", verify=trusted, timeout=5
        )
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        large = requests.post(address, data=bytes(22 * 2**20), verify=trusted, timeout=5)
        assert large.status_code == 413
        context = ssl.create_default_context(cafile=trusted)
        headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"}
        uri = f"wss://127.0.0.1:{secure}/_stcore/stream"
        with connect(uri, ssl=context, additional_headers=headers) as socket:
            told = [socket.recv() for _ in range(3)]
        assert told == [f"127.0.0.1:{secure}", "127.0.0.1", "https"]
    log = (tmp_path / "so24.log").read_text()
    assert "/_stcore/upload_file/***" in log
    assert session not in log


def get(address: str) -> requests.Response:
    """What is answered, once the proxy listens."""
    http = requests.Session()
    patient = requests.adapters.HTTPAdapter(
        max_retries=requests.adapters.Retry(connect=20, backoff_factor=0.05)
    )
    http.mount("http://", patient)
    return http.get(address, allow_redirects=False, timeout=5)


def test_the_databases_role_is_no_superuser_and_has_all_that_so24_needs(
    cluster: Cluster, tmp_path: Path
) -> None:
    owner = cluster.create_database(migrated=False)
    with psycopg.connect(owner.replace("+psycopg", ""), autocommit=True) as connection:
        name = connection.info.user
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(cluster.port)}
        given = {"POSTGRES_USER": name, "POSTGRES_PASSWORD": "it's a secret"}
        # the superuser of this cluster has the role's usual name
        script = (DEPLOY / "postgres" / "10-so24.sh").read_text().replace("E so24", "E so24app")
        script = script.replace("OWNER so24", "OWNER so24app")
        subprocess.run(["/bin/sh", "-c", script], env={**os.environ, **place, **given}, check=True)
        url = f"postgresql+psycopg://so24app@127.0.0.1:{cluster.port}/so24app"
        try:
            upgrade(url, tmp_path)
            migrate_engine(url)
            with psycopg.connect(url.replace("+psycopg", "")) as own:
                role = own.execute(
                    "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles"
                    " WHERE rolname = current_user"
                ).fetchone()
                assert role == (False, False, False)
            Database(url).dispose()
        finally:
            connection.execute("DROP DATABASE so24app")
            connection.execute("DROP ROLE so24app")
    cluster.drop_database(owner)
