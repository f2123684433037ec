"""Which phrases there are, by their place in the files of `data/phrases`, and what is filled into them.

A placeholder `count` is a whole number, and decides the plural form: a phrase has one at most. A phrase on two numbers is made of
two counted nouns (`count.*`), as languages put them into different forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Say(StrEnum):
    """The phrases, by their place in the file."""

    WELCOME = "chat.welcome"
    HELP = "chat.help"
    HELP_GROUP = "chat.help_group"
    HELP_TERMINAL = "chat.help_terminal"
    TERMINAL_WELCOME = "chat.terminal_welcome"
    UNKNOWN_COMMAND = "chat.unknown_command"
    HOW_TO_ASK = "chat.how_to_ask"
    HOW_TO_SUMMARISE = "chat.how_to_summarise"
    WORDS_ONLY = "chat.words_only"
    TOO_LONG = "chat.too_long"
    HOW_TO_TIMELINE = "chat.how_to_timeline"
    HOW_TO_SIDES = "chat.how_to_sides"
    HOW_TO_FOLLOW = "chat.how_to_follow"
    LINK_UNKNOWN = "chat.link_unknown"
    HELLO_GROUP = "chat.hello_group"
    HELP_OPERATOR = "chat.help_operator"
    NOT_SERVED = "chat.not_served"

    COMMAND_ASK = "command.ask"
    COMMAND_SUMMARY = "command.summary"
    COMMAND_SOURCES = "command.sources"
    COMMAND_HELP = "command.help"
    COMMAND_SIDES = "command.sides"
    COMMAND_TIMELINE = "command.timeline"
    COMMAND_FOLLOW = "command.follow"
    COMMAND_FOLLOWING = "command.following"
    COMMAND_UNFOLLOW = "command.unfollow"
    COMMAND_SETTINGS = "command.settings"
    COMMAND_PRIVACY = "command.privacy"
    COMMAND_FORGET = "command.forget"
    COMMAND_ADD = "command.add"
    COMMAND_FEEDS = "command.feeds"
    COMMAND_STATS = "command.stats"

    BUSY = "error.busy"
    UNREADABLE_QUESTION = "error.question"
    LANGUAGE = "error.language"
    NOT_READY = "error.not_ready"
    FAILED = "error.failed"
    TOO_FAST = "error.too_fast"
    TOO_FAST_HERE = "error.too_fast_here"

    DISPUTED = "status.disputed"
    SEVERAL_SIDES = "status.several_sides"
    ONE_SIDE = "status.one_side"
    REPORTED = "status.reported"
    OLD = "status.old"
    NOTHING = "status.nothing"

    CLAIMS = "stance.claims"
    DENIES = "stance.denies"
    ACCUSES = "stance.accuses"
    DEMANDS = "stance.demands"
    PROMISES = "stance.promises"
    WARNS = "stance.warns"
    DOUBTS = "stance.doubts"
    BELIEVES = "stance.believes"
    CONCEDES = "stance.concedes"

    AS_OF = "card.as_of"
    CONFLICT = "card.conflict"
    NOTHING_ANSWERS = "card.nothing_answers"
    NEAREST = "card.nearest"
    OLD_NOTE = "card.old_note"
    OBSERVERS = "card.observers"
    OPEN = "card.open"
    OWN_VOICE = "card.own_voice"
    SOURCES = "card.sources"
    MISSING = "card.missing"
    MORE = "card.more"
    ALSO = "card.also"
    CONTINUED = "card.continued"
    UNNAMED = "card.unnamed"
    NO_OUTLET = "card.no_outlet"
    UNDATED = "card.undated"
    UNTITLED = "card.untitled"
    ABOUT = "card.about"
    CONTEXT = "card.context"
    CONTEXT_GONE = "card.context_gone"
    CHOOSE_CONTEXT = "card.choose_context"
    CHOOSE_WRONG = "card.choose_wrong"
    CHOOSE_FAULT = "card.choose_fault"

    TIMELINE_TITLE = "timeline.title"
    TIMELINE_FOOTER = "timeline.footer"
    TIMELINE_MORE = "timeline.more"
    TIMELINE_CLAIMS = "timeline.claims"
    TIMELINE_SIDE = "timeline.side"
    TIMELINE_SIDE_UNDATED = "timeline.side_undated"

    SIDES_TITLE = "sides.title"
    SIDES_SIDE = "sides.side"
    SIDES_SPEAKER = "sides.speaker"

    OUTLETS = "sources.outlets"
    OUTLETS_DATED = "sources.outlets_dated"
    NO_ARTICLES = "sources.none"
    OUTLET = "sources.outlet"
    OUTLET_DATED = "sources.outlet_dated"
    MORE_OUTLETS = "sources.more"
    SOURCES_FEEDS = "sources.feeds"

    BUTTON_MORE = "button.more"
    BUTTON_BACK = "button.back"
    BUTTON_READ_NOW = "button.read_now"
    BUTTON_REMOVE = "button.remove"
    BUTTON_CONTEXT = "button.context"
    BUTTON_TIMELINE = "button.timeline"
    BUTTON_FOLLOW = "button.follow"
    BUTTON_WRONG = "button.wrong"
    BUTTON_PAGE = "button.page"
    BUTTON_CARD_ITSELF = "button.card_itself"
    BUTTON_FAULT_SIDE = "button.fault_side"
    BUTTON_FAULT_SPEAKER = "button.fault_speaker"
    BUTTON_FAULT_RELEVANCE = "button.fault_relevance"
    BUTTON_FAULT_OUTDATED = "button.fault_outdated"
    BUTTON_FORGET = "button.forget"
    BUTTON_FORGET_GROUP = "button.forget_group"
    BUTTON_UNFOLLOW = "button.unfollow"
    BUTTON_KEEP = "button.keep"
    BUTTON_OPEN = "button.open"
    BUTTON_ONCE = "button.once"
    BUTTON_WHY = "button.why"
    BUTTON_MUTE = "button.mute"
    BUTTON_STOP_OR_MUTE = "button.stop_or_mute"
    BUTTON_INSTANT = "button.instant"
    BUTTON_HOURLY = "button.hourly"
    BUTTON_DAILY = "button.daily"
    BUTTON_SIDES = "button.sides"
    BUTTON_OUTLETS = "button.outlets"
    BUTTON_PAUSE = "button.pause"
    BUTTON_RESUME = "button.resume"
    BUTTON_MUTE_DAY = "button.mute_day"
    BUTTON_MUTE_WEEK = "button.mute_week"
    BUTTON_UNMUTE = "button.unmute"
    BUTTON_ALL = "button.all"

    TOAST_STALE = "toast.stale"
    TOAST_ADMINS_ONLY = "toast.admins_only"
    TOAST_FOLLOWED = "toast.followed"
    TOAST_FOLLOWED_ALREADY = "toast.followed_already"
    TOAST_FOLLOWED_TOO_MUCH = "toast.followed_too_much"
    TOAST_REPORTED = "toast.reported"
    TOAST_TOO_FAST = "toast.too_fast"
    TOAST_GONE = "toast.gone"
    TOAST_SAVED = "toast.saved"
    TOAST_ONCE = "toast.once"
    TOAST_ONCE_ALREADY = "toast.once_already"
    TOAST_MUTED = "toast.muted"

    FOLLOWED = "follow.followed"
    FOLLOWED_ALREADY = "follow.already"
    FOLLOWED_TOO_MUCH = "follow.too_much"
    FOLLOWING = "follow.following"
    FOLLOWING_NOTHING = "follow.nothing"
    UNFOLLOWED = "follow.stopped"
    UNFOLLOW_UNKNOWN = "follow.unknown"
    ADMINS_ONLY = "follow.admins_only"
    NEWS = "follow.news"
    NEWS_WHY = "follow.news_why"
    UNFOLLOW_WHICH = "follow.which"
    TOLD_INSTANT = "follow.told_instant"
    TOLD_HOURLY = "follow.told_hourly"
    TOLD_DAILY = "follow.told_daily"
    TOLD_ONCE = "follow.told_once"
    PAUSED = "follow.paused"
    MUTED = "follow.muted"
    ONLY_SIDES = "follow.only_sides"
    ONLY_OUTLETS = "follow.only_outlets"
    PREVIEW = "follow.preview"
    CHOOSE_SIDES = "follow.choose_sides"
    CHOOSE_OUTLETS = "follow.choose_outlets"
    NOTHING_KNOWN = "follow.nothing_known"
    STATE_HOURLY = "follow.state_hourly"
    STATE_DAILY = "follow.state_daily"
    STATE_PAUSED = "follow.state_paused"
    STATE_MUTED = "follow.state_muted"
    STATE_ONCE = "follow.state_once"

    ALERT_DIGEST = "alert.digest"
    ALERT_NEW_SIDE = "alert.new_side"
    ALERT_REVERSAL = "alert.reversal"
    ALERT_CONCESSION = "alert.concession"
    ALERT_CONFLICT = "alert.conflict"
    ALERT_NEW_CLAIM = "alert.new_claim"
    ALERT_CHANGED = "alert.changed"
    ALERT_WAS_NOW = "alert.was_now"
    ALERT_BEFORE = "alert.before"
    ALERT_WHY = "alert.why"
    ALERT_WHY_TOPIC = "alert.why_topic"
    ALERT_WHY_SINCE = "alert.why_since"
    ALERT_WHY_GONE = "alert.why_gone"
    ALERT_WHY_NOTICED = "alert.why_noticed"
    ALERT_WHY_HEARD = "alert.why_heard"
    ALERT_WHY_LIKELY = "alert.why_likely"
    ALERT_WHY_SHOWN = "alert.why_shown"
    ALERT_WHY_ONCE = "alert.why_once"
    ALERT_WHY_STOP = "alert.why_stop"

    SETTINGS = "settings.heading"
    SETTING_LANGUAGE = "settings.language"
    SETTING_LANGUAGE_AUTO = "settings.language_auto"
    SETTING_LENGTH = "settings.length"
    SETTING_LENGTH_NORMAL = "settings.length_normal"
    SETTING_LENGTH_SHORT = "settings.length_short"
    SETTING_PICTURES = "settings.pictures"
    SETTING_PICTURES_LIGHT = "settings.pictures_light"
    SETTING_PICTURES_DARK = "settings.pictures_dark"
    CHOOSE_LANGUAGE = "settings.choose_language"
    SETTING_OPEN = "settings.open"
    SETTING_OPEN_ADMINS = "settings.open_admins"
    SETTING_OPEN_ALL = "settings.open_all"
    SETTINGS_HOW = "settings.how"
    SETTING_ALERTS = "settings.alerts"
    ALERT_SETTINGS = "settings.alerts_heading"
    SETTING_ZONE = "settings.zone"
    SETTING_QUIET = "settings.quiet"
    SETTING_QUIET_NONE = "settings.quiet_none"
    SETTING_DIGEST = "settings.digest"
    SETTING_MOST = "settings.most"
    CHOOSE_ZONE = "settings.choose_zone"
    CHOOSE_QUIET = "settings.choose_quiet"
    CHOOSE_DIGEST = "settings.choose_digest"
    CHOOSE_MOST = "settings.choose_most"
    ZONE_UNKNOWN = "settings.zone_unknown"
    NOT_UNDERSTOOD = "settings.not_understood"

    PRIVACY = "privacy.text"
    PRIVACY_COUNTS = "privacy.counts"
    PRIVACY_COUNTS_GROUP = "privacy.counts_group"
    PRIVACY_HOW = "privacy.how"
    FORGET = "privacy.forget"
    FORGET_GROUP = "privacy.forget_group"
    FORGOTTEN = "privacy.forgotten"
    FORGOTTEN_GROUP = "privacy.forgotten_group"
    NOT_FORGOTTEN = "privacy.not_forgotten"

    ADD_HOW = "operator.add_how"
    ADDED = "operator.added"
    REFUSED = "operator.refused"
    NOT_READ = "operator.not_read"
    FEEDS = "operator.feeds"
    FEEDS_NONE = "operator.feeds_none"
    FEEDS_MORE = "operator.feeds_more"
    FEED_NEW = "operator.feed_new"
    FEED_READ = "operator.feed_read"
    FEED_STALE = "operator.feed_stale"
    FEED_FAILING = "operator.feed_failing"
    FEED_ENDED = "operator.feed_ended"
    FEED_EVERY = "operator.feed_every"
    FEED_NEWEST = "operator.feed_newest"
    FEED_ADDED = "operator.feed_added"
    FEED_KNOWN = "operator.feed_known"
    FEED_FAILS = "operator.feed_fails"
    FEED_OVER = "operator.feed_over"
    STATS = "operator.stats"

    INLINE_HOW = "inline.how"
    INLINE_CARD = "inline.card"
    INLINE_ASK = "inline.ask"

    COUNT_ARTICLES = "count.articles"
    COUNT_OUTLETS = "count.outlets"


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

#: The placeholder that decides the plural form.
COUNT = "count"

#: Characters that a phrase of a section may have: Telegram refuses longer descriptions of commands and longer answers to a press
#: (200, https://core.telegram.org/bots/api#answercallbackquery), and cuts the words of a narrow button.
MOST_CHARACTERS: Mapping[str, int] = {"command": 256, "button": 32, "toast": 190, "error": 190}
