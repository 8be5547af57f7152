from collections.abc import Iterator

from iaclint.check import (
    Check,
    Declared,
    Finding,
    Label,
    Network,
    Scalar,
    Unknown,
    Value,
    aws,
    elements,
)


class SeveralIdsInOneText(Check):
    """
    One text holds the ids of several security groups.

    ## On the wire

    Nothing: the launch fails with `InvalidGroup.NotFound` or `InvalidGroupId.Malformed`.

    ## Why AWS does that

    Each element of a list of groups is one id. A comma inside of a text separates nothing: AWS
    looks for one group of that whole name.

    ## Repair in Terraform

    `vpc_security_group_ids = [aws_security_group.NAME.id, var.other]`; what is handed over as one
    text is a list after `split(",", var.groups)`.

    ## Repair in CloudFormation

    One element for each group, a parameter of the type `List<AWS::EC2::SecurityGroup::Id>`, or
    `!Split [",", !Ref GROUPS]`.

    ## What it does not see

    Texts of which nobody knows anything. Names of groups may have commas, ids have none.
    """

    id = "IAC820"
    name = "several-ids-in-one-text"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"
        "#API_RunInstances_RequestParameters"
    )
    breaks = (
        """
        resource "aws_instance" "desktop" {
          vpc_security_group_ids = ["${aws_security_group.desktop.id}, sg-0aa11bb2"]
        }
        """,
        """
        resource "aws_instance" "desktop" {
          vpc_security_group_ids = ["sg-0aa11bb2,sg-0aa11bb3"]
        }
        """,
        """
        Resources:
          Inner:
            Properties:
              SecurityGroupIds: [!Sub "${InnerGroup.GroupId}, sg-0aa11bb2"]
        """,
    )
    quiet = (
        """
        resource "aws_instance" "desktop" {
          vpc_security_group_ids = split(",", "${aws_security_group.desktop.id},sg-0aa11bb2")
        }
        """,
        """
        variable "more" {}
        resource "aws_instance" "desktop" {
          vpc_security_group_ids = ["${aws_security_group.desktop.id}", "${var.more}"]
        }
        """,
        """
        Resources:
          Inner:
            Properties:
              SecurityGroupIds: !Split [",", !Sub "${InnerGroup.GroupId},sg-0aa11bb2"]
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each such text."""
        for declared in network.declared:
            if declared.maybe is not None:
                continue
            for number, value in enumerate(_ids(declared)):
                if _is_several(value):
                    yield self.about(
                        declared.resource,
                        f"{declared.address} names several security groups in one text",
                        Label(getattr(value, "span", None) or declared.span, "one text"),
                        "write each group as an element of its own",
                        targets=(declared.address,),
                        identity=str(number),
                    )


def _ids(declared: Declared) -> Iterator[Value]:
    """Every element of a list of ids of groups."""
    if isinstance(declared, (aws.instance.Launch, aws.interface.NetworkInterface)):
        yield from elements(declared.groups)
    if isinstance(declared, aws.instance.Launch):
        for nic in declared.nics():
            yield from elements(nic.groups)


def _is_several(value: Value) -> bool:
    """Whether a comma stands between ids, or what may be some."""
    pieces = [piece.strip() for piece in _plain(value).split(",")]
    return len(pieces) > 1 and all(piece.startswith(("sg-", "\0")) for piece in pieces)


def _plain(value: Value) -> str:
    """The text of a value, with a mark in place of what is not known."""
    if isinstance(value, Scalar):
        return str(value.value)
    parts = value.parts if isinstance(value, Unknown) else ()
    return "".join(part if isinstance(part, str) else "\0" for part in parts)
