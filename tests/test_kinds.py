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
    ],
)
def test_a_text_before_a_prompt_to_pay_is_a_teaser_whatever_stands_below(prompt: str) -> None:
    html = page("Harbour plan goes to the council", f"{PARTS}<div><p>{prompt}</p></div>{CARDS}")
    assert pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234").kind == "teaser"


@pytest.mark.parametrize("label", ["Continue reading", "Lire la suite"])
def test_a_link_to_another_story_is_no_prompt_to_pay(label: str) -> None:
    html = page("Harbour plan goes to the council", f"{PARTS}<p><a href=/n/7>{label}</a></p>")
    assert pages.read(html, f"{SITE}/news/harbour-plan-goes-to-council-51234").kind == "article"


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
