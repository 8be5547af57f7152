from collections.abc import Iterator

from iaclint.check import Check, Declared, Finding, Label, Network, Unknown, aws, elements, text

ASSOCIATION = aws.routing.RouteTableAssociation


class SubnetWithTwoTables(Check):
    """
    The subnet is associated with two route tables.

    ## On the wire

    Which table counts depends on which association is made last; the other one fails.

    ## Why AWS does that

    A subnet uses exactly one table: the one it is associated with, else the main one.

    ## Repair in Terraform

    Keep one `aws_route_table_association` for the subnet, and write all routes into its table.

    ## Repair in CloudFormation

    Keep one `AWS::EC2::SubnetRouteTableAssociation`.

    ## What it does not see

    Associations that another stack makes. Two with one table are the same association twice, which
    changes nothing.
    """

    id = "IAC808"
    name = "subnet-with-two-tables"
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"
    breaks = (
        """
        resource "aws_route_table" "second" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_route_table_association" "second" {
          subnet_id      = aws_subnet.private.id
          route_table_id = aws_route_table.second.id
        }
        """,
        """
        Resources:
          Again:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties:
              SubnetId: !Ref PrivateSubnet
              RouteTableId: !Ref PublicTable
        """,
    )
    quiet = (
        """
        resource "aws_route_table" "edge" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_route_table_association" "edge" {
          gateway_id     = aws_internet_gateway.main.id
          route_table_id = aws_route_table.edge.id
        }
        """,
        """
        resource "aws_subnet" "third" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.200.0/24"
        }

        resource "aws_route_table_association" "third" {
          for_each       = { one = "eu-west-1a", two = "eu-west-1b" }
          subnet_id      = aws_subnet.third.id
          route_table_id = aws_route_table.public.id
        }
        """,
        """
        Resources:
          PrivateAssociation:
            Properties:
              RouteTableId: !Ref PublicTable
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Associations that name the same subnet for certain."""
        seen: dict[str, Declared] = {}
        known = {subnet.address for subnet in network.subnets}
        for declared in network.declared:
            if not isinstance(declared, ASSOCIATION) or declared.maybe is not None:
                continue
            for value in elements(declared.subnet):
                if not isinstance(value, Unknown) or value.ref is None:
                    continue
                subnet = value.ref.address
                if subnet not in known:
                    continue  # a stack or module elsewhere, of which it is one of many outputs
                first = seen.setdefault(subnet, declared)
                if first is declared or _same_table(first, declared):
                    continue
                yield self.about(
                    declared.resource,
                    f"{subnet} is associated with two route tables",
                    Label(declared.span, "a second association"),
                    "keep one of them",
                    related=(Label(first.span, "the first one"),),
                    identity=subnet,
                )


def _same_table(one: Declared, other: Declared) -> bool:
    """Whether two associations surely name one table: what the second asks for is there already."""
    tables = [each.table for each in (one, other) if isinstance(each, ASSOCIATION)]
    named = [t.ref or t if isinstance(t, Unknown) else text(t) for t in tables]
    return len(named) == 2 and named[0] == named[1]
