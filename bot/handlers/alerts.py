"""The buttons under an alert: why was I sent this, the rest of a digest, stop, mute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.alerts import BACK, CHANGE, DAY, PAGE, WEEK, WHY, alert_page, change_page, why_page
from bot.handlers.answering import Answering
from bot.handlers.permission import Permission
from bot.handlers.presses import Handler, Pressed
from bot.markup import Page
from bot.phrases import Say
from bot.presses import Does
from bot.records import Records
from whosays.chats import Chats, Following
from whosays.outbox import Alert, Outbox
from whosays.timing import zone

_MUTES = {DAY: timedelta(days=1), WEEK: timedelta(days=7)}


class AlertPresses:
    """Explains, turns and stops alerts. Whoever reads one may ask why it came; stopping is for those who choose for the chat."""

    def __init__(self, answering: Answering, permission: Permission, outbox: Records[Outbox]) -> None:
        self._answering = answering
        self._permission = permission
        self._outbox = outbox

    @property
    def handlers(self) -> Mapping[Does, Handler]:
        """What the buttons do."""
        return {Does.ALERT: self._press}

    async def _press(self, pressed: Pressed) -> str:
        press = pressed.press
        alerts = await self._outbox(lambda outbox: _told(outbox, pressed))
        if not alerts:
            return pressed.phrases(Say.TOAST_STALE)
        topics = await self._topics(pressed.chat.id, alerts)
        # An alert stays in its language, whoever presses.
        language = next((topic.language for topic in topics.values()), pressed.client)
        phrases = self._answering.phrases(pressed.chat, language)
        does = "".join(press.arguments[:1])
        if does == WHY:
            return await self._turn(pressed, why_page(alerts, topics, phrases))
        if does in {PAGE, BACK}:
            return await self._turn(pressed, alert_page(alerts, phrases, press.number(1) or 0))
        if does == CHANGE or does in _MUTES:
            return await self._change(pressed, alerts, [topic for topic in topics.values() if not topic.once])
        return pressed.phrases(Say.TOAST_STALE)

    async def _change(self, pressed: Pressed, alerts: Sequence[Alert], topics: Sequence[Following]) -> str:
        """Show how to stop or to mute the topics of an alert, or mute them."""
        answering, phrases = self._answering, pressed.phrases
        if not await self._permission.of_press(pressed):
            return phrases(Say.TOAST_ADMINS_ONLY)
        if not topics:
            return phrases(Say.TOAST_GONE)
        mute = _MUTES.get("".join(pressed.press.arguments[:1]))
        own = answering.phrases(pressed.chat, topics[0].language)
        if mute is None:
            return await self._turn(pressed, change_page(alerts, topics, own))
        until = answering.now() + mute
        muted = [replace(topic, muted_until=until) for topic in topics]
        await answering.records(lambda chats: [chats.keep_following(topic) for topic in muted])
        await self._turn(pressed, alert_page(alerts, own))
        return phrases(Say.TOAST_MUTED, date=phrases.local(until, zone(pressed.chat.zone)))

    async def _topics(self, chat: int, alerts: Sequence[Alert]) -> Mapping[int, Following]:
        def read(chats: Chats) -> dict[int, Following]:
            ids = dict.fromkeys(alert.following for alert in alerts)
            return {id: topic for id in ids if (topic := chats.following(chat, id)) is not None}

        return await self._answering.records(read)

    async def _turn(self, pressed: Pressed, page: Page) -> str:
        if not pressed.turn.last:
            return ""
        edited = await self._answering.delivery.edit(page, pressed.chat.id, pressed.message)
        return "" if edited else pressed.phrases(Say.TOAST_STALE)


def _told(outbox: Outbox, pressed: Pressed) -> Sequence[Alert]:
    """Return the alerts that the message pressed tells; none where the button's alert is another chat's: that is made up.

    Of a message that could not be noted (the process ended with it), and of one of a group that has moved, the one that the
    button names.
    """
    alert = outbox.alert(pressed.press.id_of_topic)
    if alert is None or alert.chat != pressed.chat.id:
        return ()
    told = outbox.told_in(pressed.chat.id, pressed.message)
    return told if alert.id in {one.id for one in told} else (alert,)
