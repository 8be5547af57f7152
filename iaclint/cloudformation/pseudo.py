"""
Pseudo parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iaclint.cloudformation.parameters import Symbol
from iaclint.source import Span
from iaclint.value import Scalar, Unknown, Value

if TYPE_CHECKING:
    from iaclint.cloudformation.evaluator import Evaluator

PSEUDO = frozenset(
    {
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)


def pseudo(evaluator: Evaluator, name: str, span: Span) -> Value | None:
    """The value of a pseudo parameter; None for `AWS::NoValue`."""
    project = evaluator.scope.project
    region, account = project.environment(evaluator.template)
    match name:
        case "AWS::NoValue":
            return None
        case "AWS::Region" if region:
            return Scalar(region, span)
        case "AWS::Region":
            return evaluator.settled(_open(name, "the region", "--region …", span))
        case "AWS::AccountId" if account:
            return Scalar(account, span)
        case "AWS::AccountId":
            return evaluator.settled(_open(name, "the account", "--account …", span))
        case "AWS::Partition" if region:
            return Scalar(partition(region), span)
        case "AWS::URLSuffix" if region:
            return Scalar(suffix(region), span)
        case "AWS::Partition" | "AWS::URLSuffix":
            return evaluator.settled(_open(name, "the region", "--region …", span))
        case "AWS::NotificationARNs":
            return Unknown("notification topics are given on deployment", span, type="list(string)")
    what = "the stack's name" if name == "AWS::StackName" else "the stack's id"
    key = f"{evaluator.top}:{'/'.join((*evaluator.path, name))}"
    return Symbol(
        f"{what} is given on deployment", span, type="string", key=key, may_be_empty=False
    )


def _open(name: str, what: str, supply: str, span: Span) -> Symbol:
    return Symbol(f"{what} is not known", span, supply, type="string", key=name, may_be_empty=False)


def partition(region: str) -> str:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""
    for start, found in _PARTITIONS.items():
        if region.startswith(start):
            return found
    return "aws"


def suffix(region: str) -> str:
    """The domain of AWS in the region's partition."""
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eusc-": "aws-eusc",
}
