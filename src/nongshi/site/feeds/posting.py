"""One signed request to another program: to a looked-at address, no redirects, an answer within ten seconds."""

import asyncio
import time
from dataclasses import dataclass

import httpx

import nongshi
from nongshi.site.feeds import guard, signing
from nongshi.site.feeds.assumptions import ANSWER_S

READ_MAX = 2_000  # bytes of the answer that are looked at, for the list of deliveries


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try."""

    status: int | None = None  # None: no answer
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def for_good(self) -> bool:
        """Whether the receiver wants nothing more ever: 410."""
        return self.status == 410


def post(url: str, secret: str, message_id: str, body: bytes, resolve: guard.Resolve | None = None) -> Answer:
    """Post a body, signed; whatever goes wrong is told in the answer."""
    try:
        target = guard.find_target(url, resolve)
    except guard.Unsafe as fault:
        return Answer(error=str(fault)[:200])
    try:
        return asyncio.run(_post(target, secret, message_id, body))
    except TimeoutError:
        return Answer(error=f"no answer within {ANSWER_S} s")
    except httpx.HTTPError as fault:
        return Answer(error=f"{type(fault).__name__}: {fault}"[:200])


async def _post(target: guard.Target, secret: str, message_id: str, body: bytes) -> Answer:
    """The address is dialled by number; Host and certificate go by the name."""
    sent = signing.headers(secret, message_id, int(time.time()), body) | {
        "Host": target.host_header,
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",  # the answer is shown as it comes
        "User-Agent": f"Nongshi/{nongshi.__version__}",
    }
    async with (
        asyncio.timeout(ANSWER_S),
        httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=ANSWER_S) as client,
    ):
        request = client.build_request("POST", target.pinned, content=body, headers=sent)
        request.extensions["sni_hostname"] = target.host
        answer = await client.send(request, stream=True)
        try:
            words = await _beginning(answer)
        finally:
            await answer.aclose()
    if 200 <= answer.status_code < 300:
        return Answer(answer.status_code)
    if answer.is_redirect:
        words = "redirects are not followed; give the address where it leads"
    return Answer(answer.status_code, words[:200])


async def _beginning(answer: httpx.Response) -> str:
    if not answer.headers.get("Content-Type", "text/plain").startswith(("text/plain", "application/")):
        return ""  # a page of somebody's web server says nothing to whoever reads the list
    found = b""
    async for part in answer.aiter_raw():
        found += part
        if len(found) >= READ_MAX:
            break
    text = found[:READ_MAX].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() and c != "\ufffd" else " " for c in text).split())
