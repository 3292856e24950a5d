"""Lines of a page that are no part of its article, by their words alone: prompts, controls, counters, notices.

What an element's place on the page says is crawler.blocks and crawler.body.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from crawler import appeals, consent, scripts
from crawler.controls import is_control
from crawler.text import holds_any, squash, without_repeats

# A prompt is a whole paragraph that points elsewhere. Only a form that prose does not have counts: the prompt's own
# words followed by a colon, a dash or nothing. Paragraphs that open with a quotation mark are never looked at: one such
# pattern that hit them cost 4 points of F1.

#: "Read also: headline": the words that a colon, bar or dash must follow.
_POINTERS = (
    # English
    r"(?:also )?read(?: also| more| next| now)?", r"read (?:more|also)(?: here| on| about| at)?", r"see also",
    r"also see",
    r"related(?: (?:stories|story|articles?|news|reading|content|coverage|links?|topics?|posts?|video))?",
    r"more (?:on this(?: story)?|from [^.:]{2,40}|stories|news)", r"recommended(?: (?:stories|reading|for you))?",
    r"further reading", r"(?:also )?watch(?: also| more| now| live)?", r"(?:also )?listen(?: to)?",
    r"don[’']t miss", r"must[- ]read",
    r"(?:editors?[’']? ?(?:pick|choice)s?)", r"up next", r"in case you missed it", r"what to read next",
    r"suggested reading",
    # German
    r"lesen sie (?:auch|hier|mehr|dazu|weiter)[^.:]{0,20}", r"lies auch", r"auch interessant", r"mehr zum thema",
    r"mehr (?:dazu|lesen|von [^.:]{2,30}|aus [^.:]{2,30})", r"(?:siehe|sehen sie) auch", r"weiterlesen", r"zum thema",
    r"das könnte sie (?:auch )?interessieren", r"passend dazu", r"lesetipp",
    r"(?:hören|sehen|schauen) sie (?:auch|hier)", r"auch lesenswert",
    # French
    r"(?:à )?lire (?:aussi|également|la suite|plus)", r"voir aussi", r"à voir(?: aussi)?",
    r"sur le même (?:sujet|thème)",
    r"pour aller plus loin", r"(?:à|a) lire", r"notre dossier", r"à découvrir(?: aussi)?", r"nos autres articles",
    # Spanish, Portuguese, Catalan
    r"lea? (?:también|tambien|más|mas|aquí)", r"lee (?:también|aquí)", r"(?:también )?te puede interesar",
    r"(?:le|les|te) recomendamos(?: leer)?", r"sigue leyendo", r"más sobre", r"temas relacionados", r"(?:le |"
    r"te )?puede interesar(?:le)?",
    r"ver también", r"(?:noticias?|notas?|artículos?|contenidos?) relacionad[oa]s?", r"más información",
    r"mira también",
    r"leia (?:também|mais)(?: sobre [^.:]{2,30})?", r"(?:ler|ver) também", r"veja (?:também|mais)", r"saiba mais",
    r"assista", r"confira", r"entenda", r"relacionadas", r"notícias relacionadas", r"llegeix també",
    # Italian
    r"leggi (?:anche|pure|di più)", r"vedi anche", r"(?:per )?approfondi(?:re|sci)", r"guarda il video",
    r"(?:ti |vi )?potrebbe(?:ro)? interessar(?:e|ti|vi)(?: anche)?", r"(?:articoli|"
    r"notizie) correlat[ie]", r"guarda anche",
    # Dutch, Danish, Norwegian, Swedish, Finnish, Icelandic
    r"lees (?:ook(?: dit)?|meer|verder)", r"(?:bekijk|luister) (?:ook|hier)", r"meer over", r"(?:læs|les|läs) (?:også|"
    r"mere|mer|också|även|videre|vidare)",
    r"se (?:også|också|även)",
    r"lue (?:myös|lisää)", r"katso myös", r"lesa meira",
    # Polish, Czech, Slovak, Croatian, Slovenian, Romanian, Hungarian
    r"(?:czytaj|przeczytaj|zobacz|sprawdź) (?:też|także|również|więcej)", r"przeczytaj", r"polecamy",
    r"mohlo by (?:vás|vas|vám) (?:zajímat|zaujímať)", r"kapcsolódó (?:cikk\w*|anyag\w*)", r"olvasta már\??",
    r"možda će vas zanimati", r"(?:přečtěte si|čtěte) (?:také|též|i|více)",
    r"(?:prečítajte si|čítajte) (?:aj|tiež)", r"pročitajte (?:i|još|više)", r"preberite (?:še|tudi)", r"citește și",
    r"citiți și", r"olvass?a? (?:el )?(?:ezt )?is", r"citește mai mult[e]?",
    # Lithuanian, Latvian, Estonian
    r"(?:taip pat )?skaitykite(?: taip pat| daugiau)?", r"(?:lasi|lasiet) (?:arī|vairāk)", r"loe (?:ka|lisaks|veel)",
    # Turkish, Indonesian, Malay, Vietnamese, Filipino
    r"(?:bunu da )?oku(?:yun)?", r"ayrıca oku(?:yun)?", r"baca (?:juga|selengkapnya|lagi)", r"lihat juga",
    r"simak juga",
    r"(?:>>> ?)?(?:xem|đọc) thêm", r"basahin (?:rin|din)",
    # Russian, Ukrainian, Bulgarian, Greek
    r"читайте (?:также|также на|ещё|еще|також)", r"смотрите также", r"(?:материалы |ещё |еще |още )?по тема?(?:е|"
    r"та)", r"читать далее", r"вижте (?:още|и)", r"(?:дивіться|читайте) також",
    r"прочетете още", r"διαβάστε (?:επίσης|ακόμα|ακόμη|περισσότερα)", r"δείτε (?:επίσης|ακόμ[αη])",
    r"bunlar da ilginizi çekebilir", r"(?:artikel|berita) terkait",
    r"simak (?:juga )?video(?: [‘'“\"].{3,150}[’'”\"])?", r"(?:tin|bài) liên quan",
    # Arabic, Persian, Hebrew, Hindi, Bengali, Tamil, Urdu
    r"اقر[أا] (?:أيضا|أيض[اً]{2}|ايضا|المزيد)", r"читајте (?:још|и)", r"ilgili haber(?:ler)?",
    r"อ่าน(?:เพิ่มเติม|ข่าว\S{0,10})",
    r"شاهد أيض\S{0,3}", r"مواضيع ذات صلة", r"(?:اخبار|مطالب) مرتبط", r"(?:כתבות|עוד) (?:נוספות|"
    r"בנושא)", r"संबंधित खबरें",
    r"ข่าว(?:ที่)?เกี่ยวข้อง",
    r"soma (?:pia|zaidi)", r"بیشتر بخوانید", r"(?:קראו|קרא) (?:גם|עוד)",
    r"(?:यह|ये) भी (?:पढ़ें|पढ़ें|देखें)",
    r"(?:ये भी )?पढ़ें", r"আরও পড়ুন", r"আরো পড়ুন", r"மேலும் படிக்க", r"இதையும் (?:படிக்க|படியுங்கள்)",
    r"یہ بھی پڑھیں",
    # Chinese, Japanese, Korean
    r"(?:相关|相關|延伸)(?:阅读|閱讀|新闻|新聞|报道|報導)", r"更多(?:新闻|新聞)",
    r"関連(?:記事|ニュース)", r"あわせて読みたい", r"관련 ?기사(?: .{2,40})?", r"더 ?읽기",
)  # fmt: skip
_POINTER = re.compile(r"^[\W_]*(?:" + "|".join(_POINTERS) + r")\s*(?:[:：|>»›–—\]】]|-\s|$|[.…]{3}?$)")
#: The same before a link, which nothing but its colour parts from them.
_LEADING = re.compile(r"^[\W_]*(?:" + "|".join(_POINTERS) + r")\b\W*")
#: A pointer with a colon may be prose ("Video: ..."): longer than this it stays, as no headline is.
_POINTER_LENGTH = 220
_LINK_MIN = 15  #: characters of a link to another article

#: Whole lines that are controls, counters or labels. Nothing may follow them.
_LABELS = re.compile(
    r"^[\W\d_]*(?:"
    r"advertisements?|sponsored(?: content)?|ad feedback|story continue[sd] below(?: advertisement)?|article continues "
    r"below.{0,30}|"
    r"(?:- )?scroll to continue.{0,30}|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|advertentie|"
    r"annons|annonse|annonce|"
    r"reklama|реклама|iklan|quảng cáo|広告|广告|廣告|"
    r"(?:[\d.,k]+ )?(?:comments?|kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties|shares?|"
    r"likes?|views?)|"
    r"share(?: (?:this|on|via|full|article|save).{0,40})?|(?:click to )?(?:share|tweet|print|email|e-mail|copy link|"
    r"save|whatsapp|"
    r"facebook|twitter|linkedin|telegram|reddit|pinterest)|teilen|partager|compartir|compartilhar|condividi|delen|"
    r"search|suchen?|recherche|buscar|buscador|pesquisar|zoeken|sök|søg|søk|szukaj|hledat|поиск|"
    r"website|menu|in this article|topics?|tags?|subscribe(?: now)?|sign (?:up|in)|log ?in|follow us|read more|show "
    r"more|load more|"
    r"haberin devamı|conforme a los criterios de|what you need to know\s?:|"
    r"view (?:all|comments|gallery)|leave a (?:comment|reply)|post a comment|back to top|loading\W*|ends|"
    r"انتهای پیام|記事の無断転用を禁じます|点击查看更多|testen sie [^.!?]{2,40} \d+ wochen (?:für|lang) [^.!?]{1,30}|"
    r"listen to (?:this )?article|(?:skip past|after) newsletter promotion|bonus video|"
    r"gift this article|add (?:as a )?preferred source.{0,20}|\d+ min(?:ute)?s? read|"
    r"(?:next|previous) (?:article|story|post)|(?:nächster|vorheriger) (?:artikel|beitrag)|back to (?:homepage|home)|"
    r"(?:lesedauer|lesezeit|tiempo de lectura|tempo (?:di lettura|de leitura)|temps de lecture|leestijd|czas czytania)"
    r"\s?:?.{0,20}|\d+ min(?:ut\w*)?\.?(?: (?:de lecture|lesezeit|lettura|leitura|leestid|lesning))?|"
    r"like (?:this:?|loading\W*)|click to share on .{2,30}|(?:print|listen to) this (?:article|story)|"
    r"turn on notifications|get the app|have your say|this is (?:a|an) (?:premium|exclusive) (?:article|story)|"
    r"latest(?: news| stories)?|most (?:read|popular|viewed)|trending(?: now)?|editors?[’'] picks?|you (?:may|might) "
    r"also like|"
    r"recommended(?: for you)?|related(?: (?:stories|articles|news|topics|posts))?|more (?:stories|news|"
    r"on this story)|meistgelesen|das könnte sie auch interessieren|mehr zum thema|zum thema|themen|schlagworte|"
    r"les plus lus|sur le "
    r"même sujet|"
    r"te puede interesar|lo más leído|más leídas|noticias relacionadas|leggi anche|lees ook|关键词|相关新闻|関連記事|"
    r"keywords?|关注|關注|(?:(?:分享(?:[至到]|好友|和)*|转发|轉發|转载|微博|微信|朋友圈|qzone|qq空间|收藏|点赞|评论|"
    r"复制链接|複製連結)[ /|·、]*)+|"
    r"(?:打开|打開|用|使用)?微信(?:扫|掃).{0,30}|"
    r"(?:发布|發布|更新)?(?:时间|時間)|来源|來源|"
    r"(?:photo|image|video|file|picture) ?(?:gallery|caption)?|story highlights|key (?:points|takeaways)|"
    r"(?:für )?(?:rückfragen|(?:presse|medien)-?kontakt|ansprechpartner(?:in)?)(?: (?:bitte|für|der|an|bei)){0,3}|"
    r"(?:press|media) (?:contacts?|enquiries|inquiries)|contacts? presse|contatti stampa|contacto de prensa|"
    r"perscontact|"
    r"(?:for |exclusive (?:to|for) )?(?:our )?(?:subscribers?|members?)[- ](?:only|exclusive)|for (?:our )?subscribers|"
    r"(?:nur |exklusiv )?für (?:unsere )?abonnent(?:en|innen)|(?:article )?réservé (?:aux|à nos) abonnés|"
    r"(?:solo|sólo|exclusivo)(?: para)? (?:suscriptores|socios)|(?:exclusivo|só|apenas) para assinantes|"
    r"(?:riservato agli|per gli) abbonati|(?:alleen |exclusief )?voor abonnees|(?:kun )?for abonnenter|"
    r"(?:endast |bara )?för prenumeranter|vain tilaajille|tylko dla (?:prenumeratorów|subskrybentów)|"
    r"(?:jen |pouze )?pro předplatitele|(?:len )?pre predplatiteľov"
    r")[\W\d_]*$",
)

#: Lines that begin or read like this ask for something, or state a right, whatever follows. Looked at only in lines
#: of up to _PROMPT_LENGTH characters.
_PROMPTS = re.compile(
    r"^\W*(?:"
    # newsletters, apps, channels
    r"(?:sign|signing) up (?:for|to|here|now|today)\b|subscribe (?:to|now|here|for|today)\b|get (?:the latest|the "
    r"best of|our|more|breaking)[^.]{0,80}"
    r"(?:newsletter|inbox|email|alerts?|app\b|delivered)|(?:follow|like|join|find) us (?:on|at)\b|follow [^.]{2,60} "
    r"on (?:x|twitter|facebook|"
    r"instagram|whatsapp|google news|telegram|linkedin|threads|bluesky|tiktok|youtube)\b|download (?:the|our) "
    r"[^.]{0,40}\bapp\b|"
    r"(?:join (?:our|the)|follow our) [^.]{0,40}(?:whatsapp|telegram|channel|community|newsletter)|"
    # the same of others' platforms, in many languages
    r"(?:hier unseren|suivez|rejoignez|sigue|sigan|segui|följ|følg|seuraa|obserwuj|dołącz|sledujte|přidejte|kövess\w*|"
    r"csatlakozz\w*|urmăre\w+-ne|alătur\w+-te|следите|читайте|стежте|приєднуйтесь|следвайте|пратете|pratite|bizi|"
    r"ikuti|gabung|theo dõi|ακολουθήστε|تابعو(?:نا|ا)|ل?متابعة|تابع قنا\w+|انضموا|انضم إلى قنا\w+|עקבו|הצטרפו|ติดตาม)\b"
    r"[^.!?]{0,60}(?:facebook|whatsapp|telegram|instagram|twitter|youtube|google (?:news|nachrichten|noticias)|"
    r"tiktok|viber|فيسبوك|واتس|تل[غي]|تيلي|פייסבוק|וואטסאפ|טלגרם|фейсбук|телеграм)|"
    r"हमें [^।]{0,40}(?:फॉलो|लाइक)|ما را در [^.]{0,40}دنبال|(?:whatsapp|telegram) kanal\w+ (?:katıl|abone)\w*|"
    r"simak (?:juga|berita)\b|artikel ini telah tayang|(?:meld|schrijf) (?:je|u) (?:aan|in) voor\b|"
    r"更多(?:精彩)?内容.{0,4}请(?:关注|下载)|click here (?:to|for)\b|tap here to\b|"
    r"this advertisement has not loaded yet|opt in to [^.]{0,60}\balerts\b|vidéos? : en ce moment\b|"
    r"check out our\b[^.]{0,100}\bhere\b|"
    r"continue reading (?:below|the main story)|to read this (?:article|story) in [a-z]|"
    r"(?:log|sign) in (?:to|and) (?:view|read|leave|post|join|continue) [^.]{0,20}\b(?:comments?|conversation|"
    r"discussion)|newsletter (?:jetzt |hier )?abonnieren|(?:assine|abbonati)\b[^.]{0,50}\bnewsletters?\b|"
    r"оформите подписку|(?:have|do you have) (?:a|any) (?:news )?(?:tip|story|confidential tip)|(?:contact|email|"
    r"write to) (?:us|the "
    r"(?:author|reporter|writer))\b|"
    r"(?:follow|read|see|find) (?:all of )?(?:ap|the associated press|our)(?:[’']s)? [^.]{0,30}\bcoverage\b|"
    r"thanks for reading [^.!?]{2,60}! subscribe\b|"
    r"(?:reach|follow) the (?:reporter|writer|author)s? (?:on|at)\b|chat with us (?:in|on)\b|"
    r"for (?:more|the latest) (?:news|stories|on this|on [^.,]{2,40}, (?:follow|visit|see)|information,? (?:visit|"
    r"click|follow))[^.]{0,80}|(?:lesen sie hier|mehr nachrichten aus|hier geht es zum?|retrouvez (?:tou(?:te|tes|s|"
    r"t)|nos|ici))\b"
    r"[^.!?]{0,80}$|alle (?:news|nachrichten|entwicklungen|infos|meldungen) (?:zu[mr]?|aus|im|rund)\b[^.!?]{0,60}$|"
    r"(?:this is a )?(?:developing|breaking)(?: news)? story\b|(?:saken|artikkelen|artikeln|artiklen) (?:oppdateres|"
    r"uppdateras|opdateres)\b|dieser (?:artikel|beitrag|text) wird (?:laufend|ständig|fortlaufend )?\s?aktualisiert|"
    r"support (?:our|independent|quality|local) journalism|"
    r"support (?!for |of )[^.!?]{2,40}[’']s? journalism(?: of [^.!?,]{3,60})?\W*$|"
    r"unterstützen? sie (?:unseren|unabhängigen) journalismus|"
    r"soutenez (?:notre|un) journalisme|apoya (?:el|nuestro) periodismo|"
    r"already (?:a (?:subscriber|member)|registered)\?|you have \d+ (?:free )?(?:article|story|stories)s? (?:left|"
    r"remaining)\b|receive (?:our|daily|weekly|free|the (?:latest|best|"
    r"day[’']s))\b|if you (?:value|appreciate|enjoy|like|believe in) (?:our|this|what we|independent|"
    r"local)\b[^.]{0,80}\b(?:donat|"
    r"support|subscri|consider)|we (?:rely|depend) on (?:our )?(?:readers|supporters)\b|"
    r"please (?:donate|support us|consider (?:a |mak|donat|support|subscrib|becom))|"
    r"this (?:article|content|story) is (?:only )?(?:for|available (?:for|to)) [^.]{0,20}(?:subscribers|members)\b|"
    r"got a (?:story|tip)\?|(?:have|did) you (?:spot|find|seen?)\w* (?:a|an) (?:error|mistake)|"
    r"you can reach [^.]{2,40} at \S+@|send (?:your |news )?tips? to\b|contact the (?:newsroom|newsdesk)\b|"
    r"(?:haben sie einen )?fehler (?:gefunden|entdeckt)\?|haben sie einen fehler (?:gefunden|entdeckt)|"
    r"signaler une (?:erreur|faute)|"
    r"¿?has (?:visto|encontrado) (?:un|algún) error|"
    # what the page is filed under, and where it stands
    r"(?:posted in|filed under|tags?|tagged|categor(?:y|ies)|topics|schlagw(?:ort|orte|örter)|mots-clés|etiquetas|"
    r"trefwoorden|parole chiave|palavras-chave|теги)\s?[:：](?![^:]*[.!?]$)|"
    r"(?:home|start(?:seite)?|accueil|inicio|início|strona główna|главная|beranda|trang chủ)\s[>›»/]\s[^.!?]{1,80}$|"
    r"(?:did you (?:like|enjoy)|enjoyed) this (?:article|story)\b|"
    r"you can (?:also )?(?:follow|unsubscribe|sign up)[^.]{0,80}|join the conversation\b|"
    r"(?:this (?:article|post|story) is )?sponsored by\s?:|please (?:sign|log|register|subscribe)\b|"
    # what a form says below itself
    r"(?:by (?:signing up|subscribing|registering|submitting)|en vous (?:inscrivant|abonnant)|"
    r"al (?:suscribir|registrar)\w+|ao (?:se )?(?:inscrever|cadastrar|registrar)\w*|"
    r"(?:iscrivendo|registrando)(?:ti|si)|mit (?:der|ihrer|deiner) anmeldung|door (?:je|"
    r"u) aan te melden)\b[^.]{0,60}\b"
    r"(?:agree|consent|accept|acknowledge|acceptez|reconnaissez|aceptas?|aceita|concorda|accett[ai]|akzeptier\w*|"
    r"stimm\w*|erklär\w*|akkoord)\b|"
    r"(?:abonnieren|folgen) sie (?:uns|unseren|den|hier|jetzt)|melden sie sich (?:hier|jetzt)|"
    r"jetzt (?:den |unseren )?(?:abonnieren|newsletter)|hier (?:geht|können sie)[^.]{0,60}(?:newsletter|anmelden)|"
    r"(?:abonnez|inscrivez)-vous|suivez[- ](?:nous|toute l[’']actualité)|recevez (?:gratuitement|chaque|nos|toute)|"
    r"téléchargez (?:l[’']|notre )appli|"
    r"(?:suscríbete|suscríbase|síguenos|síganos|sigue (?:toda|nuestr)|recibe (?:nuestr|las|en tu)|regístrate|únete a)|"
    r"(?:inscreva-se|siga(?: o| a| nosso|-nos)|receba (?:as|nossa|em))|(?:iscriviti|seguici|segui(?: la)? (?:nostra|"
    r"pagina))|"
    r"(?:abonneer|volg ons|schrijf je in)|(?:подписывайтесь|подпишитесь)|(?:підписуйтесь|підпишіться)|ikuti (?:kami|"
    r"berita)|dapatkan (?:update|berita)|"
    r"bleib(?:en sie|t)? (?:immer )?auf dem laufenden\b|stay (?:up to date|informed)\b|restez informée?s?\b|"
    r"mant[eé]nga?(?:te|se) informad|blijf op de hoogte\b|rimani aggiornat|diskutieren sie\b|"
    r"(?:falls|wenn|haben) sie ihr passwort vergessen|(?:if you |have you )?forgot(?:ten)? your password|"
    r"(?:vous avez |si vous avez )?oublié votre mot de passe|"
    r"hat ihnen (?:dieser|der) (?:artikel|beitrag|text) gefallen|(?:vous avez aimé|avez-vous aimé) cet article|"
    r"(?:link presente\W+)?gostou dest[ea] (?:texto|matéria|notícia|reportagem|conteúdo)\?|"
    r"assinantes? podem? liberar\b|"
    r"(?:get|catch|check out|stay (?:tuned|updated)) [^.]{0,60}\b(?:latest|breaking|all)\b[^.]{0,60}\bnews\b[^.]{0,80}"
    r"\b(?:in|on|at|from|with)\b|"
    # what stands in for content of others until the reader agrees to it
    r"(?:empfohlener |externer )*(?:redaktioneller|externer) inhalt\W*$|"
    r"an dieser stelle finden sie (?:einen|externe)\b|"
    r"ich bin (?:damit )?einverstanden,? dass mir\b|zum (?:anzeigen|laden) dieses inhalts|um diesen inhalt (?:an)?zu|"
    r"(?:to|in order to) (?:view|see|watch) this (?:content|video|post|embed)\b|"
    r"this (?:article|content) (?:includes|is)(?: content)? (?:provided|hosted) by\b|"
    r"please (?:accept|enable) [^.]{0,40}cookies|allow [^.?]{2,40} content\?|"
    r"pour (?:afficher|voir|lire|visionner) (?:ce contenu|cette vidéo)|ce contenu (?:est|a été) bloqué|"
    r"para ver este contenido|per (?:visualizzare|vedere) questo contenuto|om deze inhoud te\b|"
    # rights and house notes
    r"(?:©|\(c\)|copyright\b)|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos "
    r"reservados|tutti i diritti riservati|"
    r"(?:the )?(?:views|opinions)(?: and (?:views|opinions))? expressed (?:in th(?:is|ese)|here(?:in)?|are|above|"
    r"on this|by (?:the )?(?:author|writer|contributor|columnist)s?)\b|"
    r"(?:hinweis\W+)?die in (?:diesem|dieser) .{3,30} (?:geäußerten?|vertretenen?) (?:meinung|ansicht)|"
    r"(?:hinweis\W+)?gast(?:beitr|komment)\w+ (?:und .{3,60} )?(?:geben|müssen|spiegeln)\b[^.]{0,80}\b(?:meinung|"
    r"ansicht)|les (?:opinions|propos|points de vue|avis) [^.]{0,50}n[’']engagent que|"
    r"las opiniones (?:expresadas|vertidas|emitidas) (?:aquí|son|en (?:este|esta|el presente)|por (?:el|la|los) "
    r"(?:autor|columnista|colaborador))|as opiniões (?:expressas|emitidas) (?:aqui|nest[ea]s?|pelo autor)|"
    r"le opinioni espresse (?:qui|in quest|dagli autori|dall[’']autore)|"
    r"[^.!?]{2,40} (?:is|are) not responsible for the content of external\b|"
    # how it was made, and its summary
    r"(?:this|these|the) (?:ai )?(?:summary|key points|bullet points|highlights) (?:was|were|is|are|has been|have "
    r"been) (?:ai[- ])?(?:generated|created|written|produced|compiled)\b|ai[- ]generated summary\b|"
    r"(?:diese (?:zusammenfassung|stichpunkte) wurden?|ce résumé (?:est|a été)|(?:este )?resum(?:en|o)(?: fue| ha sido|"
    r" foi)?|(?:questo )?riassunto|(?:deze )?samenvatting (?:is|werd)|(?:denne |dette |den här )?(?:oppsummeringen|"
    r"sammendraget|resuméet|sammanfattningen) (?:er|är))\b[^.!?]{3,60}\b(?:ki|ia|ai|kunstig\w*|künstliche\w*|"
    r"artificial|artificielle|artificiale|kunstmatige|chatgpt|openai)\b|"
    r"(?:note\W+)?this (?:article|story|text|content) (?:was|has been) (?:automatically |machine[- ])?(?:translated|"
    r"generated|produced|written|created) (?:automatically|by a machine|by (?:an )?(?:ai|artificial)\b|(?:with|"
    r"using) (?:the (?:help|use) of )?(?:an? )?(?:ai|artificial|automat\w*)\b)|"
    r"(?:hinweis\W+)?dieser (?:text|artikel|beitrag) wurde (?:automatisch|maschinell|"
    r"mit (?:der )?(?:hilfe )?(?:von )?(?:ki|"
    r"künstlicher)\b)|cet article a été (?:traduit|généré|rédigé) (?:automatiquement|par une (?:ia|intelligence|"
    r"machine)|à l[’']aide)|este (?:texto|artículo|contenido) (?:fue|ha sido) (?:traducido|"
    r"generado) (?:automáticamente|con|por)\b|"
    r"alle angaben ohne gewähr|this (?:entry|post) was (?:posted|published|written)\b|"
    r"dieser (?:beitrag|eintrag) wurde .{0,90}\b(?:veröffentlicht|geschrieben|gespeichert)\b|"
    r"this (?:material|article|story|content) (?:may not be|has been (?:published|republished|updated|amended|"
    r"corrected)|was (?:originally|first|automatically|amended|updated)|is (?:part of|published|republished))\b|"
    r"(?:editor[’']s note|correction|disclaimer|disclosure|privacy (?:notice|policy)|datenschutz(?:hinweis)?|"
    r"politique de confidentialité|aviso de privacidad|informativa sulla privacy)\b ?:|"
    r"(?:免责|免責|版权|版權|特别|特別)(?:声明|聲明)|\S+@\S+\.\w+\W*(?:\(end\))?$|"
    r"terms of (?:use|service)|privacy (?:policy|notice)\b|"
    r"(?:first )?published:? (?:on )?\d|(?:last )?updated:? (?:on |at )?\d|posted (?:on|at) \d"
    r")",
)  # fmt: skip
#: The same in Chinese, Japanese and Korean, whose notices say what they are at their ends.
_WHERE = 40  #: characters of a line that tell its script
_EASTERN = re.compile(f"[{scripts.EASTERN}]")
_EASTERN_PROMPTS = re.compile(
    r"^\W*(?:"
    # 本文仅代表作者观点, …不代表本网立场, 未经允许不得转载: of the text, of readers, of rights
    r"(?:本文|文章|[网網]友|[读讀]者|作者|以上|上述|[内內]容|[声聲]明|特[别別]|免[责責])[^。]{0,60}"
    r"(?:[仅僅](?:供其)?(?:代表|表[达達])[^。]{0,12}(?:[观觀][点點]|看法|立[场場])|不(?:代表|表明)[^。]{0,20}立[场場]|"
    r"不[构構]成[^。]{0,6}投[资資]建[议議])|"
    r"[^。]{0,20}(?:未[经經]|版[权權]|本文|本[报報站网網])[^。]{0,40}(?:不得|[谢謝][绝絕]|禁止|[请請]勿)[转轉][载載]|"
    r"(?:本文)?原[标標]?[题題][为為]?\s?[:：《]|(?:文中)?[图圖]片均?(?:[来來]自|[来來]源[于於])|"
    r"[扫掃][码碼].{0,6}(?:下[载載]|[关關]注)|"
    r"[^。]{0,30}無断(?:転載|複製)[^。]{0,12}(?:禁|不可)|続きを読む$|(?:この)?記事を(?:シェア|保存)|会員限定|"
    r"[^.]{0,60}무단\s?(?:전재|복제|배포)[^.]{0,20}금|(?:[가-힣]{1,10}에서 )?[가-힣 ]{0,12}구독하기$|"
    r"(?:이 )?기사를? ?공유|기사 ?제보|좋아요 ?\d"
    r")",
)
_PROMPT_LENGTH = 400
#: These, wherever they stand, are of a notice: of rights, of consent, of what a link earns.
_NOTICES = (
    "all rights reserved", "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados",
    "may not be published, broadcast, rewritten", "reproduction interdite", "reproduction prohibited",
    "unserer datenschutz", "see our privacy", "our privacy policy", "notre politique de confidentialité",
    "nuestra política de privacidad", "nossa política de privacidade", "nostra informativa sulla privacy",
    "may earn a commission", "may earn an affiliate commission", "may receive a commission",
    "is a reader-supported publication", "preferred source on google", "may receive compensation",
    "privacy collection statement", "privacy collection notice",
    "todos os direitos reservados", "riproduzione riservata", "alle rechten voorbehouden", "wszelkie prawa zastrzeżone",
    "všechna práva vyhrazena", "všetky práva vyhradené", "sva prava pridržana", "minden jog fenntartva",
    "toate drepturile rezervate", "все права защищены", "усі права захищені", "всички права запазени",
    # as the agencies say it
    "is solely responsible for all content", "bez předchozího písemného souhlasu",
    "bez predchádzajúceho písomného súhlasu", "be raštiško", "bez pisane dozvole",
)  # fmt: skip
#: A newsletter and the reader's own mailbox in one line, or a sentence that says to order one: an offer, whatever
#: stands before.
#: A question, and what to join: "Want the news on your phone? Follow our Telegram channel!"
_JOIN = re.compile(
    r"[^.!?]{5,120}\?\s+(?:подпи[шс]\w*|присоединя\w*|(?:follow|join|subscribe to) (?:our|us)|"
    r"únete|sigue nuestr|siga nosso|ikuti (?:kami|saluran))\b[^.!?]{0,80}"
    r"(?:telegram|whatsapp|channel|канал|canal|saluran)"
)
#: The same in languages whose verbs come last, and of each the word that ends all of them.
_VERBS_LAST = (
    (
        "करें",
        re.compile(
            r"[^।]{0,80}(?:डाउनलोड करें|(?:व्हाट्सएप|वॉट्सऐप|whatsapp|टेलीग्राम|telegram|गूगल न्यूज|google news)"
            r"[^।]{0,60}(?:फॉलो|ज्वाइन|सब्सक्राइब) करें)"
        ),
    ),
    ("করুন", re.compile(r"[^।]{0,80}(?:চ্যানেল|পেজ|পেইজ)[^।]{0,30}(?:ফলো|সাবস্ক্রাইব|লাইক) করুন")),
    (
        "کریں",
        re.compile(r"[^۔]{0,80}(?:واٹس ?ایپ|یوٹیوب|ٹیلی ?گرام|گوگل نیوز)[^۔]{0,60}(?:جوائن|فالو|سبسکرائب) کریں"),
    ),
)
#: A shop for apps or a channel to join; and accounts, of which two in one line are the paper's own.
_CHANNELS = re.compile(
    r"\b(?:whatsapp\.com/channel|chat\.whatsapp\.com|news\.google\.com/publications|play\.google\.com/store|apps\.apple\.com)/"
)
_ACCOUNT = re.compile(
    r"\b(facebook\.com|fb\.com|twitter\.com|instagram\.com|t\.me|telegram\.me|youtube\.com|tiktok\.com)/\S"
)
#: What a template puts in later: "[Gambas:Video 20detik]".
_PLACEHOLDER = re.compile(r"\[[^\[\]:]{2,30}:[^\[\]]{2,60}\]")
_INBOX = re.compile(
    r"[.!?:]\s+(?:sign up|subscribe|abonnieren sie|abonniert|jetzt|abonnez-vous|suscr[ií]b\w+|inscreva-se|iscriviti|"
    r"abonneer)\b[^.!?]{0,80}\bnewsletters?\b|"
    r"\b(?:your (?:e-?mail )?inbox|(?:je|uw) (?:inbox|mailbox)|(?:ihr|dein|euer)(?:em?|en)? (?:e-mail-)?postfach|"
    r"(?:votre|ta) bo[îi]te (?:mail|e-?mail|de réception|aux lettres)|(?:tu|su) (?:correo|bandeja|buzón|e-?mail)|"
    r"(?:sua|seu) (?:caixa de entrada|e-?mail)|(?:tua|sua|vostra) (?:casella|e-?mail|posta))\b",
)
_LETTER = ("newsletter", "sign up", "subscri", "nyhetsbrev", "nieuwsbrief", "infolettre", "boletín", "abonn")
#: A row of links or controls that was one line: three short items or more with a sign between them.
#: A "·" between letters joins what it stands in: 阿卜杜拉·艾山, col·lecció.
_BARS = re.compile(r"[|•]|(?<=\s)·|·(?=\s)")
_BARRED = "|•·"  #: one of these is in whatever _BARS finds, and in few lines
_IN_ROW = re.compile(r"[^.!?。！？]{2,40}")
_OFFER_LENGTH = 200
#: A last sentence that sends the reader elsewhere, or an offer to try the paper.
_OFFERS = re.compile(
    r"(?:^|[.!?:]\s+)(?:hier (?:geht (?:es|[’']s)|gelangen sie|klicken|anmelden)|geht[’']s hier|(?:click|tap) here|"
    r"cliquez ici|(?:haz|haga) clic aquí|pinch[ae] aquí|clique aqui|clicca qui|klik hier|klikk her|klicka här)\b"
    r"[^.!?]{0,80}[.!]?$|"
    r"\b(?:(?:click|tap) here|cliquez ici|(?:haz|haga) clic aquí|clique aqui|clicca qui|kliknij tutaj|klikněte (?:zde|"
    r"sem)|kliknite (?:sem|tu))\W*$|"
    r"^\W*(?:noch mehr|mehr|weitere|alle) (?:aktuellen? )?(?:nachrichten|news|infos|meldungen|artikel)\b[^!?]{0,120}\b"
    r"(?:finden sie|lesen sie|gibt es|gibt[’']s)\b[^!?]{0,20}\b(?:hier|auf \S+\.\S+|unter \S+\.\S+)\W*$|"
    r"\b(?:probe-?abo\w*|proefabonnement|prøveabonnement|provabonnemang|abonnement d[’']essai|"
    r"(?:gratis|kostenlos) lesen|essai gratuit|prueba gratis|prova gratuita|teste grátis|probeer gratis|"
    r"suscripción de prueba|abbonamento di prova|(?:start|begin) your (?:free )?trial|trial subscription)\b",
)
#: One of these is in whatever _OFFERS finds, and in few lines.
_OFFERED = (
    "hier", "here", "clic", "kli", "aqu", "abo", "prov", "prøv", "essai", "grat", "trial", "lesen", "prueba",
    "finden sie", "gibt",
)  # fmt: skip
#: A line that ends in a date with its time, or in a date behind a sign: of bylines and headers.
_DATE = r"(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d{4}-\d{2}-\d{2})"
_STAMP = re.compile(
    rf"^(?:[^.!?]{{0,60}}\s[·|•]\s{_DATE}|[^.!?\d]{{0,40}}{_DATE}(?=\W{{1,4}}(?:um\s+)?\d{{1,2}}[:.]\d\d))"
    r"(?:\s*[,·|•–-]?\s*(?:um\s+)?\d{1,2}[:.]\d\d(?:\s?(?:uhr|h|[ap]\.?m\.?))?)?\W*$|"
    r"^\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s?(?:\d{1,2}:\d\d(?::\d\d)?)?\s?[来來]源\s?[:：].{1,40}$",
)
_CONSENT_LENGTH = 1200
_KICKER = re.compile(r"\s[–—|-]\s")  # what parts one from the title
#: Paragraphs among which the headline may be repeated, and another title: an <h1> further down is a heading.
_TOP, _HEAD = 6, 2
_BREAK = re.compile(r"_{3,}$|[*•·](?:\s?[*•·]){2,}$")
_QUOTED = re.compile(r"^\s*[\"“”„«»‘‚'‹「『]")


# A page's lines are asked for three times, and half of them recur on the site's next page, some hundred pages of other
# sites later. 4 MB.
@functools.lru_cache(maxsize=16_384)
def is_furniture(paragraph: str) -> bool:
    """Whether a paragraph is no part of the article: a prompt to read something else, a control, a counter, a notice.

    Never a paragraph that opens with a quotation mark, and never prose that merely begins with such a word.
    """
    if not paragraph or _QUOTED.match(paragraph):
        return False
    if not any(map(str.isalpha, paragraph)):
        return True
    size = len(paragraph)
    if size <= _CONSENT_LENGTH and consent.is_asked(paragraph):
        return True
    if size > _PROMPT_LENGTH:
        return False
    # Patterns that ignore case take three times as long. Of İ remain an i and a dot.
    line = paragraph.lower().replace("\u0307", "")
    if size <= 80 and (is_control(line) or _LABELS.match(line)):
        return True
    if size <= 100 and line[-1] not in ".!?" and any(map(str.isdigit, line)) and _STAMP.match(line):
        return True
    if size <= _OFFER_LENGTH and (_is_row(line) or _offers(line)):
        return True
    if size <= _POINTER_LENGTH and _POINTER.match(line):
        return True
    if holds_any(line, _LETTER) and _INBOX.search(line):
        return True
    if "/" in line and (_CHANNELS.search(line) or len(set(_ACCOUNT.findall(line))) > 1):
        return True
    if "?" in line and _JOIN.match(line):
        return True
    if any(verb in line and prompt.match(line) for verb, prompt in _VERBS_LAST):
        return True
    if line[0] == "[" and _PLACEHOLDER.fullmatch(line):
        return True
    if _EASTERN.search(line[:_WHERE]) and _EASTERN_PROMPTS.match(line):
        return True
    return bool(_PROMPTS.match(line)) or holds_any(line, _NOTICES) or appeals.is_appeal(line)


def is_pointer(line: str, links: int) -> bool:
    """Whether a line, of which so many characters are a link, is nothing but that link and what points to it: more than
    a word, or no sentence."""
    if _QUOTED.match(line) or not 0 < links < len(line) <= _POINTER_LENGTH:
        return False
    match = _LEADING.match(line.lower())
    if match is None or (" " not in match.group().strip() and line[-1] in ".!?"):
        return False
    return links >= max(_LINK_MIN, len(line) - match.end())


def _is_row(line: str) -> bool:
    parts = _BARS.split(line) if holds_any(line, _BARRED) else ()
    return len(parts) > 2 and all(_IN_ROW.fullmatch(part.strip()) for part in parts)


def _offers(line: str) -> bool:
    return holds_any(line, _OFFERED) and _OFFERS.search(line) is not None


def is_break(paragraph: str) -> bool:
    """Whether it is a line that parts a text, as AP's "___" or "* * *"."""
    return _BREAK.match(paragraph) is not None


def without_loose_breaks(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs without breaks that part nothing: at either end, and before another one."""
    parted = pairwise([*paragraphs, "___"])
    kept = [paragraph for paragraph, following in parted if not (is_break(paragraph) and is_break(following))]
    return kept[1:] if kept and is_break(kept[0]) else kept


def clean(paragraphs: Sequence[str], headline: str = "", titles: Iterable[str] = ()) -> list[str]:
    """The paragraphs of a body without furniture, without the headline or another of the page's `titles` repeated on
    top, each long one once."""
    own, others = squash(headline), {squash(title) for title in titles}
    kept = [
        p
        for i, p in enumerate(paragraphs)
        if p and not _is_title(p, i, own, others) and (not is_furniture(p) or is_break(p))
    ]
    return without_repeats(kept)


def _is_title(paragraph: str, index: int, headline: str, others: Collection[str]) -> bool:
    """Whether the paragraph at this index repeats the headline, all on top behind a kicker too ("The harbour – plan in
    doubt"), or another title. These are squashed."""
    key = squash(paragraph) if index < _TOP else ""
    if not key:
        return False
    if key == headline or (index < _HEAD and key in others):
        return True
    return index == 0 and any(squash(rest) == headline for rest in _KICKER.split(paragraph, maxsplit=1)[1:])
