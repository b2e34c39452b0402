"""The word lists that the network is told of, selected from the reference lists: `python -m training.names.lists`."""

import argparse
import collections
import importlib
import itertools
import random
import re
import sysconfig
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from training.names.romanise import syllable
from training.names.words import syllables, words

_FIRST, _SECOND = syllables("first_syllables"), syllables("second_syllables")

_TARGET = Path("haechi/gateway/classify/names/lists")


def rows(folder: Path, name: str) -> list[list[str]]:
    """The rows of a reference list, without its heading."""
    return [line.split("\t") for line in (folder / name).read_text(encoding="utf-8").splitlines()[1:]]


def words_shipped(name: str) -> list[str]:
    """The words of a list that ships, of three letters or more."""
    return [word for word in (_TARGET / f"{name}.txt").read_text(encoding="utf-8").split() if len(word) > 2]


def people_of(dictionary: Path) -> list[str]:
    """Names of people in Hangul, of several words, from kiwipiepy_model's `multi.dict` (Wikidata labels)."""
    return _entries(dictionary, people=True)


def things_of(dictionary: Path) -> list[str]:
    """Names of several words that are no people's: films, songs, firms, places."""
    return _entries(dictionary, people=False)


_HUMAN = {
    "Q5",
    "Q15632617",
    "Q95074",
    "Q15773347",
    "Q15773317",
    "Q20643955",
    "Q22988604",
    "Q178885",
    "Q4271324",
}


def _entries(dictionary: Path, people: bool) -> list[str]:
    named = set()
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        what = cells[-1].removeprefix("# ")
        chosen = what == "Q5" if people else what not in _HUMAN and what.startswith("Q")
        if chosen and re.fullmatch("[가-힣]+( [가-힣]+){1,3}", cells[0]):
            named.add(cells[0])
    return sorted(named)


def korean(folder: Path, dictionary: Path) -> dict[str, set[str]]:
    """Korean words by what is known of them."""
    people = people_of(dictionary)
    first_words = collections.Counter(name.split()[0] for name in people)
    last_words = collections.Counter(name.split()[-1] for name in people)
    hangul = re.compile("[가-힣]{2,5}")
    titles = rows(folder, "titles.txt")
    foreign = rows(folder, "foreign_names.tsv")
    nouns = rows(folder, "nouns.txt")
    given = rows(folder, "given_names.tsv")
    lists = {
        "noun": {row[0] for row in nouns},
        "given": {row[0] for row in given},
        "foreign_first": {row[0] for row in foreign if row[2] in {"first", "given", "both"}}
        | {word for word, count in first_words.items() if count > 2},
        "foreign_last": {row[0] for row in foreign if row[2] in {"last", "family", "both"}}
        | {word for word, count in last_words.items() if count > 2},
        "title": {row[0] for row in titles if row[1] in {"after", "both"}},
        "role": {row[0] for row in titles if row[1] in {"before", "both"}},
        "surname": {row[0] for row in rows(folder, "surnames.tsv")},
        "both": {row[0] for row in nouns if row[4] == "1"}
        | {row[0] for row in given if row[4] == "1"}
        | {row[0] for row in foreign if row[4] == "1"},
    }
    return {name: {word for word in words if hangul.fullmatch(word)} for name, words in lists.items()}


def _romanised(folder: Path) -> tuple[set[str], set[str]]:
    surnames = {
        spelling.lower()
        for row in rows(folder, "surnames.tsv")
        for spelling in [row[3], *row[4].split(";")]
        if spelling
    }
    single = {spelling for letter in {*_FIRST, *_SECOND} for spelling in syllable(letter, loose=True)}
    pairs = {
        one + two
        for first, second in itertools.product(_FIRST, _SECOND)
        for one, two in itertools.product(syllable(first, loose=True)[:2], syllable(second, loose=True)[:2])
    }
    listed = {
        one + two
        for row in rows(folder, "given_names.tsv")
        if len(row[0]) == 2
        for one, two in itertools.product(*(syllable(letter, loose=True) for letter in row[0]))
    }
    some = random.Random(7).sample(sorted(pairs - listed), 12_000)
    return surnames, single | listed | set(some)


def english() -> tuple[list[str], list[str]]:
    """First and family names: of the United States' census of 1990, then of other countries."""
    import names
    from faker.providers.person import de_DE, en_GB, en_IN, en_NG, es_ES, fr_FR, id_ID, it_IT, pl_PL, tr_TR

    def census(name: str, count: int) -> list[str]:
        lines = (Path(names.__file__).parent / name).read_text().splitlines()
        return [line.split()[0].lower() for line in lines[:count]]

    abroad = [
        module.Provider for module in (en_GB, en_IN, en_NG, de_DE, fr_FR, es_ES, it_IT, pl_PL, id_ID, tr_TR)
    ]
    first = census("dist.female.first", 1500) + census("dist.male.first", 900)
    last = census("dist.all.last", 6000)
    for provider in abroad:
        first += [name.lower() for name in provider.first_names]
        last += [name.lower() for name in provider.last_names]
    word = re.compile(r"[a-zà-ɏ]{2,}")

    def kept(some: list[str]) -> list[str]:
        return [name for name in dict.fromkeys(some) if word.fullmatch(name)]

    return kept(first), kept(last)


_ABROAD = (
    "cs_CZ", "da_DK", "de_AT", "de_CH", "en_IE", "en_KE", "en_NZ", "en_PK", "en_TH", "es_AR", "es_CO", "es_MX", "et_EE",
    "fi_FI", "fr_CH", "ga_IE", "ha_NG", "hr_HR", "hu_HU", "ig_NG", "is_IS", "lt_LT", "lv_LV", "nl_BE", "nl_NL", "no_NO",
    "pt_BR", "pt_PT", "ro_RO", "sk_SK", "sl_SI", "sv_SE", "sw", "tw_GH", "uz_UZ", "vi_VN", "yo_NG", "zu_ZA",
)  # fmt: skip


def world() -> tuple[list[str], list[str]]:
    """First and family names of many countries in Latin letters, with their accents and without."""
    providers = [importlib.import_module(f"faker.providers.person.{country}").Provider for country in _ABROAD]
    japan = importlib.import_module("faker.providers.person.ja_JP").Provider

    def kept(some: Iterable[str]) -> list[str]:
        written = [name.lower() for name in some]
        plain = [
            "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
            for name in written
        ]
        return sorted({name for name in written + plain if re.fullmatch("[a-zà-ɏạ-ỹ]{2,14}", name)})

    first = itertools.chain.from_iterable(provider.first_names for provider in providers)
    last = itertools.chain.from_iterable(provider.last_names for provider in providers)
    japanese_first = [pair[-1] for pair in japan.first_name_pairs]
    japanese_last = [pair[-1] for pair in japan.last_name_pairs]
    pinyin = [one + two for one, two in itertools.product(words("pinyin"), repeat=2)]
    some = random.Random(11).sample(pinyin, 400)
    return (
        kept([*first, *japanese_first, *some, *words("world_first")]),
        kept([*last, *japanese_last, *words("world_last")]),
    )


def english_words() -> set[str]:
    """Words that the sources of Python's own library use in small letters, often."""
    counted: collections.Counter[str] = collections.Counter()
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        counted.update(
            set(re.findall(r"(?<![A-Za-z_.])[a-z]{2,}(?![A-Za-z_])", path.read_text("utf-8", "ignore")))
        )
    return {word for word, files in counted.items() if files >= 3}


def latin(folder: Path) -> dict[str, set[str]]:
    """Latin words by what is known of them."""
    surnames, given = _romanised(folder)
    first, last = english()
    first_abroad, last_abroad = world()
    return {
        "surname": surnames,
        "given": given,
        "first": {*first, *first_abroad},
        "last": {*last, *last_abroad},
        "word": english_words(),
    }


def main() -> None:
    """Write the lists."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lists", type=Path, required=True, help="folder of the reference lists")
    parser.add_argument("--kiwi", type=Path, required=True, help="multi.dict of kiwipiepy_model 0.24.0")
    asked = parser.parse_args()
    folder = asked.lists
    for kind, lists in (("korean", korean(folder, asked.kiwi)), ("latin", latin(folder))):
        for name, some in lists.items():
            text = "\n".join(sorted(some)) + "\n"
            (_TARGET / f"{kind}_{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
