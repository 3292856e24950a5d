"""The Scrapy commands of Newsfold, one file each."""

import atexit
import gc

# Else Python looks, at its end, through all that was loaded for what can be collected: a quarter of a short command.
atexit.register(gc.freeze)
