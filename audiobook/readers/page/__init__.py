"""Web pages: which of their text is the article, and what they say of it.

`source` parts a page into markup and the data in its scripts, `article` finds the main text,
`data` what pages of programs hold instead, `declared` gathers what a page says of itself, and
`headline`, `authors` and `dates` choose from that.
"""
