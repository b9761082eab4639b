"""Charts for tests: realistic samples of each kind with all hard cases, empty, hostile and generated charts."""

from collections.abc import Iterator
from datetime import date

from hypothesis import strategies as st
from strategies import HOSTILE

from archive.analysis.pictures import (
    Bar,
    Bars,
    Bridge,
    Dot,
    Grid,
    Line,
    Lines,
    Part,
    Picture,
    Point,
    Quadrants,
    Span,
    Stack,
    Stacked,
    Step,
    Timeline,
)

EMPTY = "There is nothing to draw yet; it comes with the first sale."

TERMS = Bars(
    key="terms",
    label="Delivered against committed",
    unit="share",
    bars=(
        Bar("Globex Foods 2026/03", 0.71, 1.0, 0.8, "time 80 % !"),
        Bar("北方贸易 2026/17", 0.96, 1.0, 0.88),
        Bar("Vandelay 2025/40", 1.34, 1.0),
        Bar("Chen household", 0.0, 1.0, 0.02, "not begun"),
        Bar("Rossi [b] 2026/1", 0.004, 1.0),
    ),
    empty=EMPTY,
)
AMOUNTS = Bars(
    key="amounts",
    label="Revenue by category",
    unit="money",
    bars=(
        Bar("Rice / Jasmine", 128_400.5, mark=100_000),
        Bar("茶叶 / 绿茶 / 龙井", 41_250),
        Bar("Oil", 812.4),
        Bar("Sample bags", 0),
        Bar("Crates that come back", -18_400, note="refunds"),
    ),
)
DELIVERED = Bars(
    key="delivered",
    label="Bags delivered",
    bars=(Bar("2026/17", 142, 200), Bar("2026/18", 5, 12), Bar("2026/19", 3, 0)),
)
SURVIVAL = Lines(
    key="survival",
    label="Still a customer",
    unit="share",
    x_label="months",
    x_step=12,
    highest=1.0,
    lines=(
        Line(
            "all",
            tuple(
                Point(x, y, max(0.0, y - x / 200), min(1.0, y + x / 300))
                for x, y in [
                    (0, 1.0),
                    (4, 0.95),
                    (9, 0.91),
                    (13, 0.82),
                    (18, 0.72),
                    (23, 0.61),
                    (31, 0.49),
                    (48, 0.37),
                ]
            ),
            steps=True,
        ),
    ),
    empty=EMPTY,
)
ARMS = Lines(
    key="arms",
    label="Still a customer, by source",
    unit="share",
    x_label="months",
    x_step=12,
    highest=1.0,
    lines=(
        Line("referral", tuple(Point(x, 1 - x / 90) for x in range(0, 49, 4)), steps=True),
        Line("展会", tuple(Point(x, 1 - x / 60) for x in range(0, 37, 4)), steps=True),
        Line("campaign", tuple(Point(x, 1 - x / 40) for x in range(0, 37, 4)), steps=True),
    ),
)
LORENZ = Lines(
    key="lorenz",
    label="How far revenue rests on few",
    unit="share",
    x_label="customers",
    highest=1.0,
    diagonal=True,
    lines=(Line("revenue", tuple(Point(x / 20, (x / 20) ** 3) for x in range(21))),),
)
SALES = Lines(
    key="sales",
    label="Revenue a month",
    unit="money",
    x_label="month",
    lines=(Line("2026", tuple(Point(x, 4000 + 900 * x - 1500 * (x % 3)) for x in range(1, 13))),),
)
SUPPLIERS = Stacked(
    key="suppliers",
    label="Suppliers of a customer",
    unit="money",
    stacks=(
        Stack("Globex Foods", (Part("ours", 41_000), Part("Hanse", 30_000), Part("Nord 北方", 29_000))),
        Stack("北方贸易有限公司", (Part("ours", 96_000), Part("Hanse", 4_000))),
        Stack("Vandelay Partners", (Part("Hanse", 20_000), Part("Müller & Sons", 15_000)), total=70_000),
        Stack("Chen household", (Part("ours", 400),), total=300),
        Stack("Nothing known", (), total=0),
    ),
    empty=EMPTY,
)
MANY_SUPPLIERS = Stacked(
    key="many",
    label="Many suppliers",
    unit="money",
    stacks=(
        Stack("Globex", tuple(Part(f"Supplier {number}", 100 - 9 * number) for number in range(10))),
        Stack("Rossi", (Part("Supplier 1", 10), Part("Supplier 9", 10))),
    ),
)
COHORTS = Grid(
    key="cohorts",
    label="Share that bought again",
    unit="share",
    rows=tuple(f"2026-{month:02}" for month in range(1, 13)),
    columns=tuple(f"+{age}" for age in range(12)),
    cells=tuple(
        tuple(round(0.9**age * (1 - start / 40), 3) if start + age < 12 else None for age in range(12))
        for start in range(12)
    ),
    empty=EMPTY,
)
SWITCHING = Grid(
    key="switching",
    label="From (row) to (column)",
    rows=("ours", "Hanse Import", "北方贸易", "Müller"),
    columns=("ours", "Hanse Import und Export", "北方贸易", "promise or date not kept by them"),
    cells=((822, 16, 19, 71), (17, 30, 6, 14), (18, 5, 47_300, 44), (65, 17, 0, -12)),
)
WALLETS = Quadrants(
    key="wallets",
    label="Share of wallet by wallet",
    names=("grow", "defend", "harvest", "maintain"),
    x_label="our share",
    y_label="wallet",
    split_y=20_000,
    dots=(
        Dot("Globex Foods", 0.71, 128_000, 128_000),
        Dot("北方贸易", 0.96, 42_000, 42_000),
        Dot("Vandelay Partners Limited", 0.12, 38_500, 38_500),
        Dot("Chen household", 0.55, 900, 900),
        Dot("Rossi", 0.05, 4_000, 4_000),
        Dot("Müller", 0.06, 4_100, 4_100),
        Dot("O'Neil [10%]", 0.5, 20_000, 20_000),
    ),
    empty=EMPTY,
)
WATERFALL = Bridge(
    key="waterfall",
    label="Revenue from the period before to this one",
    unit="money",
    steps=(
        Step("Before", 212_400, total=True),
        Step("New customers", 18_300),
        Step("Expansion", 32_050),
        Step("Won back", 120),
        Step("Contraction", -41_000),
        Step("Lost", -22_870),
        Step("Now", 199_000, total=True),
    ),
    empty=EMPTY,
)
MOVEMENT = Bridge(
    key="movement",
    label="Customers",
    steps=(
        Step("Opening", 1_200, total=True),
        Step("New", 14),
        Step("Won back", 0),
        Step("Lost", -23),
        Step("Close", 1_191, total=True),
    ),
)
LOSS = Bridge(
    key="loss",
    label="Margin",
    unit="money",
    steps=(
        Step("Before", 100, total=True),
        Step("Refunds", -250),
        Step("New", 30),
        Step("Now", -120, total=True),
    ),
)
DUE = Timeline(
    key="due",
    label="Terms of contracts",
    today=date(2026, 11, 21),
    spans=(
        Span("北方贸易 2026/17", date(2026, 1, 10), date(2026, 11, 10), "bad", "200 bags rice"),
        Span("Globex 2026/03", date(2026, 3, 1), date(2027, 2, 28), "open"),
        Span("Vandelay 2025/40", date(2026, 5, 2), date(2026, 5, 2), "good", "signed"),
        Span("Chen household", date(2026, 9, 1), date(2026, 9, 24), "late", "4 days late"),
        Span("Rossi", date(2026, 11, 21), date(2026, 11, 21)),
    ),
    empty=EMPTY,
)
SAMPLES: dict[str, Picture] = {
    picture.key: picture
    for picture in (
        TERMS, AMOUNTS, DELIVERED, SURVIVAL, ARMS, LORENZ, SALES, SUPPLIERS, MANY_SUPPLIERS, COHORTS, SWITCHING,
        WALLETS, WATERFALL, MOVEMENT, LOSS, DUE,
    )
}  # fmt: skip
NOTHING: tuple[Picture, ...] = (
    Bars(key="b", label="Bars", empty=EMPTY),
    Lines(key="l", label="Lines", lines=(Line("a", ()),), empty=EMPTY),
    Stacked(key="s", label="Stacked", empty=EMPTY),
    Grid(key="g", label="Grid", empty=EMPTY),
    Quadrants(key="q", label="Quadrants", empty=EMPTY),
    Bridge(key="r", label="Bridge", empty=EMPTY),
    Timeline(key="t", label="Timeline", empty=EMPTY),
)


def hostile_pictures(text: str) -> Iterator[Picture]:
    """Yield a chart of each kind in which every text is this text."""
    day = date(2026, 11, 21)
    yield Bars(key="b", label=text, bars=(Bar(text, 1, 2, 1, text), Bar(text, -1, note=text)))
    yield Lines(
        key="l", label=text, x_label=text, lines=(Line(text, (Point(0, 1, 0, 2), Point(1, 2, 1, 3))),)
    )
    yield Stacked(key="s", label=text, stacks=(Stack(text, (Part(text, 1), Part("b", 2))),))
    yield Grid(key="g", label=text, rows=(text,), columns=(text, "b"), cells=((1, None),))
    yield Quadrants(
        key="q", label=text, dots=(Dot(text, 0.2, 1),), names=(text,) * 4, x_label=text, y_label=text
    )
    yield Bridge(key="r", label=text, steps=(Step(text, 3, total=True), Step(text, -1)))
    yield Timeline(key="t", label=text, spans=(Span(text, day, day, "late", text),), today=day)
    yield Bars(key="e", label=text, empty=text)


values = st.floats() | st.integers(-(10**6), 10**6).map(float) | st.just(0.0)
maybe = st.none() | values
names = st.text(max_size=30) | st.sampled_from([text for text in HOSTILE if len(text) < 100])
days = st.dates()
units = st.sampled_from(["count", "number", "share", "money", "days"])
points = st.builds(Point, values, values, maybe, maybe)
any_picture = st.one_of(
    st.builds(
        Bars,
        key=st.just("b"),
        label=names,
        unit=units,
        bars=st.lists(st.builds(Bar, names, values, maybe, maybe, names), max_size=9).map(tuple),
    ),
    st.builds(
        Lines,
        key=st.just("l"),
        label=names,
        unit=units,
        x_label=names,
        x_step=st.sampled_from([0.0, 12.0]),
        diagonal=st.booleans(),
        lowest=maybe,
        highest=maybe,
        lines=st.lists(
            st.builds(Line, names, st.lists(points, max_size=5).map(tuple), st.booleans()), max_size=8
        ).map(tuple),
    ),
    st.builds(
        Stacked,
        key=st.just("s"),
        label=names,
        stacks=st.lists(
            st.builds(Stack, names, st.lists(st.builds(Part, names, values), max_size=9).map(tuple), maybe),
            max_size=9,
        ).map(tuple),
    ),
    st.integers(1, 4).flatmap(
        lambda n: st.builds(
            Grid,
            key=st.just("g"),
            label=names,
            unit=units,
            rows=st.tuples(names, names),
            columns=st.tuples(*[names] * n),
            cells=st.tuples(st.tuples(*[maybe] * n), st.tuples(*[maybe] * n)),
        )
    ),
    st.builds(
        Quadrants,
        key=st.just("q"),
        label=names,
        dots=st.lists(st.builds(Dot, names, values, values, values), max_size=60).map(tuple),
        split_x=values,
        split_y=values,
        names=st.tuples(names, names, names, names),
        x_label=names,
        y_label=names,
    ),
    st.builds(
        Bridge,
        key=st.just("r"),
        label=names,
        unit=units,
        steps=st.lists(st.builds(Step, names, values, st.booleans()), max_size=9).map(tuple),
    ),
    st.builds(
        Timeline,
        key=st.just("t"),
        label=names,
        spans=st.lists(
            st.builds(Span, names, days, days, st.sampled_from(["good", "late", "bad", "open", ""]), names),
            max_size=9,
        ).map(tuple),
        today=st.none() | days,
    ),
)
