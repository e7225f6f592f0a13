"""Settings: `base` is shared; `demo`, `production` and `test` each say how the house runs there."""
