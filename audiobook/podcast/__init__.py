"""Books to a podcast: a feed that any client plays, pages to listen on, a server, publishing."""
