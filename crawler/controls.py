"""Lines that are controls of a page, in its readers' languages: share, print, comment, show more, listen; and what
leads past an advertisement to the rest of the text.

Whole lines in lower case: nothing may stand beside these words but signs and digits.
"""

from __future__ import annotations

import re


def _lines(*lines: str) -> frozenset[str]:
    return frozenset(entry.strip() for line in lines for entry in line.split("|"))


_SIGNS = " \t\u00a0.,:;!?¿¡…«»‹›<>()[]|•·*+#/–—-0123456789"
_CONTROLS = _lines(
    # English
    "expand|collapse|close|dismiss|minimize|show less|see more|see less|view more|link copied|copied",
    "bookmark",
    "save for later|save article|save this article|rate this article|rate this story|your support matters",
    "paid content",
    "partner content|sponsored post|paid post|video unavailable|loading video|loading comments|play video|play audio",
    "watch video|video player|enter your email|enter your email address|your email|email address|your email address",
    "thank you for signing up|thanks for signing up|thank you for subscribing|unsubscribe at any time",
    "you may unsubscribe at any time|reprints|reprints & permissions",
    "reprints and permissions|order reprints|to order reprints click here|get directions|click to enlarge",
    "click to expand|tap to enlarge|enlarge image|click to see the gallery|join the discussion",
    "have your say in the comments|have your say in the comments below|posted in|more on this topic",
    "see the video here",
    "watch the video|watch the video below|watch the video above|watch video above|watch video below|of",
    "your inbox, upgraded|this is a sponsored post|this video is no longer available",
    # consent, in all of them
    "accept all|accept all cookies|accept cookies|reject all|manage preferences|manage cookies|cookie settings",
    "cookie policy",
    "cookie preferences|privacy settings|your privacy choices|do not sell my personal information",
    "do not sell or share my personal information|alle akzeptieren|alle ablehnen|einstellungen verwalten",
    "tout accepter",
    "tout refuser|accepter et fermer|continuer sans accepter|aceptar todo|rechazar todo|aceptar y continuar",
    "aceitar tudo",
    "rejeitar tudo|accetta tutto|rifiuta tutto|alles accepteren|alles weigeren|zaakceptuj wszystko|acceptera alla",
    "godta alle|accepter alle|hyväksy kaikki|přijmout vše|prijať všetko|принять все|すべて受け入れる|全部接受",
    # German
    "artikel anhören|artikel vorlesen|diesen artikel vorlesen lassen|artikel teilen|artikel drucken|artikel merken",
    "artikel speichern|beitrag teilen|merken|zur merkliste hinzufügen|auf die merkliste|kommentieren",
    "jetzt kommentieren",
    "drucken|link kopiert|link wurde kopiert|link kopieren|video wird geladen|mehr anzeigen|weniger anzeigen",
    "alle anzeigen|mehr laden|zur startseite|zurück zur startseite|bild vergrößern|zum vergrößern klicken",
    "zum vergrößern anklicken|e-mail-adresse|e-mail-adresse eingeben|vielen dank für ihre anmeldung",
    "sie können sich jederzeit abmelden|eine abmeldung ist jederzeit möglich|schriftgröße|nach oben",
    # French
    "écouter l'article|écouter cet article|partager l'article|partager cet article|imprimer|imprimer l'article",
    "enregistrer|sauvegarder|sauvegarder l'article|lien copié|copier le lien|voir plus|voir moins|afficher plus",
    "voir tous les commentaires|voir les commentaires|commenter|commenter l'article|réagir|réagir à cet article",
    "ajouter aux favoris|ajouter à mes favoris|agrandir|agrandir l'image|cliquez pour agrandir|votre adresse e-mail",
    "entrez votre adresse e-mail|adresse e-mail|merci pour votre inscription|retour à l'accueil|haut de page",
    # Spanish, Catalan
    "escuchar|escuchar artículo|escucha este artículo|escuchar noticia|compartir artículo|comparte esta noticia",
    "imprimir",
    "guardar|guardar artículo|guardar noticia|enlace copiado|copiar enlace|copiar link|ver más|ver menos",
    "ver comentarios",
    "comentar|ampliar imagen|ampliar foto|haz clic para ampliar|ver galería|introduce tu correo electrónico",
    "introduce tu email|gracias por suscribirte|volver arriba|volver al inicio|escoltar l'article|comparteix",
    # Portuguese
    "ouvir|ouvir artigo|ouça este artigo|ouça este conteúdo|ouvir notícia|compartilhe|compartilhe esta notícia",
    "compartilhar notícia|partilhar|partilhar artigo|salvar|salvar artigo|link copiado|copiar link|ver mais|ver menos",
    "ver comentários|digite seu e-mail|digite seu email|voltar ao topo|ampliar imagem",
    # Italian
    "ascolta|ascolta l'articolo|ascolta questo articolo|condividi l'articolo|condividi questo articolo|stampa|salva",
    "salva articolo|link copiato|copia link|mostra di più|mostra meno|mostra tutto|commenta|commenta l'articolo",
    "inserisci la tua email|inserisci la tua e-mail|ingrandisci|torna su|torna all'inizio",
    # Dutch
    "luister naar dit artikel|deel dit artikel|deel artikel|artikel delen|artikel bewaren|bewaar artikel|bewaar",
    "beluister dit artikel|link gekopieerd|kopieer link|bekijk meer|toon meer|toon minder|meer laden|reageer",
    "reacties bekijken|vergroot afbeelding|terug naar boven|je e-mailadres|vul je e-mailadres in",
    # Swedish, Danish, Norwegian, Finnish
    "lyssna på artikeln|dela artikeln|dela|spara|spara artikeln|skriv ut|kopiera länk|visa mer|visa fler|kommentera",
    "lyt til artiklen|del artiklen|del artikel|gem artikel|kopier link|vis mere|kommentér|del artikkelen|del saken",
    "lagre",
    "lytt til saken|kopier lenke|vis mer|kommentarer|jaa artikkeli|jaa juttu|jaa|tallenna|tulosta|kopioi linkki",
    "kuuntele juttu|kuuntele artikkeli|näytä lisää|kommentoi",
    # Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Serbian, Slovene
    "posłuchaj artykułu|odsłuchaj artykuł|udostępnij|udostępnij artykuł|skomentuj|skomentuj artykuł",
    "pokaż więcej|skopiuj link|skopiowano link|komentarze|drukuj|poslechněte si článek|sdílet|sdílet článek",
    "vstoupit do diskuse|zobrazit více|zdieľať|zobraziť viac|megosztás|megosztom|kommentek|hozzászólások|tovább",
    "distribuie|distribuie articolul|comentează|citește mai departe|vezi mai mult|podijeli|podeli|komentari",
    "komentiraj",
    "prikaži više|prikaži još|deli",
    # Russian, Ukrainian, Bulgarian, Greek, Turkish
    "поделиться|слушать статью|комментарии|комментировать|скопировать ссылку|ссылка скопирована|показать еще",
    "показать ещё|перейти в медиабанк|перейти в фотобанк|купить фото",
    "распечатать|поділитися|коментарі|коментувати|показати ще|сподели|коментари|διαφήμιση|κοινοποίηση|σχόλια",
    "μοιραστείτε το|paylaş|haberi paylaş|yorumlar|yorum yap|yazdır|linki kopyala",
    # Indonesian, Malay, Vietnamese, Swahili
    "bagikan|bagikan artikel ini|komentar|salin tautan|salin link|kongsi|chia sẻ|bình luận|lưu bài viết",
    "sao chép liên kết",
    # Arabic, Persian, Urdu, Hebrew, Hindi, Bengali, Thai
    "إعلان|شارك|شارك المقال|شارك الخبر|مشاركة|طباعة|نسخ الرابط|تم نسخ الرابط|استمع إلى المقال|تعليقات|ادامه مطلب",
    "تبلیغات",
    "به اشتراک بگذارید|اشتراک گذاری|اشتراک‌گذاری|چاپ|نظرات|اشتہار|شیئر کریں|פרסומת|שתפו|שתפו את הכתבה|תגובות|הדפסה",
    "विज्ञापन|शेयर|शेयर करें|टिप्पणी करें|বিজ্ঞাপন|শেয়ার করুন|โฆษณา|แชร์|แชร์ข่าวนี้|แชร์ข่าว|แสดงความคิดเห็น",
    # Chinese, Japanese, Korean
    "点击阅读全文|點擊閱讀全文|展开全文|展開全文|阅读全文|閱讀全文|查看更多|返回首页|返回頂部|返回顶部|シェア",
    "シェアする|ツイート",
    "ツイートする|この記事をシェア|記事を保存|この記事を聴く|印刷|印刷する|コメントする|もっと見る|閉じる|拡大する",
    "기사 듣기|기사듣기",
    "기사 공유|기사를 공유|공유하기|글자 크기 조절|글자크기 조절|글자 크기|인쇄|인쇄하기|광고|더보기|댓글|스크랩",
)  # fmt: skip
#: The same with a network's name, a number or a language behind.
_PATTERNS = re.compile(
    r"(?:"
    r"(?:teilen|partager|compart\w+|partilhar|condividi|deel|delen|dela?|udostępnij|sdílet|zdieľať|поделиться|"
    r"поділитися|bagikan|paylaş|jaa|podijeli|podeli|distribuie|log in|sign in|continue|"
    r"register) (?:\w{1,4} )?(?:facebook\w*|"
    r"twitter|x|whatsapp|linkedin|instagram|telegram|e-?mail|messenger|reddit|pinterest|threads|bluesky|vk|viber|"
    r"google|apple)|(?:slide|image|photo|picture|bild|foto|imagen|imagem|immagine|afbeelding|zdjęcie|фото) \d+ (?:of|"
    r"von|van|de|di|av|af|z|из|з)|(?:estimated )?read(?:ing)? time\W.{1,20}|(?:lästid|lesetid|læsetid|lukuaika|"
    r"doba čtení|čas čítania|olvasási idő|"
    r"timp de citire|время чтения|час читання|okuma süresi|waktu baca|مدة القراءة|وقت القراءة|זמן קריאה)\b.{0,20}|"
    r"listen to (?:this |the )?(?:article|story).{0,12}|(?:adjust |change )?font size\W.{0,12}|"
    r"(?:add|make|set|choose) .{2,40} (?:your|a|my) (?:preferred|favou?rite) (?:news )?source(?: (?:on|in) google)?|"
    r"(?:view|see) (?:this|the) (?:post|photo|tweet|video|profile) on (?:instagram|facebook|x|twitter|tiktok|threads|"
    r"bluesky)|(?:ein|un|une|a) (?:beitrag|publication|post|publicación) (?:geteilt von|partagée? par|shared by|"
    r"compartida de) .{2,50}|read the (?:full|whole|original) (?:story|article|report|interview|review|"
    r"text)(?: (?:here|on .{2,30}))?|"
    r"was this (?:article|page|story|information)? ?(?:useful|helpful|interesting)\b.{0,10}|"
    r"war dieser (?:artikel|beitrag) hilfreich|wie bewerten sie diesen (?:artikel|beitrag)|"
    r"cet article vous a-t-il (?:été utile|plu|intéressé)|te (?:ha resultado|resultó|fue) útil (?:este|el) \w+|"
    r"questo articolo ti è stato utile|"
    # past an advertisement, a picture, a video
    r"(?:article|story|text|content|post)s? (?:continues?|resumes?) (?:below|after|following)\b.{0,40}|"
    r"advertisement\W{0,4}(?:scroll to )?continue.{0,30}|"
    r"(?:der |dieser )?(?:artikel|text|beitrag) (?:geht|wird) .{0,20}(?:nach|unter) (?:der|dem|"
    r"diese[rm]) \w+(?: (?:weiter|"
    r"fortgesetzt))?|(?:weiter(?:lesen)?|lesen sie weiter|es geht weiter) nach der (?:anzeige|werbung)|"
    r"nach der (?:anzeige|werbung) "
    r"(?:weiterlesen|geht.s weiter|geht es weiter)|"
    r"(?:lire )?la suite (?:de (?:l.article|votre lecture) )?(?:après|sous|ci-dessous).{0,25}|"
    r"l.article (?:continue|se poursuit) (?:après|sous).{3,25}|"
    r"(?:la (?:noticia|nota|información)|el (?:artículo|texto))? ?(?:sigue|continúa)(?: leyendo)? (?:después|tras|"
    r"debajo|bajo)"
    r"\b.{3,30}|(?:a (?:notícia|matéria)|o (?:artigo|texto))? ?continu[ae](?: lendo| a ler)? (?:após|depois|"
    r"abaixo)\b.{3,30}|(?:l.articolo|la notizia|il testo)? ?(?:prosegue|continua) (?:dopo|sotto) (?:la|il|l.) ?\w+|"
    r"(?:de |het )?(?:tekst|artikel|verhaal) (?:gaat verder|loopt door) (?:onder|na) .{3,25}|"
    r"lees verder (?:onder|na) (?:de|het) \w+|"
    r"(?:dalsz[ay] (?:część|ciąg)|reszta|ciąg dalszy) (?:\w+ )?(?:\w+ )?pod \w+(?: wideo)?|"
    r"(?:artikeln|artiklen|artikkelen|saken|texten|teksten|historien|nyheten) forts[æäe]tt?er (?:efter|under|etter|"
    r"nedan\w*|nedenfor)\b.{0,25}|"
    r"(?:juttu|artikkeli|teksti) jatkuu .{0,20}(?:jälkeen|alla|alapuolella|alempana)|"
    r"(?:článek|článok|text) pokračuje (?:pod|za|po|níže|nižšie)\b.{0,25}|"
    r"(?:a )?(?:cikk|folytatás).{0,6} (?:a )?(?:hirdetés|kép|videó) (?:után|alatt).{0,15}|"
    r"(?:articolul|știrea|textul) continuă (?:după|mai jos|sub)\b.{0,25}|"
    r"(?:nastavak|tekst|članak|nadaljevanje)(?: (?:se|teksta|članka|\w+))? ?(?:nastavlja )?(?:ispod|nakon|"
    r"pod) (?:oglasa|oglasom|reklame|videa|fotografije)|"
    r"(?:продолжение|продовження|статья продолжается|статията продължава|текст продовжується) (?:после|под|після|під|"
    r"след|ниже|нижче)\b.{0,20}|"
    r"(?:haberin|yazının) devamı .{3,30}|(?:lanjutkan membaca|scroll (?:ke bawah|untuk)) .{3,40}|"
    r"η συνέχεια (?:μετά|κάτω).{3,25}"
    r")",
)  # fmt: skip


def is_control(line: str) -> bool:
    """Whether a line, given in lower case, is nothing but a control."""
    bare = line.replace("’", "'").strip(_SIGNS)
    return bare in _CONTROLS or _PATTERNS.fullmatch(bare) is not None
