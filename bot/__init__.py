"""The Telegram bot, and the same chat in a terminal. Knows the engine's facade and types, nothing below."""

import os

# python-telegram-bot gives its times as timedelta only where asked to, and warns otherwise (its change of version 22.2).
os.environ.setdefault("PTB_TIMEDELTA", "true")
