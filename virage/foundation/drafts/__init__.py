"""What is being entered: drafts kept while one types, and forms that must not be taken twice."""
