"""Web pages: which of their text is the article, and what they say of it.

`source` parts a page into its markup and the data in its scripts. `simplifying` takes out the
`boxes` that stand in the way, `article` finds the main text, with what `boilerplate` is to one of
the ways to look for it, and `stored` reads one that stands in the data alone.
`plain` finds the short paragraphs between those of the main text, and `book` the pages that hold
several chapters, which are read whole. `declared` gathers what a page says of itself; `headline`,
`authors` and `dates` choose from that, and `people` tells names from what stands beside them.
"""
