"""A bucket on this machine: as much of S3 as boto3 and s3fs need to keep logs. Objects are files of a folder."""

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


@contextmanager
def bucket(folder: Path) -> Iterator[dict[str, str]]:
    """Serve a folder as S3, its subfolders as buckets.

    Yields:
        The environment variables with which any AWS client finds it.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"root": folder, "uploads": {}}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
            "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
        }
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    root: Path
    uploads: dict[str, dict[int, bytes]]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        pass

    def do_GET(self) -> None:
        if self._file.is_dir():
            self._list()
        else:
            self._object(with_body=True)

    def do_HEAD(self) -> None:
        if self._file.is_dir():
            self._answer(200)
        else:
            self._object(with_body=False)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "aws-chunked":
            self._answer(501)
        elif "uploadId" in self._query:
            self.uploads[self._query["uploadId"]][int(self._query["partNumber"])] = body
            self._answer(200, headers={"ETag": _etag(body)})
        elif self.headers.get("If-None-Match") == "*" and self._file.exists():
            self._answer(412)
        else:
            self._store(body)
            self._answer(200, headers={"ETag": _etag(body)})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "uploads" in self._query:
            number = f"upload-{len(self.uploads) + 1}"
            self.uploads[number] = {}
            self._xml("InitiateMultipartUploadResult", f"<UploadId>{number}</UploadId>")
        elif "uploadId" in self._query:
            parts = self.uploads[self._query["uploadId"]]
            whole = b"".join(parts[number] for number in sorted(parts))
            self._store(whole)
            self._xml("CompleteMultipartUploadResult", f"<ETag>{escape(_etag(whole))}</ETag>")
        elif "delete" in self._query:
            keys = [key.text or "" for key in ElementTree.fromstring(body).iter(f"{{{NAMESPACE}}}Key")]
            for key in keys:
                (self._file / key).unlink(missing_ok=True)
            self._xml("DeleteResult", "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys))
        else:
            self._answer(501)

    def do_DELETE(self) -> None:
        if "uploadId" not in self._query:
            self._file.unlink(missing_ok=True)
        self._answer(204)

    @property
    def _query(self) -> dict[str, str]:
        found = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {key: values[0] for key, values in found.items()}

    @property
    def _file(self) -> Path:
        return self.root / unquote(urlsplit(self.path).path).strip("/")

    def _store(self, body: bytes) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.root, delete=False) as new:  # an object is never seen half written
            new.write(body)
        os.replace(new.name, self._file)

    def _object(self, *, with_body: bool) -> None:
        if not self._file.is_file():
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>" if with_body else b"")
            return
        whole = self._file.read_bytes()
        headers = {"ETag": _etag(whole), "Last-Modified": formatdate(self._file.stat().st_mtime, usegmt=True)}
        wanted = self.headers.get("Range")
        if not wanted:
            self._answer(200, whole, headers=headers, with_body=with_body)
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start = int(first) if first else max(0, len(whole) - int(last))
        end = min(int(last), len(whole) - 1) if first and last else len(whole) - 1
        headers["Content-Range"] = f"bytes {start}-{end}/{len(whole)}"
        self._answer(206, whole[start : end + 1], headers=headers, with_body=with_body)

    def _list(self) -> None:
        prefix, delimiter = self._query.get("prefix", ""), self._query.get("delimiter", "")
        contents, folders = [], set()
        for file in sorted(path for path in self._file.rglob("*") if path.is_file()):
            key = file.relative_to(self._file).as_posix()
            rest = key.removeprefix(prefix)
            if not key.startswith(prefix):
                continue
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.split(delimiter)[0] + delimiter)
                continue
            body = file.read_bytes()
            contents.append(
                f"<Contents><Key>{escape(key)}</Key><LastModified>{_written_at(file)}</LastModified>"
                f"<ETag>{escape(_etag(body))}</ETag><Size>{len(body)}</Size></Contents>"
            )
        common = [f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>" for folder in sorted(folders)]
        self._xml("ListBucketResult", f"<IsTruncated>false</IsTruncated>{''.join(contents)}{''.join(common)}")

    def _xml(self, name: str, inside: str) -> None:
        self._answer(200, f'<{name} xmlns="{NAMESPACE}">{inside}</{name}>'.encode())

    def _answer(
        self, status: int, body: bytes = b"", *, headers: dict[str, str] | None = None, with_body: bool = True
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body and body:
            self.wfile.write(body)


def _written_at(file: Path) -> str:
    # Inspect keeps the newest log of a task and removes the others, so the time has to be the real one.
    return datetime.fromtimestamp(file.stat().st_mtime, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
