"""Which lines are controls of a page, in its readers' languages. The prose is invented."""

from __future__ import annotations

import pytest

from crawler import pages
from crawler.furniture import is_furniture

PROSE = [
    f"The council met on {day} to discuss the plan for the harbour and what the new pier would cost the town."
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Estimated reading time: 4 minutes",
            "Listen to this article 5 min",
            "Link copied!",
            "Slide 1 of 5",
            "1 of 12",
        ),
        *("Was this article useful?", "Add The Courier as a preferred source on Google", "A post shared by Ana (@ana)"),
        *("Story continues after this advert", "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT", "Continue with Google"),
        *(
            "Artikel anhören",
            "Zur Merkliste hinzufügen",
            "Nach der Anzeige weiterlesen",
            "War dieser Artikel hilfreich?",
        ),
        *("Écouter l’article", "La suite après cette publicité", "Voir tous les commentaires", "Partager sur Facebook"),
        *("La noticia sigue después de la publicidad", "Enlace copiado", "Comparte esta noticia", "Ver más"),
        *("Continua após a publicidade", "Ouça este artigo", "L'articolo prosegue dopo la pubblicità", "Mostra meno"),
        *("De tekst gaat verder onder de foto.", "Deel dit artikel", "Dalsza część artykułu pod reklamą"),
        *(
            "Artikeln fortsätter efter annonsen",
            "Saken fortsetter under annonsen",
            "Artiklen fortsætter under billedet",
        ),
        *("Juttu jatkuu mainoksen jälkeen", "Článek pokračuje pod reklamou", "A cikk a hirdetés után folytatódik"),
        *("Articolul continuă mai jos", "Tekst se nastavlja ispod oglasa", "Продолжение после рекламы"),
        *("Поделиться в Telegram", "Время чтения: 4 мин", "Η συνέχεια μετά τη διαφήμιση", "Haberin devamı aşağıda"),
        *("Scroll ke bawah untuk lanjut membaca", "شارك المقال", "ادامه مطلب", "שתפו את הכתבה", "विज्ञापन", "แชร์ข่าวนี้"),
        *("点击阅读全文", "この記事を聴く", "글자 크기 조절", "Chia sẻ"),
    ],
)
def test_a_control_is_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Die Anzeige gegen den Wirt wird weiter geprüft.",
        "Werbung geht weiter",
        "Guardar la calma en el puerto",
        "Salva la vita al cane",
        "Read the full court and you know the game.",
        "La suite lui a donné raison.",
        "Partager la table, partager le pain",
        "Share of the market: 12 per cent",
        "Het verhaal loopt door tot in de oorlog, en de foto's bewijzen het.",
        "The story continues to divide the town.",
    ],
)
def test_prose_in_the_words_of_a_control_stays(line: str) -> None:
    assert not is_furniture(line)


def test_a_control_amid_a_text_is_left_out() -> None:
    lines = [*PROSE[:3], "Artikeln fortsätter efter annonsen", *PROSE[3:]]
    inside = "".join(f"<p>{line}</p>" for line in lines)
    html = (
        f"<!DOCTYPE html><html><body><article><h1>Harbour plan goes to the council</h1>{inside}</article></body></html>"
    )
    assert pages.read(html.encode(), "https://courier.example/news/harbour-plan-51234").body.split("\n\n") == PROSE
