"""Import small sheets into an archive and return the result."""

from archive.service.importing import ImportOptions, apply, read_plan


def csv(*lines):
    return "\n".join(lines).encode()


def plan_of(archive, *lines, **options):
    return read_plan(archive, csv(*lines), ImportOptions(**options))


def bring(archive, *lines, **options):
    plan = plan_of(archive, *lines, **options)
    apply(archive, plan)
    return plan


def counts(plan):
    assert plan.rows == plan.created + plan.updated + plan.same + plan.rejected
    return plan.created, plan.updated, plan.same, plan.rejected


def customers(archive):
    return [dict(archive.raw("customers", uid)) for uid in archive.uids("customers")]


def one(archive, *lines, **options):
    """Return the only customer that a file creates."""
    plan = bring(archive, *lines, **options)
    assert [reject.error for reject in plan.rejects] == []
    (raw,) = customers(archive)
    return {key: value for key, value in raw.items() if key not in ("uid", "code")}


def codes_of(issues):
    return [issue.code for issue in issues]


def new_records(plan):
    """Return the records that an import will create, as stored."""
    return [change.new for change in plan.changes if change.old is None and change.new]
