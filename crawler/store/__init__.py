"""The store: SQLite by default, any SQLAlchemy URL that names PostgreSQL too. The only home of SQLAlchemy.

schema      the tables
store       the open store: its writer thread, connections for reading
engines     a URL -> an engine; failures: what databases say when something fails
revisions   the schema's versions, and the way to the latest (crawler/migrations)
runlock     one crawl at a time on SQLite
hosts       how long to leave a host alone, its robots.txt
leases      which run may ask which hosts
feeds       what is polled; entries: what it listed, and what became of that
revisits    which pages are fetched again, and when
articles    an article into its story: look-up, decision and write in one transaction
candidates  the candidate index: which articles share most of a text's bands
settling    what stories say of their copies
credits     whose text a story is, by what its copies say
changefeed  positions of what changes, one a transaction
versions    an article whose page changed: its texts before, and where the new one leaves it
profiles    what articles leave for their publisher's profile, and the profiles
decisions   what a person decides on stories; rules: what that means for articles that come later
exports     articles and stories as rows
searches    the search index, and what it finds
retention   what is pruned or forgotten, and what stays of it
takedowns   what was forgotten and is never to be fetched again
sealing     old segments out of the candidate index
recollapse  stories made anew from the stored texts; signing: their fingerprints
integrity   what does not agree, and mending it
clocks      what a run whose clock was ahead wrote
runs        one row a run; what is known of each publisher; coverage: what was found on its latest pages
"""

from crawler.store.failures import StoreError, StoreLockedError
from crawler.store.revisions import upgrade
from crawler.store.runlock import RunLock
from crawler.store.store import Store

__all__ = ["RunLock", "Store", "StoreError", "StoreLockedError", "upgrade"]
