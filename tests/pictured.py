"""One picture of each kind as a report would make it, with everything that is hard to draw in it."""

from datetime import date

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
