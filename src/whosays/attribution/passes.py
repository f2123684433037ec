"""The two passes over a text, by the names of the folders that hold their weights."""

#: Finds possible cues, and contents.
TAGGER = "tagger"
#: Asks of each cue who says it and what is said.
ASKER = "asker"
#: How sure both are, which is fitted when they are trained: a file, and a step of training.
CONFIDENCE = "confidence"
