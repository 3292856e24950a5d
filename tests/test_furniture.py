"""crawler.furniture: what is furniture and what only looks like it, in the languages of the publishers."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import furniture

FULL = settings(max_examples=2000 if "NEWSFOLD_TEST_FULL" in os.environ else 100, deadline=None)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Read also: Harbour plan goes to the council",
        "READ MORE: Harbour plan goes to the council",
        "Related: Harbour plan goes to the council",
        "READ: Minister visits the pier",
        "Also read | Minister visits the pier",
        "Watch: The ferry's last crossing",
        "See also",
        "Lesen Sie auch: Der Hafen bekommt eine neue Mole",
        "Mehr zum Thema: Der Hafen bekommt eine neue Mole",
        "Lire aussi : Le port aura une nouvelle jetée",
        "À lire aussi : Le port aura une nouvelle jetée",
        "Lea también: El puerto tendrá un nuevo muelle",
        "Leia também: O porto terá um novo cais",
        "Leggi anche: Il porto avrà un nuovo molo",
        "Lees ook: De haven krijgt een nieuwe pier",
        "Læs også: Havnen får en ny mole",
        "Czytaj też: Port dostanie nowe molo",
        "Читайте также: В порту построят новый причал",
        "Baca juga: Pelabuhan akan punya dermaga baru",
        "اقرأ أيضا: الميناء يحصل على رصيف جديد",
        "यह भी पढ़ें: बंदरगाह को नया घाट मिलेगा",
        "相关阅读：港口将建新码头",
        "【関連記事】港に新しい桟橋",
        "[관련기사] 항구에 새 부두",
        "اقرأ أيضًا",
        "Читајте још: Лука добија нови мол",
        "İlgili haber: Liman yeni bir iskeleye kavuşuyor",
        "อ่านเพิ่มเติม: ท่าเรือจะมีสะพานใหม่",
        "Soma pia: Bandari yapata gati jipya",
        "Lesetipp: Der Hafen bekommt eine neue Mole",
        "Alle Entwicklungen rund um den Hafen",
        "À découvrir : Le port aura une nouvelle jetée",
        "Te recomendamos: El puerto tendrá un nuevo muelle",
        "Leia mais sobre o porto",
        "Ti potrebbe interessare: Il porto avrà un nuovo molo",
        "Se också: Hamnen får en ny pir",
        "Polecamy: Port dostanie nowe molo",
        "Kapcsolódó cikk: A kikötő új mólót kap",
        "Материалы по теме",
        "شاهد أيضا: الميناء يحصل على رصيف جديد",
        "संबंधित खबरें",
        "관련기사 항구에 새 부두",
    ],
)
def test_a_pointer_to_another_article_is_furniture(paragraph: str) -> None:
    assert furniture.is_furniture(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Advertisement",
        "- Advertisement -",
        "ANZEIGE",
        "0 Comments",
        "12 Kommentare",
        "Share",
        "In this article",
        "Search",
        "Story continues below",
        "Story Continued Below",
        "ENDS",
        "انتهای پیام/",
        "※記事の無断転用を禁じます。",
        "（点击查看更多）",
        "Testen Sie den Courier 4 Wochen für 1 Euro.",
        "The Tide Table is a reader-supported publication. To receive new posts, consider becoming a paid subscriber.",
        "Thanks for reading The Tide Table! Subscribe for free to receive new posts.",
        "Sign up for our morning newsletter and never miss a story.",
        "The day begins with The Tide Table. It is read at the quay; sign up, and it comes to your inbox at six.",
        "The Tide Table is read wherever ships are. Sign up for the free weekly newsletter today.",
        "Mehr vom Hafen? Mit dem Newsletter „Ebbe und Flut“ jeden Morgen in Ihrem Postfach.",
        "Chaque matin, la marée dans votre boîte mail : c'est la newsletter du port.",
        "Follow The Alder Courier on Facebook and WhatsApp.",
        "Copyright 2024 The Alder Courier. All rights reserved.",
        "© 2024 The Alder Courier",
        "Privacy notice: our letters may hold news of charities and of our sponsors.",
        "Sie wollen den Kurier vier Wochen lang gratis lesen? Hier geht es zum Probeabo.",
        "Want to know more about the pier? Click here for all our reports.",
        "Follow AP's full coverage of the ferry at https://example.com/ferry",
        "Reach the reporters on Twitter at http://example.com/ana and http://example.com/ben",
        "Hat Ihnen dieser Artikel gefallen? Dann unterstützen Sie den Kurier mit einer Spende.",
        "Empfohlener redaktioneller Inhalt",
        "An dieser Stelle finden Sie einen externen Inhalt, den die Redaktion empfiehlt.",
        "Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden.",
        "This article includes content hosted by Pier Maps. To see it, choose “Allow”.",
        "Pour afficher ce contenu, il faut accepter les cookies.",
        "On this website we use cookies and the like to process data of your device." + " It is voluntary." * 30,
        "We and our 812 partners store cookies to give you a better experience.",
        "Wir verwenden Cookies, um Ihre Daten zu verarbeiten.",
        "Ce site utilise des cookies pour améliorer votre expérience.",
        "Utilizamos cookies propias y de terceros para analizar sus datos.",
        "【免责声明】本文仅代表作者本人观点，与本网无关。",
        "（原标题：渡轮计划提交市议会）",
        "onyx@courier.example (END)",
        "微博 Qzone",
        "用微信扫码二维码 分享至好友和朋友圈",
        "转发",
        "Nichts mehr vom Hafen verpassen: Abonnieren Sie kostenlos unseren Newsletter.",
        "Bleib auf dem Laufenden über den Hafen und folge uns.",
        "Diskutieren Sie mit dem Autor!",
        "Falls Sie Ihr Passwort vergessen haben, können Sie hier ein neues anfordern.",
        "Dieser Beitrag wurde am Samstag, 3. Mai 2024 veröffentlicht und unter Hafen gespeichert.",
        "Alle Angaben ohne Gewähr.",
        "Sponsored by: Pier Maps — the harbour on your wrist",
        "Join the conversation below. Please keep your comments civil and about the harbour.",
        "Please log in here to leave a comment.",
        "By signing up you agree to our terms. We will use your address to send you letters from the harbour.",
        "En vous inscrivant, vous acceptez nos conditions.",
        "Al suscribirte aceptas nuestras condiciones.",
        "Mit der Anmeldung stimmen Sie unserer Datenschutzerklärung zu.",
        "If you buy a lamp by way of our links, we may earn a commission.",
        "Ana Onyx · 05.03.2024, 11:30",
        "2024-03-05 11:30 来源：信使报·信使号",
        "Мы используем файлы cookie, чтобы сайт работал лучше.",
        "Serwis używa plików cookie, aby ułatwić korzystanie z niego.",
        "Tento web používá soubory cookie.",
        "Az oldal sütiket használ a jobb élmény érdekében.",
        "Bu site, deneyiminizi geliştirmek için çerezleri kullanır.",
        "Χρησιμοποιούμε cookies για να βελτιώσουμε την εμπειρία σας.",
        "نستخدم ملفات تعريف الارتباط لتحسين تجربتك.",
        "हम डाटा संग्रह टूल्स, जैसे की कुकीज के माध्यम से आपकी जानकारी एकत्र करते हैं।",
        "当サイトではクッキーを使用しています。",
        "이 사이트는 쿠키를 사용합니다.",
        "本文为信使原创文章，未经允许不得转载，如需转载请联系",
        "读者评论仅供其表达个人看法，并不表明本报立场。",
        "声明：信使报力求信息真实、准确，不构成实质性投资建议，据此操作风险自担。",
        "（原题为《渡轮码头改建方案》）",
        "图片均来自网络",
        "記事・写真の無断転載を禁じます",
        "<저작권자(c) 신문, 무단 전재-재배포 금지>",
        "네이버에서 신문 구독하기",
        "05.03.2024, 11:30 Uhr",
        "***",
        "Follow our WhatsApp channel for the latest from the harbour.",
        "Hier unseren WhatsApp-Kanal abonnieren",
        "Suivez notre chaîne WhatsApp",
        "Följ oss på Facebook",
        "Obserwuj nas na Facebooku",
        "Urmărește-ne pe Facebook",
        "Читайте нас у Telegram",
        "Bizi Facebook'ta takip edin",
        "Theo dõi chúng tôi trên Facebook",
        "تابعونا على فيسبوك",
        "ما را در تلگرام دنبال کنید",
        "हमें फेसबुक पर फॉलो करें",
        "Ακολουθήστε μας στο Facebook",
        "更多精彩内容，请关注公众号",
        "Haben Sie einen Fehler gefunden? Schreiben Sie uns.",
        "Already a subscriber? Log in",
        "This article is for subscribers only",
        "Filed under: Harbour, Council",
        "Mots-clés : port",
        "Home > Local > Harbour",
        "Tiempo de lectura: 3 min",
        "5 min",
        "Click to share on Facebook (Opens in new window)",
        "The views expressed in this article are the author’s own.",
        "Hinweis: Gastkommentare müssen nicht der Meinung der Redaktion entsprechen.",
        "Les propos tenus n’engagent que leur auteur.",
        "Las opiniones expresadas en este artículo son responsabilidad de su autor.",
        "This article was translated with the help of AI and read by an editor.",
        "Hinweis: Dieser Text wurde automatisch übersetzt.",
        "If you value our reporting, please consider a donation.",
        "Receive weekly news of the harbour.",
        "Newsletter jetzt abonnieren",
        "Log in to join the conversation",
        "You have 1 article left to read this month.",
        "Haberin Devamı",
        "What you need to know:",
        "Conforme a los criterios de",
        "[Gambas:Video 20detik]",
        "Simak Video 'Detik-detik Dermaga Baru Dibuka':",
        "Хочешь получать новости на телефон? Подпишись на наш Telegram-канал!",
        "Pilih saluran kami: https://www.whatsapp.com/channel/0029Va. Pastikan aplikasi sudah terpasang ya.",
        "ድረ ገጽ፦ https://www.courier.example/ ፌስቡክ፡- https://www.facebook.com/courier ቴሌግራም፦ https://t.me/courier",
        "متابعة أخبار الميناء على تلغرام https://t.me/courier",
        "रहें हर खबर से अपडेट, डाउनलोड करें Android News App और iOS News App",
        "ताज़ा खबरों के लिए हमारे व्हाट्सएप चैनल को फॉलो करें",
        "সব খবর পেতে গুগল নিউজ চ্যানেল ফলো করুন",
        "تازہ خبروں کے لیے ہمارا واٹس ایپ چینل جوائن کریں",
        "Get all India News in English related to politics, sports and more. Stay updated with us.",
        "Support THE COURIER’S journalism of integrity",
        "LINK PRESENTE: Gostou deste texto? Assinante pode liberar sete acessos por dia.",
        "Rückfragen bitte an:",
        "Pressekontakt:",
        "Réservé aux abonnés",
    ],
)
def test_controls_counters_and_notices_are_furniture(paragraph: str) -> None:
    assert furniture.is_furniture(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Read the minister's lips and you will see that she has not said no.",
        "Read, who has run the harbour office since 2011, declined to comment.",
        "Related charges were dropped in March, the prosecutor said.",
        "Watch out for falling rocks, the sign at the quarry says.",
        "Share prices fell by a tenth on the news of the strike.",
        "Search teams found the boat on Tuesday, two miles off the cape.",
        "研究中心主任阿卜杜拉·艾山·买买提指出，新的渡轮码头为两岸居民带来希望。",
        "市长说，他的话仅代表个人观点，不代表市政府的立场。",
        "구독하기 어려웠다고 시민들은 말했다.",
        "Пекарня продала тысячу печений cookie за день.",
        "Cukiernia sprzedała tysiąc ciasteczek jednego dnia.",
        "パン屋は県産の米粉を使用したクッキーに、地元の塩を使用している。",
        "La col·lecció del museu i la intel·ligència dels pilots",
        "Comments by the mayor had angered the pilots.",
        "Residents who want to know the hours can sign up for the port's newsletter, the council said.",
        "The message that lands in your inbox may come from a thief, the bank warned its clients in May.",
        "Subscribe is what the bank asked its clients to do, and few did.",
        "“Read also: the small print,” said the lawyer.",
        "„Lesen Sie auch: das Kleingedruckte“, sagte der Anwalt.",
        "« Lire aussi : les petits caractères », a dit l'avocat.",
        '"Advertisement" was the title of the play.',
        "Advertisements for the new ferry line appeared across the town in the spring.",
        "The harbour.",
        "The plan, first drawn on 05.03.2024, has changed.",
        "He was born on 5.3.1964",
        "They asked for a free trial and got one in the autumn.",
        "The content of the crates was not declared, said the harbour office.",
        "Der Inhalt der Kisten war nicht angegeben, teilte das Hafenamt mit.",
        "The company changed its privacy policy in March.",
        "Reach the pier by eight, the pilots told them, or stay on the island.",
        "By signing up to the treaty the two ports gave up their tolls, and nobody agreed on what came next.",
        "We bake cookies for the crews every morning, said the owner of the bakery on the quay.",
        "My grandmother, who ran the bakery at the building site, gave a cookie to whoever came by.",
        "Firms that use cookies must ask their readers for consent, the court said of a site that had not.",
        "Our newspaper learned that cookies are no longer sold on the ferry.",
        "Stay of execution was what the lawyers had asked for.",
        "The agent may earn the trust of the fishermen yet.",
        "Follow the money, says the community, and you will find the harbour office.",
        "Already a member of the board, she became its head in May.",
        "Tags: the divers fix them to the turtles with glue.",
        "Home/office work made the ferry emptier than ever.",
        "Got a story to tell, the old pilot, and told it.",
        "5 minutes were left when the crew saw the light.",
        "The views from the pier expressed in his pictures sold for a thousand crowns.",
        "This article of the treaty was written by a committee that nobody had elected.",
        "Receive a guest and you receive a blessing, the saying goes on the island.",
        "Opinions expressed by residents at the meeting were as many as the residents.",
        "Las opiniones expresadas por los vecinos fueron tantas como vecinos hubo.",
        "Die in diesem Sommer geäußerten Zweifel haben sich bestätigt.",
        "Mer om hamnen än om staden",
        "Confira e assista, disse o diretor, antes de julgar a peça.",
        "Alle Nachrichten aus dem Hafen kamen an diesem Tag zu spät.",
        "Why did he leave? Follow the money, said the auditor, and you will find the channel.",
        "He posted the minutes at t.me/harbour and has not been heard of since.",
        "What you need to know about the new pier is written on the back of the ticket.",
        "Get all of them out, the captain shouted, and the news reached the quay within the hour.",
        "मंत्री ने कहा कि लोग अफवाहों पर ध्यान न दें और पुलिस से संपर्क करें।",
        "Support for the paper’s journalism has grown, the editor said.",
    ],
)
def test_prose_that_only_begins_like_a_prompt_is_kept(paragraph: str) -> None:
    assert not furniture.is_furniture(paragraph)


def test_a_body_loses_its_repeated_headline_furniture_and_doubled_paragraphs() -> None:
    long = "The council met on Tuesday to discuss the plan for the harbour and its costs."
    assert furniture.clean(["Harbour plan", long, "Advertisement", long, "Yes.", "Yes."], "Harbour Plan!") == [
        long,
        "Yes.",
        "Yes.",
    ]


@pytest.mark.parametrize(
    ("paragraphs", "kept"),
    [
        (["The council – Harbour plan in doubt", "One.", "Two."], ["One.", "Two."]),
        (
            ["One.", "The council – Harbour plan in doubt", "Two."],
            ["One.", "The council – Harbour plan in doubt", "Two."],
        ),
        (["One.", "Harbour plan in doubt", "Two."], ["One.", "Two."]),
        (["Harbour: doubts", "One."], ["One."]),
        (["One.", "Two.", "Harbour: doubts"], ["One.", "Two.", "Harbour: doubts"]),
        (["Yes."] * 6 + ["Harbour plan in doubt"], ["Yes."] * 6 + ["Harbour plan in doubt"]),
    ],
)
def test_a_title_is_taken_off_the_top_of_a_text_alone(paragraphs: list[str], kept: list[str]) -> None:
    assert furniture.clean(paragraphs, "Harbour plan in doubt", ["Harbour: doubts"]) == kept


@pytest.mark.parametrize(
    ("paragraphs", "kept"),
    [
        (["One.", "___", "Two."], ["One.", "___", "Two."]),
        (["* * *", "One.", "Two.", "___"], ["One.", "Two."]),
        (["One.", "___", "***", "Two."], ["One.", "***", "Two."]),
        (["___"], []),
        ([], []),
    ],
)
def test_a_break_stands_only_between_paragraphs(paragraphs: list[str], kept: list[str]) -> None:
    assert furniture.without_loose_breaks(paragraphs) == kept


@FULL
@given(st.lists(st.text(max_size=120), max_size=12), st.text(max_size=40))
def test_cleaning_invents_nothing_and_keeps_the_order(paragraphs: list[str], headline: str) -> None:
    rest = iter(paragraphs)
    assert all(paragraph in rest for paragraph in furniture.clean(paragraphs, headline))


@FULL
@given(st.lists(st.text(max_size=120), max_size=12))
def test_cleaning_twice_changes_nothing_more(paragraphs: list[str]) -> None:
    once = furniture.clean(paragraphs)
    assert furniture.clean(once) == once


def test_a_long_row_that_ends_like_a_sentence_is_judged_in_linear_time() -> None:
    """A pattern took twice the time for each bar: 37 seconds for fourteen."""
    assert not furniture.is_furniture("one two | " * 19 + "and no more.")
