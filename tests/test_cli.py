"""The command line as its users meet it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from iaclint import cli

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "example"
ROUTE = """
resource "aws_route" "out" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.gw.id
}
"""


@dataclass(frozen=True)
class Result:
    """What a run left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs iaclint in an empty directory, with no environment of CI or terminals."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def start(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["iaclint", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Result(code, captured.out, captured.err)

    return start


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The bundled example, which has one error, in a repository."""
    (tmp_path / ".git").mkdir()
    return Path(shutil.copytree(EXAMPLE, tmp_path / "infra"))


@pytest.fixture
def repaired(broken: Path) -> Path:
    """The example with the route that it lacks."""
    (broken / "route.tf").write_text(ROUTE, "utf-8")
    return broken


def test_the_example_is_found(run: Run, broken: Path, golden: Callable[[str, str], None]) -> None:
    """The first thing a new user sees, to the letter."""
    result = run("infra")
    assert result.code == 1 and result.err == ""
    golden("example.txt", result.out)


def test_check_is_the_default_and_the_working_directory_too(run: Run, broken: Path) -> None:
    """`iaclint`, `iaclint .`, `iaclint check` and an option first are the same."""
    texts = {run(*args).out for args in ((), (".",), ("check",), ("--color", "auto"))}
    assert len(texts) == 1


def test_a_repaired_example_is_silent(run: Run, repaired: Path) -> None:
    """No finding, exit code 0, and a sentence that says what was checked."""
    result = run("infra")
    assert result.code == 0
    assert result.out.startswith("Checked 1 root (3 files): 1 instance; 1 reachable")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), 'there is no file or directory "nowhere"'),
        (("empty",), "nothing to check"),
        (("--no-such-option",), "No such option"),
        (("--fail-on", "fatal"), "'fatal' is not one of"),
        (("-o", "jsno", "infra"), 'unknown format "jsno", did you mean "json"?'),
        (("--select", "no-internet-ruote", "infra"), 'did you mean "no-internet-route"?'),
        (("--ignore", "XYZ", "infra"), 'no check is called "XYZ"'),
        (("--config", "gone.toml", "infra"), "gone.toml:1:1: cannot be read"),
        (("--var", "x", "infra"), "--var takes NAME=VALUE"),
        (("--var-file", "gone", "infra"), 'there is no file "gone"'),
        (("--from", "10.0.0.0/99", "infra"), "neither a range nor a name of [clients]"),
        (("--baseline", "gone.json", "infra"), '"gone.json" cannot be read'),
        (("--diff-base", "gone", "infra"), 'no revision "gone"'),
        (("--checks", "gone", "infra"), '"gone" does not exist'),
        (("-o", "json=no/such/dir", "infra"), 'cannot write "no/such/dir"'),
        (("infra/network.tf.bak",), "there is no file or directory"),
        (("rule", "IAC999"), 'no check is called "IAC999"'),
        (("rule", "telnet"), "`iaclint rule` lists them"),
        (("rule", "IAC201", "--config", "gone.toml"), "gone.toml:1:1: cannot be read"),
        (("grpah", "infra"), 'did you mean the command "graph"?'),
        (("path", "internet", "bastoin", "infra"), "did you mean"),
        (("path", "internet", "x", "infra", "--service", "telnet"), "is not a service"),
        (("eval",), "say which expression"),
        (("eval", "nowhere", "1"), "nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_2(
    arguments: tuple[str, ...], words: str, run: Run, broken: Path, tmp_path: Path
) -> None:
    """A sentence on standard error, nothing on standard output, no traceback."""
    (tmp_path / "empty").mkdir()
    result = run(*arguments)
    assert result.code == 2, result
    assert words in result.err and result.out == ""
    assert "Traceback" not in result.err


BROKEN = "resource {{{\n"


def test_a_file_that_does_not_parse_is_a_finding_and_the_rest_is_checked(
    run: Run, broken: Path
) -> None:
    """Exit code 1, with the place; SARIF says that alerts must not be closed."""
    (broken / "bad.tf").write_text(BROKEN, "utf-8")
    result = run("infra", "-q")
    assert result.code == 1
    assert "infra/bad.tf:1:" in result.out and "IAC001" in result.out and "IAC201" in result.out
    (log,) = json.loads(run("infra", "-o", "sarif").out)["runs"]
    assert log["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize(
    ("arguments", "code"), [(("--exit-zero",), 0), (("--ignore", "IAC001,IAC201"), 0)]
)
def test_who_accepts_a_file_that_does_not_parse_gets_no_failure(
    arguments: tuple[str, ...], code: int, run: Run, broken: Path
) -> None:
    """The threshold and the selection are decided by the user."""
    (broken / "bad.tf").write_text(BROKEN, "utf-8")
    assert run("infra", *arguments).code == code


def test_nothing_to_check_can_be_allowed(run: Run) -> None:
    """`--allow-empty` for repositories that may have no infrastructure yet."""
    assert run("--allow-empty").code == 0
    assert run().code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("--fail-on", "note"), 1),
        (("--fail-on", "never"), 0),
        (("--exit-zero",), 0),
        (("--ignore", "IAC201"), 0),
        (("--ignore", "no-internet-route"), 0),
        (("--ignore", "IAC3,IAC2"), 0),
        (("--select", "IAC2"), 1),
        (("--select", "IAC3"), 0),
        (("--select", "IAC3", "--extend-select", "IAC201"), 1),
        (("--exclude", "infra"), 2),
        (("--root", "infra"), 1),
        (("--root", "other"), 2),
    ],
)
def test_options_decide_the_exit_code(
    arguments: tuple[str, ...], code: int, run: Run, broken: Path
) -> None:
    """Thresholds, selection by id, name and prefix, and what is left out."""
    assert run(*arguments).code == code


def test_every_option_has_an_environment_variable(
    run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IACLINT_ and the long name."""
    monkeypatch.setenv("IACLINT_IGNORE", "IAC201")
    assert run("infra").code == 0
    monkeypatch.setenv("IACLINT_IGNORE", "")
    monkeypatch.setenv("IACLINT_FAIL_ON", "never")
    assert run("infra").code == 0


def test_several_outputs_at_once(run: Run, broken: Path, tmp_path: Path) -> None:
    """One to the screen, others to files, which have no colour."""
    result = run(
        *("infra", "-o", "concise", "-o", "json=out.json", "-o", "sarif=out.sarif"),
        *("-o", "text=out.txt", "--color", "always"),
    )
    assert result.code == 1 and len(result.out.splitlines()) == 1
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["summary"]["errors"] == 1
    assert json.loads((tmp_path / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert "\x1b" not in (tmp_path / "out.txt").read_text("utf-8")


def test_machine_formats_have_standard_output_to_themselves(run: Run, broken: Path) -> None:
    """`-o json | jq` works."""
    assert json.loads(run("infra", "-o", "json").out)["schema_version"] == 1


def test_json_paths_are_relative_to_the_working_directory(
    run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And SARIF's to the repository, wherever it is run."""

    def places() -> tuple[str, str]:
        found = json.loads(run(str(broken), "-o", "json").out)["findings"][0]
        (log,) = json.loads(run(str(broken), "-o", "sarif").out)["runs"]
        location = log["results"][0]["locations"][0]["physicalLocation"]
        return found["location"]["path"], location["artifactLocation"]["uri"]

    assert places() == ("infra/network.tf", "infra/network.tf")
    monkeypatch.chdir(broken)
    assert places() == ("network.tf", "infra/network.tf")


@pytest.mark.parametrize(
    ("wish", "variables", "painted"),
    [
        ("auto", {}, False),
        ("always", {}, True),
        ("always", {"NO_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_decided_by_option_then_environment_then_terminal(
    wish: str,
    variables: dict[str, str],
    painted: bool,
    run: Run,
    broken: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """https://no-color.org and https://force-color.org"""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run("infra", "--color", wish).out) is painted


def test_github_actions_gets_annotations_and_a_summary(
    run: Run, broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless an output is asked for, or this is not wanted."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert "::error file=infra/network.tf" in run("infra").out
    assert summary.read_text("utf-8").startswith("before\n## iaclint")
    assert "::error" not in run("infra", "--no-auto-output").out
    assert "::error" not in run("infra", "-o", "text").out


def test_quiet_and_verbose(run: Run, broken: Path, repaired: Path) -> None:
    """Quiet says nothing when there is nothing; verbose tells every hop."""
    assert run("-q", "infra").out == ""
    (repaired / "route.tf").unlink()
    assert len(run("-q", "infra").out.splitlines()) == 1
    assert "hop: request" in run("-v", "infra").out


def test_a_baseline_silences_what_was_known(run: Run, broken: Path, tmp_path: Path) -> None:
    """Also after the file was renamed and the lines moved."""
    assert run("infra", "--write-baseline", "base.json").code == 0
    assert run("infra", "--baseline", "base.json").code == 0
    moved = (broken / "network.tf").rename(broken / "renamed.tf")
    moved.write_text("\n\n" + moved.read_text("utf-8"), "utf-8")
    result = run("infra", "--baseline", "base.json")
    assert result.code == 0 and "1 known before" in result.out
    assert (
        len(
            json.loads(run("infra", "--baseline", "base.json", "-o", "sarif").out)["runs"][0][
                "results"
            ]
        )
        == 1
    )


def test_settings_beside_the_files_count(run: Run, broken: Path, tmp_path: Path) -> None:
    """The nearest file; `--isolated` reads none, `--config` another."""
    (tmp_path / "iaclint.toml").write_text('ignore = ["IAC201"]\n', "utf-8")
    assert run("infra").code == 0
    assert run("infra", "--isolated").code == 1
    (tmp_path / "other.toml").write_text('fail-on = "never"\n', "utf-8")
    assert run("infra", "--config", "other.toml").code == 0


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ('[levels]\nIAC201 = "warning"\n', 0, "warning[IAC201]"),
        ('[per-file-ignores]\n"infra/*" = ["IAC2"]\n', 0, "No findings"),
        ('[per-file-ignores]\n"other/*" = ["IAC2"]\n', 1, "error[IAC201]"),
        ('fail-on = "never"\n', 0, "error[IAC201]"),
    ],
)
def test_settings_change_levels_and_ignore_by_file(
    text: str, code: int, words: str, run: Run, broken: Path, tmp_path: Path
) -> None:
    """Level overrides, ignores by file, threshold."""
    (tmp_path / "iaclint.toml").write_text(text, "utf-8")
    result = run("infra")
    assert result.code == code and words in result.out


def test_a_mistake_in_the_settings_has_its_place(run: Run, broken: Path, tmp_path: Path) -> None:
    """File, line and column."""
    (tmp_path / "iaclint.toml").write_text('\nignroe = ["IAC201"]\n', "utf-8")
    result = run("infra")
    assert result.code == 2
    assert 'iaclint.toml:2:1: unknown setting "ignroe", did you mean "ignore"?' in result.err


def test_a_comment_accepts_a_finding(run: Run, broken: Path) -> None:
    """Above the block, with a reason; the summary counts it."""
    path = broken / "network.tf"
    table = 'resource "aws_route_table" "public" {'
    text = path.read_text("utf-8")
    path.write_text(text.replace(table, f"# iaclint: ignore[IAC201] -- VPN only\n{table}"), "utf-8")
    result = run("infra")
    assert result.code == 0 and "1 suppressed." in result.out
    listed = run("suppressions", "infra").out
    assert "infra/network.tf:30:1: IAC201: VPN only" in listed
    (entry,) = json.loads(run("suppressions", "infra", "-o", "json").out)
    assert (entry["first_line"], entry["last_line"]) == (30, 33)


CHECK = '''
from pathlib import Path

from iaclint.check import Check

Path("RAN").write_text("ran")


class Custom(Check):
    """A check of this organisation."""

    id = "ACME001"
    name = "acme-check"
'''


@pytest.fixture
def custom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a check, outside of what is scanned."""
    directory = tmp_path_factory.mktemp("custom")
    (directory / "acme.py").write_text(CHECK, "utf-8")
    return directory


def test_a_settings_file_in_the_tree_cannot_run_programs(
    run: Run, broken: Path, custom: Path, tmp_path: Path
) -> None:
    """A pull request that adds one gets a refusal, wherever it is and whatever is scanned."""
    text = f'checks = ["{custom.as_posix()}"]\n'
    for place in (tmp_path, broken):
        settings = place / "iaclint.toml"
        settings.write_text(text, "utf-8")
        for arguments in (("infra",), ("infra/network.tf",), ("infra", "--config", str(settings))):
            result = run(*arguments)
            assert result.code == 2 and "cannot name checks" in result.err
        settings.unlink()
    assert not (tmp_path / "RAN").exists()


def test_checks_come_from_the_command_line_and_from_settings_elsewhere(
    run: Run, broken: Path, custom: Path, tmp_path: Path
) -> None:
    """Both are decided by who runs iaclint."""
    assert "acme-check" in run("rule", "--checks", str(custom)).out
    (custom / "org.toml").write_text('checks = ["."]\nselect = ["ACME001"]\n', "utf-8")
    assert run("infra", "--config", str(custom / "org.toml")).code == 0
    assert (tmp_path / "RAN").exists()


def test_path_answers_with_its_exit_code(run: Run, broken: Path) -> None:
    """1 for blocked, 0 for reachable, 3 for undecided."""
    blocked = run("path", "internet", "aws_instance.bastion", "infra")
    assert blocked.code == 1 and "blocked" in blocked.out and "route table public ✗" in blocked.out
    (broken / "route.tf").write_text(ROUTE, "utf-8")
    assert run("path", "203.0.113.9", "aws_instance.bastion", "infra").code == 0
    assert run("path", "198.51.100.9", "aws_instance.bastion", "infra").code == 1
    other = broken / "bastion.tf"
    text = other.read_text("utf-8")
    other.write_text(text.replace('  default = "203.0.113.0/24"\n', ""), "utf-8")
    undecided = run("path", "203.0.113.9", "aws_instance.bastion", "infra")
    assert undecided.code == 3 and 'variable "office"' in undecided.out


@pytest.mark.parametrize("output", ["json", "markdown"])
def test_path_has_other_forms(output: str, run: Run, broken: Path) -> None:
    """JSON for scripts, in the words of the report; mermaid for pages."""
    text = run("path", "internet", "aws_instance.*", "infra", "-o", output).out
    if output == "json":
        (answer,) = json.loads(text)
        assert (answer["verdict"], answer["service"]) == ("blocked", "ssh")
    else:
        assert text.startswith("```mermaid\nflowchart LR")


def test_path_can_be_short(run: Run, broken: Path) -> None:
    """A line for each answer, and the exit code as ever."""
    short = run("path", "internet", "aws_instance.*", "infra", "-q")
    expected = "SSH over ipv4 from internet to aws_instance.bastion: blocked\n"
    assert (short.code, short.out) == (1, expected)


def test_what_is_not_decided_is_marked_once(run: Run, broken: Path) -> None:
    """By the mark that every hop has; its name says nothing of the verdict."""
    answer = run("path", "internet", "10.0.1.5", "infra")
    assert "10.0.1.5 ? →" in answer.out and "? ?" not in answer.out


def test_eval_answers_in_json(run: Run, broken: Path) -> None:
    """The value, what is unknown with its reference, or an error."""
    assert json.loads(run("eval", "infra", "var.office").out) == {"value": "203.0.113.0/24"}
    assert json.loads(run("eval", "infra", "var.office", "--var", "office=x").out)["value"] == "x"
    known_later = json.loads(run("eval", "infra", "aws_vpc.main.id").out)["value"]
    assert known_later["ref"] == "aws_vpc.main.id" and "unknown" in known_later
    failed = run("eval", "infra", "var.nothing")
    assert failed.code == 1 and "error" in json.loads(failed.out)


def test_eval_answers_for_a_place_of_a_template(run: Run, tmp_path: Path) -> None:
    """The path is the template."""
    text = "Resources:\n  A:\n    Type: AWS::EC2::VPC\n    Properties: {CidrBlock: 10.0.0.0/16}\n"
    (tmp_path / "t.yaml").write_text(text, "utf-8")
    place = "Resources.A.Properties.CidrBlock"
    assert json.loads(run("eval", "t.yaml", place).out) == {"value": "10.0.0.0/16"}
    assert run("eval", "t.yaml", "Resources.Gone").code == 1


@pytest.mark.parametrize("output", ["mermaid", "dot", "svg", "html", "json"])
def test_graph_draws_the_network(output: str, run: Run, broken: Path) -> None:
    """In every form; a picture is no verdict, so the exit code is 0."""
    result = run("graph", "infra", "-o", output)
    assert result.code == 0 and "bastion" in result.out and "blocked" in result.out


def test_eval_answers_each_line_in_order(
    run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that is not understood gets an answer too."""
    import io

    lines = b'{"expr": "1 + 1"}\nnonsense\n\n{"expr": "var.office"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    answers = [json.loads(line) for line in run("eval", "infra", "--jsonl").out.splitlines()]
    assert [next(iter(one)) for one in answers] == ["value", "error", "value"]
    assert answers[0] == {"value": 2}


def test_rule_prints_pages_and_the_list(run: Run) -> None:
    """By id, by name, all of them, in three forms."""
    page = run("rule", "IAC201").out
    assert (
        page.startswith("IAC201 no-internet-route") and page == run("rule", "no-internet-route").out
    )
    listed = run("rule").out
    assert "IAC201" in listed and "IAC901" in listed
    everything = json.loads(run("rule", "--all", "-o", "json").out)
    assert {"id", "name", "level", "summary", "text"} <= set(everything[0])
    assert {one.get("level", "page") for one in everything} == {"error", "warning", "note", "page"}
    some = run("rule", "iac3").out
    assert "IAC301" in some and "IAC401" not in some and "guide" not in some
    assert run("rule", "IAC201", "-o", "markdown").out.startswith("# IAC201 no-internet-route")


def test_config_prints_settings_that_can_be_read_back(
    run: Run, broken: Path, tmp_path: Path
) -> None:
    """With the file they come from."""
    (tmp_path / "iaclint.toml").write_text('fail-on = "note"\n', "utf-8")
    text = run("config", "infra").out
    assert text.startswith("# iaclint.toml\n") and 'fail-on = "note"' in text
    (tmp_path / "again.toml").write_text(text, "utf-8")
    again = run("config", "--config", "again.toml").out
    assert again.split("\n", 1)[1] == text.split("\n", 1)[1]
    schema = json.loads(run("config", "--schema").out)
    (defined,) = [one for one in schema["$defs"].values() if "fail-on" in one["properties"]]
    assert all(f"\n{name} = " in text for name in defined["properties"]), "all are printed"


def test_no_command_offers_what_it_does_not_do(run: Run) -> None:
    """`--quiet`, `--color` and `--checks` are where something is quiet, coloured or checked."""
    for command in ("graph", "init", "config", "suppressions", "eval"):
        offered = run(command, "--help").out
        assert not [name for name in ("--quiet", "--color", "--checks") if name in offered]


def test_the_list_of_commands_is_whole_sentences(run: Run) -> None:
    """Nothing of it is cut, in a terminal of eighty columns."""
    text = run("--help").out
    assert "..." not in text.partition("Commands:")[2]


def test_init_writes_what_works_today(run: Run, repaired: Path, tmp_path: Path) -> None:
    """The file is valid and names the flow; an existing one is not replaced unasked."""
    assert run("init", "infra").code == 0
    text = (tmp_path / "iaclint.toml").read_text("utf-8")
    assert 'to = "aws_instance.bastion"' in text and 'allow = ["ssh"]' in text
    assert run("config", "infra").code == 0
    assert run("init", "infra").code == 2
    assert run("init", "infra", "--force").code == 0


BASE = EXAMPLE.parent / "base"
BALANCER = """
resource "aws_lb" "front" {
  load_balancer_type = "network"
  subnets            = [aws_subnet.public.id]
}

resource "aws_lb_listener" "ssh" {
  load_balancer_arn = aws_lb.front.arn
  port              = 22
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.inner.arn
  }
}

resource "aws_lb_target_group" "inner" {
  vpc_id   = aws_vpc.main.id
  port     = 22
  protocol = "TCP"
}

resource "aws_lb_target_group_attachment" "inner" {
  target_group_arn = aws_lb_target_group.inner.arn
  target_id        = aws_instance.inner.id
}

resource "aws_vpc_security_group_ingress_rule" "balanced" {
  security_group_id = aws_security_group.inner.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}
"""


@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
def test_what_init_writes_is_silent_today_and_an_error_when_it_breaks(
    run: Run, tmp_path: Path, language: str
) -> None:
    """Every flow that works is in it, by names that the file finds again."""
    (tmp_path / ".git").mkdir()
    place = Path(shutil.copytree(BASE / language, tmp_path / "net"))
    if language == "terraform":
        (place / "balancer.tf").write_text(BALANCER, "utf-8")
    assert run("init", "net").code == 0
    text = (tmp_path / "iaclint.toml").read_text("utf-8")
    assert text.count("[[expect]]") >= 3
    assert 'from = "203.0.113.0/24"' in text and 'allow = ["ssh", "icmp"]' in text
    again = run("net")
    assert again.code == 0 and "No findings" in again.out
    (file,) = (one for one in place.iterdir() if one.stem in ("main", "template"))
    file.write_text(file.read_text("utf-8").replace("203.0.113.0/24", "192.0.2.0/24"), "utf-8")
    assert run("net").code == 1


def test_a_crash_is_a_sentence(run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2; the traceback only with -v."""
    import iaclint.scan

    def crash(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(iaclint.scan, "check", crash)
    result = run("infra")
    assert result.code == 2 and "mistake in iaclint: ZeroDivisionError" in result.err
    assert "Traceback" not in result.err
    assert "Traceback" in run("infra", "-v").err


def test_a_damaged_installation_is_no_finding(
    run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that cannot be imported gives exit code 2: Python's own 1 would mean findings."""
    monkeypatch.setitem(sys.modules, "iaclint.command.check", None)
    monkeypatch.setitem(sys.modules, "iaclint.command.failure", None)
    result = run("infra")
    assert result.code == 2 and "ModuleNotFoundError" in result.err
    assert "Traceback" not in result.err
