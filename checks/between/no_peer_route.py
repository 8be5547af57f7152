from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason, Vpc, spelled


class NoPeerRoute(Check):
    """
    The route table has no route to the other network.

    ## On the wire

    The packets of one direction have no way: without a route at the client's side the request
    stays in its subnet, without one at the target's side the reply does. The client sees a
    time-out.

    ## Why AWS does that

    A peering connection or a transit gateway carries packets only where a route leads to it,
    and both sides need one: the request leaves by the table of the client's subnet, the reply
    by that of the instance's subnet. A route on one side only is the usual mistake.

    ## Repair in Terraform

    An `aws_route` in the table of each side, with the block of the other side and the
    `vpc_peering_connection_id` or `transit_gateway_id`.

    ## Repair in CloudFormation

    An `AWS::EC2::Route` in each table, with `VpcPeeringConnectionId` or `TransitGatewayId`; for
    a transit gateway with `DependsOn` the attachment.

    ## What it does not see

    Routes in tables of another account. Where the other side is not in the files, only this
    side is judged.
    """

    id = "IAC501"
    name = "no-peer-route"
    causes = (Reason.NO_PEER_ROUTE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html"
    base = "peered"
    breaks = (
        """
        resource "aws_route" "back" {
          count = 0
        }
        """,
        """
        Resources:
          ToData: null
        """,
    )
    quiet = (
        """
        resource "aws_route" "to_data" {
          destination_cidr_block = "10.9.1.0/24"
        }

        resource "aws_route" "back" {
          destination_cidr_block = "10.0.1.0/24"
        }
        """,
        """
        Resources:
          ToData: {Properties: {DestinationCidrBlock: 10.9.1.0/24}}
          Back: {Properties: {DestinationCidrBlock: 10.0.1.0/24}}
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        about = cause.blocker.about
        yield self.blocked(
            cause,
            f"{cause.table} has no route to {about[2].address} by {about[0].address}",
            f"add a route for the block of {about[2].address} to {about[0].address}, "
            f"{_home(cause)}",
        )


def _home(cause: Cause) -> str:
    """Where a route can be added. A template cannot name a main table."""
    vpc = cause.blocker.node
    if not isinstance(vpc, Vpc):
        return f"in {cause.table}"
    own = f"in a table that is associated with {cause.blocker.about[1].address}"
    return spelled(vpc, f"with route_table_id = {vpc.address}.main_route_table_id", own)
