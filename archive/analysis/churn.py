"""The churn report: new, lost and won-back customers, how long customers stay, and which are at risk."""

from __future__ import annotations

from collections.abc import Sequence, Set

from archive.analysis.book import Book
from archive.analysis.churning import comparing, model, movement, proof, silence, survival, waterfall
from archive.analysis.churning.buying import Buying, buying
from archive.analysis.churning.cohorts import cohorts
from archive.analysis.churning.lives import Life, lives, lost_customers
from archive.analysis.churning.observation import observation
from archive.analysis.churning.reasons import reasons
from archive.analysis.churning.rfm import fifths
from archive.analysis.parts.result import Section, report_of
from archive.analysis.question import Ask, Declaration, Option, option
from archive.analysis.report import Report
from archive.text import N_

_MODELS = {
    "mbg/cnbd-k": N_("MBG/CNBD-k (rhythms)"),
    "bg/nbd": N_("BG/NBD (classic)"),
}
_PRIORS = {
    "weak": N_("a weak prior"),
    "none": N_("nothing"),
}
_TRIED = {
    "auto": N_("up to 10,000 customers"),
    "yes": N_("always"),
    "no": N_("never"),
}

REPORT = Declaration(
    name="churn",
    title=N_("New and lost customers"),
    asks=N_("Who came, who left and why, how long do customers stay, and who is leaving without a word?"),
    letter="n",
    place=3,
    figures=(
        *movement.KEYS,
        *waterfall.KEYS,
        *survival.KEYS,
        *comparing.KEYS,
        *silence.KEYS,
        *model.KEYS,
        *proof.KEYS,
    ),
    tables=(
        *("silent", "moves", "silent_once", "reasons", "revenue_changes", "groups", "survival"),
        *("backtest", "rfm", "rfm_cuts", "cohorts", "retention"),
    ),
    options=(
        Option("model", N_("model of who still buys"), "mbg/cnbd-k", _MODELS),
        Option("prior", N_("what keeps the model from running away"), "weak", _PRIORS),
        Option("backtest", N_("try the model on the past"), "auto", _TRIED),
    ),
    sums=waterfall.KEYS,
    groups=True,
    slow=True,
)


def run(book: Book, ask: Ask) -> Report:
    """Build the churn report."""
    bought = buying(book, ask.as_of.toordinal())
    known = lives(book, ask.as_of, bought.days)
    lost = lost_customers(known.all, ask.as_of.toordinal())
    groups = comparing.in_groups(book, ask, known.all)
    observed = observation(book, ask, known.all)
    stays = comparing.stays_of(groups, ask, observed)
    sections = [
        movement.movement(book, ask, known),
        reasons(known.all, ask),
        waterfall.waterfall(book, ask),
        comparing.comparison(groups, ask, stays),
        survival.survival(known.all, ask, stays[: comparing.COMPARED], observed),
    ]
    ask.step(0.2)
    sections += _silent(book, ask, bought, known.all, lost)
    ask.step(0.9)
    since = {life.uid: life.since for life in known.all}
    sections += [fifths(book, ask, bought.days, lost), cohorts(ask, bought.days, since)]
    return report_of(REPORT, book, ask, len(known.all), sections)


def _silent(book: Book, ask: Ask, bought: Buying, everyone: Sequence[Life], lost: Set[str]) -> list[Section]:
    """Build the sections on inactivity: at-risk customers, back-test of the model, and its parameters."""
    name, prior = option(REPORT, ask, "model"), option(REPORT, ask, "prior")
    found = model.fitted(book, ask.as_of, name, prior, bought)
    ask.step(0.5)
    verdict = proof.tried(ask, bought.days, everyone, found, option(REPORT, ask, "backtest"))
    return [
        silence.silence(book, ask, bought, lost, found, verdict),
        proof.proof(verdict),
        model.parameters(found, bought.histories),
    ]
