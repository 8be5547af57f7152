from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PeeringNotAccepted(Check):
    """
    Nobody accepts the peering connection.

    A peering connection is a request until the other side accepts it, and expires after seven
    days. In Terraform `auto_accept = true` does it where both VPCs belong to one account and
    Region; otherwise an `aws_vpc_peering_connection_accepter` with `auto_accept = true`, which
    is off by default there too.
    """

    id = "IAC503"
    name = "peering-not-accepted"
    causes = (Reason.PEERING_PENDING,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/accept-vpc-peering-connection.html"
    breaks = (
        """
        resource "aws_vpc" "data" {
          cidr_block = "10.9.0.0/16"
        }
        resource "aws_subnet" "data" {
          vpc_id     = aws_vpc.data.id
          cidr_block = "10.9.1.0/24"
        }
        resource "aws_security_group" "data" {
          name   = "data"
          vpc_id = aws_vpc.data.id
        }
        resource "aws_vpc_security_group_ingress_rule" "data" {
          security_group_id = aws_security_group.data.id
          cidr_ipv4         = aws_subnet.public.cidr_block
          ip_protocol       = "tcp"
          from_port         = 22
          to_port           = 22
        }
        resource "aws_instance" "data" {
          ami                    = data.aws_ami.linux.id
          instance_type          = "t3.micro"
          subnet_id              = aws_subnet.data.id
          key_name               = "operations"
          vpc_security_group_ids = [aws_security_group.data.id]
        }
        resource "aws_vpc_peering_connection" "data" {
          vpc_id      = aws_vpc.main.id
          peer_vpc_id = aws_vpc.data.id
          auto_accept = false
        }
        resource "aws_route" "to_data" {
          route_table_id            = aws_route_table.public.id
          destination_cidr_block    = aws_vpc.data.cidr_block
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
        }
        resource "aws_route_table" "data" {
          vpc_id = aws_vpc.data.id
        }
        resource "aws_route_table_association" "data" {
          subnet_id      = aws_subnet.data.id
          route_table_id = aws_route_table.data.id
        }
        resource "aws_route" "back" {
          route_table_id            = aws_route_table.data.id
          destination_cidr_block    = aws_vpc.main.cidr_block
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
        }
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "data" {
          cidr_block = "10.9.0.0/16"
        }
        resource "aws_subnet" "data" {
          vpc_id     = aws_vpc.data.id
          cidr_block = "10.9.1.0/24"
        }
        resource "aws_security_group" "data" {
          name   = "data"
          vpc_id = aws_vpc.data.id
        }
        resource "aws_vpc_security_group_ingress_rule" "data" {
          security_group_id = aws_security_group.data.id
          cidr_ipv4         = aws_subnet.public.cidr_block
          ip_protocol       = "tcp"
          from_port         = 22
          to_port           = 22
        }
        resource "aws_instance" "data" {
          ami                    = data.aws_ami.linux.id
          instance_type          = "t3.micro"
          subnet_id              = aws_subnet.data.id
          key_name               = "operations"
          vpc_security_group_ids = [aws_security_group.data.id]
        }
        resource "aws_vpc_peering_connection" "data" {
          vpc_id      = aws_vpc.main.id
          peer_vpc_id = aws_vpc.data.id
          auto_accept = true
        }
        resource "aws_route" "to_data" {
          route_table_id            = aws_route_table.public.id
          destination_cidr_block    = aws_vpc.data.cidr_block
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
        }
        resource "aws_route_table" "data" {
          vpc_id = aws_vpc.data.id
        }
        resource "aws_route_table_association" "data" {
          subnet_id      = aws_subnet.data.id
          route_table_id = aws_route_table.data.id
        }
        resource "aws_route" "back" {
          route_table_id            = aws_route_table.data.id
          destination_cidr_block    = aws_vpc.main.cidr_block
          vpc_peering_connection_id = aws_vpc_peering_connection.data.id
        }
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} is never accepted",
            "set `auto_accept = true`, or add an `aws_vpc_peering_connection_accepter` that does",
        )
