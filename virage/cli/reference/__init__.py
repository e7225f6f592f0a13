"""The pages of `docs/reference`, made from the code and the content that they describe."""
