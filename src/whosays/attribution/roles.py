"""Words by which news says who somebody is: titles, offices, kinds of bodies. English."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list written as prose is."""
    return frozenset(text.split())


#: Written before a name and no part of it.
HONORIFICS = {"Mr": "he", "Mrs": "she", "Ms": "she", "Miss": "she", "Sir": "he", "Lord": "he", "Lady": "she", "Dame": "she"}
TITLES = words_of(
    """
    President Vice Prime Premier Minister Foreign Defense Defence Interior Finance Justice Energy Health Home Deputy
    Secretary State Treasury Homeland Security General Gen Col Colonel Lt Lieutenant Maj Major Brig Brigadier Captain
    Capt Adm Admiral Marshal Field Sgt Sergeant Sen Sens Senator Rep Reps Representative Congressman Congresswoman Gov
    Governor Mayor King Queen Prince Princess Crown Sheikh Emir Sultan Ayatollah Imam Mullah Pope Archbishop Bishop
    Cardinal Chancellor Speaker House Senate Majority Minority Leader Ambassador Envoy Special Chief Judge Attorney
    Director Executive Chairman Chairwoman Chair Spokesman Spokeswoman Spokesperson Press Commander Commissioner
    Inspector High Detective Sheriff Professor Prof Dr Doctor Rev Reverend Officer Lawyer MP CEO Acting Former National
    Adviser Advisor Supreme Interim Lawmaker Journalist Father Sister Prosecutor Senior Opposition Undersecretary Under
    Assistant Permanent Parliament Hospital Army Navy Force Staff Chef Economist Analyst Author Warden Trooper
    """
) | frozenset(HONORIFICS)

#: Words of a name that is no person's.
NOT_PERSONS = words_of(
    """
    Ministry Department Office Agency Bureau Council Committee Commission Congress Parliament Senate House Assembly
    Court Tribunal Front Army Movement Party Group Force Forces Union League Federation Association Organization
    Organisation Foundation Fund Institute University College School Center Centre Hospital Church Company Corp
    Corporation Inc Ltd Bank News Times Post Press Journal Review Herald Tribune Guardian Telegraph Television TV Radio
    Network Media Airlines Airport Street Avenue Road Square Park River Lake Sea Ocean Island Islands Valley Strip
    Province City County District Region Mountains Gulf Peninsula Bridge Camp Base Fleet State States Republic Kingdom
    Nations Emirates Accord Agreement Treaty Deal War Day Revolution Act Bill Law Plan Operation Prize Award Observatory
    Watch International Cross Crescent Brigade Battalion Guard Guards Corps Command Police Service Intelligence Security
    Mosque Temple Cathedral Synagogue Memorial Awards Dinner Embassy Consulate Mission
    Initiative Campaign Alliance Coalition Affairs Authority Administration Government Cabinet Board
    Society Resistance Liberation Democratic Republican Democrats Republicans Conservatives Labour Labor Club Team Cup
    Facebook Twitter Telegram YouTube Google North South East West Northern Southern Eastern Western Central Middle
    January February July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday
    Sunday
    """
)

#: Of these words, those that are people's names too.
NAMELIKE = words_of(
    "Bill Park Law West North South East Day Lake Street Church Camp Bridge Field Fleet Bank Post House Cross Central War"
)
#: Months that are names too.
MONTHS = words_of("March April May June August")
#: Ends the name of one party or body, not of any ministry or court: "National Front".
PARTYLIKE = words_of(
    """
    Party Union Front League Movement Alliance Coalition Federation Association Brigade Mosque Church Foundation Fund Club
    Society Network Campaign Company Corp Corporation Inc Airlines Bank Resistance Temple
    """
)
#: A body of this name has no side of its own in a matter.
NEUTRAL_BODIES = words_of(
    """
    University College School Institute Observatory Watch Court Tribunal Hospital Cross Crescent Centre Center News
    Times Post Journal Foundation Museum Monitor Review Nations Research Program Programme Studies Forum Project
    """
)

#: Stand within a person's name though not capitalised.
PARTICLES = words_of("al bin ibn bint abu de da dos del van von der den el la ben ul du")

#: Open a sentence with a capital and are no part of a name.
OPENERS = words_of(
    """
    the a an this that these those he she it they we i you his her its their our my your who what when where why how
    which if but and or so yet as at by for from in into of on to with without after before since until while during
    despite although though because however also then there here now once still even just only not no both all some many
    most several few one two three four five according meanwhile earlier later today did does do is are was were should
    would could can will has have had let yesterday tomorrow last next more other others another such each every any
    under over about against among between through anyone everyone nobody someone asked speaking responding using addressing
    citing quoting says said top obviously following clearly certainly recently currently actually apparently reportedly
    eventually finally initially similarly unfortunately privately publicly previously including calling noting adding
    saying echoing referring describing joining given thus indeed perhaps maybe neither nor unlike like instead inside
    outside behind beyond within across along amid throughout toward towards near upon via whether whatever please
    """
)

SPOKES = words_of("spokesman spokeswoman spokesperson spokespeople spokesmen spokeswomen spokespersons")
LEADERS = words_of(
    """
    leader president premier chancellor king queen emir sultan ruler chief head dictator monarch prime
    """
)
#: Bodies and people whom only a state has; where an article is about one country, they are its.
SEATED = words_of("government ministry army military police authorities officials official forces troops prosecutors parliament")
#: Heads of phrases for people and bodies that speak for the state, or for whatever other party, that the phrase names.
STATE = (
    SPOKES
    | LEADERS
    | words_of(
        """
    official officials minister ministers ministry government governments administration regime authorities authority
    army military police leaders leadership commander commanders general generals forces force troops ambassador
    ambassadors embassy consulate envoy envoys diplomat diplomats prosecutor prosecutors lawmaker lawmakers parliament
    senator senators officer officers negotiator negotiators delegation representative representatives department
    command council cabinet palace office secretary adviser advisers advisor advisors aide aides soldier soldiers prince
    statement deputy deputies mission mp mps governor mayor intelligence navy guards guard presidency congressman
    congresswoman speaker commissioner treasurer republic panel committee commission agency spy services prosecution
    """
    )
)
#: Heads that speak for a group or a political party; a state they may as well fight.
FACTION = words_of(
    """
    rebels rebel militants militant militia insurgents insurgent fighters separatists separatist group movement party
    side team campaign member members lawyer lawyers attorney chairman chairwoman chair director candidate organisation
    organization faction alliance coalition backers bloc supporters supporter founder publisher ceo executive cleric
    source sources strategist figure figures
    """
)
OFFICIALS = STATE | FACTION
#: Who is of a state and against it, or nothing to it: "Lowmarkian rebels", "the opposition leader in".
CONTRARY = words_of(
    """
    rebel rebels opposition insurgent insurgents separatist separatists militant militants militia militias dissident
    dissidents protester protesters demonstrator demonstrators activist activists exile exiles exiled jailed imprisoned
    ousted renegade breakaway critic critics opponent opponents rival rivals victim victims refugee refugees minority
    prisoner prisoners rights rebellion resistance anti-government
    """
)
#: Leaders and officials of these are of a state without speaking for it: "Lowmarkian church leaders".
CIVIC = words_of(
    """
    christian muslim jewish religious business church evangelical tribal community civic union student industry catholic
    orthodox hospital bank banks company companies
    """
)
#: Titles that no state gives.
CIVIL = words_of(
    """
    Opposition Journalist Lawyer Economist Analyst Author Doctor Dr Professor Prof Chef Hospital Father Sister Mr Mrs Ms
    Miss Sir Lord Lady Dame Pope Archbishop Bishop Cardinal Rev Reverend Executive Director Chairman Chairwoman CEO
    Warden Attorney Imam Sheikh Mullah Ayatollah
    """
)
#: Speak for the person or body behind "of" or "for", whoever that is.
DELEGATES = SPOKES | words_of(
    "lawyer lawyers attorney aide aides adviser advisers advisor office team campaign staff government administration"
)
#: A title in front of a person's name, with no room for a country between.
PERSONAL = words_of("Mr Mrs Ms Miss Dr Prof Rep Sen Sir Lord Lady Gov Rev Judge Senator Congressman Congresswoman")
#: Heads of phrases for people and bodies of no side.
OBSERVERS = words_of(
    """
    doctor doctors medic medics analyst analysts expert experts professor professors researcher researchers resident
    residents witness witnesses villager villagers journalist journalists reporter reporters media tv television
    newspaper newspapers broadcaster report reports study poll polls survey monitor monitors observatory activist
    activists historian historians court courts judge judges tribunal academic academics scientist scientists economist
    economists photos photographs images footage think-tank observer observers investigators investigator neighbours
    neighbors eyewitness eyewitnesses documents correspondent magazine website survivors inspectors charity charities
    pathologist coroner fellow fellows scholar scholars commentator commentators columnist lecturer specialist specialists
    """
)
#: Of these, those that no person is.
THINGS = words_of(
    """
    media tv television newspaper newspapers broadcaster report reports study poll polls survey observatory court courts
    tribunal photos photographs images footage think-tank documents magazine website charity charities network channel
    """
)
#: Bodies that "it" and "they" may stand for, and that "the …" brings up again.
BODIES = words_of(
    """
    group movement organization organisation party ministry government administration regime army military militia
    council front company agency embassy department office committee union alliance coalition police court authorities
    forces rebels militants insurgents fighters
    """
)
#: What "the group", "the ministry", "the newspaper" can mean, by the kinds of actors.toml.
KIN = {
    **dict.fromkeys(
        words_of("group movement faction rebels militants insurgents fighters militia"),
        ("group", "party", "organisation", "body"),
    ),
    **dict.fromkeys(
        words_of("organization organisation"), ("organisation", "group", "body", "un", "monitor", "ngo", "think-tank")
    ),
    **dict.fromkeys(words_of("party campaign"), ("party", "group")),
    **dict.fromkeys(words_of("government regime administration ministry army military kingdom country embassy"), ("country",)),
    **dict.fromkeys(words_of("alliance bloc union"), ("alliance",)),
    **dict.fromkeys(words_of("newspaper paper agency broadcaster magazine network channel"), ("agency", "outlet")),
}
#: Between an article and the noun, they make no name but belong to the role.
MODIFIERS = words_of(
    """
    press deputy chief former senior top foreign defense defence interior prime vice military army party opposition
    resistance rebel political security national state-run state special main lead acting interim finance justice media
    secretary-general police news group human rights presidential government veteran late outgoing incoming exiled local
    regional federal supreme legal campaign trade health energy
    """
)
KINSHIP = words_of("mother father parents brother sister son daughter wife husband widow uncle aunt cousin family")
ROLE_NOUNS = (
    OFFICIALS
    | OBSERVERS
    | words_of(
        """
    mother father brother sister son daughter wife husband widow parents family friend neighbour neighbor colleague
    lawyer student teacher co-founder author writer editor host anchor pilot engineer owner manager farmer shopkeeper
    driver worker nurse volunteer veteran comedian actor actress singer musician footballer photographer filmmaker
    businessman businesswoman socialist trader fisherman pastor priest nun teenager
    """
    )
)
#: Heads of descriptions of one human being, whatever he does.
PERSON_NOUNS = words_of(
    """
    man woman boy girl person source insider aide neighbour neighbor colleague friend relative father mother brother sister
    son daughter wife husband widow student teacher lawyer author writer editor host pilot engineer owner manager farmer
    driver worker nurse volunteer veteran whistleblower critic defector prisoner suspect gunman fighter rebel militant
    """
)
#: Tell nothing about which body is meant.
GENERIC = words_of(
    """
    the a an of and for in s group front army people country state new other his her its their this that former senior
    top two us union party council league agency news police national
    """
) | {title.lower() for title in TITLES if title != "Opposition"}
#: What somebody issues and speaks through.
PRODUCTS = words_of(
    """
    proposal statement speech comments remarks words letter tweet tweets message claim claims call decision lawyers
    office announcement account testimony memo plan request
    """
)
#: Of the names of a state of one word, those of bodies, who speak under their own name; "Moscow" is the state itself.
INSTITUTIONS = words_of(
    """
    Kremlin Pentagon CIA FBI NSA USAID CENTCOM AFRICOM IDF Knesset Duma Bundestag Elysee Élysée SANA KCNA TASS Tass IRNA
    Xinhua Anadolu WAFA Wafa ISI GRU FSB SBU MI5 MI6 Mossad IRGC RT Sputnik
    """
)
