"""What the screen shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from iaclint.finding import FlowVerdict, Label, Report, Undecided
from iaclint.report import Context, write
from iaclint.report.plain import width
from iaclint.source import Span
from tests.sample_report import FINDING, REPORT, SUMMARY, UNDECIDED, accepted, context, hostile

Golden = Callable[[str, str], None]
HOSTILE = "a\x1b[31mb\rc\x00d\u202ee\u2028f"


def shown(report: Report, **changes: object) -> str:
    """The screen for a report, with parts of the context changed."""
    return write("text", report, replace(context(), **changes))  # type: ignore[arg-type]


def screen_of(line: str, span: Span, label: str = "here", columns: int = 0) -> list[str]:
    """The lines of the excerpt when that is the one line of the file."""
    finding = replace(FINDING, primary=Label(span, label), related=(), trace=(), help="", fix=None)
    found = replace(context({span.path: line}), width=columns)
    return write("text", replace(REPORT, findings=(finding,)), found).split("\n")[1:5]


def test_a_finding_looks_as_designed(golden: Golden) -> None:
    """The screen of one finding, to the letter."""
    golden("text.txt", shown(REPORT))


def test_everything_a_report_can_hold_is_shown(golden: Golden) -> None:
    """Warnings, undecided flows, remarks, and the counts of what is not shown."""
    golden("text-everything.txt", shown(accepted()))


def test_verbose_shows_every_hop_and_target(golden: Golden) -> None:
    """With `-v` nothing is cut short."""
    golden("text-verbose.txt", shown(accepted(), verbosity=1))


def test_lines_are_wrapped_at_the_width_of_the_terminal(golden: Golden) -> None:
    """Path, targets and help keep to 60 columns; only the headline is left to the terminal."""
    text = shown(accepted(), width=60)
    golden("text-narrow.txt", text)
    head = ("error[", "warning[", "Checked")
    assert all(width(line) <= 60 for line in text.split("\n") if not line.startswith(head))


def test_colour_only_adds_escape_sequences() -> None:
    """Without its escape sequences the coloured screen is the plain one."""
    import re

    painted = shown(accepted(), color=True)
    assert "\x1b[1;31m" in painted
    assert re.sub("\x1b\\[[0-9;]*m", "", painted) == shown(accepted())


def test_there_is_no_escape_sequence_without_colour() -> None:
    """Output that is not for a terminal has no control characters."""
    assert "\x1b" not in shown(accepted(), verbosity=2)


@pytest.mark.parametrize("name", ["text", "concise", "github", "markdown", "html", "junit"])
def test_hostile_names_cannot_act(name: str) -> None:
    """Control, line-breaking and reordering characters of the input are made visible."""
    report = Report((hostile(HOSTILE),), undecided=(replace(UNDECIDED, because=HOSTILE),))
    text = write(name, report, context())
    assert not {"\x1b", "\r", "\x00", "\u202e", "\u2028"} & set(text)
    assert "\\x1b" in text


def test_hostile_source_lines_cannot_act() -> None:
    """An escape sequence in a source line is shown, not obeyed, and the caret still fits."""
    lines = screen_of("a\x1b[2Jb = 1", Span("x.tf", 1, 7, 1, 8))
    assert lines[2] == "1 | a\\x1b[2Jb = 1"
    assert lines[3] == "  |          ^ here"


def test_a_tab_is_four_columns_wide() -> None:
    """Carets stand under the text also behind tabs."""
    assert screen_of("\tami = 1", Span("x.tf", 1, 2, 1, 5))[2:] == [
        "1 |     ami = 1",
        "  |     ^^^ here",
    ]


def test_wide_and_combining_characters_are_counted_as_terminals_do() -> None:
    """Chinese takes two columns a character, a combining accent none."""
    assert screen_of("名 = e\u0301x", Span("x.tf", 1, 7, 1, 8))[3] == "  |       ^ here"


def test_a_long_line_is_cut_around_the_place() -> None:
    """A line of thousands of characters shows the part that matters."""
    lines = screen_of("x" * 3000 + "HERE" + "y" * 3000, Span("x.tf", 1, 3001, 1, 3005), columns=80)
    assert "HERE" in lines[2] and lines[2].count("…") == 2
    assert all(width(line) <= 80 for line in lines)
    assert lines[2].index("HERE") == lines[3].index("^^^^")


def test_a_span_over_several_lines_underlines_the_first() -> None:
    """A block is marked at its first line only."""
    lines = screen_of("resource {  \n}\n", Span("x.tf", 1, 1, 2, 2))
    assert lines[3] == "  | ^^^^^^^^^^ here"


@pytest.mark.parametrize("span", [Span("gone.tf", 3), Span("x.tf", 99), Span("x.tf", 1, 500)])
def test_places_that_do_not_exist_are_named_without_an_excerpt(span: Span) -> None:
    """A plan without its sources, or a stale position, still says where."""
    finding = replace(FINDING, primary=Label(span, "here"), related=())
    text = write("text", replace(REPORT, findings=(finding,)), context({"x.tf": "a = 1\n"}))
    assert f"--> {span}" in text and "here" in text


def test_secrets_in_source_lines_are_hidden() -> None:
    """A literal password is not printed; a reference to one is."""
    shown_line = screen_of('password = "hunter2"', Span("x.tf", 1, 1, 1, 9))[2]
    assert shown_line == '1 | password = "*******"'
    assert "var.password" in screen_of("password = var.password", Span("x.tf", 1))[2]


def test_without_findings_only_the_summary_is_left() -> None:
    """Silence, except for the sentence that says what was checked."""
    text = shown(Report(summary=replace(SUMMARY, blocked=0, errors=0)))
    assert text == (
        "Checked 1 root (4 files): 3 instances; 2 reachable, 0 blocked, 0 undecided, "
        "1 not asked about. No findings.\n"
    )


def test_undecided_flows_are_grouped_by_what_is_missing() -> None:
    """One missing variable is one entry, however many flows hang on it."""
    flows = tuple(replace(UNDECIDED, target=f"aws_instance.w{index}") for index in range(9))
    text = shown(Report(undecided=flows, summary=SUMMARY))
    assert text.count("because") == 1 and "and 6 more" in text
    assert "aws_instance.w8" in shown(Report(undecided=flows, summary=SUMMARY), verbosity=1)


def test_many_reasons_are_cut_unless_verbose() -> None:
    """The undecided section stays short."""
    flows = tuple(Undecided("aws_instance.a", "ssh", f"reason {index}") for index in range(9))
    assert "and 4 more reasons" in shown(Report(undecided=flows))
    assert "reason 8" in shown(Report(undecided=flows), verbosity=1)


def test_flows_that_need_not_work_are_shown_with_the_reason_where_one_asks_for_more() -> None:
    """Whoever wonders why a host is no error finds it with -v."""
    flow = FlowVerdict("internet", "aws_instance.a", "ssh", "ipv4", False, "rule", "blocked")
    private = replace(flow, why_not="the instance is private by design")
    report = Report(
        flows=(
            private,
            replace(private, target="aws_instance.b", family="ipv6"),
            replace(private, target="aws_instance.c", verdict="reachable"),
            replace(flow, target="aws_instance.d", expected=True),
        )
    )
    assert "not expected" not in shown(report)
    assert shown(report, verbosity=1).split("\n")[0] == (
        "not expected: SSH to aws_instance.a from internet, SSH to aws_instance.b from internet "
        "over IPv6: because the instance is private by design"
    )


def test_ascii_marks_where_the_terminal_has_no_others() -> None:
    """With a plain style nothing of ours is outside ASCII."""
    plain = replace(accepted(), undecided=())
    assert shown(plain, plain=True).isascii()


def test_an_incomplete_run_says_so() -> None:
    """A part that could not be checked is never silent."""
    assert "could not be checked" in shown(replace(REPORT, complete=False))


def test_concise_is_one_line_per_finding(golden: Golden) -> None:
    """`path:line:column: level[ID] name: message`."""
    text = write("concise", accepted(), context())
    golden("concise.txt", text)
    assert len(text.splitlines()) == 3


def test_concise_is_empty_without_findings() -> None:
    """Nothing to say, nothing said."""
    assert write("concise", Report(summary=SUMMARY), context()) == ""


def test_the_context_is_the_only_input(golden: Golden) -> None:
    """The same report gives the same text twice."""
    contexts: list[Context] = [context(), context()]
    assert len({write("text", accepted(), one) for one in contexts}) == 1
