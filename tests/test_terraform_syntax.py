"""Terraform's native and JSON syntax: what is read, where it is, and what an error costs."""

from __future__ import annotations

import marshal

import pytest

from iaclint.terraform import syntax, tree
from iaclint.terraform.files import Files


def parse(text: str, name: str = "main.tf") -> syntax.Parsed:
    return syntax.parse(text, name, Files(), cached=False)


def first(text: str) -> tree.Expression:
    parsed = parse(text)
    assert not parsed.problems, parsed.problems
    return parsed.body.attributes[0].value


ACCEPTED = {
    "interpolation that begins on the next line": 'a = "${\n  var.x}"\n',
    "interpolation that ends on the next line": 'a = "${var.x\n}"\n',
    "conditional over lines inside a string": 'a = "${var.x == "" ?\n  1 :\n  2\n}"\n',
    "arrow on the next line": "a = { for k in var.x :\n k\n => k }\n",
    "blanks behind the end of a heredoc": "a = <<EOF\nhi\nEOF  \n",
    "name in Greek": "π = 3\n",
    "attribute in German": "a = var.größe\n",
    "comment between labels": 'resource "x" /* c */ "y" {\n}\n',
    "function with a namespace": 'a = core::upper("x")\n',
    "function of a provider": 'a = provider::aws::arn_parse("x")\n',
    "double negation": "a = !!var.x\n",
    "negated negative": "a = - -1\n",
    "operator on the next line in parentheses": "a = (var.x\n - 1)\n",
    "attribute on the next line in parentheses": "a = (x\n.b)\n",
    "names of a for expression on two lines": "a = { for k,\n v in y : k => v }\n",
    "strip markers in an interpolation": 'a = "x ${~ y ~} z"\n',
    "heredoc marker with underscores": "a = <<_EOF_\nx\n_EOF_\n",
    "comment before a value": "a = /* x */ 1\n",
    "subtraction without blanks": "a = length(x)-12\n",
    "subtraction from an index": "a = [x[0]-12]\n",
    "keywords as keys": "a = { if = 1\n for_each = 2, else: 3 }\n",
    "heredoc in a list": "a = [<<EOF\n x\nEOF\n, 2]\n",
    "heredoc as an argument": "a = f(<<EOF\n x\nEOF\n)\n",
    "old index behind an old splat": "a = x.*.b.0.c[count.index]\n",
    "comment at the end of the file": "a = 1 # end",
    "empty comment at the end of the file": "a = 1\n#",
    "three thousand operators": "a = 1" + " + 1" * 3000 + "\n",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepts_what_terraform_accepts(text: str) -> None:
    """The gaps of python-hcl2's grammar are closed."""
    assert not parse(text).problems


REFUSED = {
    "two arguments on one line": "a = 1 b = 2\n",
    "argument set twice": "a = 1\na = 2\n",
    "unknown escape": 'a = "\\d"\n',
    "line end in a string": 'a = "x\ny"\n',
    "operator on the next line": "a = var.x\n + 1\n",
    "brace on the next line": "a\n{\n}\n",
    "template in a label": 'a "b${c}" {\n}\n',
    "directive without end": 'a = "%{ if x }y"\n',
    "end of a directive alone": 'a = "%{ endif }"\n',
    "nothing after the sign": "a =\n",
    "open bracket": "a = [1\n",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_refuses_what_terraform_refuses(text: str) -> None:
    """What Terraform does not accept is a located problem."""
    problems = parse(text).problems

    assert problems
    assert problems[0].check == "IAC001"
    assert problems[0].span.path == "main.tf"


def test_an_error_costs_one_block() -> None:
    """The blocks before and after a broken one are still there, at their places."""
    text = 'a "x" {\n  b = 1\n}\nc "y" {\n  d = = 2\n}\ne "z" {\n  f = 3\n}\n'

    files = Files()
    parsed = syntax.parse(text, "main.tf", files, cached=False)

    assert [block.type for block in parsed.body.blocks] == ["a", "e"]
    assert str(parsed.problems[0].span) == "main.tf:5:7"
    assert files.place(parsed.body.blocks[1].start) == (7, 1)


def test_a_heredoc_with_something_like_a_block_is_not_torn_apart() -> None:
    """Recovery joins pieces that are not complete alone."""
    text = "a {\n  b = <<EOF\nserver {\n  x = 1\n}\nEOF\n}\nc {\n  d = = 2\n}\n"

    parsed = parse(text)

    assert [block.type for block in parsed.body.blocks] == ["a"]
    assert len(parsed.problems) == 1


def test_positions_inside_a_heredoc() -> None:
    """An interpolation in a heredoc knows its place."""
    files = Files()
    parsed = syntax.parse("a = <<EOF\nx\n  ${var.y}\nEOF\n", "main.tf", files, cached=False)

    template = parsed.body.attributes[0].value

    assert isinstance(template, tree.Template)
    assert files.place(template.parts[1].start) == (3, 5)


def test_a_legacy_splat_ends_at_the_first_index() -> None:
    """`x.*.id[0]` is the first of all ids, `x[*].id[0]` the first of each."""
    assert isinstance(first("a = x.*.id[0]\n"), tree.Index)
    assert isinstance(first("a = x[*].id[0]\n"), tree.Splat)


def test_comments_stand_anywhere() -> None:
    """At line ends, which they end, on lines of their own, and inside of lines and brackets."""
    parsed = parse("# one\na = 1 // two\n/* three */\nb /* four */ = [\n  1, # five\n]\n")

    assert not parsed.problems
    assert [one.name for one in parsed.body.attributes] == ["a", "b"]


def test_deep_nesting_is_a_problem_not_a_crash() -> None:
    """Brackets, blocks and strings nested beyond reason end in a located problem."""
    deep = ("a = " + "(" * 9000, "a = " + '"${' * 900 + "1" + '}"' * 900, "a {\n" * 900)

    for text in deep:
        assert parse(text).problems


def test_packed_trees_come_back_at_another_place() -> None:
    """What the cache keeps is the same tree, moved to where the file lies this time."""
    files = Files()
    text = 'a "b" {\n  c = ["x${var.y}z", { k = [for i in 1 : -i.0[*].z if !f(i...)] }]\n}\n' * 20
    body = syntax.parse(text, "one.tf", files, cached=False).body

    base = files.add("two.tf", text)
    moved = tree.unpack(tree.pack(body, body.start), base)

    assert moved.blocks[3].body.attributes[0].name == "c"
    assert files.span(moved.blocks[3].start, moved.blocks[3].end).path == "two.tf"
    assert tree.pack(moved, base) == tree.pack(body, body.start)
    assert marshal.loads(marshal.dumps(tree.pack(body, 0))) == tree.pack(body, 0)


def test_json_blocks_labels_and_positions() -> None:
    """Objects and arrays of objects are blocks; keys know their places."""
    files = Files()
    text = '{\n  "resource": {\n    "aws_vpc": [{"a": {"cidr_block": "${var.c}"}}]\n  }\n}\n'
    parsed = syntax.parse(text, "main.tf.json", files, cached=False)

    block = parsed.body.blocks[0]

    assert block.labels == ("aws_vpc", "a")
    assert isinstance(block.body.attributes[0].value, tree.Wrapped)
    assert files.place(block.body.attributes[0].start) == (3, 24)


@pytest.mark.parametrize("text", ['{"a": }', "[1", '{"a": "x', '{"a": 1} x', "[" * 9000, '{"a" 1}'])
def test_broken_json_is_a_problem(text: str) -> None:
    """A JSON error names its place."""
    assert parse(text, "main.tf.json").problems[0].check == "IAC001"
