"""
The command line: what can be said to iaclint. What it does then is in `iaclint.command`.

Nothing heavy is imported here, so that `--version` and `--help` answer at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from iaclint import __version__

Function = Callable[..., Any]
Decorator = Callable[[Any], Any]

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
FAILURE = 2
"""The job could not be done: usage, settings, unreadable input, nothing to check, a crash."""


class Commands(click.Group):
    """Commands of which `check` may be left out: `iaclint infra` is `iaclint check infra`."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Puts `check` before what is no command."""
        known = {*self.commands, "--version", "-h", "--help"}
        if not arguments or arguments[0] not in known:
            self._not_mistyped(context, *arguments[:1])
            arguments = ["check", *arguments]
        return super().parse_args(context, arguments)

    def _not_mistyped(self, context: click.Context, word: str = "") -> None:
        """Ends the program for what is nearly a command, and no path that is there."""
        near = get_close_matches(word, self.commands, 1, 0.75)
        if near and word[0] != "-" and not Path(word).exists():
            context.fail(
                f'there is no file or directory "{word}"; did you mean the command "{near[0]}"?'
            )


def option(*names: str, **settings: Any) -> Decorator:
    """An option that an environment variable can set too: IACLINT_ and its long name."""
    long = next(name for name in names if name.startswith("--")).split("/")[0]
    variable = "IACLINT_" + long.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, **settings)


def together(*decorators: Decorator) -> Decorator:
    """Several options as one decorator."""

    def decorate(function: Function) -> Function:
        for one in reversed(decorators):
            function = one(function)
        return function

    return decorate


INPUTS = together(
    option("--var", multiple=True, metavar="NAME=VALUE", help="A Terraform variable."),
    option("--var-file", multiple=True, metavar="FILE", help="A file of Terraform variables."),
    option("--parameter", multiple=True, metavar="NAME=VALUE", help="A stack parameter."),
    option("--parameter-file", multiple=True, metavar="FILE", help="A file of stack parameters."),
    option("--region", metavar="NAME", help="The region where the files leave it open."),
    option("--account", metavar="ID", help="The account where the files leave it open."),
    option("--workspace", metavar="NAME", help="The Terraform workspace."),
    option("--no-cache", is_flag=True, help="Neither read nor write the cache of parsed files."),
)

SETTINGS = together(
    option("--config", metavar="FILE", help="The settings file, instead of the nearest one."),
    option("--isolated", is_flag=True, help="Read no settings file."),
)

CHECKS = option(
    "--checks",
    multiple=True,
    metavar="DIR",
    help="A directory of more checks. They are programs: name only what you trust.",
)

COLOR = option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour on the screen; NO_COLOR and FORCE_COLOR are obeyed.",
)
VERBOSE = option("--verbose", "-v", count=True, help="Say more about failures.")
SCREEN = together(
    COLOR,
    option(
        "--verbose",
        "-v",
        count=True,
        help="Say more: every hop and target, what is not meant.",
    ),
    option("--quiet", "-q", is_flag=True, help="One line for each answer, nothing else."),
)

CLIENTS = option(
    "--from", "sources", multiple=True, metavar="CIDR", help="The clients, a range or a name."
)
PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...")


@click.group(cls=Commands, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="iaclint", message="%(prog)s %(version)s")
def cli() -> None:
    """
    Says before deploy which instances nobody will reach by SSH, RDP or ping, and why.

    `iaclint [PATH]...` is short for `iaclint check [PATH]...`. Exit code 0: nothing found; 1:
    findings at or above --fail-on; 2: the job could not be done.
    """


@cli.command(context_settings=CONTEXT)
@PATHS
@option(
    "--output",
    "-o",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"Repeatable; one of {', '.join(FORMATS)}.",
)
@option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    help="From which level on findings make the exit code 1.  [default: error]",
)
@option("--exit-zero", is_flag=True, help="Same as --fail-on never.")
@option("--fail-on-undecided", is_flag=True, help="Exit 1 also when a flow is undecided.")
@option("--select", multiple=True, metavar="IDS", help="Only these checks: ids, names, prefixes.")
@option("--extend-select", multiple=True, metavar="IDS", help="These checks too.")
@option("--ignore", multiple=True, metavar="IDS", help="Not these checks.")
@option("--diff-base", metavar="REF", help="Report only what was not there at that revision.")
@option("--baseline", metavar="FILE", help="Report only what is not in that file.")
@option("--write-baseline", metavar="FILE", help="Write what is found to that file, and exit 0.")
@CLIENTS
@option("--fix", is_flag=True, help="Apply the safe fixes, then check again.")
@option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: those that open something too.")
@option("--diff", is_flag=True, help="Print the fixes as a patch and change nothing.")
@option("--root", multiple=True, metavar="DIR", help="Check only these roots.")
@option("--exclude", multiple=True, metavar="GLOB", help="Leave out, as in .gitignore.")
@option(
    "--jobs",
    "-j",
    type=click.IntRange(1),
    metavar="N",
    help="Processes to use at most; one is all that is used.",
)
@option("--allow-empty", is_flag=True, help="Nothing to check is no failure.")
@option("--no-auto-output", is_flag=True, help="In GitHub Actions write only what is asked for.")
@option("--sarif-category", metavar="NAME", help="The category of the SARIF upload.")
@option("--sarif-suppressed", is_flag=True, help="Put accepted findings into SARIF too.")
@INPUTS
@SETTINGS
@CHECKS
@SCREEN
def check(**arguments: Any) -> int:
    """
    Check Terraform, templates and plans.

    PATH is a directory or a file; without one, the working directory.
    """
    return _command("check", arguments)


@cli.command(context_settings=CONTEXT)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@option(
    "--service",
    default="ssh",
    show_default=True,
    metavar="SERVICE",
    help="ssh, rdp, icmp, winrm, tcp/PORT, udp/PORT or ip/PROTOCOL.",
)
@option(
    "--output",
    "-o",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
)
@INPUTS
@SETTINGS
@SCREEN
def path(**arguments: Any) -> int:
    """
    Show hop by hop whether FROM reaches TO.

    FROM is `internet`, `session-manager`, an address or range, a name of [clients], or an instance,
    a subnet, a load balancer, an accelerator, an Instance Connect Endpoint or a Client VPN. TO is
    an instance, a subnet, an address or range here or outside, `internet`, a load balancer, an
    endpoint of a service or a NAT gateway. Exit code 0: reachable; 1: not; 3: undecided.
    """
    return _command("path", arguments)


@cli.command(context_settings=CONTEXT)
@PATHS
@option(
    "--output",
    "-o",
    type=click.Choice(["mermaid", "dot", "svg", "html", "json"]),
    default="mermaid",
    show_default=True,
)
@INPUTS
@SETTINGS
@VERBOSE
def graph(**arguments: Any) -> int:
    """Draw the network, blocked hops marked."""
    return _command("graph", arguments)


@cli.command("eval", context_settings=CONTEXT)
@click.argument("words", nargs=-1, metavar="[PATH] EXPR")
@option("--jsonl", is_flag=True, help='Answer each line {"expr": …} of standard input.')
@INPUTS
@VERBOSE
def evaluate(**arguments: Any) -> int:
    """
    Print the value of an expression.

    EXPR is an expression in a root of Terraform, or a place in a template. PATH is a directory or a
    template (default: the working directory). The answer is JSON: {"value": …} or {"error": "…"}.
    """
    return _command("evaluate", arguments)


@cli.command(context_settings=CONTEXT)
@click.argument("key", required=False, metavar="[ID|NAME|PREFIX]")
@click.option("--all", "everything", is_flag=True, help="The pages of all checks.")
@option(
    "--output",
    "-o",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
)
@SETTINGS
@CHECKS
@COLOR
@VERBOSE
def rule(**arguments: Any) -> int:
    """
    Print the page of a check, or the list of all.

    ID and NAME are those of a check, or the name of a page of the guide. A PREFIX of ids, as IAC2,
    lists these.
    """
    return _command("rule", arguments)


@cli.command(context_settings=CONTEXT)
@PATHS
@option("--output", "-o", type=click.Choice(["text", "json"]), default="text", show_default=True)
@INPUTS
@SETTINGS
@VERBOSE
def suppressions(**arguments: Any) -> int:
    """
    List what is accepted in place.

    Accepted in comments and metadata under PATH (default: the working directory), with the reason
    and the end.
    """
    return _command("suppressions", arguments)


@cli.command(context_settings=CONTEXT)
@PATHS
@option("--schema", is_flag=True, help="Print the JSON Schema of settings files.")
@SETTINGS
@VERBOSE
def config(**arguments: Any) -> int:
    """
    Print the settings that count.

    They are those for the first PATH (default: the working directory) that has a settings file;
    the first line says where they come from.
    """
    return _command("config", arguments)


@cli.command(context_settings=CONTEXT)
@PATHS
@option("--force", is_flag=True, help="Replace a settings file that is there.")
@CLIENTS
@INPUTS
@SETTINGS
@VERBOSE
def init(**arguments: Any) -> int:
    """
    Write a settings file that expects what works today.

    It is `iaclint.toml`, at the root of the repository, or in the first PATH without one.
    """
    return _command("init", arguments)


def _command(name: str, arguments: dict[str, Any]) -> int:
    """Runs a command; what it cannot do is said in a sentence, and never as a traceback."""
    result: int
    try:
        result = import_module(f"iaclint.command.{name}").run(arguments)
    except (OSError, click.ClickException):
        raise
    except Exception as error:
        click.echo(_sentence(error, bool(arguments.get("verbose"))), err=True)
        return FAILURE
    return result


def _sentence(error: Exception, verbose: bool) -> str:
    """What is said about a failure: the reason, or that it is a mistake in iaclint itself."""
    known: tuple[type[Exception], ...] = ()
    with suppress(ImportError):
        known = import_module("iaclint.command.failure").FAILURES
    if isinstance(error, known):
        return f"iaclint: {error}"
    if verbose or os.environ.get("IACLINT_DEBUG"):
        return "".join(traceback.format_exception(error))
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"iaclint: this is a mistake in iaclint: {type(error).__name__} in {frame.name} line "
        f"{frame.lineno}: {error}\nrun again with -v for the whole story; the input was not checked"
    )


def _close() -> None:
    """Whoever read the output has gone; nothing more can be said there, also not on exit."""
    with suppress(OSError, ValueError):  # a stream that is no file needs none of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """The entry point of the program."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        code = cli.main(prog_name="iaclint", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = FAILURE
    except (click.Abort, KeyboardInterrupt):
        click.echo("iaclint: stopped", err=True)
        code = 130
    except BrokenPipeError:
        _close()
        code = 141
    except OSError as error:
        _close()
        what = f'"{error.filename}"' if error.filename else "cannot write"
        click.echo(f"iaclint: {what}: {error.strerror}", err=True)
        code = FAILURE
    sys.exit(code if isinstance(code, int) else 0)
