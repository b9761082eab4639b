"""Parse random filters, quick entries and field values, made from their grammar and from hostile texts.

Each is answered, or refused with an ArchiveError, within two seconds of processor time.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from types import FrameType

from strategies import HOSTILE, NAUGHTY

from archive.errors import ArchiveError
from archive.model.field_types.lists import ListOf
from archive.model.records.interaction import Interaction
from archive.model.tables import TABLES
from archive.service import entry
from archive.service.archive import Archive
from archive.settings import Settings
from archive.store import Sort
from faults.children import Child
from faults.results import Result
from faults.stores import NOW
from faults.work import Tell

SAMPLE = Path(__file__).parents[2] / "sample_data" / "hostile.archive.json"
AT_ONCE = 2_000  # texts per process
LONGEST = 2.0  # seconds of processor time per text
WORDS = [
    *"rice smith 王 bags kg call visit they called no answer net30 cod today fri next last in 2026 2026-02-30".split(),
    *"+2w -3d 10m 1h 8折 3万 昨天 下周五 千 ½ ٣".split(),
    "3 Apr",
]
SIGNS = [
    *"( ) | - : := :> :< :>= .. , ， ： ； \" “ ' \\ @ = % * # . １２ e E400 1e999 -0 nan".split(),
    *(" ", "  ", "\t", "\n", "\0", "\u2060", "\u202e", "\ufeff", "\ud800", "9" * 40),
]


class Real:
    """The unchanged parsers."""

    @staticmethod
    def install() -> None: ...


class Careless:
    """A parser that crashes on some texts."""

    @staticmethod
    def install() -> None:
        usual = entry.contact

        def contact(archive: Archive, customer: str, text: str) -> Interaction:
            if text.endswith("="):
                raise IndexError(text)
            return usual(archive, customer, text)

        entry.contact = contact


SUBJECTS = {"ours": Real, "careless": Careless}


def run(subject: type[Real], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    while result.cycles < count:
        many = min(AT_ONCE, count - result.cycles)
        child = Child(partial(_try, subject, rng.randrange(1 << 30), many, folder))
        for line in (lines := child.finish()):
            if line.startswith("X "):
                result.wrong(f"text {result.cycles}", line[2:])
            elif line.startswith("C "):
                what, number = line[2:].split()
                result.count(what, int(number))
        if lines[-1:] != ["D"]:
            result.wrong(f"after {lines[-1:]}", f"ended by signal {child.signal}")
        result.cycles += many
        if result.lost >= 5:
            break
    return result


def _try(subject: type[Real], seed: int, count: int, folder: Path, tell: Tell) -> None:
    subject.install()
    rng = Random(seed)
    settings = Settings(
        currency="EUR", region="DE", date_order=rng.choice(["ymd", "dmy", "mdy"]), decimal=rng.choice(".,")
    )
    archive = Archive.open(_small(folder), settings, write=False, clock=lambda: NOW)
    signal.signal(signal.SIGVTALRM, _too_long)
    answers = {"answered": 0, "refused": 0}
    for _number in range(count):
        ask, text = rng.choice(ASKS), _text(rng)
        signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
        try:
            ask(archive, text, rng)
            answers["answered"] += 1
        except ArchiveError:
            answers["refused"] += 1
        except (Exception, TimeoutError) as error:
            place = error.__traceback__
            while place and place.tb_next:
                place = place.tb_next
            where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
            tell(
                ascii(
                    f"X {ask.__name__} of {text[:200]!r}: {type(error).__name__} in {where}: {str(error)[:200]}"
                )[1:-1]
            )
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    for what, number in answers.items():
        tell(f"C {what} {number}")
    tell("D")


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"more than {LONGEST} seconds")


def _small(folder: Path) -> Path:
    """Make an archive with a few records of the hostile sample."""
    path = folder / "archive.json"
    if not path.exists():
        archive = Archive.open(path, create=True, clock=lambda: NOW)
        sample = Archive.open(SAMPLE, write=False, clock=lambda: NOW)
        for name, cls in TABLES.items():
            records = [sample.get(cls, uid) for uid in list(sample.uids(name))[:20]]
            archive._db.storage.commit("some", [archive._change(record) for record in records], NOW)
        archive.close()
    return path


# Texts


def _text(rng: Random) -> str:
    kind = rng.random()
    if kind < 0.15:
        return rng.choice(NAUGHTY)
    if kind < 0.25:
        return rng.choice(HOSTILE)
    parts = list(_parts(rng, rng.choice([1, 2, 3, 5, 9, 40])))
    text = rng.choice(["", " "]).join(parts)
    if kind < 0.3:
        text *= rng.choice([2, 50, 400])
    if kind > 0.9 and text:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(SIGNS) + text[at + rng.randrange(2) :]
    return text


def _parts(rng: Random, count: int) -> Iterator[str]:
    for _part in range(count):
        yield rng.choice([_word, _word, _sign, _filter, _number])(rng)


def _word(rng: Random) -> str:
    return rng.choice(WORDS)


def _sign(rng: Random) -> str:
    return rng.choice(SIGNS)


def _filter(rng: Random) -> str:
    value = rng.choice([_word, _number, _sign, lambda rng: ""])(rng)
    before, after = rng.choice(["", "-", "(", "| "]), rng.choice(["", "..", f"..{_number(rng)}", ")"])
    return f"{before}{rng.choice(KEYS)}:{rng.choice(['', '=', '>', '<', '>=', '<=', '..'])}{value}{after}"


def _number(rng: Random) -> str:
    return rng.choice(
        [
            f"{rng.uniform(-1e6, 1e6):.{rng.randrange(5)}f}",
            f"{rng.randrange(10 ** rng.randrange(1, 30))}",
            "0",
            f"{rng.randrange(99)}{rng.choice('dwmy%万')}",
        ]
    )


KEYS = [
    *(
        "last",
        "bought",
        "enquired",
        "followup",
        "value",
        "orders",
        "product",
        "city",
        "has",
        "no",
        "name",
        "status",
        "next",
        "extra",
    ),
    *(key for cls in TABLES.values() for key in cls.FIELDS),
    *("terms.due_on", "contracts.status", "positions.organisation", "a.b.c.d", "", "uid", "__class__"),
]

# Functions that parse the texts


def select(archive: Archive, text: str, rng: Random) -> None:
    table = rng.choice(list(TABLES))
    archive.select(table, text, rng.choice([Sort("", False), Sort(rng.choice(KEYS), rng.random() < 0.5)]))


def contact(archive: Archive, text: str, rng: Random) -> None:
    record = entry.contact(archive, _customer(archive), text)
    entry.understood(archive, record)
    archive.completed([record])


def purchase(archive: Archive, text: str, rng: Random) -> None:
    record = entry.purchase(archive, _customer(archive), text)
    entry.understood(archive, record)
    archive.completed([record])


def field(archive: Archive, text: str, rng: Random) -> None:
    """Parse the text as the value of a random field, and check that the value survives saving."""
    cls = TABLES[rng.choice(list(TABLES))]
    field = cls.FIELDS[rng.choice(list(cls.FIELDS))]
    if isinstance(field.type, ListOf):
        return
    value = field.type.parse(text, archive.ctx)
    field.type.show(value, archive.ctx)
    field.type.edit(value, archive.ctx)
    if field.type.load(field.type.dump(value)) != value:
        raise ValueError("the saved value differs")


def _customer(archive: Archive) -> str:
    return next(iter(archive.uids("customers")))


ASKS: list[Callable[[Archive, str, Random], None]] = [select, select, contact, purchase, field]
