"""Accepting a finding: where a comment counts, what it must say, and what it must not swallow."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iaclint.comments import scan
from iaclint.finding import Finding, Label, Level
from iaclint.resource import Resource, Root, World
from iaclint.source import Sources, Span
from iaclint.suppress import Outcome, Places, apply, directives, places
from iaclint.value import ListValue, MapValue, Scalar, Value

TODAY = date(2026, 11, 22)
CHECKS = {"no-internet-route": "IAC201", "no-key-pair": "IAC601", "route-to-nat": "IAC202"}


def resolve(selector: str) -> Collection[str]:
    """As the registry does, over three checks."""
    found = [one for one in CHECKS.values() if one.startswith(selector)]
    if selector in CHECKS:
        found = [CHECKS[selector]]
    if not found:
        raise LookupError(f'no check is called "{selector}"')
    return found


def finding(line: int, check: str = "IAC201", path: str = "main.tf", **more: object) -> Finding:
    """A finding at a line."""
    base = Finding(check, "x", Level.ERROR, "m", "aws_x.y", Label(Span(path, line)))
    return replace(base, **more)  # type: ignore[arg-type]


def outcome(
    text: str,
    *findings: Finding,
    path: str = "main.tf",
    where: Mapping[str, tuple[Span, ...]] | None = None,
    active: Collection[str] = tuple(CHECKS.values()),
) -> Outcome:
    """What becomes of findings in a file with that text."""
    sources = Sources(Path("/repo"), {path: textwrap.dedent(text).lstrip("\n")})
    known = Places(((frozenset(), where or {}),))
    return apply(findings, directives(sources), known, resolve, active, TODAY)


def complaints(result: Outcome) -> list[str]:
    """The ids of what is wrong with the acceptances."""
    return [one.check for one in result.complaints]


ABOVE = """
# iaclint: ignore[IAC201] -- the table is filled by the network team
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  tags = {
    Name = "public"
  }
}

resource "aws_route_table" "other" {
}
"""


@pytest.mark.parametrize("line", [2, 3, 5, 7])
def test_a_comment_above_a_block_speaks_for_all_of_it(line: int) -> None:
    """From the header to the closing brace."""
    result = outcome(ABOVE, finding(line))
    assert [one.reason for one in result.suppressed] == ["the table is filled by the network team"]
    assert not result.kept and not result.complaints


@pytest.mark.parametrize("line", [8, 9, 10])
def test_a_comment_above_a_block_says_nothing_about_the_next(line: int) -> None:
    """The block behind it stays reported, and the comment is unused."""
    result = outcome(ABOVE, finding(line))
    assert len(result.kept) == 1 and complaints(result) == ["IAC902"]


@pytest.mark.parametrize(
    "comment",
    [
        "# iaclint: ignore[IAC201] -- r",
        "// iaclint: ignore[IAC201] -- r",
        "/* iaclint: ignore[IAC201] -- r */",
        "/*\n * iaclint: ignore[IAC201] -- r\n */",
        "# iaclint: ignore[no-internet-route] -- r",
        "# iaclint: ignore[IAC2] -- r",
        "# iaclint: ignore[IAC601, IAC201] -- r",
        "#iaclint:ignore [ IAC201 ]  until=2027-03-01  --  r",
        "# iaclint: ignore[IAC201] until=2026-11-22 -- r",
        "# iaclint: ignore[IAC201] -- r\n\n# another remark",
    ],
)
def test_spellings_that_accept(comment: str) -> None:
    """All three kinds of comment; id, name, prefix and list; the last day still counts."""
    text = f'{comment}\nresource "a" "b" {{\n}}\n'
    result = outcome(text, finding(text.split("\n").index('resource "a" "b" {') + 1))
    assert [one.reason for one in result.suppressed] == ["r"]
    assert not result.complaints


@pytest.mark.parametrize(
    ("comment", "complaint"),
    [
        ("# iaclint: ignore[IAC202] -- r", "IAC902"),
        ("# iaclint: ignore[IAC201] until=2026-11-21 -- r", "IAC903"),
        ("# iaclint: ignore[IAC201] until=tomorrow -- r", "IAC904"),
        ("# iaclint: ignore[IAC201] because", "IAC904"),
        ("# iaclint: ignore -- r", "IAC904"),
        ("# iaclint: ignore[] -- r", "IAC904"),
        ("# iaclint: ignore[IAC999] -- r", "IAC904"),
    ],
)
def test_spellings_that_do_not_accept(comment: str, complaint: str) -> None:
    """Another check, a day that is over, or something not understood: the finding stays."""
    result = outcome(f'{comment}\nresource "a" "b" {{\n}}\n', finding(2))
    assert len(result.kept) == 1 and complaints(result) == [complaint]


def test_without_a_reason_it_counts_and_is_found() -> None:
    """The finding is accepted, the missing reason is a finding itself."""
    result = outcome('# iaclint: ignore[IAC201]\nresource "a" "b" {\n}\n', finding(2))
    assert not result.kept and complaints(result) == ["IAC901"]
    assert result.complaints[0].primary.span == Span("main.tf", 1, 1, 1, 26)


def test_at_the_end_of_a_line_it_speaks_for_the_line() -> None:
    """The next attribute is not covered."""
    text = "a {\n  x = 1 # iaclint: ignore[IAC201] -- r\n  y = 2\n}\n"
    assert not outcome(text, finding(2)).kept
    assert outcome(text, finding(3)).kept


def test_at_the_end_of_a_header_it_speaks_for_the_block() -> None:
    """`resource "a" "b" { # iaclint: …` means the resource."""
    text = 'resource "a" "b" { # iaclint: ignore[IAC201] -- r\n  x = 1\n}\n'
    assert not outcome(text, finding(2)).kept


def test_above_a_list_or_nested_block_it_speaks_for_that() -> None:
    """An attribute over several lines, and a block in a block."""
    text = "a {\n  # iaclint: ignore[IAC201] -- r\n  x = [\n    1,\n  ]\n  y = 1\n}\n"
    assert not outcome(text, finding(4)).kept
    assert outcome(text, finding(6)).kept


def test_for_a_file_it_speaks_for_all_of_it() -> None:
    """`ignore-file` anywhere in the file, and in no other."""
    text = "a {\n}\n# iaclint: ignore-file[IAC2] -- generated\n"
    result = outcome(text, finding(1), finding(2, "IAC202"), finding(1, path="other.tf"))
    assert len(result.suppressed) == 2
    assert [one.primary.span.path for one in result.kept] == ["other.tf"]


def test_above_a_module_call_it_speaks_for_what_is_inside() -> None:
    """A finding in the module is accepted when reached by that call, by another it stays."""
    text = '# iaclint: ignore[IAC201] -- theirs\nmodule "net" {\n  source = "./net"\n}\n'
    where = {
        "module.net.aws_x.y": (Span("net/main.tf", 5), Span("main.tf", 2)),
        "module.two.aws_x.y": (Span("net/main.tf", 5), Span("main.tf", 9)),
    }
    inside = finding(5, path="net/main.tf", resource="module.net.aws_x.y")
    other = replace(inside, resource="module.two.aws_x.y")
    result = outcome(text, inside, other, where=where)
    assert [one.resource for one in result.kept] == ["module.two.aws_x.y"]


def test_above_the_resource_it_counts_when_the_cause_is_written_elsewhere() -> None:
    """A value from a tfvars file, an acceptance at the resource."""
    where = {"aws_x.y": (Span("main.tf", 2),)}
    moved = finding(1, path="terraform.tfvars")
    assert not outcome(ABOVE, moved, where=where).kept


def test_targets_accept_only_all_together() -> None:
    """One of two instances accepted leaves the finding; both accept it."""
    text = """
        # iaclint: ignore[IAC201] -- private
        resource "i" "a" {
        }
        resource "i" "b" {
        }
        """
    where = {"i.a": (Span("main.tf", 2),), "i.b": (Span("main.tf", 4),)}
    both = finding(1, path="net.tf", targets=("i.a", "i.b"))
    assert outcome(text, both, where=where).kept
    assert not outcome(text, replace(both, targets=("i.a",)), where=where).kept
    all_text = text.replace('resource "i" "b"', '# iaclint: ignore[IAC201] -- r\nresource "i" "b"')
    moved = {**where, "i.b": (Span("main.tf", 5),)}
    assert not outcome(all_text, both, where=moved).kept


def test_an_acceptance_of_a_check_that_did_not_run_is_not_unused() -> None:
    """With `--select` others must not be called stale."""
    result = outcome(ABOVE, active=("IAC601",))
    assert complaints(result) == []


@pytest.mark.parametrize(
    "text",
    [
        'a = "# iaclint: ignore[IAC201] -- r"\nb = 1\n',
        "a = <<EOT\n# iaclint: ignore[IAC201] -- r\nEOT\nb = 1\n",
        "a = <<-EOT\n  # iaclint: ignore[IAC201] -- r\n  EOT\nb = 1\n",
        'a = "${f("}")} # iaclint: ignore[IAC201] -- r"\nb = 1\n',
        'a = "\\" # iaclint: ignore[IAC201] -- r"\nb = 1\n',
        'a = "$${ # iaclint: ignore[IAC201] -- r"\nb = 1\n',
    ],
)
def test_strings_and_heredocs_are_no_comments(text: str) -> None:
    """What is only text accepts nothing."""
    found = [finding(line) for line in range(1, 5)]
    assert len(outcome(text, *found).kept) == 4


@pytest.mark.parametrize(
    "text",
    [
        'a = "${f("x")}" # iaclint: ignore[IAC201] -- r\n',
        'a = "x#y" # iaclint: ignore[IAC201] -- r\n',
        'a = "https://x" // iaclint: ignore[IAC201] -- r\n',
        'a = "${\n b # iaclint: ignore[IAC201] -- r\n}"\n',
        "a = <<EOT\nx\nEOT\nb = 1 # iaclint: ignore[IAC201] -- r\n",
        'a = { b = "}" } # iaclint: ignore[IAC201] -- r\n',
    ],
)
def test_comments_after_strings_and_heredocs_are_found(text: str) -> None:
    """The end of a string is where the language has it."""
    line = next(i for i, one in enumerate(text.split("\n"), 1) if "iaclint" in one)
    assert not outcome(text, finding(line)).kept


YAML = """
Resources:
  # iaclint: ignore[IAC201] -- r
  Table:
    Type: AWS::EC2::RouteTable
    Properties:
      Tags:
      - Key: a
        Value: "b"

  Other:
    Type: AWS::EC2::RouteTable
"""


@pytest.mark.parametrize(("line", "accepted"), [(1, False), (3, True), (8, True), (10, False)])
def test_a_yaml_comment_speaks_for_what_is_indented_under_the_next_line(
    line: int, accepted: bool
) -> None:
    """Lists right below their key belong to it."""
    result = outcome(YAML, finding(line, path="t.yaml"), path="t.yaml")
    assert bool(result.suppressed) is accepted


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a: b # iaclint: x\n", 1),
        ("a: b# iaclint: x\n", 0),
        ("a: 'it''s # iaclint: x'\n", 0),
        ('a: "\\" # iaclint: x"\n', 0),
        ("a: it's # iaclint: x\n", 1),
        ("a: |\n  # iaclint: x\nb: 1\n", 0),
        ("a: >-\n  # iaclint: x\n\n  # iaclint: y\nb: 1 # iaclint: z\n", 1),
        ("a: | # iaclint: x\n  # iaclint: y\n", 1),
        ("- |\n  # iaclint: x\n- 1 # iaclint: y\n", 1),
        ("a: !Sub |\n  # iaclint: x\n", 0),
        ("a: !Sub 'x # iaclint: y'\n", 0),
        ("a: 'x\n  # iaclint: y\n  z' # iaclint: w\n", 1),
        ("a: ['# iaclint: x', b] # iaclint: y\n", 1),
        ("'a # b': 1 # iaclint: y\n", 1),
        ("a: [|]\n# iaclint: y\n", 1),
        ("# iaclint: x", 1),
        ("a: 'open # iaclint: x\n", 0),
    ],
)
def test_yaml_comments_are_told_from_texts(text: str, count: int) -> None:
    """Quoted texts over lines, block scalars, tags, plain texts with quotes in them."""
    marked = [one for one in scan("t.yaml", text).comments if "iaclint" in one.text]
    assert len(marked) == count


def test_json_syntax_of_terraform_has_its_comment_property() -> None:
    """`"//"` in an object speaks for that object."""
    text = """
        {"resource": {"aws_x": {
          "y": {
            "//": "iaclint: ignore[IAC201] -- r",
            "a": 1
          },
          "z": {
            "a": 1
          }
        }}}
        """
    path = "main.tf.json"
    assert not outcome(text, finding(4, path=path), path=path).kept
    assert outcome(text, finding(7, path=path), path=path).kept


SPAN = Span("t.json", 3, 5)


def resource(metadata: Value) -> Root:
    """A root with one resource with that metadata."""
    made = Resource(
        "AWS::EC2::RouteTable",
        "Table",
        {},
        SPAN,
        "cloudformation",
        metadata={"iaclint": metadata},
    )
    return Root("t", "cloudformation", (World((made,)),))


def text(value: str) -> Scalar:
    """A string."""
    return Scalar(value, SPAN)


def mapping(**items: Value) -> MapValue:
    """A map."""
    return MapValue(items, SPAN)


@pytest.mark.parametrize(
    "metadata",
    [
        mapping(ignore=ListValue((text("IAC201 -- r"),), SPAN)),
        mapping(ignore=text("IAC201, IAC601 until=2027-01-01 -- r")),
        mapping(ignore=ListValue((text("no-internet-route"),), SPAN), reason=text("r")),
        mapping(ignore=ListValue((mapping(id=text("IAC201"), reason=text("r")),), SPAN)),
    ],
)
def test_metadata_accepts_for_its_resource(metadata: MapValue) -> None:
    """A list of texts, one text, a shared reason, or maps."""
    root = resource(metadata)
    found = finding(9, path="t.json", resource="Table")
    accepted = directives(Sources(Path("/repo")), (root,))
    result = apply((found,), accepted, places((root,)), resolve, CHECKS.values(), TODAY)
    assert [one.reason for one in result.suppressed] == ["r"] and not result.complaints


@pytest.mark.parametrize(
    ("metadata", "complaint"),
    [
        (mapping(ignore=text("IAC201")), "IAC901"),
        (mapping(ignore=text("IAC202 -- r")), "IAC902"),
        (mapping(ignore=text("IAC201 until=2020-01-01 -- r")), "IAC903"),
        (mapping(ignore=text("-- r")), "IAC904"),
        (mapping(ignore=ListValue((mapping(reason=text("r")),), SPAN)), "IAC904"),
        (mapping(ignore=text("IAC201 -- r"), until=text("soon")), "IAC904"),
    ],
)
def test_metadata_is_held_to_the_same_rules(metadata: MapValue, complaint: str) -> None:
    """Reason, use, end, and spelling."""
    root = resource(metadata)
    accepted = directives(Sources(Path("/repo")), (root,))
    found = finding(9, path="t.json", resource="Table")
    result = apply((found,), accepted, places((root,)), resolve, CHECKS.values(), TODAY)
    assert complaints(result) == [complaint]


def test_an_unused_comment_can_be_deleted() -> None:
    """The whole line of a comment of its own, only the comment at the end of a line."""
    result = outcome("# iaclint: ignore[IAC201] -- r\nx = 1 # iaclint: ignore[IAC2] -- r\n")
    spans = [one.fix.edits[0].span for one in result.complaints if one.fix]
    assert spans == [Span("main.tf", 1, 1, 2, 1), Span("main.tf", 2, 6, 2, 35)]


def test_places_are_those_of_the_block_and_its_calls() -> None:
    """Worlds of one root say the same place once."""
    called = Resource("aws_x", "a.y", {}, SPAN, "terraform", callers=(Span("main.tf", 2),))
    root = Root("t", "terraform", (World((called,)), World((called,), assumption="x")))
    found = places((root,))
    assert found.of("a.y", "main.tf") == (SPAN, Span("main.tf", 2))
    assert found.of("a.z", "main.tf") == ()


def test_the_same_address_in_two_roots_is_two_resources() -> None:
    """An acceptance in `dev` says nothing about `prod`."""

    def root(name: str) -> Root:
        table = Resource("aws_x", "aws_x.y", {}, Span(f"{name}/main.tf", 2), "terraform")
        return Root(name, "terraform", (World((table,)),), files=(f"{name}/main.tf",))

    both = places((root("dev"), root("prod")))
    assert both.of("aws_x.y", "prod/main.tf") == (Span("prod/main.tf", 2),)
    assert len(both.of("aws_x.y", "shared/main.tf")) == 2


PIECES = [
    "#",
    "//",
    "/*",
    "*/",
    '"',
    "'",
    "${",
    "}",
    "{",
    "<<EOT\n",
    "EOT",
    "\n",
    "a: |",
    " ",
    "\\",
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["x.tf", "x.yaml", "x.tf.json"])
)
def test_any_text_is_scanned(pieces: list[str], path: str) -> None:
    """Broken files end in some list of comments, whose places are in the file."""
    whole = "".join(pieces)
    for comment in scan(path, whole).comments:
        assert 1 <= comment.span.line <= comment.span.end_line <= whole.count("\n") + 1


def test_scanning_takes_linear_time() -> None:
    """A megabyte of what may start a string, comment or heredoc is no trap."""
    for piece in ("<<A\n", '"${', "/*", "a: '\n", "- |\n", "{", "# x\n"):
        scan("x.tf", piece * 40_000)
        scan("x.yaml", piece * 40_000)
