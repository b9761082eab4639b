"""Print the tries and losses of each harness when it ends, and as a table at the end of the run."""

import os

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests that take hours, unless `make faults` runs them."""
    if os.environ.get("FAULTS") != "long":
        for item in items:
            if item.get_closest_marker("long") and item.path.parent.name == "faults":
                item.add_marker(pytest.mark.skip(reason="takes long: `make faults`"))


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("FAULTS") == "long" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config))


class Progress:
    """Print the line of each harness when it ends: a run of hours must show how far it is."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        row = dict(report.user_properties)
        if terminal is not None and report.when == "call" and "harness" in row:
            terminal.ensure_newline()
            terminal.write_line(f"{_line(row)} ({report.outcome}, {report.duration:.0f} s)")
            for detail in row["details"] if report.failed else ():
                terminal.write_line(f"    {detail}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    rows = [dict(report.user_properties) for report in reports if report.when == "call"]
    rows = [row for row in rows if "harness" in row]
    if not rows:
        return
    terminalreporter.section("faults")
    for row in sorted(rows, key=lambda row: (row["harness"], row["store"] != "ours", row["store"])):
        terminalreporter.write_line(_line(row))


def _line(row: dict) -> str:
    lost = f"{row['lost']} lost"
    rate = f"under {3 / row['cycles']:.2g}" if row["cycles"] and not row["lost"] else ""
    counts = ", ".join(f"{number} {what}" for what, number in row["counts"].items())
    return f"{row['harness']:12}{row['store']:10}{row['cycles']:>7} tried {lost:>10}  {rate:14}{counts}"
