"""Reading the record: transmissions, the timeline of all facts, and who has seen it."""
