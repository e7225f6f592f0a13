"""Forms of the record: shape and wording of what is typed."""
