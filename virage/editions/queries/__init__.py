"""What the editions say: each source read through the access rule, and what frames it."""
