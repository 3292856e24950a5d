"""Which articles are one story: by language, by kind of copy, in any order of arrival, and under bad input."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Copy
from crawler.similarity import bands, sign
from crawler.stories import CANDIDATES_MAX, Candidate, Text, arrange, compare, decide

EXAMPLES = 200 if os.environ.get("NEWSFOLD_TEST_FULL") else 15
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def article(
    body: str,
    *,
    headline: str = "",
    publisher: str = "example.com",
    hours: float | None = 0,
    agency: str | None = None,
    evidence: str | None = None,
    is_agency: bool = False,
    url: str = "",
) -> Text:
    return Text(
        publisher=publisher,
        date_published=None if hours is None else NOON + timedelta(hours=hours),
        headline=headline,
        fingerprint=sign(headline, body),
        agency=agency,
        agency_evidence=evidence,
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
        copy = decide(text, [self.articles[found] for found in near])
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


# ------------------------------------------------------------------------------------------------ texts, all of them made up
HARBOUR = """\
The port authority of Marlowe closed its northern harbour to all ships on Monday after divers found that 14 of the 60 \
piles under the old grain pier had been eaten away to half their width.
Engineers from the firm of Halden and Price, who were called in last week, said the pier could carry people but no \
longer the cranes that unload about 9,000 tonnes of wheat a month.
"It has stood for a hundred and eleven years and it will not stand another winter," harbour master Ines Calloway told \
reporters on the quay. "I would rather lose a season than lose a crew."
Repairs would take at least 18 months and cost 42 million crowns, according to a first estimate that the authority \
gave to the town council behind closed doors.
The council meets on Thursday to decide whether to pay for it out of the reserve that was set aside for the tram, a plan \
that Mayor Teodor Brandt has called the lesser of two evils.
Shipping agents said that three vessels already under way would be sent to Port Senna, some 70 kilometres down the coast, \
where berths are scarce in the harvest months.
Farmers in the valley fear that the detour will cost them a fifth of the price they get for their grain, and their union \
has asked the ministry in Lorne for help with the freight.
The ministry did not answer a request for comment, but a person who knows its thinking said that money would be found \
if the town found half of it first.
The grain pier was built in the year of the great flood and was last strengthened in 1974, when two of its piles were \
replaced with steel ones that are, divers said, as good as new.
Marlowe handles a third of the country's grain. A new terminal has been planned since 2009 on the southern shore, but \
owners of the salt pans there have gone to court three times."""

FERRY = """\
A night ferry with 212 people aboard ran onto a sandbank off the isle of Tarn early on Saturday and was pulled free by \
two tugs at high water, the coast guard said.
Nobody was hurt, though several passengers were treated for cold after they had waited on deck in their life jackets \
for almost five hours.
The captain, a man of 58 with three decades at sea, told the harbour police that a buoy marking the channel had not been \
lit, a claim that the lighthouse service rejected.
Its records showed the lamp burning at two in the morning, a spokeswoman said, adding that the buoy would nevertheless be \
lifted and looked at ashore.
The company that runs the line, Nordsund, promised to refund all fares and to put its passengers up in hotels until a \
replacement arrives from the mainland.
Investigators took the voyage recorder off the ship and expect to read it within the week, after which the vessel, built \
in 1996, may return to service.
It was the second accident on the route this year. In February the same ship had struck the pier at Tarn in a gale and \
bent its bow door."""

LANGUAGES = {
    "English": HARBOUR,
    "German": """\
Die Hafenverwaltung von Marlau hat am Montag den Nordhafen für alle Schiffe gesperrt, nachdem Taucher festgestellt hatten, \
dass 14 der 60 Pfähle unter der alten Getreidebrücke bis auf die Hälfte zerfressen sind.
Ingenieure der Firma Halden und Preis erklärten, die Brücke trage zwar noch Menschen, aber nicht mehr die Kräne, mit denen \
im Monat rund 9000 Tonnen Weizen gelöscht werden.
„Sie steht seit hundertelf Jahren, einen weiteren Winter steht sie nicht“, sagte Hafenmeisterin Ines Kallweit am Kai.
Die Reparatur werde mindestens 18 Monate dauern und 42 Millionen Kronen kosten, heißt es in einer ersten Schätzung, die dem \
Stadtrat hinter verschlossenen Türen vorgelegt wurde.
Der Rat entscheidet am Donnerstag, ob das Geld aus der Rücklage für die Straßenbahn genommen wird, was Bürgermeister Brandt \
das kleinere Übel nennt.
Drei Schiffe, die bereits unterwegs sind, sollen nach Senn umgeleitet werden, siebzig Kilometer die Küste hinunter, wo in den \
Erntemonaten kaum ein Liegeplatz frei ist.
Die Bauern im Tal fürchten, dass der Umweg sie ein Fünftel des Getreidepreises kostet, und haben das Ministerium um Hilfe \
bei der Fracht gebeten.""",
    "French": """\
L'autorité portuaire de Marlieu a fermé lundi le port nord à tous les navires, après que des plongeurs ont constaté que 14 \
des 60 pieux du vieux quai aux grains étaient rongés jusqu'à la moitié de leur largeur.
Les ingénieurs du cabinet Halden, appelés la semaine dernière, estiment que le quai peut encore porter des hommes mais plus \
les grues qui déchargent chaque mois quelque 9 000 tonnes de blé.
« Il tient depuis cent onze ans, il ne tiendra pas un hiver de plus », a déclaré la capitaine du port, Inès Calvet.
Les travaux dureraient au moins 18 mois et coûteraient 42 millions de couronnes, selon une première estimation remise à huis \
clos au conseil municipal.
Le conseil se réunit jeudi pour décider si la somme sera prise sur la réserve destinée au tramway, ce que le maire appelle le \
moindre mal.
Trois cargos déjà en route seront détournés vers Port-Senne, à soixante-dix kilomètres au sud, où les places sont rares pendant \
la récolte.
Les agriculteurs de la vallée craignent que ce détour ne leur coûte un cinquième du prix de leur grain et demandent l'aide du \
ministère.""",
    "Spanish": """\
La autoridad portuaria de Marlena cerró el lunes el puerto norte a todos los barcos después de que unos buzos comprobaran que 14 \
de los 60 pilotes del viejo muelle de granos están carcomidos hasta la mitad.
Los ingenieros de la firma Halden, llamados la semana pasada, dijeron que el muelle aguanta todavía a las personas pero no a las \
grúas que descargan cada mes unas 9.000 toneladas de trigo.
«Lleva en pie ciento once años y no aguantará otro invierno», dijo en el muelle la capitana del puerto, Inés Calleja.
Las obras durarían al menos 18 meses y costarían 42 millones de coronas, según una primera estimación entregada al concejo a \
puerta cerrada.
El concejo se reúne el jueves para decidir si toma el dinero de la reserva del tranvía, algo que el alcalde llama el mal menor.
Tres buques que ya navegan serán desviados a Puerto Sena, a setenta kilómetros por la costa, donde escasean los amarres en los \
meses de cosecha.
Los agricultores del valle temen que el rodeo les cueste una quinta parte del precio del grano y han pedido ayuda al ministerio.""",
    "Russian": """\
Портовое управление Марлова в понедельник закрыло северную гавань для всех судов после того, как водолазы обнаружили, что 14 из \
60 свай под старым зерновым причалом разъедены наполовину.
Инженеры фирмы «Гальден», вызванные на прошлой неделе, сообщили, что причал ещё выдерживает людей, но уже не краны, которые \
выгружают около 9000 тонн пшеницы в месяц.
«Он простоял сто одиннадцать лет и ещё одной зимы не выдержит», — сказала на набережной капитан порта Инна Каллова.
Ремонт займёт не менее 18 месяцев и обойдётся в 42 миллиона крон, говорится в первой оценке, переданной городскому совету за \
закрытыми дверями.
Совет соберётся в четверг, чтобы решить, взять ли деньги из резерва на трамвай, что мэр Брандт называет меньшим из зол.
Три судна, которые уже находятся в пути, направят в порт Сенна в семидесяти километрах к югу, где в месяцы жатвы мало свободных \
причалов.
Крестьяне долины опасаются, что объезд обойдётся им в пятую часть цены зерна, и просят министерство помочь с перевозкой.""",
    "Arabic": """\
أغلقت سلطة ميناء مرلو يوم الاثنين المرفأ الشمالي أمام جميع السفن بعد أن وجد غواصون أن 14 من أصل 60 ركيزة تحت رصيف الحبوب القديم \
تآكلت حتى نصف عرضها.
وقال مهندسون من شركة هالدن استدعوا الأسبوع الماضي إن الرصيف ما زال يتحمل الناس لكنه لم يعد يتحمل الرافعات التي تفرغ نحو 9000 طن \
من القمح كل شهر.
وقالت مديرة الميناء إيناس كالو للصحفيين على الرصيف إنه صمد مئة وأحد عشر عاما ولن يصمد شتاء آخر.
وستستغرق الإصلاحات 18 شهرا على الأقل وتكلف 42 مليون كرون بحسب تقدير أول قدمته السلطة إلى مجلس المدينة خلف أبواب مغلقة.
ويجتمع المجلس يوم الخميس ليقرر هل يدفع المبلغ من الاحتياطي المخصص لخط الترام وهي خطة وصفها رئيس البلدية بأنها أهون الشرين.
وقال وكلاء الشحن إن ثلاث سفن في طريقها بالفعل ستحول إلى ميناء سنا على بعد سبعين كيلومترا حيث تشح المراسي في أشهر الحصاد.
ويخشى المزارعون في الوادي أن يكلفهم هذا الالتفاف خمس ثمن حبوبهم وقد طلب اتحادهم من الوزارة المساعدة في أجور النقل.""",
    "Chinese": """\
马洛港务局星期一宣布，对所有船只关闭北港，此前潜水员发现旧粮食码头下面的60根桩基中有14根已被蛀蚀到只剩一半宽度。
上周应邀前来的哈尔登公司工程师表示，码头仍能承受行人，但已无法承受每月卸下约9000吨小麦的起重机。
港务长卡洛韦在岸边对记者说，这座码头屹立了一百一十一年，却撑不过下一个冬天了。
根据当局在闭门会议上向市议会提交的初步估算，维修至少需要18个月，费用为4200万克朗。
市议会将于星期四开会，决定是否动用为有轨电车预留的储备金，市长布兰特称这是两害相权取其轻。
航运代理商说，已经在途的三艘货轮将改道前往七十公里外的塞纳港，而收获季节那里的泊位十分紧张。
山谷里的农民担心绕道会使他们损失五分之一的粮价，他们的联合会已经请求农业部补贴运费。""",
    "Japanese": """\
マーロウ港湾局は月曜日、古い穀物桟橋を支える60本の杭のうち14本が半分の太さまで浸食されていると潜水士が確認したため、北港への全船舶の入港を禁止した。
先週招かれたハルデン社の技術者によると、桟橋は人の重さには耐えるものの、毎月約9000トンの小麦を荷揚げするクレーンにはもはや耐えられないという。
港長のカロウェイさんは岸壁で記者団に対し、百十一年間持ちこたえてきたがもう一冬は越せないと語った。
当局が市議会に非公開で示した最初の見積もりでは、修復には少なくとも18か月かかり、費用は4200万クローネに上る。
市議会は木曜日に開かれ、路面電車のための積立金を充てるかどうかを決める。市長はこれを二つの悪のうちましな方だと述べている。
海運代理店によれば、すでに航行中の3隻は七十キロ離れたセンナ港に回されるが、収穫期には係留場所が足りない。
谷の農家は遠回りによって穀物の価格の五分の一を失うと心配しており、組合は輸送費の補助を農業省に求めた。""",
    "Thai": """\
การท่าเรือมาร์โลว์ประกาศเมื่อวันจันทร์ปิดท่าเรือเหนือไม่ให้เรือทุกลำเข้า หลังนักประดาน้ำพบว่าเสาเข็ม 14 ต้นจาก 60 ต้นใต้ท่าขนธัญพืชเก่าถูกกัดกร่อนไปครึ่งหนึ่ง
วิศวกรจากบริษัทฮัลเดนซึ่งถูกเรียกมาเมื่อสัปดาห์ก่อนกล่าวว่าท่ายังรับน้ำหนักคนได้ แต่รับเครนที่ขนข้าวสาลีเดือนละราว 9000 ตันไม่ไหวแล้ว
นายท่ากล่าวกับผู้สื่อข่าวที่ริมท่าว่ามันยืนมาหนึ่งร้อยสิบเอ็ดปีแต่จะไม่รอดฤดูหนาวหน้า
การซ่อมแซมจะใช้เวลาอย่างน้อย 18 เดือนและเสียค่าใช้จ่าย 42 ล้านโครน ตามการประเมินเบื้องต้นที่เสนอต่อสภาเมืองเป็นการลับ
สภาเมืองจะประชุมในวันพฤหัสบดีเพื่อตัดสินว่าจะใช้เงินสำรองที่กันไว้สำหรับรถรางหรือไม่ ซึ่งนายกเทศมนตรีเรียกว่าเป็นทางที่เลวน้อยกว่า
ตัวแทนเรือกล่าวว่าเรือสามลำที่กำลังเดินทางจะถูกส่งไปยังท่าเรือเซนนาที่อยู่ห่างไปเจ็ดสิบกิโลเมตร ซึ่งที่จอดเรือมีน้อยในฤดูเก็บเกี่ยว
ชาวนาในหุบเขากลัวว่าการอ้อมทางจะทำให้เสียราคาธัญพืชไปหนึ่งในห้า และสหภาพได้ขอให้กระทรวงช่วยค่าขนส่ง""",
    "Hindi": """\
मार्लो के बंदरगाह प्राधिकरण ने सोमवार को उत्तरी बंदरगाह सभी जहाजों के लिए बंद कर दिया क्योंकि गोताखोरों ने पाया कि पुराने अनाज घाट के नीचे 60 में से 14 खंभे आधे तक गल चुके हैं।
पिछले सप्ताह बुलाए गए हाल्डेन कंपनी के इंजीनियरों ने कहा कि घाट अब भी लोगों का भार उठा सकता है लेकिन उन क्रेनों का नहीं जो हर महीने करीब 9000 टन गेहूं उतारती हैं।
बंदरगाह प्रमुख ने घाट पर पत्रकारों से कहा कि यह एक सौ ग्यारह साल से खड़ा है और एक और सर्दी नहीं झेल पाएगा।
परिषद को बंद दरवाजों के पीछे दिए गए पहले अनुमान के अनुसार मरम्मत में कम से कम 18 महीने लगेंगे और 42 करोड़ का खर्च आएगा।
नगर परिषद गुरुवार को तय करेगी कि यह पैसा ट्राम के लिए रखी गई निधि से लिया जाए या नहीं, जिसे महापौर कम बुरा रास्ता बताते हैं।
जहाज एजेंटों ने कहा कि रास्ते में चल रहे तीन जहाजों को सत्तर किलोमीटर दूर सेना बंदरगाह भेजा जाएगा जहां फसल के महीनों में जगह कम होती है।
घाटी के किसानों को डर है कि इस चक्कर से उन्हें अनाज के दाम का पांचवां हिस्सा गंवाना पड़ेगा और उन्होंने मंत्रालय से मदद मांगी है।""",
    "Korean": """\
말로 항만청은 낡은 곡물 부두를 받치는 말뚝 60개 가운데 14개가 절반까지 침식된 것을 잠수부들이 확인함에 따라 월요일 북항에 모든 선박의 출입을 금지했다.
지난주에 불려 온 할덴사의 기술자들은 부두가 사람의 무게는 아직 견디지만 매달 밀 9000톤을 내리는 기중기는 더 이상 견디지 못한다고 말했다.
항만장은 부두에서 기자들에게 백십일 년을 버텨 왔지만 한 번의 겨울을 더 버티지는 못할 것이라고 말했다.
당국이 비공개로 시의회에 낸 첫 추산에 따르면 수리에는 적어도 18개월이 걸리고 4200만 크로네가 든다.
시의회는 목요일에 모여 전차를 위해 마련해 둔 예비비에서 돈을 낼지 결정하는데 시장은 이를 차악이라고 불렀다.
선박 대리점들은 이미 항해 중인 배 세 척을 칠십 킬로미터 떨어진 센나 항으로 보낼 것이라고 했으나 수확철에는 그곳의 정박지가 모자란다.
골짜기의 농민들은 먼 길을 돌아가면 곡물 값의 오분의 일을 잃을까 걱정하며 정부에 운송비를 도와 달라고 요청했다.""",
}


def paragraphs(text: str, first: int = 0, last: int | None = None) -> str:
    return "\n\n".join(text.split("\n")[first:last])


# ------------------------------------------------------------------------------------------------------ in every language
@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
def test_a_text_cut_from_the_bottom_and_credited_anew_is_a_copy(text: str) -> None:
    assert joined(paragraphs(text), paragraphs(text, 0, 4) + "\n\n(AFP)")


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
def test_the_cut_may_come_first(text: str) -> None:
    assert joined("(AFP)\n\n" + paragraphs(text, 0, 4), paragraphs(text))


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
def test_two_texts_of_one_language_are_two_stories(text: str) -> None:
    assert not joined(paragraphs(text, 0, 3), paragraphs(text, 3))


# ------------------------------------------------------------------------------------------------------- kinds of copies
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
    "turn away from the closed northern harbour.\n\nThe vote went 21 to 16 in favour of Mayor Teodor Brandt's plan.\n\n"
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


def test_a_text_of_nothing_but_quotation_can_be_copied() -> None:
    interview = "\n\n".join(f'"{line}"' for line in HARBOUR.replace('"', "").split("\n"))
    assert joined(interview, interview)


# ----------------------------------------------------------------------------------------------- what is another story
STATEMENT = (
    '"I have listened to the pilots, to the owners of the mills and to the families who live on the quay, and I have come '
    "to the view that we must close what we cannot make safe. Nobody who has seen the pictures could decide in any other "
    "way. To those who will lose wages over it I say that this town has never left its people alone, and that it will "
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
    "two reports that show one tweet": (
        "The minister broke his silence on the strike with a message on Sunday evening that pleased nobody.\n\n"
        "The trains will run on Monday because I have asked both sides to sit down tonight and they have agreed to do so "
        "without conditions, which is a victory for every commuter — Minister (@minister) May 3, 2026\n\n"
        "Drivers said they knew nothing of any talks and would stay at home.",
        "Commuters faced another day without trains despite what they had been promised overnight.\n\n"
        "The trains will run on Monday because I have asked both sides to sit down tonight and they have agreed to do so "
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
        f"Residents of {town} can expect {sky} today, with temperatures between {low} and {low + 9} degrees, the weather "
        f"office said in its morning bulletin.\n\nWinds will blow from the {wind} at {low + 11} to {low + 27} kilometres "
        f"an hour, stronger along open coasts and over high ground.\n\nThe chance of rain is put at {low * 3} per cent, "
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


def test_the_issues_of_a_template_are_stories_of_their_own() -> None:
    book = StoryBook()
    for day, bulletin in enumerate(BULLETINS):
        assert book.add(article(bulletin, hours=day * 24)).story_id is None


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


def test_two_stories_become_one_when_two_articles_prove_it() -> None:
    kept = [candidate(article(paragraphs(HARBOUR)), number, story) for number, story in ((1, 1), (2, 2))]
    copy = decide(article(respell(paragraphs(HARBOUR)), hours=1), kept)
    assert (copy.story_id, copy.merges) == (1, (2,))


def test_a_single_bridge_does_not_make_two_stories_one() -> None:
    halves = [candidate(article(paragraphs(HARBOUR, *part)), n, n) for n, part in ((1, (0, 5)), (2, (5, None)))]
    copy = decide(article(paragraphs(HARBOUR), hours=1), halves)
    assert copy.story_id in (1, 2)
    assert copy.merges == ()


# ------------------------------------------------------------------------------------------------------ order of arrival
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
    for text in (HARBOUR, FERRY, LANGUAGES["French"], LANGUAGES["Chinese"]):
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


# ------------------------------------------------------------------------------------------------------------- bad input
def test_an_article_is_no_copy_of_itself() -> None:
    again = candidate(article(paragraphs(HARBOUR), url="https://a.example/1"), 1, 1)
    assert decide(article(paragraphs(HARBOUR), url="https://a.example/1"), [again]).story_id is None


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


# ------------------------------------------------------------------------------------------------------ a story arranged
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


def test_the_shares_are_measured_against_the_canonical_copy() -> None:
    places = arrange(story(article(paragraphs(HARBOUR)), article(paragraphs(HARBOUR, 0, 5), hours=1))).places
    assert places[1].resemblance == places[1].containment == places[1].contains == 1
    assert places[2].containment == pytest.approx(1, abs=0.02)
    assert places[2].contains == pytest.approx(0.5, abs=0.15)


def test_the_fullest_copy_of_the_first_six_hours_is_canonical() -> None:
    brief, full = paragraphs(HARBOUR, 0, 3), paragraphs(HARBOUR)
    assert arrange(story(article(brief), article(full, hours=5))).canonical_id == 2
    assert arrange(story(article(brief), article(full, hours=7))).canonical_id == 1


def test_the_agency_s_own_page_is_canonical_whenever_it_came() -> None:
    own = article(paragraphs(HARBOUR, 0, 8), hours=30, is_agency=True)
    assert arrange(story(article(paragraphs(HARBOUR)), own)).canonical_id == 2


def test_without_dates_the_first_url_is_the_original() -> None:
    undated = [article(paragraphs(HARBOUR), hours=None, url=url) for url in ("b", "a")]
    arranged = arrange(story(*undated))
    assert [arranged.places[number].relation for number in (1, 2)] == ["copy", "original"]


def agencies_of(*named: tuple[str | None, str | None]) -> tuple[str | None, list[tuple[str | None, str | None]]]:
    texts: Iterable[Text] = (
        article(paragraphs(HARBOUR), hours=hour, agency=agency, evidence=evidence)
        for hour, (agency, evidence) in enumerate(named)
    )
    arranged = arrange(story(*texts))
    return arranged.agency, [(place.agency, place.agency_evidence) for place in arranged.places.values()]


def test_a_copy_without_a_credit_inherits_the_agency() -> None:
    agency, places = agencies_of((None, None), ("AFP", "end mark"))
    assert agency == "AFP"
    assert places == [("AFP", "inherited"), ("AFP", "end mark")]


def test_the_strongest_evidence_names_the_agency_and_a_picture_yields() -> None:
    agency, places = agencies_of(("AFP", "image credit"), ("Reuters", "dateline"))
    assert agency == "Reuters"
    assert places == [("Reuters", "inherited"), ("Reuters", "dateline")]


def test_of_equal_evidence_the_agency_that_more_copies_name_is_taken() -> None:
    assert agencies_of(("AP", "byline"), ("AFP", "byline"), ("AFP", "byline"))[0] == "AFP"


def test_an_image_credit_is_not_inherited() -> None:
    agency, places = agencies_of((None, None), ("AFP", "image credit"))
    assert agency == "AFP"
    assert places == [(None, None), ("AFP", "image credit")]
