"""The stages of a book, each a function from one frozen type to the next."""
