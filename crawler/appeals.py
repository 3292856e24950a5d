"""Lines in which a paper asks its readers for something: to follow it on a network, to order a letter, to report an
error, to comment, to send a story.

A line is an appeal by what is asked, in the imperative, of what only readers can be asked. Prose speaks of channels and
newsletters too: there a verb in the imperative does not open the sentence.
"""

from __future__ import annotations

import re

from crawler.text import holds_any

#: Longer lines have prose beside the appeal.
LONGEST = 260

_NETWORKS = (
    "facebook", "instagram", "whatsapp", "telegram", "twitter", "youtube", "tiktok", "viber", "bluesky",
    "google news", "google nieuws", "google nachrichten", "google actu", "google noticias", "wiadomościach google",
    "google zprávy", "google správy", "google hírek", "вайбер", "вајбер", "фејсбук", "фейсбук", "телеграм", "вотсап",
    "ватсап",
)  # fmt: skip
_LETTERS = (
    "newsletter", "infolettre", "boletín", "nieuwsbrief", "nyhetsbrev", "nyhedsbrev", "uutiskirj", "hírlev",
    "zpravodaj", "naujienlaišk", "jaunum", "uudiskir", "бюлетин", "рассылк", "розсилк", "ενημερωτικό δελτίο",
    "mobilnu aplikaciju", "mobilní aplikaci", "mobilnú aplikáciu", "aplikację mobilną", "aplicația", "our app",
)  # fmt: skip
_FOLLOW = (
    r"(?:urmări(?:ți|ti)|urmăreș?te|abonează-te|abonați-vă|dă-ne like|descarcă|descărcați|"
    r"последвайте|харесайте|абонирайте|следете|"
    r"ακολουθήστε|κάντε like|εγγραφείτε|kövess|kövesse|kövessen|kövessetek|iratkozz|iratkozzon|lájkolj|lájkold|"
    r"obserwuj|obserwujcie|polub|zapisz się|dołącz|sledujte|odebírejte|přihlaste se|odoberajte|prihláste sa|"
    r"prijavite se|pratite|zapratite|preuzmite|пратите|запратите|преузмите|пријавите се|"
    r"sekite|prenumeruokite|sekojiet|pieraksties|pierakstieties|jälgi meid|liitu|telli meie|"
    r"følg oss|følg os|meld deg på|tilmeld dig|abonnér på|seuraa meitä|tilaa|följ oss|gilla oss|prenumerera på|"
    r"volg ons|abonneer je|meld je|schrijf je in|suivez|abonnez-vous|rejoignez|inscrivez-vous|découvrez|"
    r"apúntate|suscríbete|síguenos|únete|acompanhe|subscreva|inscreva-se|siga-nos|iscriviti|seguici|resta aggiornato|"
    r"abonnieren sie|folgen sie|підписуйтесь|підпишіться|приєднуйтесь|подписывайтесь|подпишитесь)"
)
#: From the beginning of a sentence on, which the name of a site does not end.
_WITHIN = r"(?:[^.!?]|\.(?=\w)){0,90}"
_FOLLOWING = re.compile(
    rf"(?:^\W*|[.!?:,]\s+|[*+]\s?){_FOLLOW}\b{_WITHIN}(?:{'|'.join(_NETWORKS + _LETTERS)})|"
    rf"(?:^\W*|[.!?:]\s+)(?:jetzt|hier) {_WITHIN}(?:{'|'.join(_NETWORKS + _LETTERS)}){_WITHIN}\b"
    r"(?:abonnieren|folgen|anmelden|bestellen)\W*$|"
    r"\bnewsletters?\b[^.!?]*[.!?]\s+(?:sign up|subscribe) (?:here|now|today|below)\W*$"
)
#: News, and the reader's own mailbox at the end of what is promised.
_NEWS = (
    "news", "stories", "headlines", "updates", "noticias", "notícias", "notizie", "nachrichten", "actualité", "infos",
    "nieuws", "nyhed", "nyhet", "uutis", "wiadomości", "zprávy", "správy", "hírek", "știri", "vijesti", "ειδήσεις",
)  # fmt: skip
_MAILED = re.compile(
    r"\b(?:your (?:e-?mail )?inbox|(?:je|uw) (?:inbox|mailbox)|(?:votre|ta) bo[îi]te (?:mail|e-?mail)|"
    r"(?:ihr|dein)(?:em?|en)? (?:e-mail-)?postfach|(?:tu|su) (?:correo|bandeja de entrada|e-?mail)|"
    r"(?:seu|sua|teu) (?:caixa de entrada|e-?mail)|tua (?:casella|e-?mail|mail)|"
    r"din (?:indbakke|innboks|inkorg|mejl|mail)|i (?:innboksen|mejlen|indbakken)|sähköpostiisi)"
    r"(?: (?:every|each|hver|varje|elke|cada|chaque|ogni)\b[^.!?]{2,20})?\W*$",
)
_CORRECTED = re.compile(r"\bctrl\s?\+\s?enter\b")
#: To pay for its work, where this and no article is to be had for it.
_SUPPORT = re.compile(
    r"(?:^\W*|[.!?]\s+)(?:(?:támogas(?:d|s|sa|sátok)|podpořte|podporte|wesprzyj|wspieraj|podržite|podprite|подкрепете|"
    r"підтримайте|поддержите|sprijină|susține|susțineți|toeta|paremkite|atbalsti)\b[^.!?]{0,60}\b(?:munkán\w+|"
    r"újságír\w+|(?:naši|našu|nasz[ąe]?|naše|нашата?|нашу) \w+|redakc\w+|žurnalist\w+|журналист\w*|"
    r"журналіст\w*|jurnalism\w*|ajakirjandus\w*)\s?(?:[.!?]|$))"
)
_OF_READERS = ("your ", "ihre ", "votre ", "tu a", "il tuo ")
_SUPPORTED = (
    "támog",
    "podp",
    "podrž",
    "wesprz",
    "wspier",
    "подкреп",
    "підтрим",
    "поддерж",
    "spri",
    "susț",
    "toeta",
    "parem",
    "atbals",
)
_GIVEN = re.compile(
    r"\byour (?:support|donation|contribution)s? (?:makes? all the difference|(?:allows?|helps?|enables?) us)\b|"
    r"\bihre (?:spende|unterstützung) (?:hilft|ermöglicht) uns\b|\bvotre (?:soutien|don) nous (?:permet|aide)\b|"
    r"\btu (?:apoyo|aportación) nos (?:permite|ayuda)\b|\bil tuo (?:sostegno|contributo) ci (?:permette|aiuta)\b"
)
_ASKED = re.compile(
    r"\W*(?:"
    # errors
    r"našli (?:jste|ste)\b[^.!?]{0,30}\bchybu|hibát talált|(?:нашли|заметили) (?:ошибку|опечатку)|"
    r"(?:якщо (?:ви )?)?(?:знайшли|помітили) помилку|kas (?:leidsid|märkasid) vea|fout gevonden\?|"
    # stories and opinions
    r"(?:masz|máte|máš|imate) (?:ciekawy |zajímavý |zaujímavý )?(?:temat|tip|tému|priču|zdjęcia)\b[^.!]{0,40}\?|"
    r"har du (?:et tip|tips|(?:ett )?nyhetstips)\b[^.!]{0,40}\?|tipsa? oss\b[^.]{0,60}$|"
    r"(?:heb je|heeft u) een (?:tip|vraag|opmerking)\b[^.!]{0,60}\?|(?:wilt u|wil je) reageren\b|"
    r"do you have an opinion on the issues raised in\b|"
    r"(?:what do you think|have your say)\b[^.]{0,160}\b(?:comments?|poll|survey)\b[^.]{0,20}\b(?:here|below)\W*$|"
    r"(?:let us know|share your (?:thoughts|views))\b[^.]{0,40}\bin the comments\b|"
    # to pass it on, and to write
    r"read or share this story\s?:|(?:e-?mail|call|text) [^.!?@]{2,40} at \S+@|"
    r"[^.!?]{3,50} can be reached (?:at|by|via|on) [^!?]{0,60}(?:\S@\S|\d{3}[-.]\d{4})|"
    # from those who liked it
    r"our community members are treated to\b|dzięk(?:uję|ujemy),? że przeczytał|"
    r"jeśli (?:s?podobał|zainteresował) ci się\b|bądź na bieżąco\b|pokud se v[áa]m článek líbil|"
    r"ak sa v[áa]m článok páčil|ha tetszett a cikk|dacă (?:ți|v)-a plăcut (?:articolul|acest)|"
    r"cet article vous a plu\s?\?|"
    r"(?:add|choose|set|make) [^.!?]{2,60} (?:as )?(?:an?|your) preferred source\b"
    r")",
)


def is_appeal(line: str) -> bool:
    """Whether a line, in lower case, asks its reader for something."""
    if len(line) > LONGEST:
        return False
    if (holds_any(line, _NETWORKS) or holds_any(line, _LETTERS)) and _FOLLOWING.search(line):
        return True
    if _ASKED.match(line) or ("ctrl" in line and _CORRECTED.search(line)):
        return True
    if holds_any(line, _OF_READERS) and _GIVEN.search(line):
        return True
    if holds_any(line, _SUPPORTED) and _SUPPORT.search(line):
        return True
    return holds_any(line, _NEWS) and _MAILED.search(line) is not None
