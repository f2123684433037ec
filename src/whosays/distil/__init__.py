"""A small cross-encoder is taught by a large one: questions made from articles, claims out of a store, no labels."""
