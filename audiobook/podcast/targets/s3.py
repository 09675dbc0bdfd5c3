"""Publishes to an S3 bucket, through s3fs."""

from __future__ import annotations

import errno
import posixpath
import shutil
from typing import TYPE_CHECKING, Any

from audiobook.messages import message
from audiobook.podcast.targets import failing
from audiobook.podcast.targets.content import BLOCK
from audiobook.podcast.targets.remote import TIMEOUT, RemoteTarget, secrets_hint
from audiobook.podcast.targets.s3_answers import TooLongError, bounded_session, read_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.podcast.targets.content import Content

_FOR_EVER, _REVALIDATE = "public, max-age=31536000, immutable", "no-cache"
# Files up to this size are sent at once, larger ones in parts of it (S3 takes 10,000), in bytes.
_AT_ONCE = 1 << 24
# Pages of a listing, of a thousand names usually; and unfinished uploads of one, as S3 lists them.
_MOST_PAGES, _MOST_UNFINISHED = 10_000, 1_000
# What the library raises where an answer lacks what S3 writes.
_WRONG_ANSWERS = (KeyError, ValueError)


class S3Target(RemoteTarget):
    """An S3 bucket: a file gets its name when all of it has arrived."""

    remedy = message(
        "check that the bucket exists and that you may write to it; {hint}", hint=secrets_hint()
    )

    def __init__(self, address: str) -> None:
        super().__init__(address)
        from aiohttp import ClientError
        from botocore.exceptions import BotoCoreError, NoCredentialsError

        self.failures, self.permanent_failures = (
            (BotoCoreError, ClientError, *_WRONG_ANSWERS),
            (NoCredentialsError, FileNotFoundError, TooLongError),
        )

    def connect(self) -> Any:
        """Return the file system of the bucket; its credentials are those of the AWS tools."""
        from s3fs import S3FileSystem

        config = {
            "connect_timeout": TIMEOUT,
            "read_timeout": TIMEOUT,
            "http_session_cls": bounded_session(),
        }
        return S3FileSystem(
            config_kwargs=config, use_listings_cache=False, skip_instance_cache=True
        )

    def remote_path(self, path: str) -> str:
        """Return the bucket and the key of a file of the site."""
        return posixpath.join(self.host, self.root.strip("/"), path).rstrip("/")

    def fetch(self, connection: Any, name: str) -> bytes:
        """Return the content of a file, by one request; an answer that is too long breaks off."""
        from fsspec.asyn import sync

        bucket, key, _ = connection.split_path(name)
        answer = connection.call_s3("get_object", Bucket=bucket, Key=key)
        data: bytes = sync(connection.loop, read_body, answer["Body"])
        return data

    def list_files(self, connection: Any) -> Iterator[tuple[str, int]]:
        """Yield all keys below the prefix, by one request for a thousand of them."""
        bucket, prefix, _ = connection.split_path(self.remote_path(""))
        wanted = {"Bucket": bucket, "Prefix": f"{prefix}/" if prefix else ""}
        for _ in range(_MOST_PAGES):
            page = connection.call_s3("list_objects_v2", **wanted)
            for entry in page.get("Contents", ()):
                yield f"{bucket}/{entry['Key']}", entry["Size"]
            if not page.get("IsTruncated"):
                return
            wanted["ContinuationToken"] = page["NextContinuationToken"]
        raise failing.TooManyFilesError

    def upload(self, connection: Any, content: Content, name: str) -> None:
        """Send a file, with its type and how long it may be cached."""
        cache_control = _FOR_EVER if content.file.immutable else _REVALIDATE
        headers = {"ContentType": content.file.type, "CacheControl": cache_control}
        if content.file.size <= _AT_ONCE:
            data = content.read()
            content.check()
            connection.pipe_file(name, data, **headers)
            return
        # In parts, which become the file only once they are put together.
        sent = connection.open(name, "wb", block_size=_AT_ONCE, autocommit=False, **headers)
        try:
            with sent:
                shutil.copyfileobj(content, sent, BLOCK)
            content.check()
        except BaseException:
            sent.discard()
            raise
        sent.commit()

    def forget_unfinished(self, connection: Any) -> None:
        """Abort uploads in parts that a killed process began: a bucket keeps and bills them.

        Only books are so large; other uploads to the bucket are not ours.
        """
        bucket, prefix, _ = connection.split_path(self.remote_path("books"))
        try:
            answer = connection.call_s3(
                "list_multipart_uploads", Bucket=bucket, Prefix=f"{prefix}/"
            )
        except OSError as problem:
            if isinstance(problem, PermissionError) or problem.errno == errno.ENOSYS:
                return  # not every key may list them, and not every service knows them
            raise
        for upload in answer.get("Uploads", [])[:_MOST_UNFINISHED]:
            connection.call_s3(
                "abort_multipart_upload",
                Bucket=bucket,
                Key=upload["Key"],
                UploadId=upload["UploadId"],
            )

    def create(self, connection: Any, data: bytes, name: str) -> None:
        """Create a file that does not exist yet, by a conditional write."""
        bucket, key, _ = connection.split_path(name)
        try:
            connection.call_s3("put_object", Bucket=bucket, Key=key, Body=data, IfNoneMatch="*")
        except OSError as problem:
            code = getattr(problem.__cause__, "response", {}).get("Error", {}).get("Code", "")
            if code in ("PreconditionFailed", "ConditionalRequestConflict"):
                raise FileExistsError(name) from problem
            if code == "NotImplemented":
                raise NotImplementedError(name) from problem
            raise
