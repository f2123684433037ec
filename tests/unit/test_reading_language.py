"""English goes in, whatever its form; another language is refused by its name. The sentences are invented."""

from __future__ import annotations

import pytest

from whosays.reading.article import Details, admit
from whosays.reading.language import foreign_language
from whosays.types import Refused

FOREIGN = {
    "German": (
        "Die Regierung erklärte am Montag, dass die Brücke gesperrt bleibe, doch der Bürgermeister wies die "
        "Vorwürfe zurück und sagte, niemand habe ihn jemals vor den Rissen gewarnt."
    ),
    "French": (
        "Le ministère a affirmé lundi que le pont resterait fermé, mais le maire a rejeté ces accusations et "
        "assuré que personne ne l'avait jamais averti des fissures."
    ),
    "Spanish": (
        "El ministerio afirmó el lunes que el puente seguirá cerrado, pero el alcalde rechazó las "
        "acusaciones y dijo que nadie le había advertido nunca de las grietas."
    ),
    "Persian": (
        "وزارت کشور روز دوشنبه گفت که پل بسته می‌ماند، اما شهردار این اتهام‌ها را رد کرد و گفت که هیچ‌کس به او هشدار نداده بود."
    ),
    "Arabic": ("قالت الوزارة يوم الاثنين إن الجسر سيبقى مغلقا، لكن رئيس البلدية رفض هذه الاتهامات وقال إن أحدا لم يحذره."),
    "Russian": (
        "Министерство заявило в понедельник, что мост останется закрытым, но мэр отверг обвинения и сказал, "
        "что его никто не предупреждал."
    ),
    "Chinese": "内政部周一表示，大桥将继续关闭，但市长否认了这些指控，并称从未有人向他发出过警告。",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_another_language_is_refused_by_its_name(language: str) -> None:
    refused = admit("a.txt", FOREIGN[language], Details())
    assert refused == Refused(where="a.txt", reason=f"articles in {language} are not read yet; whosays reads English so far")


@pytest.mark.parametrize(
    "text",
    [
        (
            "THE BRIDGE AT ORLO WILL STAY CLOSED, THE MINISTRY SAID ON MONDAY, BUT THE MAYOR DENIED THAT ANYONE "
            "HAD WARNED HIM OF THE CRACKS."
        ),
        "Bridge closed. Mayor denies warning.",
        (
            "Orlo mayor denies knowing of cracks; ministry vows inquiry, opposition demands resignation, "
            "engineers’ union cites ignored letters, prosecutors open case"
        ),
        (
            "The minister told “Le Monde du Pont”: “Le pont restera fermé.” He said that the mayor had been "
            "warned twice and that he did not reply."
        ),
        "42 17 – 3.5 % …",
        "",
    ],
)
def test_english_is_never_taken_for_another_language(text: str) -> None:
    assert foreign_language(text) is None
