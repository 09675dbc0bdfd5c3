"""Publishes to an S3 bucket, through s3fs."""

from __future__ import annotations

import errno
import posixpath
import shutil
from typing import TYPE_CHECKING, Any

from audiobook.messages import message
from audiobook.podcast.targets.content import BLOCK
from audiobook.podcast.targets.remote import TIMEOUT, RemoteTarget, secrets_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.podcast.targets.content import Content

_FOR_EVER, _REVALIDATE = "public, max-age=31536000, immutable", "no-cache"
# Files up to this size are sent at once, larger ones in parts of it (S3 takes 10,000), in bytes.
_AT_ONCE = 1 << 24


class S3Target(RemoteTarget):
    """An S3 bucket: a file gets its name when all of it has arrived."""

    remedy = message(
        "check that the bucket exists and that you may write to it; {hint}", hint=secrets_hint()
    )

    def __init__(self, address: str) -> None:
        super().__init__(address)
        from botocore.exceptions import BotoCoreError, NoCredentialsError

        self.failures, self.permanent_failures = (
            (BotoCoreError,),
            (NoCredentialsError, FileNotFoundError),
        )

    def connect(self) -> Any:
        """Return the file system of the bucket; its credentials are those of the AWS tools."""
        from s3fs import S3FileSystem

        config = {"connect_timeout": TIMEOUT, "read_timeout": TIMEOUT}
        return S3FileSystem(
            config_kwargs=config, use_listings_cache=False, skip_instance_cache=True
        )

    def remote_path(self, path: str) -> str:
        """Return the bucket and the key of a file of the site."""
        return posixpath.join(self.host, self.root.strip("/"), path).rstrip("/")

    def fetch(self, connection: Any, name: str) -> bytes:
        """Return the content of a file, by one request."""
        data: bytes = connection.cat_file(name)
        return data

    def list_files(self, connection: Any) -> Iterator[tuple[str, int]]:
        """Yield all keys below the prefix, by one request for a thousand of them."""
        entries = connection.find(self.remote_path(""), detail=True)
        yield from ((name, info["size"]) for name, info in entries.items())

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
        for upload in answer.get("Uploads", ()):
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
