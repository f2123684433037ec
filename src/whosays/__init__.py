"""whosays: contested news, each side's claims apart, verbatim, attributed, cited."""

__version__ = "0.1.0"
