"""The work on books as pages in a browser, by the acts of the commands and in their files.

What a person chooses travels as one small request each into book.toml and lexicon.tsv beside the
source, and every page is rendered from those files, the source and the finished book anew; so the
pages keep nothing of their own, and the commands see the same.
A build travels through one queue in a thread of this process, which notes in a hidden file of the
folder what it has yet to make; so neither a closed page nor an ended program loses it.
Progress travels back as events of the server that each hold the whole state of the queue; so a page
that opens late, or again, knows as much as one that saw everything.
"""
