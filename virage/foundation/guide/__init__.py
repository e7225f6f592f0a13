"""The help of each page, and a guided visit per trade: texts as data in `virage/content/help`."""
