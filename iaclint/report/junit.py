"""
JUnit XML, which every CI system shows as test results.
"""

from __future__ import annotations

from xml.etree import ElementTree

from iaclint.finding import Finding, Report
from iaclint.report import Context
from iaclint.report.plain import clean, one_line
from iaclint.report.text import summary


def write(report: Report, context: Context) -> str:
    """
    A test case per finding, failed; per undecided flow, skipped; and one that passes for each
    root, so that a run without findings is not an empty file.
    """
    cases = [
        *(_failed(finding) for finding in report.findings),
        *(
            _skipped(f"{one.service} to {one.target}", f"undecided: {one.because}")
            for one in report.undecided
        ),
        *(_case("root", root) for root in report.roots),
    ]
    suite = ElementTree.Element(
        "testsuite",
        name="iaclint",
        tests=str(len(cases)),
        failures=str(len(report.findings)),
        errors="0",
        skipped=str(len(report.undecided)),
        time="0",
    )
    suite.extend(cases)
    ElementTree.SubElement(suite, "system-out").text = summary(report)
    suites = ElementTree.Element("testsuites", name="iaclint")
    suites.append(suite)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _xml(suites) + "\n"


def _xml(element: ElementTree.Element) -> str:
    return ElementTree.tostring(element, encoding="unicode")


def _case(group: str, name: str) -> ElementTree.Element:
    return ElementTree.Element("testcase", classname=_text(group), name=_text(name), time="0")


def _failed(finding: Finding) -> ElementTree.Element:
    span = finding.primary.span
    case = _case(span.path, f"{finding.check} {finding.name}: {finding.resource}")
    case.set("file", _text(span.path))
    case.set("line", str(span.line))
    failure = ElementTree.SubElement(
        case, "failure", type=str(finding.level), message=_text(finding.message)
    )
    lines = [f"{span}: {one_line(finding.primary.text)}"]
    lines += [f"{label.span}: {one_line(label.text)}" for label in finding.related]
    lines += [f"help: {one_line(finding.help)}"] if finding.help else []
    failure.text = "\n".join(_text(line) for line in lines)
    return case


def _skipped(name: str, why: str) -> ElementTree.Element:
    case = _case("undecided", name)
    ElementTree.SubElement(case, "skipped", message=_text(why))
    return case


def _text(text: str) -> str:
    """Text that XML 1.0 can carry (§2.2): no controls, no lone surrogates, no U+FFFE, U+FFFF."""
    return clean(one_line(text)).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
