"""Every setting that Newsfold changes or adds, with its unit and its reason. docs/operations.md lists them.

Override on the command line with `-s NAME=VALUE`. Paths are anchored to the project, not to the current folder.
"""

from pathlib import Path

from crawler.items import ARTICLE_COLUMNS

PROJECT = Path(__file__).resolve().parents[1]

BOT_NAME = "newsfold"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
COMMANDS_MODULE = "crawler.commands"

# Where things are. STORE_URL is an SQLAlchemy URL.
PUBLISHERS_FILE = str(PROJECT / "crawler" / "publishers.toml")
STORE_URL = f"sqlite:///{PROJECT / 'newsfold.db'}"
STORE_WAIT_SECONDS = 30.0  # for a PostgreSQL server that goes away during a run, as when it is started anew

# Who we are: publishers must be able to find and to write to whoever crawls them. Set CONTACT_URL to a page or a
# mailto: of yours; it becomes part of the User-Agent. robots.txt is matched against the product token alone (RFC 9309,
# 2.2.1).
CONTACT_URL = "https://github.com/newsfold/newsfold"
USER_AGENT = "Newsfold/0.1 (+{CONTACT_URL})"  # the spiders fill in the contact
ROBOTSTXT_USER_AGENT = "Newsfold"
ROBOTSTXT_OBEY = True

# What is polled and fetched.
POLL_MIN_MINUTES = 10.0  # between two polls of one feed; less than cron's 15, or every second run finds nothing due
POLL_MAX_HOURS = 24.0  # a feed that is silent or keeps failing is asked this often at least
MOVE_AFTER_POLLS = 3  # good polls in a row on which permanent redirects led to the same place, before a feed moves
DISCOVERY_DAYS = 7.0  # between two looks for the feeds of a publisher that names only its homepage
ENTRY_MAX_AGE_DAYS = 14.0  # older entries are not fetched: a first run takes no archives; 0 takes all
REVISIT_HOURS = 0.0  # pages are fetched again until so long after a feed first listed them; 0: when their feed says so
SITEMAP_MAX_URLS = 1000  # the newest of one sitemap
SITEMAP_MAX_CHILDREN = 10  # the newest sitemaps that an index names
NOINDEX_OBEY = True  # refuse pages that say noindex, to all or to us (meta robots, X-Robots-Tag)
TDM_OBEY = False  # refuse pages that reserve text and data mining (TDM reservation protocol)

# How a run ends.
RUN_MAX_MINUTES = 0.0  # close the run after so long; what is left stays pending for the next; 0: when all is done
RUN_REPORT = None  # path of a JSON file with the run's figures, for monitoring
GRACE_SECONDS = 20.0  # after SIGTERM or SIGINT what is under way may end; what does not stays pending
MAX_FAILED_PERCENT = 20.0  # of the feeds polled or the pages fetched: above it `crawl` exits with 3

# What counts as an article, and as the same story.
ARTICLE_MIN_WORDS = 20  # a shorter body is dropped as TooShort
STORY_WINDOW_DAYS = 10.0  # days between two publications that can still be one story
STORY_MAX_CANDIDATES = 64  # articles compared with a new one, those that share most bands first
STORY_INDEX_DAYS = 90.0  # before the newest article: what is older leaves the index of candidates; 0: nothing does

# Reading pages takes the time of a CPU: it is done in this many worker processes; 0: as many as there are cores.
EXTRACT_WORKERS = 0
READ_SECONDS = 20.0  # a page that takes longer is dropped as Unreadable
PROFILES_ENABLED = True  # pages are read with what recurs over earlier ones of their publisher

# One request a host at a time, with a delay after its answer; hosts side by side. A host is host:port.
CONCURRENT_REQUESTS = 64
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0  # seconds; a publisher's own is `delay_seconds` in publishers.toml
# A host on PostgreSQL is one run's for so long, renewed; at least twice the longest delay or time-out.
LEASE_SECONDS = 60.0
CRAWL_DELAY_MAX_SECONDS = 30.0  # robots.txt may ask for longer delays up to this
DOWNLOAD_DELAY_JITTER = 0.0  # the delay is a promise: Scrapy's default of 0.5 goes below it half of the time

# Limits: Scrapy's are 180 s and 1 GiB.
DOWNLOAD_TIMEOUT = 30.0  # seconds
PAGE_MAX_BYTES = 8_000_000  # of a page, compressed and decompressed
FEED_MAX_BYTES = 10_000_000  # of a feed or sitemap, likewise
DOWNLOAD_MAXSIZE = PAGE_MAX_BYTES
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # crawler.answers looks whether what is shorter than it says ends all the same
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 5  # seconds; one that waits for longer shows the page anew
RETRY_TIMES = 1  # within a run; over runs the store knows what failed
RETRY_HTTP_CODES = [408, 500, 502, 504, 522, 524]  # not 429 and 503: those say that we come too often
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # counted and stored, not logged one by one
RETRY_EXCEPTIONS = [  # Scrapy's, without the time-out: a host that hung once costs a run 30 s, not 60
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectionDone",
    "twisted.internet.error.ConnectError",
    "twisted.internet.error.ConnectionLost",
]

# Scrapy's defaults verify no certificate, keep cookies, send a Referer, and open a port that runs Python.
DOWNLOAD_VERIFY_CERTIFICATES = True
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPCACHE_ENABLED = False  # it replays old feeds as new; conditional requests are the spider's
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

# 100, the default, starts 100 tasks for every response, a quarter of the CPU; a callback here yields one item at most.
CONCURRENT_ITEMS = 2
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 10_000_000  # bytes being cleaned or stored before downloads wait

LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # drops are counted and stored with their reason, not logged one by one
STATS_DUMP = False
LOGSTATS_INTERVAL = 0.0
LOG_VERSIONS: list[str] = []

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # HostMiddleware says where we may go
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.HostMiddleware": 40,
    "crawler.middlewares.RobotsTxtMiddleware": 60,
    "crawler.middlewares.TdmMiddleware": 70,
    "crawler.middlewares.RetryAfterMiddleware": 80,  # after the wait for robots.txt, which it holds back too
    "crawler.answers.RefreshMiddleware": 580,
    "crawler.answers.CompressionMiddleware": 590,
    "crawler.answers.RedirectCookiesMiddleware": 700,
}
DOWNLOAD_HANDLERS = {  # http and https alone
    "http": "crawler.middlewares.OneTryDownloadHandler",
    "https": "crawler.middlewares.OneTryDownloadHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
SCHEDULER_PRIORITY_QUEUE = "crawler.queues.FairPriorityQueue"
TWISTED_DNS_RESOLVER = "crawler.resolver.PublicResolver"
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # it drops requests without a word
}
EXTENSIONS = {
    "crawler.extensions.StoreExtension": 100,
    "crawler.extensions.TimeExtension": 200,
    "crawler.extensions.ProgressExtension": 300,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "crawler.exporters.FeedExporter": 0,
}
ITEM_PIPELINES = {
    "pipelines.cleaning.CleaningPipeline": 100,
    "pipelines.validation.ValidationPipeline": 200,
    "pipelines.stories.StoriesPipeline": 300,
}

# `-o FILE` and FEEDS export the articles as they are stored, by Scrapy's own exporters.
FEED_EXPORT_FIELDS = list(ARTICLE_COLUMNS)
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {"csv": "crawler.exporters.CsvItemExporter"}  # Scrapy's writes lists in Python's notation
