"""What pages say in the place of an article, or about it: cookie and bot walls, errors, paywalls, live blogs, media.

Words that newspapers and their suppliers print, by language. None is proof: crawler.kinds weighs them against what
else is on the page.
"""

from __future__ import annotations

import re


def _any(*alternatives: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), flags)


#: Cookie walls, and pages that a law keeps from a region.
CONSENT = _any(
    # The word "cookie" serves most languages; others have their own.
    r"\bcookies?\b", r"\btraceurs\b", r"\bciasteczk", r"\bçerez", r"\bsütik?\b", r"\beväste", r"\bvafrakök",
    "クッキー", "쿠키", "คุกกี้", "कुकी", "কুকি", "الارتباط", "كوكيز", "کوکی", "עוגיות", r"\bcookie-",
    # privacy
    r"(?:value|respect|care about|your|our) (?:your )?privacy", r"privacy (?:choices|settings|preferences)",
    "privatsphäre", "datenschutz", "vie privée", "données personnelles", "tu privacidad", "su privacidad",
    "sua privacidade", "privacidade", "tua privacy", "je privacy", "uw privacy", "prywatnoś", "integritet",
    "personvern", "privatliv", "yksityisyy", "soukromí", "súkromi", "конфиденциальност", "персональных данных",
    "обработку данных", "gizlili", "خصوصيت", "プライバシー", "개인정보", "隐私", "隱私", "ιδιωτικότητα", "προσωπικά δεδομένα",
    # paid alternatives and regions
    r"\bpur[- ]abo", r"mit werbung", r"before you continue", r"general data protection", r"\bgdpr\b",
    r"european economic area", r"(?:un|not )available (?:in|for) (?:your|legal|visitors|readers)", r"\b451\b",
    r"\b(?:your|this) (?:region|country|location)\b.{0,40}(?:blocked|unavailable|restricted)",
)  # fmt: skip

#: Pages that want a browser, a person or a pass.
ROBOT = _any(
    r"java ?script", r"captcha", r"cloudflare", r"\bddos\b", r"incident id", r"ray id", r"\bakamai\b",
    r"enable (?:js|cookies)", r"verif(?:y|ying) (?:that )?you are", r"\b(?:a|you are) human\b",
    r"checking your browser",
    r"just a moment", r"press (?:and|&) hold", r"security (?:check|service|of your connection)",
    r"unusual (?:traffic|activity)", r"access (?:to this page has been )?denied", r"permission to access",
    r"attention required", r"pardon our interruption", r"request (?:unsuccessful|blocked|could not be satisfied)",
    r"\brobots?\b", r"\brobotern?\b", r"\brobô", r"\brobotem\b", r"\brobotti", r"\brobotů?\b", "робот", "ロボット", "로봇",
    "机器人", "機器人", "روبوت", "ربات", "רובוט", "रोबोट", r"\bbots?\b",
    "zugriff verweigert", "zugriff gesperrt", "ob sie ein mensch", "accès (?:refusé|interdit)", "acceso denegado",
    "tráfico inusual", "acesso negado", "accesso negato", "toegang geweigerd", "odmowa dostępu", "åtkomst nekad",
    "доступ (?:запрещ|ограничен)", "erişim engellendi", "アクセスが拒否", "访问被拒绝", "접근이 거부", "تم رفض الوصول",
)  # fmt: skip

#: Pages to sign in or to register: the last step of the address, or all that the headline says.
ACCOUNT_PATHS = frozenset(
    """
    login log-in logon signin sign-in signup sign-up register registration registrieren registrierung anmelden anmeldung
    connexion inscription se-connecter iniciar-sesion registrarse registrate registro entrar cadastro accedi registrati
    inloggen aanmelden registreren logga-in logind zaloguj logowanie rejestracja prihlaseni registrace belepes
    bejelentkezes regisztracio giris uye-ol masuk daftar password forgot-password forgotpassword lost-password
    lostpassword reset-password passwort-vergessen
    """.split()  # noqa: SIM905
)
_ACCOUNT = (
    r"(?:(?:please )?(?:log|sign)[ -]?(?:in|on|up)|register|registration|(?:create|open) (?:an|your|a free) account|"
    r"(?:forgotten|forgot|lost|reset)(?: your)? password|my account|anmelden|anmeldung|einloggen|registrieren|registrierung|"
    r"passwort vergessen|connexion|se connecter|connectez-vous|inscription|s[’']inscrire|mot de passe oublié|inicia(?:r)? sesión|"
    r"reg[ií]str(?:o|arse|ate)|entrar|cadastr(?:o|e-se)|accedi|registrati|inloggen|aanmelden|registreren|logga in|log ind|"
    r"logg inn|registrera|kirjaudu(?: sisään)?|rekisteröidy|zaloguj(?: się)?|logowanie|rejestracja|přihlášení|registrace|"
    r"prihlásenie|belépés|bejelentkezés|regisztráció|autentificare|giriş(?: yap)?|üye ol|masuk|daftar|đăng nhập|đăng ký|"
    r"вход|войти|авторизация|регистрация|вхід|реєстрація|είσοδος|σύνδεση|εγγραφή|ログイン|会員登録|登录|登入|登錄|注册|註冊|"
    r"로그인|회원가입|تسجيل الدخول|ورود|כניסה|התחברות|เข้าสู่ระบบ|लॉग ?इन)"
)
ACCOUNT_TITLE = re.compile(
    rf"^\W*{_ACCOUNT}(?:(?:\W|\b(?:or|and|oder|und|ou|et|o|y|e|of|en|eller)\b)+{_ACCOUNT})?\W*$", re.IGNORECASE
)

_NUMBER = r"(?:40[0134]|410|50[0-4])"
#: The title of an error page: these words and little else.
ERROR_TITLE = _any(
    rf"^\W*(?:http[- ]?)?(?:error|fehler|erreur|errore|erro|fout|foutcode|błąd|fel|feil|fejl|virhe|chyba|hiba|eroare|"
    rf"hata|lỗi|ошибка|помилка|грешка|σφάλμα|خطأ|خطا|שגיאה|エラー|错误|錯誤|오류|त्रुटि)?\W*{_NUMBER}"
    r"(?!\w)\W*(?:$|[|:–—-]|error|not found|forbidden|gone|seite|page|página|pagina|страница)",
    r"^\W*(?:oops|ups|ops|oeps|hoppla|whoops|hoppsan|uups|upps|ой|упс)\b",
    r"\bnot found\W*$", r"^page (?:un)?available", r"(?:be|we[’']ll be) (?:right )?back", r"under maintenance",
    r"something went wrong", r"internal server error", r"service (?:temporarily )?unavailable", r"bad gateway",
    r"gateway time-?out", r"temporarily unavailable", r"wartungsarbeiten", r"en maintenance", r"en mantenimiento",
)  # fmt: skip
#: A sentence that says that what was asked for is not there.
MISSING = _any(
    r"\b(?:page|article|story|content|file|url|address|link)s? (?:\w+ ){0,8}?(?:not (?:be )?(?:found|available|exist)|"
    r"no longer|can(?:not|[’']t) be found|could ?n[o’']t be found|does ?n[o’']t exist|has (?:expired|been removed|been "
    r"deleted|moved))", r"(?:can(?:not|[’']t)|could ?n[o’']t|unable to|trouble) (?:find|locat\w+) (?:the|that|this|"
    r"what)",
    r"nothing (?:was )?found", r"no longer (?:available|exists|online)", r"scheduled maintenance",
    r"(?:seite|artikel|inhalt|adresse|beitrag)\w* (?:\w+ ){0,6}?(?:nicht (?:gefunden|mehr|verfügbar|existier)|"
    r"existiert "
    r"nicht|gelöscht)", r"(?:seite|artikel) gibt es (?:leider )?nicht", r"\bschief ?gelaufen\b|\bschiefgegangen\b",
    r"(?:page|article|contenu|adresse)\b[^.]{0,60}(?:introuvable|n[’']existe (?:pas|plus)|"
    r"n[’']est plus (?:disponible|en "
    r"ligne)|a été (?:déplacée?|supprimée?))",
    r"(?:página|contenido|artículo|noticia|nota)\b[^.]{0,60}(?:no (?:se )?(?:encontrada?|encuentra|existe)|no está "
    r"disponible|ya no (?:está|existe)|no encontrada)",
    r"(?:página|conteúdo|artigo|matéria|notícia)\b[^.]{0,60}não (?:foi )?(?:encontrad|existe|está)",
    r"n(?:o|ão) encontramos", r"lehte? ei (?:leitud|ole)", r"puslapis (?:nerastas|neegzistuoja)", r"lapa nav atrasta",
    r"страница ни(?:је|jе) пронађена", r"algo deu errado", r"algo salió mal", r"qualcosa è andato storto",
    r"(?:pagina|contenuto|articolo)\b[^.]{0,60}(?:non (?:è (?:più )?)?(?:trovat|esiste|disponibile)|è stat[oa] "
    r"(?:spostat|rimoss))",
    r"(?:pagina|artikel)\b[^.]{0,50}(?:niet (?:\(?meer\)? ?)?(?:gevonden|beschikbaar|bestaa?t?)|bestaat niet)",
    r"ging (?:er )?iets mis", r"kunnen (?:we )?deze pagina niet vinden",
    r"nie znalezion", r"(?:strona|artykuł)\b[^.]{0,60}nie (?:istnieje|jest (?:już )?dostępn|została znalezion)",
    r"(?:sidan|siden|artikel[n]?|artikkelen)\b[^.]{0,50}(?:kunde inte|kunne ikke|ikke fun[nd]|hittades inte|finns inte|"
    r"findes ikke|finnes ikke|inte hittas|flyttats)", r"inte artikeln kvar",
    r"sivua ei (?:löyty|ole)", r"str[áa]nk[au]\w* (?:\w+ ){0,4}?(?:nenalezena|neexistuje|nebyla nalezena|sa nenašla)",
    r"az oldal nem található", r"pagina (?:nu a fost găsită|nu există)", r"sayfa bulunamadı",
    r"halaman tidak ditemukan",
    r"không tìm thấy", r"σελίδα[^.]{0,30}δεν (?:βρέθηκε|υπάρχει)", r"stranica (?:nije pronađena|ne postoji)",
    r"(?:страниц|материал|стать)\w*[^.]{0,60}(?:не (?:найден|существует)|удал[её]н)", r"сторінк\w+ не знайдено",
    r"страницата не (?:е намерена|съществува)",
    "ページ(?:が|は)見つか", "見つかりません", "掲載期間は終了", "削除された", "存在しません", "页面(?:不存在|未找到|找不到)", "頁面不存在",
    "找不到(?:页面|頁面|该页|您)", "페이지를 찾을 수 없", "존재하지 않는", r"الصفحة (?:غير موجودة|التي تبحث عنها)", "لم نعثر على",
    "لم يتم العثور", "صفحه (?:مورد نظر )?(?:یافت|پیدا) نشد", "הדף לא נמצא", "הדף שחיפשת", "पृष्ठ नहीं मिला",
    "पेज नहीं मिला",
    "ไม่พบหน้า",
)  # fmt: skip

#: What stands behind the text of a teaser and says that there is more of it for those who pay or sign in.
_PAYWALL = _any(
    r"(?:article|story|content|post) is (?:only )?(?:for|available to|reserved for|exclusive to) (?:\w+ )?"
    r"(?:subscribers|members)", r"(?:for )?subscribers?[- ]only", r"\bmembers[- ]only\b", r"exclusive(?:ly)? (?:to|"
    r"for) "
    r"(?:\w+ )?subscribers", r"to (?:read|access|unlock|view|see) (?:the )?(?:full|rest|complete|entire|whole|this)",
    r"(?:subscribe|register|sign up|sign in|log in|join)(?: now| today| here)? (?:to|and) (?:read|continue|keep|unlock|"
    r"access|get unlimited|view)", r"already (?:a |have an? )(?:subscri\w+|member|account)", r"subscribe for \W?\d",
    r"continue reading", r"(?:keep|want to keep) reading", r"(?:limit|"
    r"number|allowance|quota) of (?:your )?(?:\d+ )?free (?:articles|stories)", r"free (?:article|story) (?:allowance|"
    r"limit|quota)",
    r"unlock (?:unlimited|this|full|the|all)", r"premium (?:article|content)", r"start your (?:free )?trial",
    r"(?:free|left) articles? (?:left|remaining|this month)", r"get unlimited access", r"(?:full|whole|entire) "
    r"(?:article|story) with (?:a|your) (?:\w+ )?(?:subscription|membership)",
    # German
    r"(?:bereits|schon) (?:\w+[- ])?abonnent", r"jetzt (?:weiterlesen|freischalten)",
    r"weiterlesen mit",
    r"(?:nur|exklusiv) für (?:unsere )?(?:abonnent|leser mit|mitglied|plus)", r"\bplus-artikel", r"(?:artikel|"
    r"inhalte?) "
    r"(?:\w+ )?freischalten", r"mit (?:unserem|einem|dem) (?:\w*abo|digitalabo|\w*plus)", r"(?:ein(?:en)?|"
    r"1) monat (?:\w+ )?"
    r"(?:gratis|kostenlos|für)", r"(?:diesen|den ganzen) (?:artikel|text) (?:lesen|weiterlesen)", r"als abonnent",
    r"\babo (?:abschließen|bestellen|sichern)", r"\bum weiterzulesen", r"mit (?:\w+[ -])?(?:plus|premium|\w*abo) "
    r"(?:weiter)?lesen",
    # French
    r"(?:réservée?s?|accessible) (?:à nos|aux|uniquement aux) (?:abonné|membre)", r"(?:article|contenu) (?:réservé|"
    r"payant|"
    r"premium)", r"il (?:vous )?reste\b.{0,30}%", r"il vous reste", r"déjà abonné", r"(?:pour )?lire la suite",
    r"abonnez-vous (?:dès|à partir)", r"l[’']intégralité de (?:l[’']|cet )article", r"débloque[rz]",
    # Spanish, Portuguese, Catalan, Italian
    r"(?:exclusiv[oa]|solo|sólo) para (?:\w+ )?(?:suscriptor|socio|abonado|miembro)", r"(?:ya|sos|"
    r"eres) (?:\w+ )?suscriptor",
    r"para (?:seguir|continuar) (?:leyendo|la lectura)", r"límite de (?:artículos|notas|noticias)", r"suscríbe(?:te|"
    r"se) (?:por|desde)", r"(?:conteúdo|matéria|exclusivo|restrito) (?:\w+ ){0,2}(?:para|a) (?:\w+ )?assinante",
    r"já é assinante",
    r"para continuar lendo", r"assine por", r"contingut exclusiu per", r"(?:riservat[oa]|"
    r"esclusiv[oa]) "
    r"(?:agli|per gli|ai) (?:abbonati|utenti)", r"già abbonat", r"(?:per )?continua(?:re)? a leggere",
    r"abbonati (?:a|da)\b", r"per leggere .{0,40}\babbona",
    # Dutch, Scandinavian, Finnish
    r"(?:alleen|exclusief) voor (?:\w+ )?(?:abonnee|lid|leden)", r"al abonnee", r"(?:verder|dit artikel) lezen\?",
    r"lees (?:verder|dit) (?:met|voor|als)", r"proefabonnement", r"(?:kun|bare|endast|bara) for (?:\w+ )?(?:abonne|"
    r"prenumer|medlem)", r"för (?:dig som|våra) (?:\w+ )?(?:prenumer|medlem)", r"(?:redan|allerede|er du) (?:\w+ )?"
    r"(?:prenumer|abonne|kunde)", r"vill du läsa", r"läs vidare (?:med|för)", r"les videre med", r"vain tilaaj",
    r"(?:word (?:lid|abonnee)|neem een abonnement|log in)\b.{0,40}\bom (?:verder|dit|het) ",
    r"arti(?:kel|kkel)\w* (?:är|er) (?:\w+ )?f[öo]r (?:\w+ )?(?:prenumer|abonne)", r"artiklen er (?:\w+ )?for abonne",
    r"(?:prenumer\w*|abonne\w*|log(?:ga?)? in[nd]?|logg inn|kjøp|køb|bli medlem)\b.{0,40}\b(?:för att läsa|for å lese|"
    r"for at læse)", r"(?:tilaa|kirjaudu)\b.{0,40}\blu(?:e[at]|kea)", r"(?:sisältö|artikkeli|juttu)\b.{0,20}tilaajille",
    # Slavic and others
    r"tylko dla (?:prenumerator|subskrybent|czytelnik)", r"aby czytać dalej", r"(?:masz już|posiadasz) (?:konto|"
    r"subskrypcj)",
    r"(?:dostępn\w+|dalsza część) .{0,30}dla (?:prenumerator|subskrybent|zalogowan)", r"(?:jen|výhradně) pro předplatitel",
    r"s předplatným\b", r"předplaťte si", r"(?:cikk|tartalom)\b.{0,30}előfizető",
    r"(?:doar|numai|exclusiv) (?:pentru )?abonaț", r"само за абонати",
    r"(?:samo|isključivo) za (?:pretplatnik|naročnik)", r"(?:ainult|üksnes) tellija", r"tik prenumerator",
    r"tikai abonent", r"(?:лише|тільки|доступн\w+) (?:для )?передплатник", r"читать .{0,20}по подписке",
    r"pouze pro předplatitel", r"(?:len|iba) pre predplatiteľ", r"csak előfizet", r"doar pentru abona",
    r"(?:доступ\w*|только) "
    r"(?:\w+ )?(?:для )?подписчик", r"чтобы (?:читать|дочитать)\w* (?:далее|дальше|полностью)", r"(?:для|"
    r"только) передплатник",
    r"sadece abone", r"abonelere özel", r"devamını okumak için",
    r"(?:artikel|konten|berita)\b.{0,20}(?:khusus|hanya) (?:untuk )?pelanggan", r"khusus pelanggan",
    r"berlangganan (?:untuk|agar) .{0,20}(?:baca|akses|lanjut)",
    r"(?:bài viết|nội dung).{0,20}dành (?:riêng )?cho (?:thuê bao|thành viên|hội viên)",
    r"đăng (?:ký|nhập) để đọc", r"για συνδρομητές",
    # others
    "会員限定", "有料会員", "残り\\d+文字", "続きを読むには", "会員登録", "订阅(?:后|以)", "付费(?:阅读|内容)", "訂閱(?:後|以)", "會員專屬",
    "ログインして(?:続き|全文)", "購読者(?:限定|のみ)", "付[费費][会會][员員](?:专|專|可|才|阅|閱)", "会员专享", "會員專享",
    "登(?:入|录|錄)(?:以|后|後)?(?:继续|繼續|阅读|閱讀|查看)", "전문을 (?:보|읽)", "로그인(?:하세요|이 필요)", "유료 (?:구독|회원)\\w* ?(?:전용|만)",
    "اشترك (?:الآن )?(?:لقراءة|لمواصلة|للوصول)", "(?:خاص|حصري|مخصص)\\w* (?:ب|ل)المشتركين", "ویژه (?:مشترک|اعضا)",
    "(?:برای|جهت) (?:خواندن|مطالعه) .{0,30}(?:اشتراک|وارد شوید|عضو)", "להמשך ה?קריאה", "पढ़ने के लिए (?:सब्सक्राइब|लॉग|साइन)",
    "구독자 전용", "로그인 후", "للمشتركين", "لمتابعة القراءة", "לקריאת הכתבה המלאה", "למנויים", "सब्सक्राइबर", "สำหรับสมาชิก",
    flags=re.NOFLAG,
)  # fmt: skip

#: To subscribe, to what is not said: what else is offered in these words is _ELSE.
_SUBSCRIBE = _any(
    r"subscribe (?:now|today)", r"jetzt (?:testen|abonnieren)", r"abonnez-vous pour", r"suscríbe(?:te|se) para",
    r"assine (?:para|agora|já)", r"abbonati per", r"оформите подписку",
    flags=re.NOFLAG,
)  # fmt: skip
_ELSE = _any(
    r"\b(?:to|para|pour|per|um) (?:\w+ ){0,4}?(?:support|apoyar|apoiar|soutenir|sostenere|unterstützen)\b",
    r"news ?letter", r"\be-?mails?\b", r"\binbox\b", r"\balerts?\b", r"\bnotifications?\b", r"\bpodcasts?\b", "youtube",
    "whatsapp", "telegram", "instagram", "facebook", r"\bchannel", r"\b[ck]anal", r"\blisten", "vorlese", "anhören",
    "écouter", "escuchar", "ascolt", r"bolet[íi]", r"\bcorreo", "infolettre", r"\blettre",
    "рассылк", "канал",
    flags=re.NOFLAG,
)  # fmt: skip

#: The words of a paywall where they ask for something else: comments, scripts and cookies for what is embedded, the
#: same in another language; and what leads past an advertisement to the text below it.
_BESIDE = _any(
    r"(?:to|and) (?:leave|post|make|view|read|see|access|keep|continue|join) (?:(?:the|all|our|a|your|this) )?(?:\w+ )?"
    r"(?:comments?|conversation|discussion|newsletters?|channel)\b", r"\bto (?:comment|reply)\b", r"\bjavascript\b",
    r"\bcookies?\b", r"view this (?:video|map|graphic|gallery|tweet|post|embed)", r"this (?:article|story|page) in "
    r"(?!full|its|our|the)[a-z]",
    r"\b(?:article|story|reading) (?:continues )?(?:below|the main story)\b", r"(?:after|nach|après|sous|dopo|después de|"
    r"tras|após|depois da) (?:\w{1,5} )?(?:ad\b|adv|anzeige|werbung|publici|pubbli)", r"(?:full|complete) list\b",
    flags=re.NOFLAG,
)  # fmt: skip

#: These ask for the rest, whatever else is offered beside it.
_REST = _any(
    r"unlimited", r"\bto continue reading", r"full (?:article|story|access)", r"rest of th(?:e|is)\b", flags=re.NOFLAG
)
_PROMPT_MAX = 400  #: characters of a paywall's prompt


def is_paywall(line: str) -> bool:
    """Whether a line asks to pay or sign in for the rest. A third of the time of a pattern that ignores case."""
    lower = _lower(line)
    return _PAYWALL.search(lower) is not None or _subscribes(lower)


def is_offer(line: str) -> bool:
    """Whether a line asks to subscribe to the paper and to nothing else: some teasers say no more, and free pages do."""
    lower = _lower(line)
    return _subscribes(lower) and not _PAYWALL.search(lower)


def _subscribes(lower: str) -> bool:
    return _SUBSCRIBE.search(lower) is not None and not _ELSE.search(lower)


def _lower(line: str) -> str:
    return line.lower().replace("\u0307", "")


def is_paywall_prompt(line: str) -> bool:
    """The same of a line that is short enough to be nothing else, and speaks of nothing else."""
    if len(line) > _PROMPT_MAX or not is_paywall(line):
        return False
    lower = _lower(line)
    return _REST.search(lower) is not None or _BESIDE.search(lower) is None


#: Headlines and addresses of live blogs.
LIVE = _any(
    r"\blive(?:blog|ticker|text|feed|bericht)?\b", r"live[- ]?(?:updates|blog|ticker|coverage)", r"\bnews-?(?:blog|"
    r"ticker)\b",
    r"\b(?:en )?direct\b", r"minut[oe] (?:a|par|per) minut[oe]", r"en (?:vivo|directo)", r"última hora", r"ao vivo",
    r"tempo real", r"diretta", r"na żywo", r"relacja", r"\bonline\b", r"senaste nytt", r"direkte?\b.{0,3}[:–-]",
    r"direktrapport",
    r"hetki hetkeltä", r"percről percre", r"živě", r"canlı", r"langsung", r"онлайн", r"прямая трансляция",
    r"хроника", r"наживо",
    "速報", "ライブ", "最新情報", "直播", "实时", "即時", "실시간", "속보", "مباشر", "لحظة بلحظة", "زنده", "लाइव", "สด",
)  # fmt: skip

#: Headlines of videos, galleries and podcasts: a label in front or behind, never the word alone in a sentence.
MEDIA = _any(
    r"^\W*(?:watch|video|videos|vidéos?|vídeos?|wideo|видео|відео|βίντεο|فيديو|ویدیو|動画|視頻|视频|影片|영상|วิดีโอ|"
    r"in pictures|pictures|photos?|photo gallery|gallery|fotos?|foto(?:galer[ií]a|galerija|gallery|strecke|reportage)|"
    r"bilder(?:strecke|galerie)?|bildspel|in bildern|im video|en images|diaporama|portfolio|galer[ií]a|imágenes|"
    r"immagini|"
    r"in beeld|zdjęcia|galeria|фото(?:репортаж|галерея)?|صور|写真(?:特集)?|圖輯|图集|포토|podcast|listen|se klippet)\s*[:：|.–—-]",
    r"[|:：–—(\[-]\s*(?:video|vidéo|vídeo|photos?|pictures|in pictures|fotos?|gallery|podcast|видео|фото|動画|视频)\W*$",
)  # fmt: skip
