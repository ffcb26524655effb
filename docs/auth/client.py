#!/usr/bin/env python3
"""Sends one request, signed by scheme v2 (or v1, for reads). Only the standard library is needed.

    KEY=ak-1001 SECRET=... python3 client.py GET 'http://127.0.0.1:8080/statistics?annotationRequestId=a'
    KEY=ak-1001 SECRET=... python3 client.py PUT http://127.0.0.1:8080/annotation-requests/a '{"campaignId":"1001"}'
    KEY=ak-1001 SECRET=... SCHEME=v1 python3 client.py GET 'http://127.0.0.1:8080/statistics?annotationRequestId=a'

TS and NONCE may be set too; the defaults are the current time and a random text. Prints the status and the body.
"""

import hashlib
import hmac
import os
import secrets
import sys
import time
import urllib.error
import urllib.request


def sign_v1(key, secret, ts):
    return hashlib.md5(f"{ts}&{secret}&{key}".encode()).hexdigest()


def sign_v2(key, secret, ts, nonce, method, target, body):
    path, _, query = target.partition("?")
    query = "&".join(sorted(filter(None, query.split("&")), key=str.encode))
    lines = ["v2", method.upper(), path, query, hashlib.sha256(body).hexdigest(), ts, nonce, key]
    return "v2=" + hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def main(method, url, body=""):
    key, secret, body = os.environ["KEY"], os.environ["SECRET"], body.encode()
    ts = os.environ.get("TS") or str(time.time_ns() // 1_000_000)
    nonce = os.environ.get("NONCE") or secrets.token_urlsafe(24)
    headers = {"X-STARDUST-KEY": key, "X-TS": ts, "Content-Type": "application/json"}
    if os.environ.get("SCHEME") == "v1":
        headers["X-SIGN"] = sign_v1(key, secret, ts)
    else:
        # What comes after the host, exactly as it is sent.
        target = "/" + url.split("://", 1)[1].partition("/")[2]
        headers["X-NONCE"] = nonce
        # Lets the service reject the request without reading the body.
        headers["X-CONTENT-SHA256"] = hashlib.sha256(body).hexdigest()
        headers["X-SIGN"] = sign_v2(key, secret, ts, nonce, method, target, body)
    request = urllib.request.Request(url, data=body or None, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            status, text = response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode()
    print(status)
    print(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
