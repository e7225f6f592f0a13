"""Rules of the editions: what a template may hold, and the tree that it becomes."""
