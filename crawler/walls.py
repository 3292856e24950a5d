"""An HTTP answer -> whether it is a bot wall: a page that wants a browser, a captcha or a cookie, in the place of what
was asked for. Told by what the makers of such walls put there, not by a site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: So much of a body is looked at: challenge pages are short, or say so in their head.
MAX_BYTES = 65_536

# Headers that a challenge carries and nothing else does: name -> values.
# https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
# https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-actions.html
_HEADERS = {
    "cf-mitigated": re.compile("challenge"),
    "x-amzn-waf-action": re.compile("captcha|challenge"),
}
# What their pages load or define. Cloudflare's challenge-platform script is not among it: ordinary pages have it too.
_MARKUP = re.compile(
    rb"_cf_chl_opt|cf-browser-verification|cf-error-details|_Incapsula_Resource|captcha-delivery\.com|px-captcha|"
    rb"AwsWafIntegration|awsWafCookieDomainList|/\.well-known/ddos-guard/|sucuri_cloudproxy|errors\.edgesuite\.net|"
    rb"g-recaptcha|h-captcha|hcaptcha\.com|cf-turnstile|/_sec/cp_challenge",
    re.IGNORECASE,
)
# And what they tell a person.
_WORDS = re.compile(
    rb"just a moment|checking (?:your browser|if the site connection is secure)|verif(?:y|ying) (?:that )?you are "
    rb"(?:a )?human|are you a (?:human|robot)|not a robot|enable javascript and cookies|pardon our interruption|"
    rb"unusual traffic|attention required!|bot (?:detection|protection)|ddos protection by|complete the captcha|"
    rb"solve (?:the|this) captcha|automated (?:access|requests)",
    re.IGNORECASE,
)
#: With these a server turns somebody away; 202 is AWS's for a challenge.
_STATUSES = frozenset({202, 401, 403, 405, 406, 418, 429, 503})
_SHORT = 20_000  # bytes of a page of status 200 that is nothing but a wall; articles quote captchas too


def is_wall(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the answer asks who is there. Header names in lower case; `body` decompressed.

    Of a page of status 200, one that is short and whose words or markup say so: for what should have been a feed.
    """
    if any(pattern.search(headers.get(name, "").lower()) for name, pattern in _HEADERS.items()):
        return True
    head = body[:MAX_BYTES]
    if b"<" not in head:
        return False
    if status in _STATUSES or (status == 200 and len(body) < _SHORT):
        return bool(_MARKUP.search(head) or _WORDS.search(head))
    return False
