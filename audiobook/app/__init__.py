"""Acts on whole books: build one, many or a watched folder, proofread, diagnose, prune."""
