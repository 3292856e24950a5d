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
        "Subscribe to read this article in full.",
        "You have now reached your allowance of 3 free articles in the last 30 days.",
        "You have used up your free article allowance.",
        "Subscribe to continue reading and to join the conversation.",
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


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe now to our daily newsletter.",
        "Jetzt abonnieren und von der Vorlesefunktion profitieren.",
        "Abonnez-vous pour recevoir notre newsletter",
        "Suscríbete para recibir las noticias en tu correo",
        "Assine agora nossa newsletter",
        "Abbonati per ricevere la newsletter",
        "Оформите подписку на рассылку",
        "Subscribe today to our YouTube channel",
        "Log in to view the comments",
        "Already a member? Sign in to join the conversation",
        "To view this content, JavaScript must be enabled.",
        "To read this article in Welsh, click here.",
        "Continue reading the main story",
    ],
)
@pytest.mark.parametrize("rest", ["", f"<p>{LONG.replace('Tuesday', 'Sunday')}</p>"], ids=["below", "amid"])
def test_an_offer_of_something_else_than_the_text_is_no_prompt_to_pay(line: str, rest: str) -> None:
    html = page("Harbour plan goes to the council", f"{PARTS}<div><p>{line}</p></div>{rest}")
    article = pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234")
    assert (article.kind, article.body.count("council met on")) == ("article", 3 if rest else 2)


@pytest.mark.parametrize("line", ["Suscríbete para apoyar un periodismo libre", "Abonnez-vous pour nous soutenir"])
def test_who_asks_to_subscribe_for_support_hides_no_text(line: str) -> None:
    html = page("Harbour plan goes to the council", f"{PARTS}<div><h4>{line}</h4></div><p>{LONG[:-1]} again.</p>")
    assert pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234").kind == "article"


@pytest.mark.parametrize(("paragraphs", "kind"), [(4, "teaser"), (12, "article")])
def test_an_offer_to_subscribe_makes_a_teaser_of_a_short_text_only(paragraphs: int, kind: str) -> None:
    lines = "".join(f"<p>{LONG} It was vote number {number}.</p>" for number in range(paragraphs))
    html = page("Harbour plan goes to the council", f"{lines}<div><p>Subscribe today.</p></div>")
    assert pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234").kind == kind


@pytest.mark.parametrize("badge", ["Article réservé aux abonnés", "Nur für Abonnenten", "Subscribers only"])
@pytest.mark.parametrize("prompt", ["", "<section><p>Subscribe to continue reading.</p></section>"])
def test_a_badge_above_the_text_says_that_it_is_to_be_paid_and_ends_nothing(badge: str, prompt: str) -> None:
    standfirst = LONG.replace("Tuesday", "Friday")
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    inside = f"<div><p>{standfirst}</p><span>{badge}</span><p>{LONG}</p></div>{prompt}"
    article = pages.read(page("Harbour plan goes to the council", inside, head=head), f"{SITE}/news/harbour-plan")
    assert (article.kind, article.body.split("\n\n")) == ("teaser", [standfirst, LONG])


@pytest.mark.parametrize("label", ["Continue reading", "Lire la suite"])
def test_a_link_to_another_story_is_no_prompt_to_pay(label: str) -> None:
    html = page("Harbour plan goes to the council", f"{PARTS}<p><a href=/n/7>{label}</a></p>")
    assert pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234").kind == "article"


@pytest.mark.parametrize(
    ("head", "path"),
    [
        ("", "/category/local/harbour-plan"),
        ('<script type="application/ld+json">{"@type": "CollectionPage", "name": "x"}</script>', "/news/51234"),
    ],
)
def test_a_text_that_lists_nothing_or_is_long_is_no_listing_wherever_it_is_filed(head: str, path: str) -> None:
    lines = [f"<p>{LONG} It was vote number {number}.</p>" for number in range(20)]
    for inside, kind in (
        ("".join(lines[:4]), "article"),
        ("".join(lines) + CARDS, "article"),
        (PARTS + CARDS, "listing"),
    ):
        html = page("Harbour plan goes to the council", inside, head=head)
        assert pages.read(html, SITE + path).kind == kind


def test_a_long_paragraph_among_cards_of_other_stories_is_an_article_s() -> None:
    html = page("Harbour plan", f"{CARDS}<p>{LONG} {LONG.replace('Tuesday', 'Friday')} {LONG}</p>{CARDS}")
    assert pages.read(html, f"{SITE}/news/a7f3").kind == "article"


@pytest.mark.parametrize("days", [("Monday", "Sunday"), ("Monday", "Wednesday", "Thursday", "Sunday")])
def test_a_text_that_goes_on_after_an_offer_is_whole(days: tuple[str, ...]) -> None:
    rest = "".join(f"<p>{LONG.replace('Tuesday', day)}</p>" for day in days)
    html = page("Harbour plan goes to the council", f"{PARTS * 2}<p>Already a subscriber? Log in</p>{rest}")
    article = pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234")
    assert (article.kind, [day in article.body for day in days]) == ("article", [True] * len(days))


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
