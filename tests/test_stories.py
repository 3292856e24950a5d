"""Which articles are one story: by language, by kind of copy, in any order of arrival, and under bad input."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Copy
from crawler.similarity import bands, sign
from crawler.stories import CANDIDATES_MAX, Candidate, Text, arrange, compare, decide, latest

EXAMPLES = 200 if os.environ.get("NEWSFOLD_TEST_FULL") else 15
PAPERS = count(1)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def article(
    body: str,
    *,
    headline: str = "",
    publisher: str | None = None,
    hours: float | None = 0,
    latest_hours: float | None = None,
    is_agency: bool = False,
    url: str = "",
) -> Text:
    return Text(
        publisher=publisher or f"{next(PAPERS)}.example",  # each article is of a paper of its own, unless it is told
        date_published=None if hours is None else NOON + timedelta(hours=hours),
        fingerprint=sign(headline, body),
        date_latest=None if latest_hours is None else NOON + timedelta(hours=latest_hours),
        is_agency=is_agency,
        url=url,
    )


def candidate(text: Text, article_id: int, story_id: int) -> Candidate:
    fields = {name: getattr(text, name) for name in Text.__dataclass_fields__}
    return Candidate(article_id=article_id, story_id=story_id, **fields)


class StoryBook:
    """Articles as they arrive, by band, as the store keeps them."""

    def __init__(self) -> None:
        self.ids = count(1)
        self.articles: dict[int, Candidate] = {}
        self.index: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, text: Text) -> Copy:
        """Decide the article and keep it; ids of articles and stories are given from 1 on."""
        keys = set(bands(text.fingerprint))
        shared = defaultdict[int, int](int)
        for key in keys:
            for found in self.index[key][-200:]:
                shared[found] += 1
        near = sorted(shared, key=lambda found: (-shared[found], -found))[:CANDIDATES_MAX]
        copy = decide(text, [self.articles[found] for found in near], is_bounded=len(shared) > CANDIDATES_MAX)
        number = next(self.ids)
        story = number if copy.story_id is None else copy.story_id
        self.articles[number] = candidate(text, number, story)
        for other in self.articles.values():
            if other.story_id in copy.merges:
                self.articles[other.article_id] = replace(other, story_id=story)
        for key in keys:
            self.index[key].append(number)
        return copy

    def stories(self, names: Sequence[Hashable]) -> set[frozenset[Hashable]]:
        """The stories as sets of the articles' names, given in order of arrival."""
        groups = defaultdict[int, set[Hashable]](set)
        for name, kept in zip(names, self.articles.values(), strict=True):
            groups[kept.story_id].add(name)
        return {frozenset(group) for group in groups.values()}


def joined(first: str, second: str) -> bool:
    """Whether the second text is taken for a copy of the first."""
    book = StoryBook()
    book.add(article(first, url="a"))
    return book.add(article(second, hours=1, url="b")).story_id is not None


# ------------------------------------------------------------------------------- texts, all made up, a paragraph a line
FOLDER = Path(__file__).parent / "texts"
TEXTS = {
    file.stem: file.read_text(encoding="utf-8").strip() for file in (Path(__file__).parent / "texts").glob("*.txt")
}
HARBOUR, FERRY = TEXTS["english"], TEXTS.pop("another")


def paragraphs(text: str, first: int = 0, last: int | None = None) -> str:
    return "\n\n".join(text.split("\n")[first:last])


# ---------------------------------------------------------------------------------------------------- in every language
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_cut_from_the_bottom_and_credited_anew_is_a_copy(text: str) -> None:
    assert joined(paragraphs(text), paragraphs(text, 0, 4) + "\n\n(AFP)")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_cut_may_come_first(text: str) -> None:
    assert joined("(AFP)\n\n" + paragraphs(text, 0, 4), paragraphs(text))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_two_texts_of_one_language_are_two_stories(text: str) -> None:
    assert not joined(paragraphs(text, 0, 3), paragraphs(text, 3))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.integers(3, 7), st.sampled_from(["(AFP)", "[dpa]", "— Reuters", "© AP 2026"]))
def test_a_text_of_any_language_cut_anywhere_is_a_copy_whichever_comes_first(
    language: str, kept: int, credit: str
) -> None:
    whole, cut = paragraphs(TEXTS[language]), f"{paragraphs(TEXTS[language], 0, kept)}\n\n{credit}"
    assert joined(whole, cut)
    assert joined(cut, whole)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.permutations(sorted(TEXTS)))
def test_texts_of_different_languages_are_never_one_story(order: list[str]) -> None:
    book = StoryBook()
    for language in order:
        book.add(article(paragraphs(TEXTS[language])))
    assert len(book.stories(order)) == len(TEXTS)


# ------------------------------------------------------------------------------------------------------ kinds of copies
def respell(text: str) -> str:
    for one, other in (
        ("organise", "organize"),
        ("harbour", "harbor"),
        ("metre", "meter"),
        ('"', "”"),
        ("tonnes", "tons"),
    ):
        text = text.replace(one, other)
    return text


UPDATE = (
    "Marlowe's town council voted late on Thursday to pay for the grain pier, ending four days in which 5 ships had to "
    "turn away from the closed northern harbour and bread queues formed in the upper town.\n\n"
    "The vote went 21 to 16 in favour of taking the money from what was put by for trams. Opponents shouted and one "
    "threw his chain of office on the floor.\n\n"
    "Divers begin on Saturday with the worst 3 of the piles, and a first berth may open again in 7 weeks if the "
    "weather holds, the firm that won the contract said on Friday morning.\n\n"
)
COPIES = {
    "whole": paragraphs(HARBOUR),
    "a quarter of it": paragraphs(HARBOUR, 0, 3),
    "a brief": paragraphs(HARBOUR, 0, 2),
    "one paragraph dropped": paragraphs(HARBOUR, 0, 3) + "\n\n" + paragraphs(HARBOUR, 5),
    "respelt": respell(paragraphs(HARBOUR)),
    "a local opening": "Bakers in our town fear for their flour.\n\n" + paragraphs(HARBOUR),
    "read-also lines": paragraphs(HARBOUR).replace(
        "\n\n", "\n\nRead also: Ten beaches to see before the summer ends\n\n"
    ),
    "in one block": paragraphs(HARBOUR).replace("\n\n", " "),
    "an update with a new opening": UPDATE + paragraphs(HARBOUR, 1, 9),
}


@pytest.mark.parametrize("text", COPIES.values(), ids=COPIES)
def test_it_is_a_copy_whichever_comes_first(text: str) -> None:
    assert joined(paragraphs(HARBOUR), text)
    assert joined(text, paragraphs(HARBOUR))


def test_the_same_paper_may_print_it_twice() -> None:
    book = StoryBook()
    book.add(article(paragraphs(HARBOUR), publisher="paper.example", url="https://paper.example/a"))
    assert (
        book.add(article(paragraphs(HARBOUR), publisher="paper.example", url="https://paper.example/b")).story_id == 1
    )


HOUSE_UPDATE = HARBOUR.split("\n")[0].replace("Monday", "Tuesday") + "\n\n" + paragraphs(HARBOUR, 1) + "\n\n" + UPDATE


@pytest.mark.parametrize(
    "again", [paragraphs(HARBOUR) + "\n\nSubscribe to our morning letter.", HOUSE_UPDATE], ids=["twice", "updated"]
)
def test_one_paper_s_texts_are_one_story_where_nearly_all_of_both_agrees(again: str) -> None:
    book = StoryBook()
    book.add(article(paragraphs(HARBOUR), publisher="paper.example", url="https://paper.example/a"))
    assert book.add(article(again, publisher="paper.example", url="https://paper.example/b")).story_id == 1


BOX = (
    "The harbour by the numbers\n\n"
    "2,140 ships called at Marlowe in 2025, of which 388 carried grain and 61 carried coal. 912 people work on its "
    "quays, 70 of them as divers and 15 as pilots. The oldest crane was built by Brandt and Sons in 1908, the newest "
    "by Holm Marine in 2021. Fees brought the town 48 million last year, and the northern lock lets a ship through "
    "in 34 minutes. The Albers Institute counts 17 kinds of fish below the piers."
)


def test_a_box_that_a_paper_prints_below_its_short_articles_makes_no_two_of_them_one() -> None:
    book = StoryBook()
    for text in (HARBOUR, FERRY, TEXTS["french"]):
        body = f"{paragraphs(text, 0, 2)}\n\n{BOX}"
        assert book.add(article(body, publisher="paper.example")).story_id is None


def test_a_text_of_nothing_but_quotation_can_be_copied() -> None:
    interview = "\n\n".join(f'"{line}"' for line in HARBOUR.replace('"', "").split("\n"))
    assert joined(interview, interview)


# ------------------------------------------------------------------------------------------------ what is another story
STATEMENT = (
    '"I have listened to the pilots, to the owners of the mills and to the families who live on the quay, and I have '
    "come to the view that we must close what we cannot make safe. Nobody who has seen the pictures could do else. "
    "To those who will lose wages over it I say that this town has never left its people alone, and that it will "
    'not begin now," '
)
OTHER_STORIES = {
    "a follow-up with two old paragraphs as background": (
        paragraphs(HARBOUR),
        paragraphs(FERRY) + "\n\n" + paragraphs(HARBOUR, 8),
    ),
    "two reports of one statement": (
        "The mayor of Marlowe defended the closing of a pier on Tuesday before a full hall.\n\n"
        + STATEMENT
        + "he told the council.\n\nFew of those present clapped, and some walked out before he had done.",
        "Anger grew in Marlowe as its mayor stood by a decision that leaves dockers without work until next year.\n\n"
        + STATEMENT
        + "Brandt said in reply to hecklers.\n\nUnions called for a march on the town hall at the weekend.",
    ),
    "a list that both append, in text of their own": (
        paragraphs(FERRY, 0, 4) + "\n\n" + paragraphs(HARBOUR, 5, 8),
        paragraphs(FERRY, 4) + "\n\n" + paragraphs(HARBOUR, 5, 8),
    ),
    "two reports that show one tweet": (
        "The minister broke his silence on the strike with a message on Sunday evening that pleased nobody.\n\n"
        "The trains will run on Monday because I have asked both sides to sit down tonight and both have agreed to it "
        "without conditions, which is a victory for every commuter — Minister (@minister) May 3, 2026\n\n"
        "Drivers said they knew nothing of any talks and would stay at home.",
        "Commuters faced another day without trains despite what they had been promised overnight.\n\n"
        "The trains will run on Monday because I have asked both sides to sit down tonight and both have agreed to it "
        "without conditions, which is a victory for every commuter — Minister (@minister) May 3, 2026\n\n"
        "Platforms at the central station were empty by seven in the morning.",
    ),
    "an excerpt in a newsletter": (
        paragraphs(HARBOUR),
        paragraphs(FERRY) + "\n\nElsewhere on the coast: " + HARBOUR.split("\n")[0],
    ),
}


@pytest.mark.parametrize(("first", "second"), OTHER_STORIES.values(), ids=OTHER_STORIES)
def test_it_is_another_story_whichever_comes_first(first: str, second: str) -> None:
    assert not joined(first, second)
    assert not joined(second, first)


def weather(town: str, low: int, sky: str, wind: str) -> str:
    return (
        f"Residents of {town} can expect {sky} today, with temperatures between {low} and {low + 9} degrees, the "
        f"weather office said in its bulletin.\n\nWinds will blow from the {wind} at {low + 11} to {low + 27} "
        f"kilometres an hour, more along open coasts.\n\nThe chance of rain is put at {low * 3} per cent, "
        f"rising to {low * 4} per cent in the evening. Humidity stands at {low * 2 + 31} per cent.\n\nThe sun rises at "
        f"5.{low + 10} and sets at 8.{low + 22}. The next bulletin from {town} will be issued at six o'clock."
    )


BULLETINS = [
    weather("Oruba", 8, "heavy showers", "north"),
    weather("Lindgard", 15, "a clear sky", "south-east"),
    weather("Mopti", 21, "sand in the air", "west"),
    weather("Oruba", 11, "some mist", "south"),
    weather("Corvona", 5, "light snow", "north-east"),
]


@pytest.mark.parametrize("publisher", [None, "paper.example"], ids=["of several papers", "of one paper"])
def test_the_issues_of_a_template_are_stories_of_their_own(publisher: str | None) -> None:
    book = StoryBook()
    for day, bulletin in enumerate(BULLETINS):
        assert book.add(article(bulletin, hours=day * 24, publisher=publisher)).story_id is None


def forecast(day: str, sky: str, *figures: int) -> str:
    return (
        "Good morning from the Marlowe Echo's weather desk. Here is the forecast for {day}. It begins {sky}, with "
        "cloud building over the hills by noon. Expect a high of {} degrees in Oruba, {} in Port Lindgard and {} in "
        "the upper Mopti. Overnight it will fall to {} degrees in town, and to {} in sheltered valleys, so cover what "
        "you would rather keep.\n\n"
        "The chance of rain is {} per cent before midday and {} per cent afterwards. Winds will blow at {} kilometres "
        "an hour, gusting to {} on the coast and on the harbour bridge, where high vehicles should take care. High "
        "tide in the harbour is at {} and low tide at {}. The coastguard asks crews of small boats to listen to the "
        "Albers Point bulletin on the hour.\n\n"
        "The pollen count is low, and the fire danger is low in every district. Road crews report no closures; chains "
        "should be carried on the Corvona Road from Mount Brandt to Tarn. Our next bulletin is at noon, and you can "
        "always find the rain radar on our weather page."
    ).format(*figures, day=day, sky=sky)


def test_a_paper_s_forecasts_that_differ_in_little_but_figures_are_stories_of_their_own() -> None:
    book = StoryBook()
    for day, text in enumerate(
        (
            forecast("Tuesday", "bright in the north", 13, 11, 9, 5, 0, 20, 35, 14, 36, 414, 1022),
            forecast("Wednesday", "dull and damp", 10, 12, 7, 4, 2, 80, 65, 28, 57, 503, 1111),
            forecast("Thursday", "with fog in the valleys", 15, 14, 8, 3, 1, 10, 25, 9, 22, 552, 1159),
        )
    ):
        assert book.add(article(text, hours=day * 24, publisher="paper.example")).story_id is None


def draw(day: str, numbers: str, pot: int) -> str:
    return (
        f"The winning numbers of the {day} draw are out. A pot of {pot} million crowns was at stake. The numbers to "
        f"tick were {numbers}. Nobody found all of them, and the next draw will be for {pot + 1} million crowns.\n\n"
        "A grid has to be handed in by 20.15 at a kiosk or online. It costs 2.20 crowns. Gains can be claimed for 60 "
        "days from the draw. Playing has its risks: debt, solitude, dependence. For help, call 09 74 75 13 13."
    )


@pytest.mark.parametrize("days", [("4 May", "6 May"), ("04/05/2026", "06/05/2026"), ("2026-05-04", "2026-05-06")])
def test_two_issues_of_a_template_that_name_their_days_are_two_stories_before_others_show_what_is_template(
    days: tuple[str, str],
) -> None:
    first, second = draw(days[0], "9, 17, 23, 31 and 45", 7), draw(days[1], "8, 12, 28, 33 and 40", 12)
    book = StoryBook()
    assert book.add(article(first)).story_id is None
    assert book.add(article(second, hours=48)).story_id is None
    assert book.add(article(first, hours=24)).story_id == 1
    assert book.add(article(second, hours=72)).story_id == 2


def test_the_second_issue_of_a_template_is_told_by_its_figures_though_other_papers_print_it_and_it_names_no_day() -> (
    None
):
    first, second = (
        f"Gold rose to {ounce} dollars an ounce in the morning, {up} more than the day before. At the goldsmiths of "
        f"Marlowe a gram of 24 carats cost {gram} crowns, one of 21 carats, which is sold most, {less} and one of 18 "
        f"carats {least} crowns. The head of the guild said that trade was {trade} while buyers waited for what the "
        f"central bank would say of interest. What a goldsmith asks for his work differs from shop to shop and lies "
        "between a tenth and a third of the price of a gram; keep the bill when you buy, the guild advises."
        for ounce, up, gram, less, least, trade in (
            (2311, 14, 3612, 3161, 2709, "brisk"),
            (2347, 36, 3668, 3210, 2751, "slow"),
        )
    )
    assert not joined(first, second)


def test_a_copy_of_one_issue_joins_that_issue() -> None:
    book = StoryBook()
    for day, bulletin in enumerate(BULLETINS):
        book.add(article(bulletin, hours=day * 24))
    assert book.add(article(BULLETINS[2] + "\n\n(Weather Desk)", hours=50)).story_id == 3


# ---------------------------------------------------------------------------------------------------------- no chaining
MERGED = paragraphs(HARBOUR, 0, 8) + "\n\nMeanwhile, off Tarn:\n\n" + paragraphs(FERRY, 0, 4)


def test_an_article_made_of_two_joins_the_one_it_has_most_of_and_names_the_other() -> None:
    book = StoryBook()
    book.add(article(paragraphs(HARBOUR)))
    book.add(article(paragraphs(FERRY)))
    copy = book.add(article(MERGED, hours=2))
    assert (copy.story_id, copy.also_story_ids, copy.merges) == (1, (2,), ())


def test_copies_of_an_article_made_of_two_do_not_make_the_two_one() -> None:
    book = StoryBook()
    texts = [paragraphs(HARBOUR), MERGED, paragraphs(FERRY), MERGED + "\n\n(AP)", paragraphs(FERRY, 0, 5), MERGED]
    for hour, text in enumerate(texts):
        book.add(article(text, hours=hour))
    assert {frozenset({0, 1, 3, 5}), frozenset({2, 4})} == book.stories(range(6))


def test_an_update_joins_the_text_that_it_has_most_of_though_its_lead_was_printed_alone_before() -> None:
    flash = (
        "Two of the three cranes in the harbour of Marlowe may lift again from Friday, the port's owners said late on "
        "Wednesday after engineers had looked at each bolt.\n\nThe third will be taken down before the winter, and "
        "41 men will be offered work on the ferries instead, according to a letter that the owners sent to the union."
    )
    update = flash + "\n\n" + paragraphs(HARBOUR, 4)
    book = StoryBook()
    for hour, text in enumerate([paragraphs(HARBOUR), paragraphs(HARBOUR, 0, 7), flash, update, respell(update)]):
        book.add(article(text, hours=hour))
    assert len(book.stories(range(5))) == 1


def test_what_a_round_up_is_made_of_is_not_one_story_though_the_round_up_came_first() -> None:
    briefs = [paragraphs(text, 0, 2) for text in (FERRY, TEXTS["spanish"], TEXTS["german"])]
    book = StoryBook()
    round_up = "\n\n".join([paragraphs(HARBOUR, 0, 4), *briefs])
    for hour, text in enumerate([round_up, *briefs, *map(respell, briefs)]):
        book.add(article(text, hours=hour))
    assert book.stories("Rabcabc") == {frozenset(name) for name in "Rabc"}


def test_two_stories_become_one_when_two_articles_prove_it() -> None:
    kept = [candidate(article(paragraphs(HARBOUR)), number, story) for number, story in ((1, 1), (2, 2))]
    copy = decide(article(respell(paragraphs(HARBOUR)), hours=1), kept)
    assert (copy.story_id, copy.merges) == (1, (2,))


def test_of_two_stories_that_become_one_the_older_keeps_its_id_whichever_is_nearer() -> None:
    whole = paragraphs(HARBOUR)
    kept = [candidate(article(paragraphs(HARBOUR, 0, 6)), 1, 1), candidate(article(whole), 2, 2)]
    copy = decide(article(whole, hours=1), kept)
    assert (copy.story_id, copy.merges) == (1, (2,))


def test_a_brief_and_a_text_without_its_second_paragraph_become_one_story_by_two_full_texts() -> None:
    lines = HARBOUR.split("\n")
    kept = [
        candidate(article("\n\n".join([lines[0], *lines[2:]])), 1, 1),
        candidate(article(paragraphs(HARBOUR, 0, 2)), 2, 2),
        candidate(article(paragraphs(HARBOUR)), 3, 1),
    ]
    assert decide(article(respell(paragraphs(HARBOUR)), hours=1), kept).merges == (2,)


def test_a_single_bridge_does_not_make_two_stories_one() -> None:
    halves = [candidate(article(paragraphs(HARBOUR, *part)), n, n) for n, part in ((1, (0, 5)), (2, (5, None)))]
    copy = decide(article(paragraphs(HARBOUR), hours=1), halves)
    assert copy.story_id in (1, 2)
    assert copy.merges == ()


# ----------------------------------------------------------------------------------------------------- order of arrival
def editions(seed: int, text: str, copies: int) -> list[str]:
    """What desks make of a wire text: cut from the bottom, respelt, a paragraph dropped, lines added."""
    chance = random.Random(seed)  # noqa: S311
    printed = []
    for _ in range(copies):
        lines = text.split("\n")
        lines = lines[: chance.randint(len(lines) // 2, len(lines))]
        if chance.random() < 0.4:
            del lines[chance.randrange(2, len(lines))]
        if chance.random() < 0.4:
            lines = [respell(line) for line in lines]
        if chance.random() < 0.4:
            lines.insert(chance.randrange(1, len(lines)), "Read also: The ten best soups for a cold evening at home")
        if chance.random() < 0.5:
            lines.append("(Reuters)")
        printed.append("\n\n".join(lines))
    return printed


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_stories_are_the_same_in_any_order_of_arrival(seed: int, chance: random.Random) -> None:
    articles: list[tuple[int, Text]] = []
    for text in (HARBOUR, FERRY, TEXTS["french"], TEXTS["chinese"]):
        articles += enumerate((article(body) for body in editions(seed, text, 5)), start=len(articles))
    expected = {frozenset(range(first, first + 5)) for first in range(0, 20, 5)}
    chance.shuffle(articles)
    book = StoryBook()
    for _, text_of in articles:
        book.add(text_of)
    assert book.stories([name for name, _ in articles]) == expected


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**6), st.permutations(range(8)))
def test_the_order_of_the_candidates_does_not_matter(seed: int, order: list[int]) -> None:
    bodies = [*editions(seed, HARBOUR, 4), *editions(seed, FERRY, 4)]
    kept = [candidate(article(body, hours=n % 3), n, n // 2) for n, body in enumerate(bodies)]
    new = article(MERGED, hours=5)
    assert decide(new, [kept[n] for n in order]) == decide(new, kept)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**6))
def test_two_articles_are_compared_alike_from_either_side(seed: int) -> None:
    one, other = (article(body) for body in editions(seed, HARBOUR, 2))
    (there,), (back,) = compare(one, [candidate(other, 1, 1)]), compare(other, [candidate(one, 1, 1)])
    assert there.terms() == pytest.approx(back.terms())


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**6))
def test_a_copy_of_a_copy_joins_the_same_story(seed: int) -> None:
    first, second = editions(seed, HARBOUR, 2)
    book = StoryBook()
    for body in (paragraphs(HARBOUR), first, second + "\n\nFrom our partners"):
        book.add(article(body))
    assert len(book.stories(range(3))) == 1


WORDS = [first + vowel + last for first in "bdfgklmnprst" for vowel in "aeiou" for last in ("nd", "rk", "st", "ll")]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=12, max_size=400), st.data())
def test_texts_that_share_no_word_are_never_one_story(words: list[str], data: st.DataObject) -> None:
    others = data.draw(st.lists(st.sampled_from(WORDS), min_size=12, max_size=400))
    assert not joined(" ".join(words), " ".join(f"{word}ish" for word in others))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=400), st.integers(0, 5))
def test_an_article_is_no_copy_of_itself(body: str, hours: int) -> None:
    again = candidate(article(body, url="https://a.example/1"), 1, 1)
    copy = decide(article(body, hours=hours, url="https://a.example/1"), [again])
    assert (copy.story_id, copy.also_story_ids, copy.merges) == (None, (), ())


# ------------------------------------------------------------------------------------------------------------ bad input


EMPTY = {"nothing": "", "blank": "\n\n", "three words": "Live from Marlowe", "no letters": "--- ??? ---"}


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_next_to_no_text_is_a_story_of_its_own(body: str) -> None:
    kept = [candidate(article(body), 1, 1), candidate(article(paragraphs(HARBOUR)), 2, 2)]
    assert decide(article(body), kept).story_id is None


def test_without_dates_a_copy_is_still_a_copy() -> None:
    kept = [candidate(article(paragraphs(HARBOUR), hours=None), 1, 1)]
    assert decide(article(paragraphs(HARBOUR, 0, 5), hours=None), kept).story_id == 1


def test_one_word_over_and_over_is_no_copy_of_a_text() -> None:
    assert not joined(paragraphs(HARBOUR), "harbour " * 100_000)


def test_a_storm_of_identical_articles_is_one_story_and_says_that_it_was_bounded() -> None:
    book = StoryBook()
    copies = [book.add(article(paragraphs(HARBOUR), url=str(n))) for n in range(CANDIDATES_MAX + 20)]
    assert len(book.stories(range(len(copies)))) == 1
    assert f"compared with the {CANDIDATES_MAX} nearest only" in str(copies[-1].evidence)


def test_the_evidence_says_what_was_compared_and_how_much_was_shared() -> None:
    copy = decide(article(paragraphs(HARBOUR, 0, 5)), [candidate(article(paragraphs(HARBOUR)), 77, 5)])
    assert str(copy.evidence).startswith("article 77: own words shared 9")


# ----------------------------------------------------------------------------------------------------- a story arranged
def story(*texts: Text) -> list[Candidate]:
    return [candidate(text, number, 1) for number, text in enumerate(texts, start=1)]


def test_a_story_of_one_has_no_relation() -> None:
    place = arrange(story(article(paragraphs(HARBOUR)))).places[1]
    assert (place.relation, place.resemblance, place.containment, place.contains) == (None, None, None, None)


RELATIONS = {
    "copy": paragraphs(HARBOUR) + "\n\n(AFP)",
    "cut": paragraphs(HARBOUR, 0, 5),
    "extended": paragraphs(HARBOUR) + "\n\n" + paragraphs(FERRY, 0, 5),
    "update": UPDATE + paragraphs(HARBOUR, 3, 9),
}


@pytest.mark.parametrize(("relation", "body"), RELATIONS.items(), ids=RELATIONS)
def test_a_relation_is_told(relation: str, body: str) -> None:
    first, other = article(paragraphs(HARBOUR)), article(body, hours=8)
    places = arrange(story(first, other)).places
    assert (places[1].relation, places[2].relation) == ("original", relation)
    assert decide(other, story(first)).relation == relation


LINES = len(HARBOUR.split("\n"))
EDITED = {
    "copy": [
        respell(paragraphs(HARBOUR)),
        "Bakers in our town fear for their flour, our reporters write.\n\n" + paragraphs(HARBOUR),
        paragraphs(HARBOUR).replace("\n\n", "\n\nRead also: Ten beaches to see before the summer ends\n\n", 2),
    ],
    "cut": [
        paragraphs(HARBOUR, 0, LINES - 1),
        respell(paragraphs(HARBOUR, 0, LINES - 2)) + "\n\n(Reuters)",
        "Bakers in our town fear for their flour.\n\n" + paragraphs(HARBOUR, 0, LINES - 2),
        paragraphs(HARBOUR, 0, 2),
    ],
    "extended": [paragraphs(HARBOUR) + "\n\nMeanwhile off Tarn:\n\n" + paragraphs(FERRY)],
    "update": [
        UPDATE + paragraphs(HARBOUR, 1, 9),
        UPDATE + paragraphs(HARBOUR),  # the old lead stands below
        paragraphs(HARBOUR, 0, 1) + "\n\n" + UPDATE + paragraphs(HARBOUR, 1),
    ],
}


@pytest.mark.parametrize(("relation", "body"), [(kind, body) for kind, bodies in EDITED.items() for body in bodies])
def test_a_relation_is_told_whatever_else_the_desk_did(relation: str, body: str) -> None:
    # The canonical copy ends with the agency's credit, which others leave out.
    full = article(paragraphs(HARBOUR) + "\n\n(Reporting by Ada Nwosu; editing by Tom Holm)")
    assert arrange(story(full, article(body, hours=8))).places[2].relation == relation


def test_the_shares_are_measured_against_the_canonical_copy() -> None:
    places = arrange(story(article(paragraphs(HARBOUR)), article(paragraphs(HARBOUR, 0, 5), hours=1))).places
    assert places[1].resemblance == places[1].containment == places[1].contains == 1
    assert places[2].containment == pytest.approx(1, abs=0.02)
    assert places[2].contains == pytest.approx(0.5, abs=0.15)


def test_the_fullest_copy_of_the_first_six_hours_is_canonical() -> None:
    brief, full = paragraphs(HARBOUR, 0, 3), paragraphs(HARBOUR)
    assert arrange(story(article(brief), article(full, hours=5))).canonical_id == 2
    assert arrange(story(article(brief), article(full, hours=7))).canonical_id == 1


def test_a_day_without_a_time_comes_after_the_times_of_that_day() -> None:
    day = article(paragraphs(HARBOUR), hours=-12, latest_hours=12, url="a")
    timed, next_day = (article(paragraphs(HARBOUR), hours=hours, url="b") for hours in (9, 13))
    assert arrange(story(day, timed)).original_id == 2
    assert arrange(story(day, next_day)).original_id == 1
    assert {arrange(story(*order)).original_id for order in ((day, timed, next_day), (next_day, timed, day))} == {2}


def test_a_day_without_a_time_is_early_only_if_it_was_seen_early() -> None:
    brief = article(paragraphs(HARBOUR, 0, 3), hours=-3)
    for seen, canonical in ((2, 2), (11, 1)):
        full = article(paragraphs(HARBOUR), hours=-12, latest_hours=seen)
        assert arrange(story(brief, full)).canonical_id == canonical


@pytest.mark.parametrize(
    ("day", "crawled", "expected"),
    [
        ("2026-05-04", None, "2026-05-05T00:00"),
        ("2026-05-04", "2026-05-04T09:30", "2026-05-04T09:30"),
        ("2026-05-04", "2026-05-06T09:30", "2026-05-05T00:00"),
        ("2026-05-04", "2026-05-03T22:00", "2026-05-05T00:00"),  # east of here that day had begun
        ("9999-12-31", None, "9999-12-31T23:59:59.999999"),
    ],
)
def test_a_day_was_over_or_its_text_had_been_read(day: str, crawled: str | None, expected: str) -> None:
    first, read, want = (
        datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None for text in (day, crawled, expected)
    )
    assert first is not None
    assert latest(first, read) == want


def test_the_agency_s_own_page_is_canonical_whenever_it_came() -> None:
    own = article(paragraphs(HARBOUR, 0, 8), hours=30, is_agency=True)
    assert arrange(story(article(paragraphs(HARBOUR)), own)).canonical_id == 2


def test_without_dates_the_first_url_is_the_original() -> None:
    undated = [article(paragraphs(HARBOUR), hours=None, url=url) for url in ("b", "a")]
    arranged = arrange(story(*undated))
    assert [arranged.places[number].relation for number in (1, 2)] == ["copy", "original"]
