"""Whether somebody is a "he" or a "she": by title, office, first name, the list, and the pronouns of the text. None: not to be known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from whosays.attribution.actors import Actors, words
from whosays.attribution.names import Someone
from whosays.attribution.roles import HONORIFICS, words_of

#: First names that in world news are hardly ever the other sex's; names common to both (Kim, Jan, Andrea, Sasha) are left out.
_MEN = words_of(
    """
    John James Robert Michael Mike William Bill David Richard Dick Joseph Joe Thomas Tom Charles Chuck Christopher Daniel Dan
    Matthew Matt Mark Donald Don Steven Steve Stephen Paul Andrew Kenneth Ken Joshua Josh Kevin Brian George Edward Ed Ted Ronald Ron
    Timothy Tim Jason Jeffrey Jeff Ryan Jacob Jack Gary Nicholas Nick Eric Jonathan Jon Larry Justin Scott Brandon Benjamin Ben
    Samuel Sam Gregory Greg Frank Raymond Patrick Jerry Dennis Tyler Aaron Jose Adam Nathan Henry Harry Zachary Douglas Doug
    Peter Pete Kyle Walter Ethan Jeremy Keith Roger Terry Gerald Sean Austin Carl Arthur Lawrence Dylan Bryan Bruce Gabriel Logan
    Albert Alan Juan Wayne Roy Ralph Randy Eugene Vincent Bobby Philip Phillip Phil Louis Bradley Brad Barack Bernie Mitt Newt Mitch
    Marco Rand Lindsey Rex Jim Jimmy Bob Rob Rick Ricky Tony Anthony Antony Andy Dave Doug Fred Howard Martin Neil Nigel Simon Ian Graham
    Gordon Boris Dominic Gavin Liam Alastair Alistair Colin Craig Duncan Stuart Hugh Rupert Oliver Jeremy Julian Adrian Mohammed Mohammad
    Mohamed Muhammad Ahmed Ahmad Mahmoud Ali Hassan Hussein Hossein Omar Khalid Khaled Abdullah Abdul Ibrahim Mustafa Yasser Bashar Walid Hamid
    Saeed Said Tariq Nabil Nasser Osama Ayman Ismail Yusuf Youssef Rami Samir Karim Faisal Hamad Saad Zabihullah Qari Mullah Ashraf Amrullah
    Vladimir Dmitry Dmitri Sergei Sergey Igor Ivan Mikhail Nikolai Alexander Alexei Andrei Yuri Viktor Oleg Boris Pavel Petro Volodymyr Oleksandr
    Anatoly Leonid Konstantin Vitaly Maxim Denis Roman Ruslan Ramzan Recep Mevlut Ahmet Mehmet Binali Fethullah Francois Emmanuel Jean
    Pierre Jacques Laurent Nicolas Michel Philippe Olivier Bernard Gerard Claude Herman Jens Hans Klaus Wolfgang Frank Heiko Sigmar
    Gerhard Joachim Guido Horst Giuseppe Silvio Matteo Mario Paolo Giorgio Enrico Luis Carlos Pedro Jorge Hugo Nicolas Fernando Rafael
    Diego Alvaro Enrique Felipe Andres Alejandro Manuel Miguel Antonio Evo Ricardo Roberto Raul Fidel Benigno Rodrigo Narendra Imran Nawaz
    Pervez Asif Rahul Manmohan Amit Shah Benjamin Binyamin Ehud Avigdor Naftali Yair Moshe Shimon Ariel Yitzhak Gilad Shinzo Yoshihide Taro Fumio
    Kofi Antonio Nelson Jacob Cyril Robert Morgan Uhuru Raila Yoweri Paul Joseph Goodluck Muhammadu Abiy Salva Riek Omar Aleppo Hamdi Viktor Lech
    Donald Lech Vaclav Milos Robert Aleksandar Slobodan Radovan Ratko Hashim Edi Alexis Antonis Kyriakos Carsten Lars Anders Stefan
    Karl Kurt Sebastian Werner Otto Edmund Geert Mark Jan-Peter Jens Barry Glenn Chris Rod Jared Sheldon Kirk Dean Todd Trey Darrell Duane Earl
    Emir King Prince Sheikh Ayatollah Pope Lord Sir Father Imam Rabbi Congressman Abu
    """
)
_WOMEN = words_of(
    """
    Mary Patricia Jennifer Jen Linda Elizabeth Liz Barbara Susan Jessica Sarah Sara Karen Lisa Nancy Betty Margaret Sandra Ashley Kimberly
    Emily Donna Michelle Carol Amanda Dorothy Melissa Deborah Debbie Stephanie Rebecca Sharon Laura Cynthia Kathleen Amy Angela Shirley Anna
    Brenda Pamela Pam Emma Nicole Helen Samantha Katherine Christine Debra Rachel Carolyn Janet Catherine Maria Heather Diane Ruth Julie Olivia
    Joyce Virginia Victoria Kelly Lauren Christina Joan Evelyn Judith Megan Andrea Cheryl Hannah Jacqueline Martha Gloria Teresa Theresa Ann Anne Annie
    Madison Frances Kathryn Janice Jean Abigail Alice Judy Sophia Grace Denise Amber Doris Marilyn Danielle Beverly Isabella Isabelle Isabel
    Diana Brittany Natalie Natalia Marie Kayla Alexis Lori Hillary Condoleezza Madeleine Nikki Kamala Elena Sonia Ivanka Melania Kellyanne
    Jill Kirstjen Kayleigh Karoline Karine Federica Ursula Annalena Annegret Angelique Christiane Marine Segolene Florence Nathalie Sylvie Giorgia Emma
    Penny Priti Amber Nicola Arlene Jo Fiona Gillian Bronwen Yvette Harriet Diane Helle Sanna Mette Erna Jacinda Julia Julie Penelope Marise
    Tzipi Ayelet Golda Hanan Bouthaina Aisha Ayesha Fatima Khadija Zainab Maryam Mariam Noor Leila Layla Malala Benazir Hina Sheikha Shireen Asma Amal
    Masih Narges Shirin Nasrin Tawakkol Nadia Rania Lina Rana Dina Hala Huda Samira Salma Yasmin Zahra Svetlana Maria Tatyana Tatiana Olga Irina Natalya Anna
    Yulia Yulija Oksana Ekaterina Yekaterina Elvira Valentina Marina Ksenia Vera Anastasia Galina Ludmila Dilma Cristina Michelle Claudia Rosa Carmen
    Delcy Violeta Ana Isabel Luisa Dolores Gabriela Corazon Imelda Leila Gloria Aung Yingluck Sushma Indira Pratibha Mamata Nirmala Smriti
    Sheikh-Hasina Hasina Khaleda Megawati Navi Navanethem Ravina Michaela Agnes Fatou Gro Carla Louise Alena Zuzana Kersti Dalia Beata Ewa Hanna Barbara
    Ellen Joyce Nkosazana Ngozi Winnie Graca Samia Chimamanda Queen Princess Lady Sister Dame Congresswoman Mrs Ms Valerie Susan Loretta Sally Dianne
    Tammy Kirsten Kirstin Kristi Kristen Claire Barbara Debbie Tulsi Ilhan Rashida Alexandria Ayanna Maxine Marsha Marjorie Michele Carly Jeanne Susan Lynne
    Bonnie Caitlin Molly Victoria Wendy Tracy Peggy Rosemary Vanessa Veronica Charlotte Chloe Zoe Lucy Jane Janice Eve Eva Eleanor Edith Ellie Heidi
    """
)
_SHE = words_of(
    """
    spokeswoman congresswoman chairwoman businesswoman councilwoman queen princess mother wife widow daughter sister woman girl
    actress grandmother aunt niece mrs policewoman herself
    """
)
_HE = words_of(
    """
    congressman chairman businessman councilman king prince father husband son brother man boy actor grandfather uncle
    nephew policeman clergyman imam ayatollah emir sheikh pope
    """
)
_PRONOUN = re.compile(r"\b(?:(he|him|his|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
#: A sentence, roughly: to the mark that ends it.
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?![”\"\s]|$)[^.!?\n]*)*[.!?]?")
_QUOTED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?")


def gender_of_words(phrase: str) -> str | None:
    """Return "he" or "she" where a description tells: "a spokeswoman", "the widow"."""
    forms = {word.form.lower() for word in words(phrase)}
    return "she" if forms & _SHE and not forms & _HE else "he" if forms & _HE and not forms & _SHE else None


def genders(text: str, people: Sequence[Someone], actors: Actors) -> dict[str, str]:
    """Return "he" or "she" by name, for whom it is known. Who is listed and by nothing shown to be a woman is a "he"."""
    told = _pronouns(text, people)
    known = {}
    for person in people:
        gender = (
            _by_title(text, person)
            or actors.gender(person.name)
            or _by_first_name(person.name)
            or told.get(person.name)
            or ("he" if actors.knows(person.name) else None)
        )
        if gender:
            known[person.name] = gender
    return known


def _by_title(text: str, person: Someone) -> str | None:
    for mention in person.mentions:
        if mention.honorific:
            return HONORIFICS[mention.honorific]
    for start, end in person.roles():
        # "the son of Anna Belk" tells of him, "Ana Belk, wife of the president" of her: the first noun counts.
        found = next((w.form.lower() for w in words(text, start, end) if w.form.lower() in _SHE | _HE), None)
        if found:
            return "she" if found in _SHE else "he"
    return None


def _by_first_name(name: str) -> str | None:
    first = name.split()[0]
    if len(name.split()) == 1:
        return None
    return "she" if first in _WOMEN - _MEN else "he" if first in _MEN - _WOMEN else None


def _pronouns(text: str, people: Sequence[Someone]) -> dict[str, str]:
    """Return what the pronouns behind a name say, where it is the only one of its sentence, outside of quotation marks."""
    plain = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    at = sorted((mention.span, person.name) for person in people for mention in person.mentions)
    votes: dict[str, Counter[str]] = {}
    i = 0
    for sentence in _SENTENCE.finditer(plain):
        here = []
        while i < len(at) and at[i][0].start < sentence.end():
            here.append(at[i])
            i += 1
        if len({name for _, name in here}) != 1:
            continue
        span, name = here[0]
        found = {"he" if match[1] else "she" for match in _PRONOUN.finditer(plain, span.end, sentence.end())}
        if len(found) == 1:
            votes.setdefault(name, Counter())[found.pop()] += 1
    return {
        name: counted.most_common(1)[0][0]
        for name, counted in votes.items()
        if len(counted) == 1 or counted.most_common(2)[0][1] > 3 * counted.most_common(2)[1][1]
    }
