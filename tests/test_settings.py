"""Settings are found, read strictly, and every mistake has its place."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema_rs
import pytest

from iaclint import settings
from iaclint.globs import matches
from iaclint.settings import Loaded, Settings, SettingsError
from iaclint.toml import locate, to_toml

FULL = """
select = ["IAC2", "no-key-pair"]
fail-on = "warning"
exclude = ["examples/**", "*.generated.tf"]

[per-file-ignores]
"modules/**" = ["IAC305"]

[levels]
IAC201 = "warning"

[clients]
office = ["198.51.100.0/24", "2001:db8::/32"]
ci = "203.0.113.7"

[[expect]]
from = "office"
to = "aws_instance.bastion"
allow = ["ssh", "ping"]

[[expect]]
from = "internet"
to = "tag:Role=db"
deny = true
service = "ssh"
reason = "databases are private"
"""


def write(directory: Path, text: str, name: str = "iaclint.toml") -> Path:
    """A settings file."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(text, "utf-8")
    return path


def mistake(tmp_path: Path, text: str, name: str = "iaclint.toml") -> str:
    """The message for settings that cannot be used."""
    with pytest.raises(SettingsError) as caught:
        settings.load(write(tmp_path, text, name))
    return str(caught.value)


def test_everything_can_be_set(tmp_path: Path) -> None:
    """A file that uses every kind of setting is read."""
    loaded = settings.load(write(tmp_path, FULL))
    found = loaded.settings
    assert (found.select, found.fail_on) == (["IAC2", "no-key-pair"], "warning")
    assert found.client("office") == ("198.51.100.0/24", "2001:db8::/32")
    assert found.client("ci") == ("203.0.113.7",) and found.client("internet") == ("internet",)
    allow, deny = found.expect
    assert (allow.verdict, allow.source, allow.services) == ("allow", "office", ("ssh", "icmp"))
    assert (deny.verdict, deny.to, deny.services) == ("deny", "tag:Role=db", ("ssh",))


def test_each_setting_knows_its_line(tmp_path: Path) -> None:
    """What is said later about a setting points at the line it is written in."""
    loaded = settings.load(write(tmp_path, FULL))
    lines = FULL.split("\n")
    for index in (0, 1):
        span = loaded.span("expect", index)
        assert lines[span.line - 1] == "[[expect]]"
    assert lines[loaded.span("expect", 1, "to").line - 1] == 'to = "tag:Role=db"'
    assert lines[loaded.span("levels", "IAC201").line - 1].startswith("IAC201")


def test_pyproject_has_a_table_of_its_own(tmp_path: Path) -> None:
    """`[tool.iaclint]`, with places below that table."""
    text = '[project]\nname = "x"\n\n[tool.iaclint]\nfail-on = "note"\n'
    loaded = settings.load(write(tmp_path, text, "pyproject.toml"))
    assert loaded.settings.fail_on == "note"
    assert loaded.span("fail-on").line == 5


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('\nignoer = ["IAC2"]\n', "2:1", 'unknown setting "ignoer", did you mean "ignore"?'),
        ("fail_on = 'note'\n", "1:1", 'did you mean "fail-on"?'),
        ("zzz = 1\n", "1:1", "there are: account, baseline"),
        ('fail-on = "fatal"\n', "1:1", 'value of "fail-on" is not valid'),
        ("select = 3\n", "1:1", 'value of "select" is not valid: expected `array`, got `int`'),
        ('x = "\n', "1:6", "is not TOML"),
        ('[levels]\nIAC201 = "loud"\n', "1:1", 'value of "IAC201"|value of "levels"'),
        ('[clients]\n\noffice = "nowhere"\n', "3:1", "neither a range nor an address"),
        ('[[expect]]\nfrom = "a"\nallow = "ssh"\n', "1:1", "required field `to`"),
        ('[[expect]]\nfrom = "a"\nto = "b"\n', "1:1", "either `allow` or `deny`"),
        ('[[expect]]\nfrom="a"\nto="b"\nallow=true\n', "1:1", "which service?"),
        ('[[expect]]\nfrom="a"\nto="b"\nallow="shs"\n', "1:1", 'did you mean "ssh"?'),
        ('[[expect]]\nfrom="a"\nto="b"\nallow="tcp/99999"\n', "1:1", "unknown service"),
        (
            '[[expect]]\nfrom="a"\nto="b"\nallow="ssh"\nservice="rdp"\n',
            "1:1",
            "named twice",
        ),
        (
            '[[expect]]\nfrom="a"\nto="b"\nallow="ssh"\n[[expect]]\nform = "a"\n',
            "6:1",
            'unknown setting "form", did you mean "from"?',
        ),
    ],
)
def test_a_mistake_is_said_with_its_place(
    text: str, place: str, words: str, tmp_path: Path
) -> None:
    """File, line, column, what is wrong, and what was probably meant."""
    message = mistake(tmp_path, text)
    assert message.startswith(f"iaclint.toml:{place}: ")
    assert any(one in message for one in words.split("|"))


def test_a_mistake_in_pyproject_has_its_line_there(tmp_path: Path) -> None:
    """The table's prefix is counted in."""
    text = "[tool.iaclint]\n[tool.iaclint.clients]\noffice = 'x'\n"
    assert mistake(tmp_path, text, "pyproject.toml").startswith("pyproject.toml:3:1:")


def test_settings_that_are_not_text_are_refused(tmp_path: Path) -> None:
    """Not UTF-8 is said, not thrown."""
    path = tmp_path / "iaclint.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not UTF-8"):
        settings.load(path)


def test_the_nearest_file_upwards_counts(tmp_path: Path) -> None:
    """A file below wins over one above; `.iaclint.toml` over `iaclint.toml` beside it."""
    (tmp_path / ".git").mkdir()
    top = write(tmp_path, "")
    assert settings.find(write(tmp_path / "a" / "b", "", "x.tf")) == top
    near = write(tmp_path / "a", "")
    assert settings.find(tmp_path / "a" / "b") == near
    hidden = write(tmp_path / "a", "", ".iaclint.toml")
    assert settings.find(tmp_path / "a" / "b") == hidden


def test_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    """Somebody else's `pyproject.toml` is no settings file."""
    (tmp_path / ".git").mkdir()
    top = write(tmp_path, "[tool.iaclint]\n", "pyproject.toml")
    write(tmp_path / "a", "[tool.black]\n", "pyproject.toml")
    assert settings.find(tmp_path / "a") == top


def test_nothing_above_the_repository_is_read(tmp_path: Path) -> None:
    """The root of the repository is the last place."""
    write(tmp_path, "")
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    assert settings.find(tmp_path / "repo") is None


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.tf", "a/b/main.tf", True),
        ("examples", "a/examples/main.tf", True),
        ("examples/", "examples/x/main.tf", True),
        ("/examples", "a/examples/main.tf", False),
        ("modules/**", "modules/a/b.tf", True),
        ("modules/**", "other/modules/a.tf", False),
        ("**/test/*.tf", "a/b/test/x.tf", True),
        ("**/test/*.tf", "test/x.tf", True),
        ("a/*.tf", "a/b/c.tf", False),
        ("a?.tf", "ab.tf", True),
        ("[ab].tf", "c.tf", False),
        ("[!a].tf", "c.tf", True),
        ("a.tf", "aXtf", False),
        ("", "a.tf", False),
    ],
)
def test_globs_are_those_of_gitignore(pattern: str, path: str, expected: bool) -> None:
    """Without a slash at any depth, with one from the top, `**` for any directories."""
    assert matches(path, pattern) is expected


def test_ignores_by_file_are_relative_to_the_settings(tmp_path: Path) -> None:
    """`modules/**` is the directory beside the settings file."""
    loaded = settings.load(write(tmp_path, FULL))
    assert loaded.ignored_in(str(tmp_path / "modules" / "a" / "x.tf")) == ("IAC305",)
    assert loaded.ignored_in(str(tmp_path / "main.tf")) == ()
    assert Loaded(Settings()).ignored_in("main.tf") == ()


def test_effective_settings_can_be_read_back(tmp_path: Path) -> None:
    """What `iaclint config` prints is a settings file."""
    first = settings.load(write(tmp_path, FULL)).settings
    text = to_toml(settings.effective(first))
    assert settings.load(write(tmp_path / "again", text)).settings == first


def test_the_shipped_schema_is_that_of_the_types_and_takes_the_example() -> None:
    """`python -m iaclint.schemas` writes it; editors use it."""
    shipped = Path(settings.__file__).with_name("settings.schema.json")
    schema = json.loads(shipped.read_text("utf-8"))
    assert schema == settings.schema()
    validator = jsonschema_rs.validator_for(schema)
    validator.validate(tomllib.loads(FULL))
    assert not validator.is_valid({"ignoer": []})


def test_places_are_found_around_strings_of_several_lines() -> None:
    """What looks like a key inside a string is none."""
    text = 'a = """\nb = 1\n"""\n[t]\nb = 2\n'
    assert locate(text, "x", ("t", "b")).line == 5
    assert locate(text, "x", ("b",)).line == 1
