"""Rules of import, pure: whose record a file is, where things go, what calls for a warning."""
