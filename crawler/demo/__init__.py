"""A bundled press of invented papers, served on 127.0.0.1: what `make demo` crawls, and the tests too.

server  a function from Request to Response -> a real HTTP/1.1 server in a thread, with a log of requests
press   papers/ -> the papers and their articles; served, a port each; their publishers.toml; which story each tells
feeds   a paper's articles -> its feed, in seven kinds
papers  the data: a folder a paper (its templates and articles), and truth.json
"""
