from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PeeringNotAccepted(Check):
    """
    Nobody accepts the peering connection.

    ## On the wire

    A route to the connection is a blackhole until somebody accepts, and what it matches is
    dropped.

    ## Why AWS does that

    A peering connection is a request until the other side accepts it, and it expires after
    seven days. Only the owner of the other VPC can say yes. The same holds for the peering of two
    transit gateways, which nothing ever accepts by itself.

    ## Repair in Terraform

    `auto_accept = true` where both VPCs belong to one account and Region; otherwise an
    `aws_vpc_peering_connection_accepter` with `auto_accept = true`, which is off by default
    there too. For transit gateways an `aws_ec2_transit_gateway_peering_attachment_accepter`.

    ## Repair in CloudFormation

    Nothing within one account: CloudFormation accepts. For another account `PeerRoleArn` names
    a role that may. A peering of transit gateways has to be accepted by hand.

    ## What it does not see

    Whether somebody accepts by hand: for a connection to another account or Region nothing is
    said.
    """

    id = "IAC503"
    name = "peering-not-accepted"
    causes = (Reason.PEERING_PENDING,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/accept-vpc-peering-connection.html"
    base = "peered"
    breaks = (
        """
        data "aws_caller_identity" "current" {}

        resource "aws_vpc_peering_connection" "data" {
          peer_owner_id = data.aws_caller_identity.current.account_id
          auto_accept   = false
        }
        """,
        """
        resource "aws_vpc_peering_connection" "data" {
          auto_accept = false
        }
        """,
        """
        resource "aws_vpc_peering_connection" "data" {
          auto_accept = false
        }

        resource "aws_vpc_peering_connection_accepter" "data" {
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
          auto_accept               = false
        }
        """,
    )
    quiet = (
        """
        resource "aws_vpc_peering_connection" "data" {
          auto_accept = false
        }

        resource "aws_vpc_peering_connection_accepter" "data" {
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
          auto_accept               = true
        }
        """,
        """
        Resources:
          Peering: {Properties: {PeerOwnerId: !Ref AWS::AccountId}}
        """,
        """
        variable "partner" {}

        resource "aws_vpc_peering_connection" "data" {
          peer_owner_id = var.partner
          auto_accept   = false
        }
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        usual = "set `auto_accept = true`, or add an `aws_vpc_peering_connection_accepter`"
        yield self.blocked(cause, f"{node} is never accepted", cause.blocker.help or usual)
