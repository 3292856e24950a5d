"""The Scrapy commands of Newsfold, one file each."""
