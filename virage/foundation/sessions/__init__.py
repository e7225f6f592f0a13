"""Sessions, each with its account in its row: who is signed in where can be listed, and ended."""
