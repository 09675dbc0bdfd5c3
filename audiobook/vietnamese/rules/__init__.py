"""The rules of reading aloud, a module for each kind of written thing."""
