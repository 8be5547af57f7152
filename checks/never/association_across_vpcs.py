from collections.abc import Iterator

from iaclint.check import Acl, Check, Finding, Label, Network, RouteTable, Subnet, Vpc


class AssociationAcrossVpcs(Check):
    """
    The subnet is associated with a route table or a network ACL of another VPC.

    ## On the wire

    Nothing: AWS refuses the association, and the subnet keeps the main table and the default ACL.

    ## Why AWS does that

    Tables and ACLs are parts of one VPC, and serve only its subnets.

    ## Repair in Terraform

    Correct the `vpc_id` of the table or ACL, or name one of the VPC of the subnet.

    ## Repair in CloudFormation

    The same with `VpcId`.

    ## What it does not see

    Subnets, tables and ACLs that are made elsewhere.
    """

    id = "IAC809"
    name = "association-across-vpcs"
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"
    breaks = (
        """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_route_table" "private" {
          vpc_id = aws_vpc.other.id
        }
        """,
        """
        Resources:
          Other:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.9.0.0/16
          PublicAcl:
            Properties:
              VpcId: !Ref Other
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_route_table" "other" {
          vpc_id = aws_vpc.other.id
        }
        """,
        """
        Resources:
          PrivateTable:
            Properties:
              VpcId: vpc-0123456789abcdef0
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Subnets whose VPC is known, with what counts for them."""
        for subnet in network.subnets:
            for thing, what in ((subnet.table, "route table"), (subnet.acl, "network ACL")):
                if not isinstance(thing, (RouteTable, Acl)) or subnet.span is None:
                    continue
                if not _differ(subnet, thing) or not isinstance(thing.vpc, Vpc):
                    continue
                there = (Label(thing.span, f"is in {thing.vpc.address}"),) if thing.span else ()
                yield self.about(
                    subnet,
                    f"{subnet.address} is associated with {thing.address}, a {what} of another VPC",
                    Label(subnet.span, f"uses a {what} of {thing.vpc.address}"),
                    f"name a {what} of the VPC of {subnet.address}",
                    related=there,
                    identity=thing.address,
                )


def _differ(subnet: Subnet, thing: RouteTable | Acl) -> bool:
    mine, other = subnet.vpc, thing.vpc
    if not isinstance(mine, Vpc) or not isinstance(other, Vpc):
        return False
    return mine is not other and not mine.foreign and not other.foreign
