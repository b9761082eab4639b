"""The pipeline: open quotations by expected decision date; two keys set them to won or lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.content import Content

from archive.model.dates import age
from archive.model.field_types.standard import PERCENT
from archive.model.money import show_amount, show_money
from archive.service.place_columns import pipeline_columns
from archive.service.quotations import (
    Quotation,
    competitors,
    mark_dropped,
    mark_lost,
    mark_won,
    pipeline,
    sums,
)
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.safe_text import template
from archive.ui.screens.customers import CustomerPlace
from archive.ui.screens.list_place import FileColumns
from archive.ui.screens.table_screen import Finder, on_a_line
from archive.ui.screens.table_search import amount_value
from archive.ui.widgets.frame import DOT
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import Cells, tone_key

NOBODY = ""
DIGITS = "123456789"


class PipelineScreen(CustomerPlace[Quotation]):
    """The undecided quotations."""

    FILE = "pipeline"
    COLUMNS = [
        Column("sign", "", 1),
        Column("when", N_("Decision"), 9),
        Column("name", N_("Customer"), 12, 2),
        Column("what", N_("Quotation"), 12, 2, 2, secondary=True),
        Column("amount", N_("Amount"), 12, 0, 0, align="right"),
        Column("likelihood", N_("Likelihood"), 10, 0, 1, align="right"),
        Column("weighted", N_("Expected"), 12, 0, 3, align="right", spare=14),
    ]

    def heading(self) -> str:
        return _("Pipeline")

    def detail(self) -> str:
        ctx = self.archive.ctx
        count = plural("{n} open quotation", "{n} open quotations", len(self.lines))
        expected = DOT.join(  # a part per currency, so that a narrow title drops whole amounts
            show_money(weighted, currency, ctx.decimal)
            for currency, (_amount, weighted) in sums(self.lines.values()).items()
        )
        return DOT.join([count, *([_("expected {sums}").format(sums=expected)] if expected else [])])

    def empty_words(self) -> Content:
        return template(
            _(
                "No open quotations.\n\nTo add a quotation, press [b]a[/b] in a customer's profile and choose "
                "Transaction. Set the type to quotation, and enter the expected date and the likelihood."
            )
        )

    def finder(self) -> Finder[Quotation]:
        archive = self.archive
        return lambda _cancelled: {quotation.uid: quotation for quotation in pipeline(archive)}

    def cells(self, line: Quotation) -> Cells:
        ctx = self.archive.ctx
        late = line.expected_on is not None and line.expected_on < ctx.today
        tone = "warn" if late else ""
        return {
            "sign": "!" if late else "○",
            "when": age(line.expected_on, ctx.today) if line.expected_on else "-",
            "name": self.archive.name("customers", line.customer),
            "what": " · ".join(filter(None, [line.number, line.what])),
            "amount": show_money(line.amount, line.currency, ctx.decimal) or "-",
            "likelihood": PERCENT.show(line.likelihood, ctx) if line.likelihood is not None else "-",
            "weighted": show_amount(line.weighted, line.currency, ctx.decimal) or "-",
            tone_key("sign"): tone,
            tone_key("when"): tone,
        }

    def file_columns(self) -> FileColumns:
        return pipeline_columns(self.archive)

    def sort_value(self, line: Quotation, key: str) -> Any:
        own = {
            "when": line.expected_on,
            "likelihood": line.likelihood,
            "amount": amount_value(line.amount, line.currency),
            "weighted": amount_value(line.weighted, line.currency),
        }
        return own[key] if key in own else super().sort_value(line, key)

    def customer_of(self, line: Quotation) -> str:
        return line.customer

    def records_of(self, lines: Sequence[Quotation]) -> list[tuple[str, str]]:
        return [("transactions", line.uid) for line in lines]

    def open(self, line: Quotation) -> None:
        self.show_record("transactions", line.uid, [one.uid for one in self.lines.values()])

    def _uids(self) -> list[str]:
        return [line.uid for line in self.chosen()]

    @command("plus", N_("Won"), footer=True, when=on_a_line, writes=True, destructive=True)
    async def action_won(self) -> None:
        """Set the marked quotations, or the quotation under the cursor, to won."""
        uids = self._uids()
        if await self.owner.change(lambda: mark_won(self.archive, *uids)):
            self.owner.say(_("Quotation won. To add the order, press b in the customer's profile."))

    @command("minus", N_("Lost"), footer=True, when=on_a_line, writes=True)
    def action_lost(self) -> None:
        """Set the marked quotations, or the quotation under the cursor, to lost, and choose the competitor."""
        from archive.ui.screens.dialogs import PickScreen

        uids = self._uids()
        names = competitors(self.archive)[: len(DIGITS)]
        choices = [(name, f"{digit}  {name}") for digit, name in zip(DIGITS, names, strict=False)]
        keys = {"0": NOBODY, **dict(zip(DIGITS, names, strict=False))}

        async def take(name: str | None) -> None:
            if name is not None:
                await self.owner.change(lambda: mark_lost(self.archive, *uids, to=name))

        choices.append((NOBODY, _("0  no competitor")))
        self.app.push_screen(PickScreen(_("Lost to whom?"), choices, keys=keys), take)

    @command("0", N_("No decision"), when=on_a_line, writes=True, destructive=True)
    async def action_dropped(self) -> None:
        """Set the marked quotations, or the quotation under the cursor, to no decision."""
        uids = self._uids()
        await self.owner.change(lambda: mark_dropped(self.archive, *uids))

    @command("C", N_("Customer"), footer=True, when=on_a_line)
    def action_customer(self) -> None:
        """Open the customer's profile."""
        if self.line:
            self.open_customer(self.line)
