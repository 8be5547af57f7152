from collections.abc import Iterator

from iaclint.check import (
    Check,
    Finding,
    Gateway,
    Label,
    Network,
    Unknown,
    Vpc,
    aws,
    text,
)


class EncryptionWithoutExclusion(Check):
    """
    Encryption is enforced in a VPC that has an internet gateway.

    ## On the wire

    Nothing: the mode is refused while the gateway is attached, and the gateway while the mode is
    on. Whichever comes second fails.

    ## Why AWS does that

    What leaves by an internet gateway is not encrypted by AWS. In the mode `enforce` a VPC takes
    such a gateway only with an exclusion for it.

    ## Repair in Terraform

    `internet_gateway_exclusion = "enable"` in the `aws_vpc_encryption_control`, or the mode
    `monitor`.

    ## Repair in CloudFormation

    `InternetGatewayExclusionInput: enable` in the `AWS::EC2::VPCEncryptionControl`, or
    `InternetGatewayExclusion: enable` in the `VpcEncryptionControl` of the VPC itself; or the mode
    `monitor`.

    ## What it does not see

    Instance types that cannot encrypt, and the gateways of other kinds.
    """

    id = "IAC818"
    name = "encryption-without-exclusion"
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html"
    breaks = (
        """
        resource "aws_vpc_encryption_control" "main" {
          vpc_id = aws_vpc.main.id
          mode   = "enforce"
        }
        """,
        """
        resource "aws_vpc_encryption_control" "main" {
          vpc_id                     = aws_vpc.main.id
          mode                       = "enforce"
          internet_gateway_exclusion = "disable"
        }
        """,
        """
        Resources:
          Encryption:
            Type: AWS::EC2::VPCEncryptionControl
            Properties:
              VpcId: !Ref Vpc
              Mode: enforce
        """,
        """
        Resources:
          Vpc:
            Properties:
              VpcEncryptionControl: {Mode: enforce}
        """,
    )
    quiet = (
        """
        resource "aws_vpc_encryption_control" "main" {
          vpc_id                     = aws_vpc.main.id
          mode                       = "enforce"
          internet_gateway_exclusion = "enable"
        }
        """,
        """
        resource "aws_vpc_encryption_control" "main" {
          vpc_id = aws_vpc.main.id
          mode   = "monitor"
        }
        """,
        """
        resource "aws_vpc" "inner" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_vpc_encryption_control" "inner" {
          vpc_id = aws_vpc.inner.id
          mode   = "enforce"
        }
        """,
        """
        Resources:
          Encryption:
            Type: AWS::EC2::VPCEncryptionControl
            Properties:
              VpcId: !Ref Vpc
              Mode: enforce
              InternetGatewayExclusionInput: enable
        """,
        """
        Resources:
          Vpc:
            Properties:
              VpcEncryptionControl: {Mode: enforce, InternetGatewayExclusion: enable}
        """,
        """
        Resources:
          Vpc:
            Properties:
              VpcEncryptionControl: {Mode: monitor}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Controls that enforce, by the VPC they name."""
        for declared in network.declared:
            if not isinstance(declared, aws.policy.EncryptionControl) or declared.maybe:
                continue
            if text(declared.mode) != "enforce" or text(declared.internet) not in (None, "disable"):
                continue
            vpc = _vpc(network, declared)
            gateways = [g for g in network.gateways if vpc and _serves(g, vpc)]
            if vpc is None or not gateways:
                continue
            there = tuple(Label(g.span, "is attached to it") for g in gateways[:1] if g.span)
            yield self.about(
                declared.resource,
                f"{declared.address} enforces encryption in {vpc.address}, which has an internet "
                "gateway",
                Label(declared.span, "enforces encryption, and excludes no internet gateway"),
                "exclude the internet gateway, or use the mode monitor",
                related=there,
            )


def _vpc(network: Network, declared: aws.policy.EncryptionControl) -> Vpc | None:
    """The VPC it is written in, or the one it names."""
    ref = declared.vpc.ref if isinstance(declared.vpc, Unknown) else None
    address = declared.address if declared.inline else ref and ref.address
    return next((vpc for vpc in network.vpcs if vpc.address == address), None)


def _serves(gateway: Gateway, vpc: Vpc) -> bool:
    return gateway.kind == "internet" and gateway.attached_to(vpc) is True
