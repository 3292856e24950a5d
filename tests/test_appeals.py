"""What a paper asks of its readers. The prose is invented."""

from __future__ import annotations

import pytest

from crawler import furniture


@pytest.mark.parametrize(
    "line",
    [
        "Urmărește știrile Gazetei de Alder și pe Google News",
        "Последвайте ни в Google News Showcase, за да научите най-важното от деня",
        "Ακολουθήστε το alder.example στο Google News και μάθετε πρώτοι όλες τις ειδήσεις",
        "Ha tetszett a cikk, kövess minket a Facebookon is!",
        "* Sve što je bitno, na dohvat ruke. Preuzmite našu mobilnu aplikaciju",
        "Dziękujemy, że przeczytałaś nasz artykuł do końca. Bądź na bieżąco! Obserwuj nas w Wiadomościach Google.",
        "Bądź na bieżąco. Dołącz do nas na Facebooku",
        "Пратите нас и на Вајберу",
        "Prijavite se na naš newsletter",
        "Iratkozzon fel hírlevelünkre!",
        "Vil du vite mer? Meld deg på vårt nyhetsbrev",
        "Apúntate gratis a nuestra newsletter",
        "+++ Keine Nachrichten mehr verpassen: Jetzt den WhatsApp-Kanal der Zeitung abonnieren +++",
        "The Power letter is a newsletter on the energy industry. Sign up here.",
        "Las noticias de Alder, cada mañana en tu correo",
        "Ontvang elke ochtend het belangrijkste nieuws in je mailbox",
        "Få de viktigste nyheder i din indbakke hver morgen",
        "Stories from the river, delivered to your inbox every Thursday.",
        "Našli jste v článku chybu?",
        "Нашли ошибку? Выделите её и нажмите Ctrl+Enter",
        "Якщо ви помітили помилку, виділіть текст і натисніть Ctrl + Enter",
        "Hibát talált? Írja meg nekünk!",
        "Har du et tip til redaktionen? Skriv til os",
        "Heb je een tip voor de redactie? Mail ons",
        "Masz ciekawy temat? Napisz do nas",
        "Have your say! Should water firms pay? Vote in our poll HERE.",
        "Do you have an opinion on the issues raised in this article? Send us a letter.",
        "Read or Share this story: https://www.courier.example/story/1",
        "Ana Onyx can be reached at ana@courier.example or 555-0142.",
        "Cet article vous a plu ? Partagez-le",
        "Add the Alder Courier as a Preferred Source on Google",
        "A lap csak az olvasóinak tartozik felelősséggel. Támogasd te is a munkánkat!",
        "Podpořte naši redakci",
        "Descarcă aplicația Gazetei și află cele mai importante știri ale zilei",
        "From the courts to the coast, we are there when the story develops. Your support makes all the difference.",
        "Votre soutien nous permet de rester indépendants.",
        "Info, sport, cinéma... Découvrez l'offre de nos newsletters et restez informés",
        # in the same words, elsewhere on a page
        "Ce résumé est proposé par une IA, relu par la rédaction.",
        "Oppsummeringen er laget med hjelp av kunstig intelligens (KI) og kvalitetssikret.",
        "This summary was AI-generated and reviewed by a journalist.",
        "Your information is handled in accordance with the Courier's Privacy Collection Statement.",
        "Opt in to push alerts and have the best news delivered to your phone",
        "CHECK OUT OUR Jobs Section HERE!",
        "To get the latest email updates from the Courier, click here",
        "Se vuoi iscriverti al canale WhatsApp del Corriere clicca qui",
        "Noch mehr Nachrichten aus der Region rund um Alder finden Sie auf courier.example/alder.",
        "Alle Nachrichten aus Alder finden Sie hier.",
        "The AP is solely responsible for all content.",
        "Šíření zpráv agentury je bez předchozího písemného souhlasu zakázáno.",
        "RIPRODUZIONE RISERVATA",
        "This advertisement has not loaded yet, but your article continues below.",
        "Taip pat skaitykite: Uostas be laivų",
        "Loe ka: Sild avati",
    ],
)
def test_what_is_asked_of_readers_is_furniture(line: str) -> None:
    assert furniture.is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Have your say on the plan for the harbour at a meeting in the town hall on Friday.",
        "Google News Showcase was launched in the country on Tuesday.",
        "The harbour office has a newsletter, to which few sign up here on the island.",
        "A strange message with news of the ship had come to his inbox on Monday, he told the court.",
        "The island can be reached by ferry in two hours.",
        "Dziękujemy, że przyszliście tak licznie, powiedział burmistrz na Facebooku.",
        "Noch mehr Nachrichten aus der Hauptstadt erreichten den Hof, und keine davon war gut.",
        "Mehr Nachrichten als in diesem Jahr gibt es nicht, sagte der Sprecher im Hafen.",
        "Burmistrz poinformował na Facebooku, że most będzie zamknięty.",
        "Primărița a anunțat pe Facebook că podul va fi închis.",
        "Кметът съобщи във Фейсбук, че мостът ще бъде затворен.",
        "Ο δήμαρχος ανακοίνωσε στο Facebook ότι η γέφυρα θα κλείσει.",
        "Starosta napsal na Facebooku, že našli chybu ve výpočtu.",
        "Opozícia vyzvala: podporte nás v parlamente aj v uliciach mesta, kde to bude treba.",
        "This summary of the talks was written in the night, and nobody had read it.",
        "For subscribers the fee will rise to four dollars in March.",
        "Nur für Abonnenten gibt es den Rabatt, sagte der Minister.",
    ],
)
def test_prose_on_networks_letters_and_readers_is_kept(line: str) -> None:
    assert not furniture.is_furniture(line)
