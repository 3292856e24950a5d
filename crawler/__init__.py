"""What Newsfold knows about news, in the order in which data flows through it.

publishers  publishers.toml -> Publisher: who is crawled, and where each lists its pages
feeds       RSS, Atom, RDF, JSON Feed bytes -> entries
sitemaps    sitemap, sitemap index, news sitemap bytes -> entries, or further sitemaps
urls        one spelling per page
pages       HTML bytes -> Article: metadata, images and credits, clean body, agency
text        cleaning a body
agencies    evidence -> the wire service whose text it is
similarity  text -> shingles -> MinHash signature, bands, sketch; resemblance and containment
stories     an article and its candidates -> its place in a story
store       schema, what is written and read; migrations

settings, middlewares, extensions, commands and demo are the Scrapy project around them; `spiders/` fetches,
`pipelines/` cleans, validates and collapses. docs/vocabulary.md defines the words.
"""
