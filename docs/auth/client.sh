#!/bin/sh
# Sends one request, signed by scheme v2 (or v1, for reads). Needs curl and openssl.
#
#     KEY=ak-1001 SECRET=... sh client.sh GET 'http://127.0.0.1:8080/statistics?annotationRequestId=a'
#     KEY=ak-1001 SECRET=... sh client.sh PUT http://127.0.0.1:8080/annotation-requests/a '{"campaignId":"1001"}'
#     KEY=ak-1001 SECRET=... SCHEME=v1 sh client.sh GET 'http://127.0.0.1:8080/statistics?annotationRequestId=a'
#
# TS and NONCE may be set too; the defaults are the current time and a random text. Prints the status and the body. Users
# who may list the processes of this machine see the secret while openssl runs: use another client on shared machines.
set -eu

method=$1 url=$2 body=${3-}
ts=${TS:-$(date +%s)000}
nonce=${NONCE:-$(openssl rand -hex 16)}
hash=

digest() { openssl dgst "$@" | sed 's/.*= *//'; }

if [ "${SCHEME-}" = v1 ]; then
    sign=$(printf '%s&%s&%s' "$ts" "$SECRET" "$KEY" | digest -md5)
else
    # What comes after the host, exactly as it is sent.
    target=/$(printf '%s' "$url" | sed 's|^[a-z]*://[^/]*/||')
    path=${target%%\?*}
    query=
    case $target in *\?*) query=${target#*\?} ;; esac
    query=$(printf '%s' "$query" | tr '&' '\n' | sed '/^$/d' | LC_ALL=C sort | paste -sd '&' -)
    hash=$(printf '%s' "$body" | digest -sha256)
    upper=$(printf '%s' "$method" | tr '[:lower:]' '[:upper:]')
    sign=v2=$(printf 'v2\n%s\n%s\n%s\n%s\n%s\n%s\n%s' "$upper" "$path" "$query" "$hash" "$ts" "$nonce" "$KEY" |
        digest -sha256 -hmac "$SECRET")
fi

set -- --silent --show-error --globoff --path-as-is --max-time 30 --request "$method" \
    --header "X-STARDUST-KEY: $KEY" --header "X-TS: $ts" --header "X-NONCE: $nonce" --header "X-SIGN: $sign"
# Lets the service reject the request without reading the body.
if [ -n "$hash" ]; then
    set -- "$@" --header "X-CONTENT-SHA256: $hash"
fi
if [ -n "$body" ]; then
    set -- "$@" --header 'Content-Type: application/json' --data-binary "$body"
fi
response=$(curl "$@" --write-out '\n%{http_code}' "$url")
printf '%s\n%s\n' "$(printf '%s' "$response" | tail -n 1)" "$(printf '%s' "$response" | sed '$d')"
