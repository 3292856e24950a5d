"""Kinds of pages, measured on pages made for it: `python -m benchmarks.kinds [--seed N] [--pages N] [--wrong]`.

Newspaper pages in twelve languages and eight designs, invented whole: articles of all lengths, live blogs, paywalled
teasers, section fronts and tag pages, videos and galleries, cookie and bot walls, error pages with status 200. Each is
made from its kind, never from what crawler.kinds looks for; what tells a kind (structured data, an address, words) is
left out of a part of them, as newspapers do. Prints precision and recall of each kind, and with `--wrong` the pages
that were misread.
"""

from __future__ import annotations

import argparse
import html
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler import pages

KINDS = ("article", "live", "teaser", "listing", "media", "wall", "error")


@dataclass(frozen=True)
class Made:
    """A page with what it is."""

    kind: str
    variety: str  #: which sort of that kind: "tag page", "cookie wall", …
    language: str
    url: str
    html: bytes


@dataclass(frozen=True)
class Tongue:
    """What a newspaper in one language prints. `sentences` have places for a name {n}, a place {p} and a number {k}."""

    sentences: tuple[str, ...]
    names: tuple[str, ...]
    places: tuple[str, ...]
    sections: tuple[str, ...]
    more: tuple[str, ...]  #: pointers, and titles of boxes
    letters: tuple[str, ...]  #: newsletter boxes, prompts that stand on free pages too
    pay: tuple[str, ...]  #: what follows a teaser
    missing: tuple[tuple[str, str], ...]  #: error pages
    consent: tuple[tuple[str, str], ...]  #: cookie walls: title and text
    robot: tuple[tuple[str, str], ...]  #: bot walls
    live: str
    video: str
    gallery: str
    by: str
    space: str = " "


TONGUES = {
    "en": Tongue(
        (
            "{n} told the committee in {p} on Tuesday that the ferry service would need {k} more crew by the autumn.",
            "The decision came after {k} residents of {p} had signed a petition against the closure of the old quay.",
            "“Nobody asked us what we wanted,” said {n}, whose family has kept a bakery beside the harbour since 1974.",
            "Repairs to the bridge at {p} will cost at least {k} million crowns, twice what engineers had estimated.",
            "The ministry declined to comment, but an official close to the talks said a deal was within reach.",
            "Heavy rain had washed out the road to {p} for the third time this year, cutting off {k} households.",
        ),
        ("Ada Quill", "Jonah Farrow", "Mina Tolmar", "Silas Benholm"),
        ("Alderhaven", "Port Marden", "Wexcombe", "Lower Carrow"),
        ("World", "Sport", "Business", "Culture", "Opinion"),
        ("Read more", "Most read", "Related stories", "More from this section"),
        ("Sign up for our morning newsletter and never miss a story.", "Support local reporting from as little as £1.",
         "Subscribe today to our newsletter on the harbour.", "Log in to join the conversation."),
        (
            "This article is for subscribers only. Already have an account? Log in",
            "To read the full story, start your free trial today.",
            "You have reached your limit of free articles. Unlock unlimited access from £2 a week.",
            "Want to keep reading? Choose a plan that suits you.",
        ),
        (
            ("Page not found", "Sorry, the page you requested may have moved or no longer exists."),
            ("Oops! That page can’t be found.", "It looks like nothing was found at this location. Try a search?"),
            ("Error 404", "We are having trouble locating what you were after."),
            ("This story is no longer available", "The article has expired or was removed by its publisher."),
            ("We’ll be right back", "Our site is undergoing scheduled maintenance. Please try again in a few minutes."),
        ),
        (
            ("Your privacy choices", "We and our {k} partners store and access information on your device, such as "
             "unique identifiers in cookies, to process personal data. You may accept or manage your choices at any "
             "time. These choices will be signalled to our partners and will not affect browsing data. We and our "
             "partners process data to provide: precise geolocation, personalised advertising and content, "
             "advertising and content measurement, audience research and services development. Agree / Manage"),
            ("We use cookies", "By clicking “Accept all” you consent to cookies for advertising and analytics. "
             "Reject all / Settings"),
            ("Not available in your region", "We are currently unable to offer this website to readers in the European "
             "Economic Area because of data protection rules."),
        ),
        (
            ("Just a moment...", "Verifying you are human. This may take a few seconds. The site needs to review the "
             "security of your connection before proceeding."),
            ("Access denied", "You don’t have permission to access this page on this server. Reference #18.2d4d."),
            ("Human verification", "Press and hold the button to confirm you are a human and not a bot."),
            ("Are you a robot?", "Our systems have detected unusual activity from your network. Tick the box below."),
        ),
        "Live: storm reaches the coast", "Watch: {p} ferry makes its last crossing", "In pictures: {p} under water", "By",
    ),
    "de": Tongue(
        (
            "{n} sagte am Dienstag im Ausschuss in {p}, die Fähre brauche bis zum Herbst {k} weitere Matrosen.",
            "Zuvor hatten {k} Einwohner von {p} gegen die Schließung des alten Kais unterschrieben.",
            "„Niemand hat uns gefragt“, sagte {n}, deren Familie seit 1974 eine Bäckerei am Hafen betreibt.",
            "Die Reparatur der Brücke bei {p} kostet mindestens {k} Millionen Taler, doppelt so viel wie geplant.",
            "Das Ministerium wollte sich nicht äußern; aus Verhandlungskreisen hieß es, man stehe vor einer Einigung.",
            "Starker Regen hatte die Straße nach {p} zum dritten Mal in diesem Jahr unterspült, {k} Häuser waren ohne Weg.",
        ),
        ("Ada Quell", "Jonas Farn", "Mina Tollmar", "Silas Benholm"),
        ("Erlenhafen", "Portmarden", "Wexkamm", "Niederkarau"),
        ("Politik", "Sport", "Wirtschaft", "Kultur", "Meinung"),
        ("Mehr lesen", "Meistgelesen", "Das könnte Sie auch interessieren", "Weitere Artikel"),
        ("Mit unserem Newsletter erfahren Sie jeden Morgen, was wichtig ist.", "Jetzt App herunterladen.",
         "Jetzt abonnieren: der Newsletter vom Hafen.", "Jetzt abonnieren und von der Vorlesefunktion profitieren."),
        (
            "Diesen Artikel lesen Sie mit unserem Digitalabo. Sie sind bereits Abonnent? Hier anmelden",
            "Jetzt einen Monat gratis testen und alle Inhalte freischalten.",
            "Exklusiv für Abonnenten: Weiterlesen mit Plus ab 2,49 Euro pro Woche.",
        ),
        (
            ("Diese Seite gibt es leider nicht", "Die aufgerufene Adresse konnte nicht gefunden werden."),
            ("404 – Seite nicht gefunden", "Vielleicht hilft Ihnen unsere Suche weiter."),
            ("Hoppla!", "Da ist etwas schiefgelaufen. Der Artikel wurde gelöscht oder verschoben."),
        ),
        (
            ("Weiter mit Werbung oder mit dem Pur-Abo", "Besuchen Sie unsere Seite wie gewohnt mit Werbung und Tracking. "
             "Zusammen mit unseren {k} Partnern verarbeiten wir personenbezogene Daten, etwa Ihre IP-Adresse, und "
             "setzen Cookies. Details finden Sie in der Datenschutzerklärung. Akzeptieren und weiter. Oder nutzen Sie "
             "das Angebot ohne Tracking für 3,99 Euro im Monat. Bereits Pur-Abonnent? Hier einloggen."),
            ("Ihre Privatsphäre ist uns wichtig", "Mit Klick auf „Zustimmen“ willigen Sie in die Nutzung von Cookies ein."),
        ),
        (
            ("Einen Moment bitte", "Wir prüfen, ob Sie ein Mensch sind. Bitte aktivieren Sie JavaScript."),
            ("Zugriff verweigert", "Ihre Anfrage wurde von unserem Sicherheitssystem blockiert."),
        ),
        "Liveticker: Sturm erreicht die Küste", "Video: Letzte Fahrt der Fähre von {p}", "Bilderstrecke: {p} unter Wasser",
        "Von",
    ),
    "fr": Tongue(
        (
            "{n} a déclaré mardi devant la commission à {p} que le bac aurait besoin de {k} marins de plus à l’automne.",
            "La décision fait suite à une pétition signée par {k} habitants de {p} contre la fermeture du vieux quai.",
            "« Personne ne nous a consultés », regrette {n}, dont la famille tient une boulangerie au port depuis 1974.",
            "La réfection du pont de {p} coûtera au moins {k} millions d’écus, le double de ce qui était prévu.",
            "Le ministère n’a pas souhaité réagir, mais une source proche du dossier évoque un accord imminent.",
            "De fortes pluies avaient emporté la route de {p} pour la troisième fois cette année, isolant {k} foyers.",
        ),
        ("Ada Quille", "Jonas Farreau", "Mina Tolmar", "Silas Bénol"),
        ("Aunehavre", "Port-Marden", "Vexcombe", "Bas-Carreau"),
        ("Monde", "Sport", "Économie", "Culture", "Idées"),
        ("Lire la suite", "Les plus lus", "À lire aussi", "Dans la même rubrique"),
        ("Recevez chaque matin notre lettre d’information.", "Suivez toute l’actualité sur notre application.",
         "Abonnez-vous pour recevoir notre lettre du port."),
        (
            "Cet article est réservé aux abonnés. Il vous reste 78 % de cet article à lire.",
            "Abonnez-vous pour lire la suite. Déjà abonné ? Se connecter",
            "Pour accéder à l’intégralité de l’article, profitez de notre offre à 1 € le premier mois.",
        ),
        (
            ("Page introuvable", "La page que vous cherchez n’existe pas ou a été déplacée."),
            ("Erreur 404", "Désolé, ce contenu n’est plus disponible."),
        ),
        (
            ("Le respect de votre vie privée est notre priorité", "Avec nos {k} partenaires, nous utilisons des traceurs "
             "pour stocker et accéder à des informations sur votre appareil. Vous pouvez accepter, refuser ou vous "
             "abonner pour continuer sans accepter. Vos choix s’appliquent à ce site seulement et peuvent être "
             "modifiés à tout moment. Accepter et fermer / Paramétrer"),
            ("Gestion des cookies", "En acceptant les cookies, vous pouvez consulter gratuitement nos contenus."),
        ),
        (
            ("Un instant…", "Vérification que vous n’êtes pas un robot. Activez JavaScript pour continuer."),
            ("Accès refusé", "Votre navigation ressemble à celle d’un robot. Veuillez compléter le test ci-dessous."),
        ),
        "Direct. La tempête atteint la côte", "Vidéo. La dernière traversée du bac de {p}", "En images : {p} sous les eaux",
        "Par",
    ),
    "es": Tongue(
        (
            "{n} aseguró el martes ante la comisión en {p} que el transbordador necesitará {k} tripulantes más en otoño.",
            "La decisión llega después de que {k} vecinos de {p} firmaran contra el cierre del viejo muelle.",
            "«Nadie nos preguntó», lamenta {n}, cuya familia tiene una panadería junto al puerto desde 1974.",
            "La reparación del puente de {p} costará al menos {k} millones de ducados, el doble de lo previsto.",
            "El ministerio no quiso hacer comentarios, aunque fuentes cercanas hablan de un acuerdo inminente.",
            "Las lluvias se llevaron la carretera de {p} por tercera vez este año y dejaron aisladas a {k} familias.",
        ),
        ("Ada Quilla", "Jonás Farró", "Mina Tolmar", "Silas Benol"),
        ("Alisal", "Puerto Marden", "Vecomba", "Carrión Bajo"),
        ("Internacional", "Deportes", "Economía", "Cultura", "Opinión"),
        ("Leer más", "Lo más leído", "Te puede interesar", "Más noticias"),
        ("Suscríbete a nuestro boletín y recibe las noticias cada mañana.", "Síguenos en nuestras redes.",
         "Suscríbete para recibir las noticias del puerto en tu correo."),
        (
            "Contenido exclusivo para suscriptores. ¿Ya eres suscriptor? Inicia sesión",
            "Para continuar leyendo, suscríbete por 1 € al mes.",
            "Has alcanzado el límite de artículos gratuitos.",
        ),
        (
            ("Página no encontrada", "Lo sentimos, la página que buscas no existe o ha cambiado de dirección."),
            ("Error 404", "El contenido al que intentas acceder ya no está disponible."),
        ),
        (
            ("Tu privacidad es importante", "Nosotros y nuestros {k} socios almacenamos cookies en tu dispositivo para "
             "mostrar publicidad personalizada y medir audiencias. Puedes aceptar todas, rechazarlas pagando una "
             "suscripción o configurar tus preferencias. Aceptar y continuar / Configurar"),
        ),
        (
            ("Un momento, por favor", "Estamos comprobando que no eres un robot. Activa JavaScript y las cookies."),
            ("Acceso denegado", "Hemos detectado tráfico inusual desde tu red."),
        ),
        "En directo: el temporal llega a la costa", "Vídeo: el último viaje del transbordador de {p}",
        "Fotogalería: {p} bajo el agua", "Por",
    ),
    "pt": Tongue(
        (
            "{n} disse na terça-feira à comissão em {p} que a balsa vai precisar de mais {k} tripulantes até o outono.",
            "A decisão veio depois que {k} moradores de {p} assinaram um manifesto contra o fechamento do velho cais.",
            "“Ninguém nos perguntou nada”, disse {n}, cuja família tem uma padaria no porto desde 1974.",
            "A reforma da ponte de {p} vai custar pelo menos {k} milhões de cruzados, o dobro do previsto.",
            "O ministério não quis comentar, mas uma pessoa próxima às negociações disse que o acordo está perto.",
            "A chuva forte levou a estrada de {p} pela terceira vez no ano e deixou {k} famílias isoladas.",
        ),
        ("Ada Quilha", "Jonas Farrão", "Mina Tolmar", "Silas Benol"),
        ("Amieiral", "Porto Marden", "Vescomba", "Carrão de Baixo"),
        ("Mundo", "Esportes", "Economia", "Cultura", "Opinião"),
        ("Leia mais", "Mais lidas", "Veja também", "Últimas notícias"),
        ("Receba as notícias do dia no seu e-mail.", "Siga o nosso canal.", "Assine já a nossa newsletter do porto."),
        (
            "Conteúdo exclusivo para assinantes. Já é assinante? Faça login",
            "Para continuar lendo, assine por R$ 1,90 no primeiro mês.",
        ),
        (
            ("Página não encontrada", "A página que você procura não existe ou foi removida."),
            ("Ops! Algo deu errado", "Não encontramos o que você procurava. Erro 404."),
        ),
        (
            ("Valorizamos sua privacidade", "Usamos cookies, junto com nossos {k} parceiros, para personalizar anúncios. "
             "Ao clicar em “Aceitar todos”, você concorda com a política de privacidade. Aceitar / Recusar"),
        ),
        (
            ("Só um instante", "Precisamos confirmar que você não é um robô. Ative o JavaScript para continuar."),
        ),
        "Ao vivo: temporal chega à costa", "Vídeo: a última viagem da balsa de {p}", "Fotos: {p} debaixo d’água", "Por",
    ),
    "it": Tongue(
        (
            "{n} ha detto martedì in commissione a {p} che il traghetto avrà bisogno di altri {k} marinai entro l’autunno.",
            "La decisione arriva dopo che {k} abitanti di {p} hanno firmato contro la chiusura del vecchio molo.",
            "«Nessuno ci ha chiesto nulla», dice {n}, la cui famiglia ha un forno al porto dal 1974.",
            "I lavori al ponte di {p} costeranno almeno {k} milioni di fiorini, il doppio del previsto.",
            "Il ministero non ha voluto commentare, ma una fonte vicina alla trattativa parla di intesa vicina.",
            "Le piogge hanno portato via la strada per {p} per la terza volta quest’anno, isolando {k} famiglie.",
        ),
        ("Ada Quilla", "Giona Farro", "Mina Tolmar", "Sila Benoli"),
        ("Ontaneto", "Porto Marden", "Vescomba", "Carro di Sotto"),
        ("Esteri", "Sport", "Economia", "Cultura", "Opinioni"),
        ("Leggi tutto", "I più letti", "Leggi anche", "Altre notizie"),
        ("Iscriviti alla newsletter del mattino.", "Seguici sui nostri canali.",
         "Abbonati per ricevere la newsletter del porto."),
        (
            "Questo contenuto è riservato agli abbonati. Sei già abbonato? Accedi",
            "Per continuare a leggere attiva la prova: 1 € per il primo mese.",
        ),
        (
            ("Pagina non trovata", "La pagina che cerchi non esiste o è stata spostata."),
            ("Errore 404", "Ci dispiace, il contenuto richiesto non è più disponibile."),
        ),
        (
            ("Rispettiamo la tua privacy", "Noi e i nostri {k} partner archiviamo informazioni su un dispositivo, come i "
             "cookie, e trattiamo dati personali. Puoi accettare oppure abbonarti per navigare senza tracciamento. "
             "Accetta e continua / Abbonati"),
        ),
        (
            ("Un attimo…", "Stiamo verificando che tu non sia un robot. Abilita JavaScript."),
        ),
        "Diretta: la tempesta raggiunge la costa", "Video: l’ultima traversata del traghetto di {p}",
        "Fotogallery: {p} sott’acqua", "di",
    ),
    "nl": Tongue(
        (
            "{n} zei dinsdag in de commissie in {p} dat de veerdienst in het najaar nog {k} matrozen nodig heeft.",
            "Het besluit volgt op een petitie van {k} inwoners van {p} tegen de sluiting van de oude kade.",
            "“Niemand heeft ons iets gevraagd”, zegt {n}, wier familie sinds 1974 een bakkerij aan de haven heeft.",
            "Het herstel van de brug bij {p} kost ten minste {k} miljoen daalders, twee keer zo veel als geraamd.",
            "Het ministerie wilde niet reageren, maar volgens een ingewijde is een akkoord dichtbij.",
            "Zware regen spoelde de weg naar {p} voor de derde keer dit jaar weg en sneed {k} gezinnen af.",
        ),
        ("Ada Kwil", "Jonas Varen", "Mina Tolmar", "Silas Benholm"),
        ("Elzenhaven", "Marderpoort", "Wekskom", "Neder-Karro"),
        ("Buitenland", "Sport", "Economie", "Cultuur", "Opinie"),
        ("Lees meer", "Meest gelezen", "Lees ook", "Ander nieuws"),
        ("Meld je aan voor de ochtendnieuwsbrief.", "Volg ons via de app."),
        (
            "Alleen voor abonnees. Al abonnee? Log in",
            "Verder lezen? Neem een proefabonnement en krijg direct toegang tot dit artikel.",
        ),
        (
            ("Pagina niet gevonden", "De pagina die je zoekt bestaat niet (meer)."),
            ("Oeps, er ging iets mis", "We kunnen deze pagina niet vinden. Foutcode 404."),
        ),
        (
            ("Wij respecteren je privacy", "Met jouw toestemming gebruiken wij en onze {k} partners cookies om "
             "advertenties te tonen en ons publiek te meten. Akkoord / Instellingen"),
        ),
        (
            ("Een ogenblik", "We controleren of je geen robot bent. Zet JavaScript aan om verder te gaan."),
        ),
        "Liveblog: storm bereikt de kust", "Video: laatste vaart van de veerboot van {p}", "In beeld: {p} onder water",
        "Door",
    ),
    "pl": Tongue(
        (
            "{n} powiedziała we wtorek przed komisją w {p}, że do jesieni prom potrzebuje jeszcze {k} marynarzy.",
            "Decyzja zapadła po tym, jak {k} mieszkańców {p} podpisało sprzeciw wobec zamknięcia starego nabrzeża.",
            "– Nikt nas nie zapytał – mówi {n}, której rodzina od 1974 roku prowadzi piekarnię przy porcie.",
            "Naprawa mostu w {p} będzie kosztować co najmniej {k} milionów talarów, dwa razy więcej niż planowano.",
            "Ministerstwo nie chciało komentować, ale według osoby bliskiej rozmowom porozumienie jest blisko.",
            "Ulewa po raz trzeci w tym roku zmyła drogę do {p} i odcięła {k} rodzin od świata.",
        ),
        ("Ada Kwil", "Jonasz Farow", "Mina Tolmar", "Sylas Benol"),
        ("Olszyniec", "Port Marden", "Wekskomb", "Karów Dolny"),
        ("Świat", "Sport", "Gospodarka", "Kultura", "Opinie"),
        ("Czytaj więcej", "Najczęściej czytane", "Zobacz także", "Więcej wiadomości"),
        ("Zapisz się na poranny newsletter.", "Obserwuj nas."),
        (
            "Artykuł dostępny tylko dla prenumeratorów. Masz już konto? Zaloguj się",
            "Aby czytać dalej, wykup subskrypcję już od 4,99 zł.",
        ),
        (
            ("Nie znaleziono strony", "Strona, której szukasz, nie istnieje lub została przeniesiona."),
            ("Błąd 404", "Przepraszamy, ten artykuł nie jest już dostępny."),
        ),
        (
            ("Szanujemy Twoją prywatność", "My i nasi partnerzy ({k}) przechowujemy informacje na urządzeniu, takie jak "
             "pliki cookie, w celu wyświetlania spersonalizowanych reklam. Przejdź do serwisu / Ustawienia"),
        ),
        (
            ("Chwileczkę…", "Sprawdzamy, czy nie jesteś robotem. Włącz obsługę JavaScript."),
        ),
        "Na żywo: sztorm dociera do wybrzeża", "Wideo: ostatni rejs promu z {p}", "Zdjęcia: {p} pod wodą", "Autor:",
    ),
    "sv": Tongue(
        (
            "{n} sade på tisdagen till nämnden i {p} att färjan behöver {k} fler matroser till hösten.",
            "Beslutet kom sedan {k} invånare i {p} skrivit under ett upprop mot att den gamla kajen stängs.",
            "– Ingen frågade oss, säger {n}, vars familj har drivit ett bageri vid hamnen sedan 1974.",
            "Lagningen av bron i {p} kommer att kosta minst {k} miljoner daler, dubbelt så mycket som beräknat.",
            "Departementet ville inte kommentera, men en person med insyn säger att en uppgörelse är nära.",
            "Kraftigt regn spolade bort vägen till {p} för tredje gången i år och {k} hushåll blev utan väg.",
        ),
        ("Ada Kvill", "Jonas Ferning", "Mina Tolmar", "Silas Benholm"),
        ("Alhamn", "Mårdenhamn", "Växkumla", "Nedre Karra"),
        ("Utrikes", "Sport", "Ekonomi", "Kultur", "Ledare"),
        ("Läs mer", "Mest läst", "Läs också", "Fler nyheter"),
        ("Få vårt nyhetsbrev varje morgon.", "Följ oss i appen."),
        (
            "Det här är en artikel för dig som är prenumerant. Redan prenumerant? Logga in",
            "Vill du läsa vidare? Prova en månad för 1 krona.",
        ),
        (
            ("Sidan kunde inte hittas", "Sidan du letar efter har flyttats eller tagits bort."),
            ("404", "Tyvärr finns inte artikeln kvar."),
        ),
        (
            ("Vi bryr oss om din integritet", "Vi och våra {k} partner använder cookies för att visa anpassade annonser. "
             "Godkänn alla / Inställningar"),
        ),
        (
            ("Ett ögonblick", "Vi kontrollerar att du inte är en robot. Aktivera JavaScript för att fortsätta."),
        ),
        "Senaste nytt: stormen når kusten", "Se klippet: sista turen med färjan från {p}", "Bildspel: {p} under vatten", "Av",
    ),
    "ru": Tongue(
        (
            "{n} заявила во вторник на комиссии в городе {p}, что к осени парому понадобится ещё {k} матросов.",
            "Решение принято после того, как {k} жителей города {p} подписали обращение против закрытия старой пристани.",
            "«Нас никто не спрашивал», — говорит {n}, чья семья держит пекарню у порта с 1974 года.",
            "Ремонт моста в городе {p} обойдётся не менее чем в {k} миллионов талеров, вдвое дороже, чем ожидалось.",
            "В министерстве от комментариев отказались, но собеседник, близкий к переговорам, говорит о скорой сделке.",
            "Ливень в третий раз за год размыл дорогу на {p}, отрезанными оказались {k} семей.",
        ),
        ("Ада Квилл", "Иона Фарров", "Мина Толмар", "Силас Бенольм"),
        ("Ольховск", "Порт-Марден", "Векскомб", "Нижний Карров"),
        ("Мир", "Спорт", "Экономика", "Культура", "Мнения"),
        ("Подробнее", "Самое читаемое", "Читайте также", "Другие новости"),
        ("Подпишитесь на утреннюю рассылку.", "Следите за нами в приложении.",
         "Оформите подписку на рассылку о порте."),
        (
            "Материал доступен только подписчикам. Уже есть подписка? Войти",
            "Чтобы читать дальше, оформите подписку за 199 рублей в месяц.",
        ),
        (
            ("Страница не найдена", "Возможно, она была удалена или перенесена."),
            ("Ошибка 404", "К сожалению, запрашиваемой страницы не существует."),
        ),
        (
            ("Мы используем файлы cookie", "Продолжая, вы соглашаетесь на обработку данных нами и нашими {k} партнёрами. "
             "Принять / Настроить"),
        ),
        (
            ("Один момент", "Проверяем, что вы не робот. Включите JavaScript и обновите страницу."),
        ),
        "Шторм достиг побережья: онлайн", "Видео: последний рейс парома из города {p}", "Фоторепортаж: {p} под водой",
        "Автор:",
    ),
    "ja": Tongue(
        (
            "{n}氏は火曜日、{p}の委員会で、渡し船には秋までにあと{k}人の船員が必要になると述べた。",
            "古い岸壁の閉鎖に反対する{p}の住民{k}人の署名を受けて、この決定が下された。",
            "「誰も私たちの意見を聞かなかった」と、1974年から港のそばでパン屋を営む一家の{n}さんは話す。",
            "{p}の橋の修理には少なくとも{k}億円かかり、見積もりの二倍になる見通しだ。",
            "省は取材に応じなかったが、交渉に近い関係者は合意が間近だと語った。",
            "大雨で{p}への道路は今年三度目の崩落となり、{k}世帯が孤立した。",
        ),
        ("佐原ミナ", "遠山ソウ", "榛名アダ", "黒川シロ"),
        ("榛港", "丸電", "上杉浜", "下唐津"),
        ("国際", "スポーツ", "経済", "文化", "社説"),
        ("続きを読む", "アクセスランキング", "関連記事", "ほかのニュース"),
        ("毎朝のニュースレターに登録する。", "アプリで最新ニュースを受け取る。"),
        (
            "この記事は有料会員限定です。会員の方はログインしてください。",
            "残り1250文字。続きを読むには会員登録が必要です。",
        ),
        (
            ("ページが見つかりません", "お探しのページは削除されたか、移動した可能性があります。"),
            ("404 Not Found", "この記事の掲載期間は終了しました。"),
        ),
        (
            ("クッキーの使用について", "当社と{k}社のパートナーは、広告配信のためにクッキーを使用します。同意する／設定する"),
        ),
        (
            ("しばらくお待ちください", "ロボットではないことを確認しています。JavaScriptを有効にしてください。"),
        ),
        "【速報】暴風が沿岸に到達、最新情報", "動画：{p}の渡し船、最後の航海", "写真特集：水につかった{p}", "記者：", "",
    ),
    "ar": Tongue(
        (
            "قالت {n} يوم الثلاثاء أمام اللجنة في {p} إن العبّارة ستحتاج إلى {k} بحارا إضافيا قبل الخريف.",
            "وجاء القرار بعد أن وقّع {k} من سكان {p} عريضة ضد إغلاق الرصيف القديم.",
            "وأضافت {n} التي تدير أسرتها مخبزا قرب الميناء منذ عام 1974: «لم يسألنا أحد عن رأينا».",
            "وستكلف إصلاحات الجسر في {p} ما لا يقل عن {k} مليون دينار، أي ضعف ما كان متوقعا.",
            "وامتنعت الوزارة عن التعليق، لكن مسؤولا قريبا من المحادثات قال إن الاتفاق بات وشيكا.",
            "وجرفت الأمطار الغزيرة الطريق إلى {p} للمرة الثالثة هذا العام وعزلت {k} أسرة.",
        ),
        ("آدا قويل", "يونس فارو", "مينا تولمار", "سيلاس بنهولم"),
        ("مرفأ الحور", "ميناء ماردين", "وكسكوم", "كارو السفلى"),
        ("العالم", "رياضة", "اقتصاد", "ثقافة", "آراء"),
        ("اقرأ المزيد", "الأكثر قراءة", "مواضيع ذات صلة", "أخبار أخرى"),
        ("اشترك في نشرتنا الصباحية.", "تابعنا عبر التطبيق."),
        (
            "هذا المحتوى متاح للمشتركين فقط. هل لديك حساب؟ سجّل الدخول",
            "لمتابعة القراءة اشترك الآن.",
        ),
        (
            ("الصفحة غير موجودة", "عذرا، الصفحة التي تبحث عنها غير متاحة أو تم نقلها."),
            ("خطأ 404", "لم نعثر على ما تبحث عنه."),
        ),
        (
            ("نحن نهتم بخصوصيتك", "نستخدم نحن وشركاؤنا ({k}) ملفات تعريف الارتباط لعرض إعلانات مخصصة. موافق / الإعدادات"),
        ),
        (
            ("لحظة من فضلك", "نتحقق من أنك لست روبوتا. يرجى تفعيل جافاسكربت للمتابعة."),
        ),
        "مباشر: العاصفة تصل إلى الساحل", "فيديو: الرحلة الأخيرة لعبّارة {p}", "صور: {p} تحت الماء", "بقلم",
    ),
}  # fmt: skip

#: Newspapers' designs: what wraps the story, its header, its text, a card of another story, a box.
DESIGNS: tuple[dict[str, str], ...] = (
    {"main": '<div id="content" class="site-content"><article class="post type-post hentry">', "end": "</article></div>",
     "text": '<div class="entry-content">', "card": '<article class="post hentry"><h2 class="entry-title"><a href="{u}">{h}</a></h2>'
     '<div class="entry-summary"><p>{s}</p></div></article>', "by": '<span class="author vcard">{b}</span>'},
    {"main": '<main><div class="css-1xb3q">', "end": "</div></main>", "text": '<section class="css-9fk2z">',
     "card": '<li class="css-77aa"><a href="{u}"><h3>{h}</h3><p>{s}</p></a></li>', "by": '<p class="css-q2">{b}</p>'},
    {"main": '<div class="region region-content"><div class="node node--type-article">', "end": "</div></div>",
     "text": '<div class="field field--name-body">', "card": '<div class="views-row"><div class="views-field-title">'
     '<a href="{u}">{h}</a></div><div class="views-field-body">{s}</div></div>', "by": '<div class="field--name-uid">{b}</div>'},
    {"main": '<table width=100%><tr><td class=left>', "end": "</td></tr></table>", "text": "<div>",
     "card": '<p><a href="{u}"><b>{h}</b></a><br>{s}</p>', "by": "<i>{b}</i><br>"},
    {"main": '<div id="__next"><div class="Layout_main__x9"><div class="Story_wrap__a1">', "end": "</div></div></div>",
     "text": '<div class="Story_body__k2">', "card": '<div class="Card_root__z"><a href="{u}"><span class="Card_title__q">{h}</span></a></div>',
     "by": '<div class="Byline_name__r">{b}</div>'},
    {"main": '<main id="main-content" role="main"><article data-component="story">', "end": "</article></main>",
     "text": '<div data-component="text-block">', "card": '<div class="promo"><h3 class="promo__title"><a href="{u}">{h}</a></h3>'
     '<p class="promo__text">{s}</p><time>12:40</time></div>', "by": '<div data-component="byline">{b}</div>'},
    {"main": '<div class="container"><div class="row"><div class="col-md-8 artikel">', "end": "</div></div></div>",
     "text": '<div class="artikel-text">', "card": '<div class="teaser-item"><div class="img"><img src="/i.jpg" alt=""></div>'
     '<h4><a href="{u}">{h}</a></h4><span class="date">05.03.2024</span><div class="vorspann">{s}</div></div>', "by": '<p class="autor">{b}</p>'},
    {"main": '<div class="amp-wrap"><div class="article-wrapper">', "end": "</div></div>", "text": '<div class="article__body">',
     "card": '<section><h3><a href="{u}">{h}</a></h3></section>', "by": '<address>{b}</address>'},
)  # fmt: skip
LIST_PATHS = {
    "en": ("tag/{s}", "topics/{s}", "category/{s}"), "de": ("thema/{s}", "{s}/", "themen/{s}"),
    "fr": ("rubrique/{s}", "{s}/", "sujets/{s}"), "es": ("noticias/{s}/", "{s}/", "etiquetas/{s}/"),
}  # fmt: skip


class Press:
    """Makes pages, each from its kind."""

    def __init__(self, seed: int) -> None:
        self._pick = random.Random(seed)  # noqa: S311 - not for secrets

    def pages(self, count: int) -> Iterator[Made]:
        makers = (
            *[self._article] * 3, self._brief, self._about, self._live, self._live, self._teaser, self._teaser,
            self._front, self._section, self._section, self._author, self._video, self._gallery, self._consent,
            self._robot, self._error, self._error,
        )  # fmt: skip
        for number in range(count):
            self._language = self._pick.choice(list(TONGUES))
            self._tongue = TONGUES[self._language]
            self._design = self._pick.choice(DESIGNS)
            yield makers[number % len(makers)]()

    # --- words
    def _sentence(self) -> str:
        t = self._tongue
        return self._pick.choice(t.sentences).format(
            n=self._pick.choice(t.names), p=self._pick.choice(t.places), k=self._pick.randint(3, 900)
        )

    def _paragraph(self, least: int = 1, most: int = 4) -> str:
        return self._tongue.space.join(self._sentence() for _ in range(self._pick.randint(least, most)))

    def _headline(self) -> str:
        head = self._sentence().strip("“”„«»「」.。– ")
        if self._tongue.space:
            return " ".join(head.split()[: self._pick.randint(6, 11)]).rstrip(",;")
        return head[:24]

    def _filled(self, string: str) -> str:
        return string.format(p=self._pick.choice(self._tongue.places), k=self._pick.randint(40, 900))

    # --- markup
    def _url(self, path: str | None = None) -> str:
        if path is None:
            path = self._pick.choice(
                ("news/harbour-plan-goes-to-council-again-{k}", "{k}/quay-closure-vote.html", "2024/03/05/{k}-the-quay",
                 "article/{k}", "a/{k}", "story?id={k}", "lokales/kai-wird-geschlossen-{k}.html", "{k}")
            )  # fmt: skip
        return f"https://www.gazette.example/{path.format(k=self._pick.randint(10_000, 9_999_999))}"

    def _cards(self, count: int) -> str:
        chosen = (
            self._design["card"].format(u=self._url(), h=html.escape(self._headline()), s=self._paragraph(1, 1))
            for _ in range(count)
        )
        return f"<div class=list>{''.join(chosen)}</div>"

    def _frame(self, title: str, inside: str, *, head: str = "", bare: bool = False) -> bytes:
        t = self._tongue
        menu = "".join(f'<li><a href="/{i}/">{s}</a></li>' for i, s in enumerate(t.sections))
        side = "" if bare else (
            f'<div class="box"><h3>{t.more[1]}</h3><ol>'
            + "".join(f'<li><a href="{self._url()}">{self._headline()}</a></li>' for _ in range(self._pick.randint(3, 8)))
            + f"</ol></div><div class=nl><p>{self._pick.choice(t.letters)}</p></div>"
        )  # fmt: skip
        top = "" if bare else f"<header><a href=/>The Gazette</a><nav><ul>{menu}</ul></nav></header>"
        end = "" if bare else f"<footer><ul>{menu}</ul><p>© 2024 Gazette</p></footer>"
        return (
            f'<!DOCTYPE html><html lang="{self._language}"><head><meta charset="utf-8"><title>{html.escape(title)}'
            f"{self._pick.choice(('', ' | The Gazette', ' - Gazette'))}</title>{head}</head><body>{top}{inside}{side}{end}"
            f"</body></html>"
        ).encode()

    def _declared(self, kind: str, title: str, **fields: object) -> str:
        """Structured data as one of the ways of newspapers, or none."""
        way = self._pick.choice(("json", "graph", "og", "none"))
        node = {"@type": kind, "headline": title, "datePublished": "2024-03-05T10:00:00+01:00", **fields}
        og = '<meta property="og:type" content="article"><meta property="article:published_time" content="2024-03-05T10:00:00Z">'
        if way == "json":
            return f"{og}{_script({'@context': 'https://schema.org', **node})}"
        if way == "graph":
            page = {"@type": "WebPage", "name": title, "url": "https://www.gazette.example/x"}
            return _script(
                {"@context": "https://schema.org", "@graph": [page, node, {"@type": "Organization", "name": "Gazette"}]}
            )
        return og if way == "og" else ""

    def _story(self, title: str, paragraphs: Sequence[str], after: str = "", above: str = "") -> str:
        d = self._design
        by = d["by"].format(b=f"{self._tongue.by} {self._pick.choice(self._tongue.names)}")
        text = "".join(f"<p>{p}</p>" for p in paragraphs)
        related = f"<div class=rel><h3>{self._tongue.more[2]}</h3>{self._cards(self._pick.randint(0, 9))}</div>"
        return f"{d['main']}<h1>{html.escape(title)}</h1>{by}{above}{d['text']}{text}</div>{after}{d['end']}{related}"

    def _letter(self) -> str:
        """An offer of a newsletter below a text, or none."""
        return self._pick.choice(("", "", f"<div class=box><p>{self._pick.choice(self._tongue.letters)}</p></div>"))

    def _made(self, kind: str, variety: str, url: str, page: bytes) -> Made:
        return Made(kind, variety, self._language, url, page)

    # --- kinds
    def _article(self) -> Made:
        title = self._headline()
        above = self._pick.choice(("", "", f"<video src=/v.mp4></video><p class=cap>{self._sentence()}</p>"))
        free = {"isAccessibleForFree": False} if self._pick.random() < 0.15 else {}
        after = self._letter()
        inside = self._story(title, [self._paragraph() for _ in range(self._pick.randint(6, 16))], after, above)
        return self._made(
            "article",
            "long",
            self._url(),
            self._frame(title, inside, head=self._declared("NewsArticle", title, **free)),
        )

    def _brief(self) -> Made:
        title = self._headline()
        inside = self._story(title, [self._paragraph(1, 2) for _ in range(self._pick.randint(2, 3))], self._letter())
        return self._made(
            "article", "brief", self._url(), self._frame(title, inside, head=self._declared("NewsArticle", title))
        )

    def _about(self) -> Made:
        """An article on what walls, errors and paywalls say."""
        t = self._tongue
        title = self._pick.choice((t.missing[0][0], t.consent[0][0], t.robot[0][0]))
        said = self._filled(self._pick.choice((t.missing[0][1], t.robot[-1][1], t.pay[0])))
        title = f"{title}: {self._headline()}"
        inside = self._story(title, [said, *(self._paragraph(2, 4) for _ in range(7))])
        return self._made(
            "article", "about", self._url(), self._frame(title, inside, head=self._declared("NewsArticle", title))
        )

    def _live(self) -> Made:
        title = self._pick.choice((self._tongue.live, self._headline()))
        named = title == self._tongue.live
        clock = self._pick.choice(
            ("<time>{h:02}:{m:02}</time>", "<div class=t>{h:02}.{m:02}</div>", "<h3>{h:02}:{m:02}</h3>",
             "<span class=stamp>{h}:{m:02} pm</span>", '<p class="uhr">{h:02}:{m:02} Uhr</p>')
        )  # fmt: skip
        entries = "".join(
            f"<div class=post>{clock.format(h=h, m=self._pick.randint(0, 59))}<h2>{self._headline()}</h2>"
            f"<p>{self._paragraph(1, 3)}</p></div>"
            for h in range(self._pick.randint(17, 22), 8, -1)
        )
        d = self._design
        inside = f"{d['main']}<h1>{title}</h1>{d['text']}<p>{self._paragraph()}</p>{entries}</div>{d['end']}"
        # A live blog that says so neither in its title nor in its data is no page to measure with.
        head = _script({"@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": title})
        declared = not named or self._pick.random() < 0.4
        return self._made(
            "live",
            "declared" if declared else "named",
            self._url(),
            self._frame(title, inside, head=head if declared else self._declared("NewsArticle", title)),
        )

    def _teaser(self) -> Made:
        title = self._headline()
        prompt = f'<div class="{self._pick.choice(("paywall", "css-2k", "offer"))}"><p>{self._pick.choice(self._tongue.pay)}</p></div>'
        stated = self._pick.random() < 0.5
        fields = {"isAccessibleForFree": self._pick.choice((False, "False"))} if stated else {}
        told = not stated or self._pick.random() < 0.7
        paragraphs = [self._paragraph(1, 3) for _ in range(self._pick.randint(1, 3))]
        paragraphs[-1] += self._pick.choice(("", "", "…", " ..."))
        inside = self._story(title, paragraphs, prompt if told else "")
        head = (
            _script({"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, **fields})
            if stated
            else self._declared("NewsArticle", title)
        )
        return self._made(
            "teaser", "stated" if stated else "prompt", self._url(), self._frame(title, inside, head=head)
        )

    def _list(self, variety: str, title: str, path: str, intro: str = "") -> Made:
        way = self._pick.choice(("collection", "yoast", "website", "none"))
        head = {
            "collection": _script({"@context": "https://schema.org", "@type": "CollectionPage", "name": title}),
            "yoast": '<meta property="og:type" content="article">'
            + _script(
                {
                    "@context": "https://schema.org",
                    "@graph": [{"@type": "CollectionPage", "name": title}, {"@type": "WebSite", "name": "Gazette"}],
                }
            ),
            "website": '<meta property="og:type" content="website">',
            "none": "",
        }[way]
        heading = f"<h1>{title}</h1>" if title else ""
        inside = f"<main>{heading}{intro}{self._cards(self._pick.randint(10, 40))}</main>"
        return self._made("listing", variety, self._url(path), self._frame(title or "The Gazette", inside, head=head))

    def _front(self) -> Made:
        return self._list("front", "", self._pick.choice(("", "index.html", "en/", "home")))

    def _section(self) -> Made:
        name = self._pick.choice((*self._tongue.sections, *self._tongue.places))
        path = self._pick.choice(LIST_PATHS.get(self._language, ("{s}/", "{s}", "news/{s}/", "tag/{s}/page/2")))
        intro = self._pick.choice(("", "", f"<p>{self._paragraph(1, 2)}</p>"))
        return self._list(
            "section or tag", name, path.format(s=self._pick.choice(("harbour", "ferries", "local"))), intro
        )

    def _author(self) -> Made:
        name = self._pick.choice(self._tongue.names)
        path = self._pick.choice(
            ("author/a-quill", "autor/a-quill/", "profile/a-quill", "by/a-quill", "journalist/512")
        )
        return self._list("author", name, path, f"<p>{self._paragraph(1, 2)}</p>")

    def _video(self) -> Made:
        title = self._filled(self._tongue.video)
        stated = self._pick.random() < 0.6
        head = (
            _script({"@context": "https://schema.org", "@type": "VideoObject", "name": title, "duration": "PT2M"})
            if stated
            else '<meta property="og:type" content="video.other">'
        )
        path = self._pick.choice(("video/{k}", "videos/last-crossing-{k}.html", "watch/{k}", "news/{k}"))
        player = self._pick.choice(
            (
                "<div class=player><video src=/v.mp4></video></div>",
                "<div class=player><iframe src=/embed/1></iframe></div>",
            )
        )
        inside = f"<main><h1>{title}</h1>{player}<p>{self._paragraph(1, 2)}</p>{self._cards(12)}</main>"
        return self._made("media", "video", self._url(path), self._frame(title, inside, head=head))

    def _gallery(self) -> Made:
        title = self._filled(self._tongue.gallery)
        stated = self._pick.random() < 0.6
        head = (
            _script(
                {
                    "@context": "https://schema.org",
                    "@type": self._pick.choice(("ImageGallery", "MediaGallery")),
                    "name": title,
                }
            )
            if stated
            else ""
        )
        path = self._pick.choice(
            ("gallery/{k}", "fotos/{k}", "bilder/{k}", "diaporama/{k}") if not stated else ("news/{k}", "gallery/{k}")
        )
        figures = "".join(
            f"<figure><img src=/{i}.jpg alt=''><figcaption>{self._sentence()}</figcaption></figure>"
            for i in range(self._pick.randint(6, 20))
        )
        inside = f"<main><h1>{title}</h1><p>{self._sentence()}</p><div class=slides>{figures}</div></main>"
        return self._made("media", "gallery", self._url(path), self._frame(title, inside, head=head))

    def _consent(self) -> Made:
        title, said = self._pick.choice(self._tongue.consent)
        inside = f"<div class=box><h1>{title}</h1><p>{self._filled(said)}</p><button>OK</button></div>"
        return self._made(
            "wall",
            "cookie wall",
            self._url(),
            self._frame(self._pick.choice((title, "The Gazette")), inside, bare=True),
        )

    def _robot(self) -> Made:
        if self._pick.random() < 0.3:
            script, said = self._pick.choice(
                (("<script src='https://ct.captcha-delivery.com/c.js'></script>", "gazette.example"),
                 ("<script src=/_Incapsula_Resource?SWJIYLWA=1></script>", "Request unsuccessful. Incident ID: 1-22"),
                 ("<script>window._pxAppId='PX1'</script><div id=px-captcha></div>", "Access to this page has been denied"))
            )  # fmt: skip
            return self._made(
                "wall", "bot wall by script", self._url(), self._frame(said, f"<p>{said}</p>{script}", bare=True)
            )
        title, said = self._pick.choice(self._tongue.robot)
        inside = f"<div><h1>{title}</h1><p>{said}</p></div>"
        return self._made("wall", "bot wall", self._url(), self._frame(title, inside, bare=True))

    def _error(self) -> Made:
        title, said = self._pick.choice(self._tongue.missing)
        rest = self._pick.choice(("", "", self._cards(12), f"<h2>{self._tongue.more[1]}</h2>{self._cards(6)}"))
        inside = f"<main><h1>{title}</h1><p>{said}</p>{rest}</main>"
        return self._made(
            "error",
            "with stories" if rest else "plain",
            self._url(),
            self._frame(title, inside, bare=self._pick.random() < 0.3),
        )


def _script(node: dict[str, object]) -> str:
    return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'


def answers(made: Sequence[Made]) -> list[str]:
    """The kind that `read` tells of each page."""
    return [pages.read(page.html, page.url).kind for page in made]


def scores(kinds: Sequence[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Precision and recall of each kind, from pairs of what a page is and what it was read as."""
    right = Counter(is_ for is_, told in kinds if is_ == told)
    are, told_as = Counter(is_ for is_, _ in kinds), Counter(told for _, told in kinds)
    return {k: (right[k] / max(1, told_as[k]), right[k] / max(1, are[k])) for k in KINDS if are[k] or told_as[k]}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--pages", type=int, default=950)
    arguments.add_argument("--wrong", action="store_true", help="name the pages that were misread")
    options = arguments.parse_args()
    made = list(Press(options.seed).pages(options.pages))
    told = answers(made)
    pairs = [(page.kind, answer) for page, answer in zip(made, told, strict=True)]
    print(f"{len(made)} pages, {len({p.html for p in made})} distinct, seed {options.seed}\n")
    print(f"{'':10}{'precision':>10}{'recall':>10}")
    for kind, (precision, recall) in scores(pairs).items():
        print(f"{kind:10}{precision:10.3f}{recall:10.3f}")
    if options.wrong:
        misread = Counter((p.kind, p.variety, a, p.language) for p, a in zip(made, told, strict=True) if p.kind != a)
        for (kind, variety, answer, language), count in sorted(misread.items()):
            print(f"{kind} ({variety}) read as {answer}, {language}: {count}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
