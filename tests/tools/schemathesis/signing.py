"""Signs what schemathesis sends, with the client of the documentation."""

import os
import pathlib
import secrets
import sys
import time

import schemathesis

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "docs" / "auth"))

import client  # noqa: E402
import conditions  # noqa: E402, F401


def sign(request):
    key, secret = os.environ["KEY"], os.environ["SECRET"]
    ts, nonce = str(time.time_ns() // 1_000_000), secrets.token_urlsafe(24)
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else body
    request.headers.update({"X-STARDUST-KEY": key, "X-TS": ts, "X-NONCE": nonce})
    request.headers["X-SIGN"] = client.sign_v2(key, secret, ts, nonce, request.method, request.path_url, body)
    return request


schemathesis.auth.set_from_requests(sign)
