"""
One line per finding, for editors, `grep` and `--quiet`.
"""

from __future__ import annotations

from iaclint.finding import Report
from iaclint.report import Context
from iaclint.report.plain import clean, one_line


def write(report: Report, context: Context) -> str:
    """`path:line:column: level[ID] name: message`; nothing when there is nothing to say."""
    lines = [
        f"{clean(str(finding.primary.span))}: {finding.level}[{finding.check}] "
        f"{finding.name}: {one_line(finding.message)}"
        for finding in report.findings
    ]
    if context.verbosity >= 0:
        lines += [
            f"undecided: {one_line(f'{one.service} to {one.target}: {one.because}')}"
            for one in report.undecided
        ]
    return "".join(f"{line}\n" for line in lines)
