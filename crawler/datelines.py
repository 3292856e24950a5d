"""A paragraph -> its dateline and the text after it.

A dateline is place, date and agency, in that order or another, some of them missing, and a dash, at the very beginning:
"MOSCOW (AFP) — ", "LAGOS, July 15 —", "(ANSA) - ROMA, 03 MAR - ", "МОСКВА, 3 марта. /ТАСС/. ", "新华社北京4月24日电",
"(서울=연합뉴스) … 기자 = ". To take prose for a dateline loses words of the article; to miss one leaves it where the
paper printed it. So without an agency's name a place counts only with a date, in capitals, or from a list.
"""

from __future__ import annotations

import re

from crawler import scripts
from crawler.phrases import in_line, is_month
from crawler.wires import NARROW, mentions, pieces

LONGEST_DATELINE = 120  #: characters


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _names(text: str) -> frozenset[str]:
    return frozenset(re.split(r"\s*,\s*", text.strip()))


# A dash that ends a dateline: long dashes anywhere, a hyphen only beside a space, a colon; "(EFE).-" and "(ANSA) -".
_DASH = r"(?:\s*\.?\s*(?:[—–―‒]+|--+|[-−]+(?=\s)|(?<=[\s.)])[-−]+)\s*)"
_END = rf"(?:{_DASH}|\s*[:：]\s*|\s*\.\s+|[।]\s*)"
_PARENTHESES = (
    r"(?:[(（]\s*(?P<within>[^()（）]{1,50}?)\s*[)）]"
    r"|\[\s*(?P<within2>[^\[\]]{1,50}?)\s*\]"
    r"|/\s*(?P<within3>[^/]{1,40}?)\s*/)"
)

#: ANI names the country in brackets: "New Delhi [India], July 14 (ANI): ".
_COUNTRY = r"(?:[^()（）\[\]]{2,40}\[[^\W\d][^()（）\[\]]{1,25}\],?)?"
_PLACE_AND_AGENCY = re.compile(rf"(?P<place>{_COUNTRY}[^()（）\[\]]{{0,75}}?)\s*{_PARENTHESES}(?P<dash>{_END})?")
_PLACE_AFTER = re.compile(rf"(?P<place>[^()\[\]—–]{{2,45}}?)(?P<dash>{_DASH})")
_BRACKETS = re.compile(
    r"(?P<all>(?:【(?P<a>[^【】]{1,40})】|[(（\[［](?P<b>[^()（）\[\]［］]{1,40})[)）\]］])"
    r"(?:\s*(?:[^\s=＝]{1,12}\s+){1,4}(?:=|＝))?)\s*(?:=|＝)?\s*"
)
_EASTERN = re.compile(f"[{scripts.EASTERN}]")
_CABLE = re.compile(
    r"(?P<all>[(（【]?据?(?P<text>[^，。、,()（）【】\n]{2,40}?)(?:电|電|讯|訊)[)）】]?)\s*[:：]?\s*(?=\S)"
)
_AFTER_AGENCY = re.compile(rf"(?P<suffix>\.RU|/[a-z]{{2,4}}|)(?:{_DASH}|\s*[:։]\s+|\.\s+)")
_NO_AGENCY = re.compile(rf"(?P<place>[^()\[\]—–:：]{{3,60}}?)(?P<dash>{_DASH}|:\s+)")

_DAYS = _words(
    """
    mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday montag dienstag
    mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes
    miércoles jueves viernes sábado domingo hétfő kedd szerda csütörtök péntek szombat vasárnap st nd rd th de
    of di
    """
)
_SMALL = _words(
    """
    de la le les del della der den von am an an der aan den el al of the on upon sur auf do da dos i y and und
    et
    """
)

# Headings in capitals before a dash that are no places.
_HEADINGS = _words(
    """
    update updated breaking live watch video audio photos photo exclusive opinion analysis editorial review
    comment column explainer explained interview profile feature features news sport sports note notes warning
    correction clarification recap preview report quiz podcast gallery listen read related timeline factbox fact
    check summary background advertisement sponsored urgent alert developing spoiler obituary letter letters
    poll question answer eilmeldung meinung kommentar analyse vidéo directo última hora opinión análisis
    reportage enquête entretien covid brexit nato unesco unicef
    """
)
# Places that stand in datelines without a country; enough to tell "OSLO — " and "Berlin – " from other words.
_PLACES = _names(
    """
    abidjan, abu dhabi, abuja, accra, addis ababa, aden, alger, algiers, almaty, amman, amsterdam, ankara,
    astana, athen, athens, atlanta, auckland, bagdad, baghdad, baku, bamako, bangalore, bangkok, barcelona,
    basel, beijing, beirut, belfast, belgrad, belgrade, bengaluru, benghazi, berlin, bern, berne, beyrouth,
    bogota, bogotá, bonn, boston, brasilia, brasília, bratislava, brussel, brussels, bruxelles, brüssel,
    bucharest, budapest, buenos aires, cairo, canberra, cape town, caracas, chennai, chicago, colombo, conakry,
    copenhagen, dakar, dallas, damas, damascus, damaskus, delhi, den haag, denver, dhaka, doha, dubai, dublin,
    düsseldorf, edinburgh, frankfurt, freetown, gaza, gaza city, geneva, genf, genève, ginebra, glasgow,
    guatemala city, hamburg, hanoi, harare, havana, helsinki, hong kong, houston, hyderabad, islamabad,
    istanbul, jakarta, jerusalem, johannesburg, juba, kabul, kairo, kampala, karachi, kathmandu, khartoum, kiev,
    kigali, kinshasa, kolkata, kuala lumpur, kuwait, kyiv, köln, københavn, la habana, la paz, lagos, lahore,
    leipzig, lima, lisboa, lisbon, london, londres, los angeles, luanda, lucknow, lusaka, luxembourg, madrid,
    managua, manama, manila, maputo, melbourne, mexico city, miami, milan, milano, minsk, mogadishu, monrovia,
    montevideo, montreal, mosca, moscou, moscow, moscú, moskau, mumbai, munich, méxico, münchen, nairobi,
    naypyidaw, new delhi, new york, niamey, nicosia, nouakchott, oslo, ottawa, ouagadougou, paris, parís,
    peking, philadelphia, phnom penh, prag, praga, prague, praha, pretoria, pristina, pyongyang, quito, rabat,
    ramallah, reykjavik, riga, rio de janeiro, riyadh, rom, roma, rome, san francisco, san josé, san salvador,
    sanaa, santiago, santo domingo, sarajevo, seattle, seoul, shanghai, singapore, skopje, sofia, stockholm,
    strasbourg, straßburg, stuttgart, sydney, são paulo, taipei, tallinn, tashkent, tbilisi, tegucigalpa,
    tehran, tel aviv, the hague, tirana, tokyo, toronto, tripoli, tunis, ulaanbaatar, united nations, vancouver,
    varsovie, vatican city, vienna, vilnius, warsaw, warschau, warszawa, washington, wellington, wien, windhoek,
    yangon, yaoundé, yerevan, zagreb, zurich, zürich, вашингтон, киев, київ, минск, москва, санкт-петербург
    """
)


def split_dateline(paragraph: str) -> tuple[str | None, str]:
    """The dateline as printed, without the dash that ends it, and the text after it; (None, paragraph) without one.

    No word is lost: those of the two parts are those of the paragraph. Looks at the first 120 characters only.
    """
    text = paragraph.lstrip()
    head = text[: LONGEST_DATELINE + 20].translate(NARROW)
    end = _end(head)
    if end is None:
        return None, paragraph
    dateline_end, rest = end
    dateline = text[:dateline_end].strip()
    if not dateline or len(dateline) > LONGEST_DATELINE or (not text[rest:].strip() and in_line(text)):
        return None, paragraph
    return dateline, text[rest:].lstrip()


def agency(dateline: str) -> str | None:
    """The agency that a dateline names: in its brackets, else anywhere, but for "HARRISBURG, PA"."""
    if bracketed := re.findall(r"[(（\[【/]([^()（）\[\]【】/]+)[)）\]】/]", dateline):
        return next((piece.agency for within in bracketed for piece in pieces(within) if piece.agency), None)
    found = pieces(dateline)
    return next((p.agency for p in found if p.agency and (p is found[0] or len(p.text) > 2)), None)


def _end(head: str) -> tuple[int, int] | None:
    """Where the dateline ends, and where the text after it begins."""
    for read in (_cable, _brackets, _with_parentheses, _with_bare_agency, _without_agency):
        if found := read(head):
            return found
    return None


def _with_parentheses(head: str) -> tuple[int, int] | None:
    found = _PLACE_AND_AGENCY.match(head)
    if not found:
        return None
    within = found["within"] or found["within2"] or found["within3"] or ""
    place, dash = found["place"].replace("[", " ").replace("]", " "), found["dash"]
    stop = found.end("dash") if dash else found.end()
    known = in_line(within)
    if found["within3"] and not known:
        return None
    if place and not _is_place(place):
        return None
    if not known:
        # "Kiel (dpo) -" and "TRIPOLI (Libya Herald) —": only a place in capitals, or a known one, and a dash.
        if not (dash and place and (_in_capitals(place) or place.casefold() in _PLACES)):
            return None
    elif not dash and not _begins_a_sentence(head[stop:]):
        return None
    end = len(head[: found.start("dash") if dash else stop].rstrip())
    # "(ANSA) - ROMA, 03 MAR - "
    if (
        not place
        and (after := _PLACE_AFTER.match(head, stop))
        and _is_place(after["place"])
        and (_has_date(after["place"]) or _in_capitals(after["place"]))
    ):
        return after.end("place"), after.end()
    return end, stop


def _with_bare_agency(head: str) -> tuple[int, int] | None:
    """ "AFP, MANILA —", "Accra, July 15, GNA -", "Paris/AFP —", "МОСКВА, 3 мар — РИА Новости." """
    words = pieces(head) if mentions(head) else ()
    agency = next((piece for piece in words[:12] if piece.agency), None)
    if agency is None:
        return None
    before = head[: agency.start]
    if before.strip(" \t"):
        place = before.rstrip()
        if not (place and place[-1] in ",،./-–—·" and _is_place(place.rstrip(",،./-–—· "))):
            return None
        stop = _AFTER_AGENCY.match(head, agency.end)
        return (stop.end("suffix"), stop.end()) if stop else None
    return _agency_first(head, agency.end)


def _agency_first(head: str, end: int) -> tuple[int, int] | None:
    comma = re.compile(r"\s*[,،/]\s*").match(head, end)
    if comma:
        after = _PLACE_AFTER.match(head, comma.end())
        if after and _is_place(after["place"]):
            return after.end("place"), after.end()
        return None
    dash = re.compile(_DASH).match(head, end)
    if not dash or not _begins_a_sentence(head[dash.end() :]):
        return None
    after = _PLACE_AFTER.match(head, dash.end())
    if after and _is_place(after["place"]) and (_has_date(after["place"]) or _in_capitals(after["place"])):
        return after.end("place"), after.end()
    return dash.start(), dash.end()


def _cable(head: str) -> tuple[int, int] | None:
    """ "新华社北京4月24日电", "（中央社記者王小明台北24日電）" """
    found = _CABLE.match(head)
    if not found:
        return None
    first = pieces(found["text"])
    return (
        (found.end("all"), found.end()) if first and (first[0].agency or (len(first) > 1 and first[1].agency)) else None
    )


def _brackets(head: str) -> tuple[int, int] | None:
    """ "【ワシントン共同】", "(서울=연합뉴스) 홍길동 기자 = " """
    found = _BRACKETS.match(head)
    if not found:
        return None
    within = found["a"] or found["b"]
    if not _EASTERN.search(within) or not any(p.agency for p in pieces(within)):
        return None
    return len(found["all"].rstrip()), found.end()


def _without_agency(head: str) -> tuple[int, int] | None:
    found = _NO_AGENCY.match(head)
    if not found or not _begins_a_sentence(head[found.end() :]):
        return None
    place = found["place"]
    bare = place.split(",")[0].strip()
    known = place.casefold() in _PLACES or bare.casefold() in _PLACES
    if not _is_place(place) or any(word in _HEADINGS for word in bare.casefold().split()):
        return None
    dashed = ":" not in found["dash"]
    if dashed and _has_date(place) and ("," in place or _in_capitals(place.split()[0])):
        return found.end("place"), found.end()
    if known and (_in_capitals(bare) or (dashed and place.casefold() in _PLACES and re.search("[—–]", found["dash"]))):
        return found.end("place"), found.end()
    # "HAYWARD, Calif. —" and "MAIDUGURI —": four letters or fewer are more often an acronym.
    if dashed and _in_capitals(bare) and len(bare) > 4 and re.search("[—–]|--", found["dash"]):
        return found.end("place"), found.end()
    return None


def _is_place(text: str) -> bool:
    """Whether a text can be a place, with or without a date: up to seven capitalised words, the month among them."""
    places = 0
    for word in re.split(r"[\s,،;/.|–—\-]+", text):
        folded = word.casefold()
        if (
            not word
            or folded in _SMALL
            or folded in _DAYS
            or word[0].isdigit()
            or (word[0].islower() and is_month(word))
        ):
            continue
        if not word[0].isalpha() or word[0].islower() or folded in ("according", "the", "laut", "selon", "según"):
            return False
        places += 1
    return 1 <= places <= 7 and not re.search(r"[\"“”„«»!?]", text)


def _has_date(text: str) -> bool:
    words = re.split(r"[\s,،;/.|\-]+", text)
    return any(word[:1].isdigit() for word in words) and any(is_month(word) for word in words)


def _in_capitals(text: str) -> bool:
    first = text.split(",")[0]
    return first.isupper() and sum(map(str.isalpha, first)) >= 3


def _begins_a_sentence(text: str) -> bool:
    start = text.lstrip(" \t\"'“”„«‘’‹»(")[:1]
    return bool(start) and not start.islower()
