"""What is filled into phrases, and how long those of a section may be.

A placeholder `count` is a whole number, and decides the plural form: a phrase has one at most. A phrase on two numbers is made of
two counted nouns (`count.*`), as languages put them into different forms.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.say import Say

#: The placeholder that decides the plural form.
COUNT = "count"

#: The placeholders of each phrase that has any.
PLACEHOLDERS: Mapping[Say, frozenset[str]] = {
    Say.WELCOME: frozenset({"example"}),
    Say.HELP_GROUP: frozenset({"me"}),
    Say.TERMINAL_WELCOME: frozenset({"articles", "outlets", "examples"}),
    Say.HOW_TO_ASK: frozenset({"example"}),
    Say.CONFLICT: frozenset({"one", "other"}),
    Say.AS_OF: frozenset({"date"}),
    Say.MISSING: frozenset({"sides"}),
    Say.MORE: frozenset({"count"}),
    Say.ALSO: frozenset({"sources"}),
    Say.CONTINUED: frozenset({"heading"}),
    Say.TIMELINE_TITLE: frozenset({"topic"}),
    Say.TIMELINE_MORE: frozenset({"count"}),
    Say.TIMELINE_CLAIMS: frozenset({"count"}),
    Say.TIMELINE_SIDE: frozenset({"side", "claims", "dates"}),
    Say.TIMELINE_SIDE_UNDATED: frozenset({"side", "claims"}),
    Say.SIDES_TITLE: frozenset({"topic"}),
    Say.SIDES_SIDE: frozenset({"side", "claims"}),
    Say.SIDES_SPEAKER: frozenset({"speaker", "claims", "outlets"}),
    Say.OUTLETS: frozenset({"articles", "outlets"}),
    Say.OUTLETS_DATED: frozenset({"articles", "outlets", "newest"}),
    Say.OUTLET: frozenset({"outlet", "articles"}),
    Say.OUTLET_DATED: frozenset({"outlet", "articles", "dates"}),
    Say.MORE_OUTLETS: frozenset({"count"}),
    Say.HELLO_GROUP: frozenset({"me"}),
    Say.NOT_SERVED: frozenset({"id"}),
    Say.TOO_FAST: frozenset({"seconds"}),
    Say.TOO_FAST_HERE: frozenset({"seconds"}),
    Say.ABOUT: frozenset({"topic"}),
    Say.BUTTON_MORE: frozenset({"count"}),
    Say.BUTTON_PAGE: frozenset({"page", "pages"}),
    Say.FOLLOWED: frozenset({"topic"}),
    Say.FOLLOWED_ALREADY: frozenset({"topic"}),
    Say.FOLLOWED_TOO_MUCH: frozenset({"count"}),
    Say.UNFOLLOWED: frozenset({"topic"}),
    Say.NEWS: frozenset({"topic"}),
    Say.TOAST_MUTED: frozenset({"date"}),
    Say.TOLD_DAILY: frozenset({"time"}),
    Say.TOLD_ONCE: frozenset({"date"}),
    Say.MUTED: frozenset({"date"}),
    Say.ONLY_SIDES: frozenset({"sides"}),
    Say.ONLY_OUTLETS: frozenset({"outlets"}),
    Say.PREVIEW: frozenset({"count"}),
    Say.ALERT_DIGEST: frozenset({"count"}),
    Say.ALERT_CONFLICT: frozenset({"other"}),
    Say.ALERT_CHANGED: frozenset({"topic"}),
    Say.ALERT_WAS_NOW: frozenset({"was", "now"}),
    Say.ALERT_BEFORE: frozenset({"date"}),
    Say.ALERT_WHY_TOPIC: frozenset({"topic"}),
    Say.ALERT_WHY_SINCE: frozenset({"date"}),
    Say.ALERT_WHY_NOTICED: frozenset({"date"}),
    Say.ALERT_WHY_HEARD: frozenset({"count", "sides"}),
    Say.ALERT_WHY_LIKELY: frozenset({"percent"}),
    Say.ALERT_WHY_SHOWN: frozenset({"date"}),
    Say.SETTING_ZONE: frozenset({"value"}),
    Say.SETTING_QUIET: frozenset({"value"}),
    Say.SETTING_DIGEST: frozenset({"value"}),
    Say.SETTING_MOST: frozenset({"value"}),
    Say.ZONE_UNKNOWN: frozenset({"zones"}),
    Say.NOT_UNDERSTOOD: frozenset({"example"}),
    Say.SETTING_LANGUAGE: frozenset({"value"}),
    Say.SETTING_LENGTH: frozenset({"value"}),
    Say.SETTING_PICTURES: frozenset({"value"}),
    Say.SETTING_OPEN: frozenset({"value"}),
    Say.PRIVACY_COUNTS: frozenset({"cards", "followed", "reports", "settings"}),
    Say.PRIVACY_COUNTS_GROUP: frozenset({"cards", "followed", "settings"}),
    Say.ADDED: frozenset({"added", "changed", "unchanged", "refused"}),
    Say.REFUSED: frozenset({"where", "reason"}),
    Say.NOT_READ: frozenset({"reason"}),
    Say.FEEDS_MORE: frozenset({"count"}),
    Say.FEED_NEW: frozenset({"feed"}),
    Say.FEED_READ: frozenset({"feed", "date"}),
    Say.FEED_STALE: frozenset({"feed", "date"}),
    Say.FEED_FAILING: frozenset({"feed", "count", "error"}),
    Say.FEED_ENDED: frozenset({"feed", "error"}),
    Say.FEED_EVERY: frozenset({"count"}),
    Say.FEED_NEWEST: frozenset({"date"}),
    Say.FEED_ADDED: frozenset({"feed"}),
    Say.FEED_KNOWN: frozenset({"feed"}),
    Say.FEED_FAILS: frozenset({"feed", "count", "error"}),
    Say.FEED_OVER: frozenset({"feed", "error"}),
    Say.STATS: frozenset({"chats", "shut", "today", "week", "followed", "reports", "articles", "outlets"}),
    Say.COUNT_ARTICLES: frozenset({"count"}),
    Say.COUNT_OUTLETS: frozenset({"count"}),
}

#: Characters that a phrase of a section may have: Telegram refuses longer descriptions of commands and longer answers to a press
#: (200, https://core.telegram.org/bots/api#answercallbackquery), and cuts the words of a narrow button.
MOST_CHARACTERS: Mapping[str, int] = {"command": 256, "button": 32, "toast": 190, "error": 190}
