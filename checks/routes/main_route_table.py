from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Fix, Id, New, Reason, add


class MainRouteTable(Check):
    """
    The subnet is associated with no route table, and the main one has no route to the gateway.

    ## On the wire

    The request arrives, the reply finds local routes only and is dropped. The client sees a
    time-out.

    ## Why AWS does that

    A subnet that names no table uses the main one of its VPC, which AWS makes with local routes
    only. Usually the table with the route exists, and only the association is missing.

    ## Repair in Terraform

    An `aws_route_table_association` with the `subnet_id` and the `route_table_id`.

    ## Repair in CloudFormation

    An `AWS::EC2::SubnetRouteTableAssociation`. A template cannot change the main table at all.

    ## What it does not see

    Routes in the main table of a VPC that is made elsewhere: the answer is undecided then.
    """

    id = "IAC203"
    name = "main-route-table"
    causes = (Reason.MAIN_TABLE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"
    breaks = (
        """
        resource "aws_route_table_association" "public" {
          count = 0
        }
        """,
        """
        resource "aws_default_route_table" "main" {
          default_route_table_id = aws_vpc.main.default_route_table_id
        }

        resource "aws_route_table_association" "desktops" {
          count = 0
        }
        """,
        """
        Resources:
          PublicAssociation: null
        """,
    )
    quiet = (
        """
        resource "aws_route_table_association" "public" {
          count = 0
        }

        resource "aws_main_route_table_association" "main" {
          vpc_id         = aws_vpc.main.id
          route_table_id = aws_route_table.public.id
        }
        """,
        """
        Resources:
          PrivateAssociation: null
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each subnet."""
        yield self.blocked(
            cause,
            f"{cause.blocker.node.address} is associated with no route table, and the main one "
            "has no route to the internet gateway",
            _help(cause),
            fix=_fix(cause),
        )


def _help(cause: Cause) -> str:
    subnet, about = cause.blocker.node.address, cause.blocker.about
    if len(about) > 1:
        return f"associate {subnet} with {about[1].address}"
    gateway = cause.gateway
    way = gateway.address if gateway else "the internet gateway"
    return (
        f"make a route table with a route for {cause.destination} to {way}, and associate "
        f"{subnet} with it"
    )


def _fix(cause: Cause) -> Fix | None:
    """The association with the table that has the route already."""
    subnet, about = cause.blocker.node, cause.blocker.about
    if len(about) < 2:
        return None
    new = New(
        "aws_route_table_association",
        "AWS::EC2::SubnetRouteTableAssociation",
        f"{subnet.label}_routes",
        {"subnet_id": Id(subnet), "route_table_id": Id(about[1])},
    )
    return add(new, subnet, cause.network.resources, safe=True)
