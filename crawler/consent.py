"""Lines in which a site asks for consent: to its cookies, and to what it and its partners do with personal data.

They stand in the page itself on many sites, hidden until a script shows them. The words for partners and data are those
of IAB Europe's Transparency and Consent Framework.
"""

from __future__ import annotations

import re

from crawler.text import holds_any

#: What a site says of its cookies, in its own name; and what it goes on about, without which it may be a baker's.
_COOKIES = re.compile(
    r"^\W*(?:(?:(?:on|auf|sur|en|em|in|op|su)?\s?(?:this|our|diese[rs]?|unsere[rs]?|ce|cette|notre|este|esta|"
    r"nuestr[oa]|nosso|questo|nostro|deze|onze)\s[\w-]*(?:site|seite|sitio|sito|page|web|página|portal)\b|(?:we|wir|"
    r"nous|wij|vi)\b)"
    r"[^.!?]{0,80}\b(?:use[sd]?|using|store|place|set|verwend\w*|nutz\w*|setz\w*|speicher\w*|utilis\w*|utiliz\w*|usa|"
    r"gebruik\w*|plaats\w*|bru[gk]er|använder)\b|(?:utilizamos|usamos|utilizziamo|usiamo)\b)[^.!?]{0,80}\bcookie",
)
#: The same where a line that opens so can be of nothing else.
_COOKIES_ELSEWHERE = re.compile(
    r"^\W*(?:"
    r"(?:мы|(?:наш|этот)\s+сайт|на\s+сайте|сайт)\s[^.!?]{0,60}использу[^.!?]{0,40}(?:cookie|куки)|"
    r"(?:ми|наш\s+сайт|цей\s+сайт|сайт)\s[^.!?]{0,60}використову[^.!?]{0,40}(?:cookie|куки)|"
    r"(?:този\s+сайт|ние|сайтът|нашият\s+сайт)\s[^.!?]{0,60}използва[^.!?]{0,40}(?:бисквитк|cookie)|"
    r"(?:(?:nasz[ae]?|t[ae]n?)\s+)?(?:serwis|stron[ay]|witryna|portal)\s[^.!?]{0,60}(?:używa|korzysta|wykorzystuje)"
    r"[^.!?]{0,40}(?:cookie|ciastecz)|"
    r"(?:tento|naše|tyto|tato|táto|naša)\s+(?:web|stránk|portál)[^.!?]{0,60}(?:použív|využív)[^.!?]{0,40}cookie|"
    r"(?:(?:ez\s+)?az?\s+)?(?:weboldal|honlap|oldal|portál)[^.!?]{0,80}(?:süti|cookie)|"
    r"(?:(?:web\s+)?sitemiz|bu\s+(?:web\s+)?site)[^.!?]{0,80}(?:çerez|cookie)|"
    r"(?:χρησιμοποιούμε|(?:ο\s+)?ιστότοπος|(?:η\s+)?ιστοσελίδα)[^.!?]{0,80}cookie|"
    r"(?:acest\s+site|folosim|utilizăm)\s[^.!?]{0,60}cookie|"
    r"(?:käytämme|(?:tämä\s+)?sivusto)\s[^.!?]{0,60}eväste|"
    r"(?:kami|situs\s+ini|laman\s+ini)\s[^.!?]{0,40}(?:menggunakan|guna)[^.!?]{0,40}(?:cookie|kuki)|"
    r"(?:chúng\s+tôi|trang\s+web\s+này|website\s+này)\s[^.!?]{0,60}cookie|"
    r"(?:نستخدم|يستخدم(?:\s+هذا)?\s+الموقع|موقعنا)[^.!?]{0,80}(?:الارتباط|كوكيز)|"
    r"(?:אתר\s+זה|האתר|אנו|אנחנו)\s[^.!?]{0,60}(?:עוגיות|cookie)|"
    r"हम\s[^।]{0,80}कुकी|(?:เว็บไซต์|เรา)[^.]{0,40}คุกกี้|"
    r"(?:当|この|本)?(?:サイト|ウェブサイト|ホームページ)[^。]{0,20}(?:cookie|クッキー)[^。]{0,20}(?:使用|利用)|"
    r"(?:(?:이|본|저희)\s)?(?:웹\s?)?(?:사이트|홈페이지)[^.]{0,30}쿠키[^.]{0,12}사용|"
    r"(?:本|我们|我們)[^。]{0,20}(?:使用|採用)[^。]{0,10}cookie"
    r")",
)
_COOKIE_WORDS = (
    "ookie", "куки", "бисквитк", "ciastecz", "süti", "çerez", "eväste", "kuki", "الارتباط", "كوكيز", "עוגיות", "कुकी",
    "クッキー", "쿠키", "คุกกี้",
)  # fmt: skip
_COOKIES_FOR = (
    "browser", "partner", "data", "daten", "données", "datos", "dati", "dados", "gegevens", "privacy", "site", "seite",
    "sitio", "sito", "experience", "erleb", "expérience", "experiencia", "experiência", "esperienza", "consent",
    "device",
)  # fmt: skip
#: "We and our 842 partners …", "With your permission, we and our partners …", and what such a notice goes on with.
_PARTNERS = re.compile(
    r"^\W*(?:[^,.!?]{3,60},?\s)?(?:"
    r"we and (?:our|up to)|wir und (?:unsere|bis zu)|nous et nos|nosotros y (?:nuestros|hasta)|nós e (?:os )?nossos|"
    r"noi e (?:i )?(?:nostri|\d+)|wij en onze|my i nasi|vi och våra|vi og (?:våre|vores)|me ja|my a naši|"
    r"mi és (?:a )?|noi și|mi i naši|εμείς και οι|мы и наши|ми та наші|ние и нашите|biz ve|kami dan"
    r")\s?(?:\d[\d.,]*\s)?[\w ]{0,20}(?:partne|partener|vendor|anbieter|dienstleister|partenaire|fournisseur|socio|"
    r"proveedor|parceiro|fornecedor|fornitor|leverantör|leverandør|samarbejd|samarbeid|kumppan|συνεργάτ|партн|"
    r"доставчи|ortak|mitra)"
)
_DATA = (
    "data", "device", "daten", "gerät", "donnée", "terminal", "appareil", "datos", "dispositiv", "dispozitiv", "dados",
    "dati", "gegevens",
    "apparaat", "dane", "danych", "urządzeni", "enhet", "uppgifter", "oplysninger", "opplysninger", "tieto", "laite",
    "údaj",
    "zařízení", "zariaden", "adat", "eszköz", "podat", "uređaj", "δεδομέν", "συσκευ", "данн", "устройств", "пристро",
    "veri",
    "cihaz",
)  # fmt: skip
_FURTHER = re.compile(
    r"^\W*(?:you may click to consent\b|please note that some processing of your personal data|your (?:preferences|"
    r"choices|settings) (?:will )?(?:only )?apply to this (?:web)?site|some of (?:the|your) data (?:processing|"
    r"may be processed)|by clicking (?:on )?\W?(?:i )?(?:accept|agree|consent|allow|ok\b)|"
    r"durch (?:das )?klick\w* (?:auf|"
    r"von) [^.!?]{0,40}(?:akzept|"
    r"zustimm)|indem sie [^.!?]{0,40}(?:akzept|zustimm)|en cliquant sur [^.!?]{0,40}accept|"
    r"al hacer clic en [^.!?]{0,40}acept|"
    r"ao clicar em [^.!?]{0,40}aceit|cliccando su [^.!?]{0,40}accett|door op [^.!?]{0,40}te klikken|"
    r"(?:we|wir|nous) (?:value|care about|respect|schätzen|respectons) (?:your|ihre|votre) (?:privacy|privatsphäre|"
    r"vie privée)|we use technology on our (?:web)?site to collect)"
)
#: One of these is in whatever _PARTNERS and _FURTHER find, and in few lines.
_PARTNER_WORDS = (
    "artne", "artenaires", "artener", "endors", "nbieter", "ienstleister", "ournisseur", "socios", "roveedor",
    "arceiros", "ornecedor",
    "ornitor", "everant", "everand", "samarb", "umppan", "υνεργάτ", "партн", "доставч", "rtaklar", "mitra",
)  # fmt: skip
_FURTHER_WORDS = (
    "onsent", "rivacy", "rivatsph", "vie privée", "personal data", "personal information", "ccept", "kzept", "ustimm",
    "cepta", "ceita", "ccett", "klikken", "references", "hoices", "agree",
)  # fmt: skip


def is_asked(paragraph: str) -> bool:
    """Whether a paragraph is a part of such a notice."""
    if holds_any(paragraph, _COOKIE_WORDS) and _is_of_cookies(paragraph.lower()):
        return True
    if holds_any(paragraph, _PARTNER_WORDS) and _is_of_partners(paragraph.lower()):
        return True
    return holds_any(paragraph, _FURTHER_WORDS) and _FURTHER.match(paragraph.lower()) is not None


def _is_of_cookies(line: str) -> bool:
    if _COOKIES_ELSEWHERE.match(line):
        return True
    return _COOKIES.match(line) is not None and holds_any(line, _COOKIES_FOR)


def _is_of_partners(line: str) -> bool:
    return _PARTNERS.match(line) is not None and holds_any(line, _DATA)
