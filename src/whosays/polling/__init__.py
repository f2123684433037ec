"""The poller: feeds are asked when they are due, and what they tell of is read into the store."""

from whosays.polling.library import Library
from whosays.polling.poller import Poller
from whosays.polling.report import PollReport

__all__ = ["Library", "PollReport", "Poller"]
