"""Short texts -> the agency they credit, if they are credits at all.

The rule throughout: a credit is a short text in which every word is accounted for: agencies, words that introduce or
describe them ("with files from", "Quelle", "staff", "writer"), and where they may stand, persons, other outlets and
editors' initials. Whatever is left over ("told Reuters", "a Reuters poll", "AP Dhillon", "Pakistan's PTI") makes it a
mention. So an unknown phrasing costs a credit, and does not invent one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.wires import HOSTS, NARROW, Piece, mentions, pieces

LONGEST_LINE = 200  #: characters of a byline or credit line; whatever is longer is prose
LONGEST_SENTENCE = 400  #: characters of a credit that is a sentence


# What ends a part of a credit: any sign but those within names and abbreviations.
_BETWEEN_PARTS = re.compile(r"[^\s.'’\"“”„«»\-\u2010\u2011]|\s[-.]+\s")


def _lexicon(words: str) -> frozenset[str]:
    return frozenset(words.split())


# How the names of months begin, in most languages of the table.
_MONTHS = tuple(
    _lexicon(
        """
    jan feb mar apr may jun jul aug sep oct nov dec jän mär mai juni juli okt dez janv már fév févr avr juin
    juil aoû déc ene abr ago dic fev out set dez gen mag giu lug ott mei maj sty lut kwi cze lip sie wrz paź lis
    gru led úno bře dub kvě čer srp zář říj pro ian iul noi oca şub nis haz tem ağu eyl eki kas ara янв фев мар
    апр мая май июн июл авг сен окт ноя дек січ лют бер кві тра чер лип сер вер жов лис гру ιαν φεβ μαρ απρ μαΐ
    ιουν ιουλ αυγ σεπ οκτ νοε δεκ يناير فبراير مارس أبريل ابريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر
    ديسمبر जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
        """
    )
)

# Words that introduce a credit: after one, another outlet may be named beside the agency ("Quelle: ntv.de, dpa").
_INTRODUCING = _lexicon(
    """
    source sources with from via by files inputs input contributed additional quelle quellen mit von
    weitere avec par fuente fuentes con información informacion por fonte fonti com informações bron
    bronnen met door kilde kilder källa källor med lähde lähteet zdroj źródło źródła źrodło za forrás
    kaynak sursa izvor vir viri allikas šaltinis avots πηγή πηγές με источник источники джерело джерела
    извор по материалам за матеріалами المصدر المصادر منبع स्रोत इनपुट সূত্র nguồn sumber 来源 來源 出典 출처
    datos reportes informazioni informacje informacije πληροφορίες από източник ที่มา
    """
)
# Words that may stand beside an agency in its own part of a credit.
_ACCOMPANYING = _INTRODUCING | _lexicon(
    """
    the a of s to this for in and or & © copyright c all rights reserved original report reports
    reporting story article text material materials information content details agency agencies news
    newswire newswires wire wires service services staff desk bureau team correspondent correspondents
    writer writers reporter reporters journalist journalists editor editors web online english exclusive
    press sports sport business world international media feed syndicated extra published updated posted
    last first am pm gmt ist uhr hours hour minutes min mins days day ago vor stunden infocom read more
    full see written edited reported compiled und agenturmeldung meldung rédigé redactare theo สำนักข่าว
    der die das des dem den aus agentur agenturen agenturmaterial nachrichtenagentur
    nachrichtenagenturen redaktion nachrichten korrespondent korrespondenten bericht informationen
    materialien red et l la le les d de du des l’ avec agence agences presse rédaction journaliste
    correspondant informations dépêche y el los las del al agencia agencias redacción redaccion noticias
    corresponsal e da do das dos di della delle dell agência agências agenzia agenzie redazione redação
    agenzia notizie en het van nieuws persbureau redactie og fra af av nyhetsbyrån nyhetsbyrå
    nyhedsbureau bureau från och ja sekä uutistoimisto i oraz oprac a na podstawie agencja agencji
    agentura agentury az távirati hírügynökség şi și agenția ve ajansı haber haberleri и агентство
    агентства агентств информационное новости корр корреспондент та агенція агенції الوكالة وكالة وكالات
    خبرگزاری एजेंसी एजेंसियां समाचार এজেন্সি dan kantor berita hãng tin 记者 記者 기자 电 電 讯 特派 통신 특파원 日 月 年
    """
)
_AGENCIES = _lexicon(
    """
    agencies wires newswires agenturen nachrichtenagenturen agences agencias agências agenzie
    agentschappen agenturmaterial bureauer agencje agentury agency wire agencia agencja एजेंसी एजेंसियां
    وكالات
    """
)
_JOINING = _lexicon("and und et y e og och ja i и та та ve dan with mit avec con com met med für for via from på")
_JOBS = _lexicon(
    """
    writer writers reporter reporters correspondent correspondents editor journalist staff columnist
    bureau chief 기자 記者 记者
    """
)
_PLACING = _lexicon("in at à a aus en fra i på w в у")
_STATES = _lexicon("PA AP CP")
_GIVEN_NAMES = _lexicon("ANA ANI INA LANA SANA ONA MENA")  # "By ANA ONYX, Herald Staff Writer"
_SMALL = _lexicon(
    """
    de la le les del della der den von van und zu al el bin ibn da do dos di d l’ y of the on upon am an
    """
)

# Words beside a photographer's name: the line credits a picture.
_PICTURE = re.compile(
    r"""\b(?:photo|foto|fotó|bild|bilder|image|imagen|imagem|immagine|picture|pictures|caption|getty|archiv|archive
    |handout|video|vidéo|grafik|graphic|graphics|illustration|symbolbild|shutterstock|zuma|imago|alamy|kuva|zdjęcie|fot
    |kép|kuvat)(?:s|graf|grafía|graph|grapher|rechte|nachweis)?\b
    |фото|写真|사진|图片|圖片|صورة|تصوير|छायाचित्र|φωτο|[(（]c[)）]\s*[\u3040-\u9fff]""",
    re.IGNORECASE | re.VERBOSE,
)
# Words that report what an agency said. They only guard the sentences: the grammar of credits has no room for them.
_MENTIONING = re.compile(
    r"""\b(?:told|tells|said|says|according|reported\s+that|reports\s+that|poll|survey|interview|zufolge|laut|sagte|selon
    |según|dijo|declaró|secondo|segundo|disse|volgens|ifølge|enligt|mukaan|według|szerint|podle|göre)\b|сообщил|заявил""",
    re.IGNORECASE | re.VERBOSE,
)
# Sentences that say where a text comes from.
_TEXTS = r"(?:report|story|article|piece|dispatch|content|text|column|material)"
_PUBLISHED = (
    r"(?:published|republished|produced|provided|written|distributed|syndicated|generated|appeared|licensed|compiled)"
)
_INCLUDES = r"(?:includes?|contains?|uses?)\s+(?:\w+\s+)?(?:reporting|information|material)\s+(?:by|from|of)\b"
# In one group that begins at a word, and one at the line: each of forty patterns that asks for itself whether a word
# begins at a character took four times as long.
_PROVENANCE = re.compile(
    rf"""
    \b(?:
     contribut(?:ed|ing)\b[^.]{{0,40}}\b(?:this|the)\s+(?:\w+\s+)?{_TEXTS}\b|contributed(?:\s+reporting)?\.?\s*$
     |(?:this|the)\s+(?:\w+\s+)?{_TEXTS}\s+(?:\w+\s+){{0,7}}{_PUBLISHED}\b
     |this\s+(?:\w+\s+)?{_TEXTS}\s+(?:also\s+)?{_INCLUDES}
     |republished\s+(?:from|with|under|by)\b|published\s+(?:unedited\s+)?from\b
     |all\s+rights\s+reserved\b|trust\s+principles\b
     |(?:material|information|reporting|reports?)\s+from\b.{{3,80}}\bused\b
     |has\s+not\s+been\s+edited\b|auto-?generated\b
     |dies(?:e|er|en|es|em)\s+(?:artikel|text|beitrag|meldung|bericht|inhalt|nachricht)\b
     |unter\s+(?:verwendung|mitarbeit)\b|mit\s+(?:\w*material|informationen)\b
     |zuerst\s+(?:erschienen|veröffentlicht)|erschien(?:en)?\s+zuerst\b
     |(?:cet\s+article|ce\s+texte|cette\s+dépêche)\s+(?:a\s+été|est|provient)|tous\s+droits\s+réservés\b
     |est[ea]\s+(?:artículo|nota|texto|noticia|información|contenido)\s+(?:fue|ha\s+sido|es|se)\b
     |con\s+(?:información|informaciones)\s+de\b|todos\s+los\s+derechos\s+reservados\b
     |com\s+informações\s+d[aeo]s?\b
     |quest[oa]\s+(?:articolo|testo|notizia)\s+(?:è|e)\b|(?:riproduzione\s+riservata|tutti\s+i\s+diritti)\b
     |med\s+(?:materiale|stof|material|uppgifter)\s+(?:fra|från)\b
     |с\s+использованием\s+материалов|по\s+материалам\b|за\s+матеріалами\b|впервые\s+опубликован
    )
    |(?:यह|इस)\s(?:खबर|ख़बर|समाचार|लेख|रिपोर्ट).{{0,100}}(?:एजेंसी|फीड|फ़ीड)
    |^\W*(?:
     (?:this\s+)?(?:\w+\s+)?(?:first|originally|previously)\s+(?:published|appeared)
     |©|copyright\b|\(c\)\s
     |contribut(?:ing|ors?)(?:\s+(?:reporters?|writers?))?\s?:
     |{_INCLUDES}
     |(?:additional\s+)?reporting\s+(?:by|from)\b
     |with\s+(?:\w+\s+)?(?:files|reporting|inputs?|contributions?|material|information|reports?)\s+(?:from|by|of)\b
    )
    """,
    re.VERBOSE,  # of lower-cased text: a third of the time that it takes to ignore case
)
#: An agency's own pages on a subject, below its texts: "AP NFL:" and an address of its own.
_HUB = re.compile(
    r"\W*(?:more |follow )?(?P<name>[A-Z]{2,7})(?:[’']s)?\b[^:]{0,80}:?\s*https?://(?:www\.)?(?P<host>[\w.-]{4,60})",
    re.IGNORECASE,
)
_PARTIAL = re.compile(r"\b(?:additional|contribut\w+|files|inputs?|copyright)\b", re.IGNORECASE)
_BY = re.compile(r"\W*(?:by|von|par|por|di|da|door|av|af|oleh)\s", re.IGNORECASE)
_FEED = re.compile(
    r"\b(?:syndicated|agency|wire)\s+feed\b|सिंड[िी]केट(?:ेड)?\sफ़?ीड|\bwire\s+(?:services|reports)\b|\b(?:news)?wires\b|\bagencies\b",
    re.IGNORECASE,
)


def name(text: str) -> str | None:
    """Short name of the agency when the whole text is an agency's name, in any spelling or language, else None.

    "Agence France-Presse", "(AP)", "Reuters Staff", "By AFP". Of several ("SID/dpa") the first.
    """
    parts = _naming_parts(text)
    return _first(parts) if parts and all(_agency(part) or _is_accompanying(part) for part in parts) else None


def in_byline(text: str) -> str | None:
    """Agency of a text known to be a byline: one of its parts is the agency, the others may be anything.

    "Tom Krisher, Ap Auto Writer", "Le Figaro et AFP", "Associated Press in Valencia", "Tom Davies Associated Press".
    """
    if is_picture(text):
        return None
    parts = _naming_parts(text)
    return _first(parts) or next((agency for part in parts if (agency := _signed(part))), None)


def in_header(text: str) -> str | None:
    """Agency of a block found above the body, which is a byline only if all its parts are agencies, persons or dates.

    Not "Jane Doe/AFP", which credits a photograph, nor "Reuters: Trump Wins", a headline; but "ino/dpa", "ABC/AP".
    """
    parts = _naming_parts(text)
    if not _first(parts) or is_picture(text) or "©" in text:
        return None
    for i, part in enumerate(parts):
        rest = part[1:] if _is_initials(part[:1]) else part  # "Reuters/kra Frankfurt"
        if not (_agency(part) or _is_accompanying(part) or _is_title(rest)):
            return None
        if not _agency(part):
            continue
        if i + 1 < len(parts) and ":" in parts[i + 1][0].gap:
            return None
        if i and "/" in part[0].gap and len(parts[i - 1]) > 1 and not _is_accompanying(parts[i - 1]):
            return None
    return _first(parts)


def in_line(text: str) -> str | None:
    """Agency of a line that stands alone below or within a text: "mit dpa", "Quelle: ntv.de, ino/dpa", "(AFP)"."""
    if (
        "://" in text
        and (hub := _HUB.match(text))
        and (agency := HOSTS.get(hub["host"]))
        and name(hub["name"]) == agency
    ):
        return agency
    parts = _naming_parts(text)
    agency = _first(parts)
    if not agency or is_picture(text):
        return None
    introduced = any(piece.text.casefold() in _INTRODUCING | _JOINING for part in parts for piece in part)
    for part in parts:
        if _agency(part) or _is_accompanying(part) or _is_initials(part) or (introduced and _is_title(part)):
            continue
        return None
    return agency


def in_sentence(text: str) -> str | None:
    """Agency of a sentence that says where the text is from: "AP writer A. B. contributed to this story."."""
    if len(text) > LONGEST_SENTENCE or not mentions(text) or not _PROVENANCE.search(text.lower()):
        return None
    if _MENTIONING.search(text) or is_picture(text):
        return None
    return next((piece.agency for piece in pieces(text) if piece.agency), None)


def is_unnamed(text: str) -> bool:
    """Whether a text credits agencies without naming one: "With agency inputs", "… from a syndicated feed."."""
    folded = text.casefold()
    parts = _parts(text) if any(word in folded for word in _AGENCIES) else []
    if any(piece.text.casefold() in _AGENCIES for part in parts for piece in part) and all(
        map(_is_accompanying, parts)
    ):
        return True
    return len(text) <= LONGEST_SENTENCE and bool(_FEED.search(text) and _PROVENANCE.search(text.lower()))


def is_byline(text: str) -> bool:
    """Whether a line opens as bylines do: "By REUTERS"."""
    return bool(_BY.match(text))


def is_month(word: str) -> bool:
    """Whether a word is a month's name or its abbreviation, by its first letters: to be asked beside a figure."""
    return 3 <= len(word) <= 12 and word.casefold().startswith(_MONTHS)


def is_partial(text: str) -> bool:
    """Whether a credit may be for less than the text: a contribution, or the copyright."""
    return bool(_PARTIAL.search(text))


def is_bare(text: str) -> bool:
    """Whether a credit line is no more than agencies and initials: "(AFP)", "dpa/lnw"; an end mark, not a sentence."""
    return not any(
        piece.text.casefold() in _INTRODUCING | {"copyright", "c"} for piece in pieces(text) if not piece.agency
    )


def is_picture(text: str) -> bool:
    """Whether a short text credits a picture, by the words papers print beside a photographer's name."""
    return bool(_PICTURE.search(text if text.isascii() else text.translate(NARROW)))


def in_picture_credit(text: str) -> str | None:
    """The first agency that a picture's credit names, anywhere in it."""
    return next((piece.agency for piece in pieces(text[:LONGEST_LINE]) if piece.agency), None)


def _parts(text: str) -> list[list[Piece]]:
    """The parts of a credit: what stands between commas, strokes, brackets, dashes and joining words."""
    if len(text) > LONGEST_LINE:
        return []
    parts: list[list[Piece]] = []
    ended = True
    for piece in pieces(text):
        if not piece.agency and piece.text.casefold() in _JOINING:
            parts.append([piece])
            ended = True
        elif ended or (piece.gap != " " and _BETWEEN_PARTS.search(piece.gap)):
            parts.append([piece])
            ended = False
        else:
            parts[-1].append(piece)
    return parts


def _naming_parts(text: str) -> list[list[Piece]]:
    """`_parts` of a line, if one of them may name an agency."""
    return _parts(text) if len(text) <= LONGEST_LINE and mentions(text) else []


def _first(parts: Sequence[Sequence[Piece]]) -> str | None:
    for i, part in enumerate(parts):
        # "Harrisburg, PA" and "Amaravati, AP" are places.
        state = part[0].text in _STATES and len(part) == 1 and part[0].gap.strip() == "," and len(parts[i - 1]) == 1
        if (agency := _agency(part)) and not (i and state):
            return agency
    return None


def _agency(part: Sequence[Piece]) -> str | None:
    """The agency whose name a part of a credit is, with what may accompany it."""
    at = _place(part)
    if at is None:
        return None
    before, after = part[:at], [piece for piece in part[at + 1 :] if not piece.agency]
    if not _is_accompanying(before):
        return None
    words = [piece.text for piece in after]
    if _is_accompanying(after):
        return part[at].agency
    capitalised = all(map(_is_capitalised, words[1:]))
    if capitalised and words[0].casefold() in _PLACING and 2 <= len(words) <= 5:
        return part[at].agency
    if (
        capitalised
        and _is_capitalised(words[0])
        and len(words) <= 7
        and any(word.casefold() in _JOBS for word in words[:5])
    ):
        return part[at].agency
    # "PTI SKL RHL": the initials of its editors
    if len(part[at].text) > 2 and all(word.isupper() and len(word) <= 3 for word in [part[at].text, *words]):
        return part[at].agency
    return None


def _place(part: Sequence[Piece]) -> int | None:
    """Where the agency stands in a part of a credit; a given name in capitals, before another word in them, is none."""
    for i, piece in enumerate(part):
        following = part[i + 1].text if i + 1 < len(part) else ""
        if piece.agency and not (piece.text in _GIVEN_NAMES and following.isupper() and len(following) > 3):
            return i
    return None


def _signed(part: Sequence[Piece]) -> str | None:
    """The agency right after a person's name: "Tom Doe Associated Press", "JANE DOE AP Sports Writer"."""
    at = _place(part)
    if at is None:
        return None
    person, rest = list(part[:at]), part[at:]
    while person and _is_accompanying([person[0]]):
        del person[0]
    if 2 <= len(person) <= 4 and _is_title(person) and (rest[0].named or len(rest) > 1):
        return _agency(rest)
    return None


def _is_accompanying(part: Sequence[Piece]) -> bool:
    dated = any(piece.text[0].isdigit() for piece in part)
    return all(
        piece.agency
        or piece.text.casefold() in _ACCOMPANYING
        or piece.text[0].isdigit()
        or (dated and is_month(piece.text))
        for piece in part
    )


def _is_initials(part: Sequence[Piece]) -> bool:
    """An editor's or a regional service's letters: "lnw", "sep", "jm-lg"."""
    return all(
        p.agency is None and len(p.text) <= 4 and p.text.islower() and (p is part[0] or p.gap == "-") for p in part
    )


def _is_title(part: Sequence[Piece]) -> bool:
    """Words like a name or an outlet's: capitalised, or a domain."""
    if len(part) == 2 and part[1].gap == ".":
        return True
    return (
        len(part) <= 5
        and all(_is_capitalised(piece.text) for piece in part)
        and not _MENTIONING.search(" ".join(p.text for p in part))
    )


def _is_capitalised(word: str) -> bool:
    return not word[0].islower() or word.casefold() in _SMALL or word[0].isdigit()
