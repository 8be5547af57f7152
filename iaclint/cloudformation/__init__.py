"""
CloudFormation: recognise templates, read and evaluate them, and deliver their resources.

Importing this package is cheap; cfn-lint and PyYAML are imported with the first template.

What the values of resources look like, beside what `iaclint.value` says:

- `Ref` of a resource is an `Unknown` whose `ref` has the attribute "Ref", `Fn::GetAtt` one with the
  attribute's name (`GroupId`, `Outputs.VpcId` of a nested stack that is not among the files). What
  is configured in the template is given as configured: `GetAtt Vpc.CidrBlock` is the block, `GetAtt
  Subnet.VpcId` the reference to the VPC, `Ref` of a key pair its name.
- A parameter without a value is an `Unknown` with the `supply` that decides it, and with `choices`
  where there are AllowedValues. Conditions that concern the network are decided in each world;
  `Fn::If` over any other is an `Unknown` with both `choices` (null for `AWS::NoValue`).
- The value of an SSM parameter type and of a dynamic reference is an `Unknown` among whose `parts`
  is `{{resolve:ssm:NAME}}`.
- `Fn::Base64` of a text that is only partly known is an `Unknown` of the type "base64" whose
  `parts` are those of the text before encoding; of a known text it is the encoded text.
- A loop over a collection that is not known gives one resource for each in its fragment, with
  `maybe` set and all attributes unknown; a nested stack whose template is not among the files gives
  the resource `AWS::CloudFormation::Stack` alone, and a note.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iaclint.cloudformation.recognise import is_template
from iaclint.resource import Inputs, Root
from iaclint.source import Sources

if TYPE_CHECKING:
    from iaclint.cloudformation.places import Session

__all__ = ["evaluate", "is_template", "load", "session"]


def load(paths: Sequence[Path], sources: Sources, inputs: Inputs) -> list[Root]:
    """
    The templates as roots, one for each that no other nests. Never raises for what is in a file:
    that comes back as the roots' problems.
    """
    if not paths:
        return []
    from iaclint.cloudformation.roots import load_roots

    return load_roots(paths, sources, inputs)


def session(
    template: Path, sources: Sources, inputs: Inputs, others: Sequence[Path] = ()
) -> Session:
    """
    One template opened for many questions: `session(…).evaluate(place)`. `others` are the further
    templates of the tree, for nested stacks and imports.
    """
    from iaclint.cloudformation.places import Session

    return Session(template, sources, inputs, others)


def evaluate(template: Path, place: str, sources: Sources, inputs: Inputs) -> dict[str, object]:
    """
    The value of a place of a template (`Resources.Web.Properties.SubnetId`) as the JSON contract of
    `iaclint eval` has it: `{"value": …}` or `{"error": …}`.
    """
    return session(template, sources, inputs).evaluate(place)
