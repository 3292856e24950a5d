"""What a page is told to be by how it is built. The prose is invented."""

from __future__ import annotations

import pytest

from crawler import pages

SITE = "https://www.courier.example"
LONG = "The council met on Tuesday to discuss the plan for the harbour and what the new pier would cost the town."
CARDS = "".join(
    f"<div class=card><h3><a href=/n/{i}>The ferry at berth number {i} needs a crew</a></h3>"
    f"<p>Berth {i} has waited for a crew since the spring, when the old one left for the islands.</p></div>"
    for i in range(12)
)
PARTS = f"<p>{LONG}</p><p>{LONG.replace('Tuesday', 'Friday')}</p>"


def page(title: str, inside: str, *, head: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}</head><body><nav>"
        f"<a href=/>Home</a></nav><main><h1>{title}</h1>{inside}</main></body></html>"
    ).encode()


@pytest.mark.parametrize(
    "prompt",
    [
        "Want to keep reading? Choose a plan that suits you.",
        "Exklusiv für Abonnenten: weiterlesen ab 2 Taler die Woche.",
        "Il vous reste 78 % de cet article à lire.",
        "Aby czytać dalej, wykup subskrypcję.",
        "この記事は有料会員限定です。",
        "هذا المحتوى متاح للمشتركين فقط.",
        "Melden Sie sich an, um weiterzulesen",
        "Per leggere l'articolo completo abbonati",
        "Word abonnee om verder te lezen",
        "Bli prenumerant för att läsa vidare",
        "Denne artikkelen er for abonnenter",
        "Tilaa lukeaksesi koko artikkelin",
        "Dalsza część artykułu dostępna dla prenumeratorów",
        "Tento článek je jen pro předplatitele",
        "A cikk folytatása előfizetőknek érhető el",
        "Acest articol este disponibil doar abonaților",
        "Матеріал доступний лише передплатникам",
        "Berlangganan untuk membaca selengkapnya",
        "Bài viết dành cho thuê bao",
        "기사 전문을 보시려면 로그인하세요",
        "本文为付费会员专享",
        "اشترك لقراءة المقال كاملا",
        "להמשך קריאה הירשמו",
        "पूरा लेख पढ़ने के लिए सब्सक्राइब करें",
        "این مطلب ویژه مشترکان است",
    ],
)
def test_a_text_before_a_prompt_to_pay_is_a_teaser_whatever_stands_below(prompt: str) -> None:
    html = page("Harbour plan goes to the council", f"{PARTS}<div><p>{prompt}</p></div>{CARDS}")
    assert pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234").kind == "teaser"


@pytest.mark.parametrize(
    "line",
    [
        "He had to log in to read his own letters, the court heard.",
        "The limit of free articles was lowered to three, the paper said on Monday.",
        "Members only were let in, the club said.",
        "Wer ein Abo abschließen will, muss volljährig sein, sagte der Sprecher.",
        "同社の有料会員は三百万人に増えたと発表した。",
    ],
)
def test_a_paragraph_that_speaks_of_subscribers_is_no_prompt_to_pay(line: str) -> None:
    html = page("Harbour plan goes to the council", f"{PARTS}<p>{line}</p><p>{LONG.replace('Tuesday', 'Sunday')}</p>")
    article = pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234")
    assert (article.kind, line in article.body) == ("article", True)


def test_what_stands_behind_the_prompt_to_pay_is_no_text() -> None:
    below = (
        "<p>Please sign up to continue reading.</p><p>The debate about this report is held below by those who have an "
        "account with us, and who keep to the rules of the house.</p>"
    )
    article = pages.read(page("Harbour plan goes to the council", PARTS + below), f"{SITE}/news/harbour-plan-51234")
    assert (article.kind, article.body.split("\n\n")) == ("teaser", [LONG, LONG.replace("Tuesday", "Friday")])


@pytest.mark.parametrize("label", ["Continue reading", "Lire la suite"])
def test_a_link_to_another_story_is_no_prompt_to_pay(label: str) -> None:
    html = page("Harbour plan goes to the council", f"{PARTS}<p><a href=/n/7>{label}</a></p>")
    assert pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234").kind == "article"


def test_a_long_paragraph_among_cards_of_other_stories_is_an_article_s() -> None:
    html = page("Harbour plan", f"{CARDS}<p>{LONG} {LONG.replace('Tuesday', 'Friday')} {LONG}</p>{CARDS}")
    assert pages.read(html, f"{SITE}/news/a7f3").kind == "article"


def test_a_text_that_goes_on_after_an_offer_is_whole() -> None:
    rest = "".join(f"<p>{LONG.replace('Tuesday', day)}</p>" for day in ("Monday", "Wednesday", "Thursday", "Sunday"))
    html = page("Harbour plan goes to the council", f"{PARTS}<p>Already a subscriber? Log in</p>{rest}")
    assert pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234").kind == "article"


@pytest.mark.parametrize(
    ("head", "path"),
    [
        ('<meta property="og:type" content="video.other">', "/news/51234"),
        ('<script type="application/ld+json">{"@type": "VideoObject", "name": "x"}</script>', "/news/51234"),
        ("", "/video/51234"),
    ],
)
def test_a_video_among_cards_of_other_stories_is_media(head: str, path: str) -> None:
    html = page("The last crossing", f"<div><video src=/v.mp4></video></div><p>{LONG}</p>{CARDS}", head=head)
    assert pages.read(html, SITE + path).kind == "media"


def test_an_error_page_that_offers_other_stories_is_an_error() -> None:
    html = page("Page not found", f"<p>The page you asked for may have moved.</p>{CARDS}")
    assert pages.read(html, f"{SITE}/news/harbour-plan-51234").kind == "error"


SIGN_IN = "<form><p>Your user name is the address that you enrolled with.</p><input type=password></form>"


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Sign in", "/account?return=/news/51234"),
        ("Log in or register", "/account"),
        ("Connexion / Inscription", "/compte"),
        ("Вход / регистрация", "/user"),
        ("ログイン", "/member"),
        ("The Alder Courier for its readers", "/user/login"),
        ("The Alder Courier for its readers", "/register.html"),
    ],
)
def test_a_page_to_sign_in_is_a_wall(title: str, path: str) -> None:
    assert pages.read(page(title, SIGN_IN), f"{SITE}{path}").kind == "wall"


@pytest.mark.parametrize("title", ["Register to vote by Friday", "Login data of the port sold", "Entrar na barra"])
def test_a_report_whose_headline_begins_like_a_page_to_sign_in_is_an_article(title: str) -> None:
    html = page(title, f"{PARTS}<form><input type=password></form>")
    assert pages.read(html, f"{SITE}/news/51234").kind == "article"
