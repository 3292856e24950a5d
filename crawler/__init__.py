"""What Newsfold knows about news, in the order in which data flows through it.

publishers  publishers.toml -> Publisher: who is crawled, and where each lists its pages
feeds       RSS, Atom, RDF, JSON Feed bytes -> entries; sitemaps: the same of sitemaps and their indexes
polling     when to ask a feed again; health: what a person should know of it; walls: whether a bot wall answered
discovery   a site -> its feeds (homepages, opml, tables: what it reads and writes)
characters  strings -> strings that stores and terminals can take
urls        one spelling per page; addresses: where we may connect; optouts: what a page says against its use
pages       HTML bytes -> Article, by way of
            markup (bytes -> tree), blocks (tree -> text blocks), witnesses with their weights (how likely each is
            text), body (blocks -> the article's), completion (what goes with them), surroundings (what stands around),
            profiles (a publisher's earlier articles -> what recurs on its pages), scripts,
            text (lines as a reader sees them), furniture by appeals, controls and consent, metadata, canonical,
            headlines, bylines, authors and reporters, publication by dates, months and zones, images, captions,
            languages, kinds (by notices)
agencies    evidence -> the wire service whose text it is, by way of wires (the table), phrases, datelines
similarity  text -> shingles -> MinHash signature, bands, sketch; resemblance and containment
stories     an article and its candidates -> its place in a story; changes: what an edit cut and added
store       schema, what is written and read, cared for, decided anew (recollapse) or by a person (decisions, rules);
            migrations; search: what is looked for
            parquet, cells: what is read, as files

items are what one stage hands to the next. The Scrapy project around them: settings, spider, middlewares, answers,
resolver, queues, leases (which hosts a run may ask), extensions, exporters, workers and preload (what a worker process
runs), console and commands, discover, demo.
`spiders/` fetches, `pipelines/` cleans, validates and collapses. docs/vocabulary.md defines the words.
"""
