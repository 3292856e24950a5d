"""A bot wall is told from a plain refusal, and from a page that speaks of one."""

from __future__ import annotations

import pytest

from crawler import walls

PLAIN = b"<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1></body></html>"
CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies "
    b"to continue</noscript><script>window._cf_chl_opt={cvId:'3'}</script></body></html>"
)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (403, {}, CHALLENGE),
        (503, {}, CHALLENGE),
        (429, {}, CHALLENGE),
        (200, {}, CHALLENGE),
        (403, {"cf-mitigated": "challenge"}, b""),
        (202, {"x-amzn-waf-action": "challenge"}, b""),
        (403, {}, b"<html><script src='https://ct.captcha-delivery.com/c.js'></script></html>"),
        (200, {}, b"<html><iframe src='/_Incapsula_Resource?CWUDNSAI=9'></iframe></html>"),
        (403, {}, b"<html><h1>Please verify you are a human</h1></html>"),
        (405, {}, b"<html><h1>Pardon Our Interruption</h1></html>"),
    ],
)
def test_a_challenge_is_a_wall(status: int, headers: dict[str, str], body: bytes) -> None:
    assert walls.is_wall(status, headers, body)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (403, {}, PLAIN),
        (403, {}, b""),
        (403, {"server": "cloudflare"}, PLAIN),
        (404, {}, CHALLENGE),
        (200, {}, PLAIN),
        (200, {}, b"<html><p>" + b"A long page on how a captcha works: are you a robot? " * 500 + b"</p></html>"),
        (200, {}, b"<html><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><p>News</p></html>"),
        (503, {}, b"are you a robot"),
    ],
)
def test_what_is_no_challenge_is_none(status: int, headers: dict[str, str], body: bytes) -> None:
    assert not walls.is_wall(status, headers, body)
