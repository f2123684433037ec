"""A chat's settings as a menu, and what is chosen there. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.layout import line
from bot.markup import Button, Page, Run, Section, Style, paginate
from bot.phrases import Catalogue, Phrases, Say
from bot.presses import Does, Press
from bot.render import render_phrase
from whosays.chats import Chat, Length

ALERTS = "alerts"
OPEN = "open"
_LANGUAGE, _LENGTH, _PICTURES = "language", "length", "pictures"
_AUTO = "auto"


def settings_page(chat: Chat, phrases: Phrases, catalogue: Catalogue, *, group: bool) -> Page:
    """Return the settings of a chat as a menu: a button for each, with its value."""
    own_names = dict(catalogue.languages)
    language = own_names[phrases.language] if chat.language else phrases(Say.SETTING_LANGUAGE_AUTO)
    length = phrases(Say.SETTING_LENGTH_SHORT if chat.length is Length.SHORT else Say.SETTING_LENGTH_NORMAL)
    pictures = phrases(Say.SETTING_PICTURES_DARK if chat.dark else Say.SETTING_PICTURES_LIGHT)
    rows = [
        (phrases(Say.SETTING_LANGUAGE, value=language), _LANGUAGE, ()),
        (phrases(Say.SETTING_LENGTH, value=length), _LENGTH, (_other_length(chat.length),)),
        (phrases(Say.SETTING_PICTURES, value=pictures), _PICTURES, ("light" if chat.dark else "dark",)),
    ]
    if group:
        value = phrases(Say.SETTING_OPEN_ALL if chat.open else Say.SETTING_OPEN_ADMINS)
        rows.append((phrases(Say.SETTING_OPEN, value=value), OPEN, ("no" if chat.open else "yes",)))
    rows.append((phrases(Say.SETTING_ALERTS), ALERTS, ()))
    buttons = [(Button(text=text, data=Press(Does.SETTING, what, to).data),) for text, what, to in rows]
    section = Section(heading=(Run(phrases(Say.SETTINGS), Style.BOLD),), blocks=(line(phrases(Say.SETTINGS_HOW)),))
    return replace(paginate([section])[0], buttons=tuple(buttons))


def languages_page(chat: Chat, phrases: Phrases, catalogue: Catalogue) -> Page:
    """Return a button for each language of the interface, and one for that of whoever asks; what is chosen now is ticked."""

    def button(code: str, text: str) -> Button:
        chosen = code == (chat.language or _AUTO)
        return Button(text=f"✓ {text}" if chosen else text, data=Press(Does.SETTING, _LANGUAGE, (code,)).data)

    auto = (button(_AUTO, phrases(Say.SETTING_LANGUAGE_AUTO)),)
    buttons = [button(code, text) for code, text in catalogue.languages]
    back = (Button(text=phrases(Say.BUTTON_BACK), data=Press(Does.SETTING, "menu").data),)
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    return replace(render_phrase(phrases(Say.CHOOSE_LANGUAGE))[0], buttons=(auto, *rows, back))


def changed(chat: Chat, press: Press, catalogue: Catalogue) -> Chat | None:
    """Return a chat with the setting that a press chooses; None for one that there is not."""
    match press.of, press.arguments:
        case "language", (code,) if code == _AUTO or code in dict(catalogue.languages):
            return replace(chat, language=None if code == _AUTO else code)
        case "length", (length,) if length in set(Length):
            return replace(chat, length=Length(length))
        case "pictures", (("light" | "dark") as shade,):
            return replace(chat, dark=shade == "dark")
        case "open", (("yes" | "no") as choice,):
            return replace(chat, open=choice == "yes")
        case _:
            return None


def _other_length(length: Length) -> str:
    return Length.NORMAL.value if length is Length.SHORT else Length.SHORT.value
