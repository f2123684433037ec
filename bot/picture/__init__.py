"""The timeline as a picture: letters measured, claims chosen, boxes laid out, PNG. Nothing here knows Telegram."""

from bot.picture.timeline import describe_timeline, draw_timeline

__all__ = ["describe_timeline", "draw_timeline"]
