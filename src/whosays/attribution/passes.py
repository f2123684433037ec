"""The two passes over a text, by the names of the folders that hold their weights."""

#: Finds possible cues, and contents.
TAGGER = "tagger"
#: Asks of each cue who says it and what is said.
ASKER = "asker"
#: Between which bounds their activations lie, for 8-bit integers: a file beside each one's weights, and a step of training.
RANGES = "ranges"
#: How sure both are, which is fitted when they are trained: a file, and a step of training.
CONFIDENCE = "confidence"
