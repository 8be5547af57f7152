from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class OutboundOnlyRoute(Check):
    """
    The route leads to a gateway that lets nobody in.

    ## On the wire

    The request arrives through the internet gateway, and the reply is sent to a NAT gateway or an
    egress-only gateway. It leaves with another address or is dropped; the client sees a time-out.

    ## Why AWS does that

    Those gateways carry connections that start inside. A subnet whose default route leads there is
    a private one, and a public address or an Elastic IP on an instance in it does not help.

    ## Repair in Terraform

    Associate the subnet with the table that leads to the internet gateway, or put the instance
    into a subnet that is. Change `nat_gateway_id` to `gateway_id` only if the whole subnet is
    meant to be public.

    ## Repair in CloudFormation

    The same: another `SubnetId` for the instance, or `GatewayId` instead of `NatGatewayId` (IPv6:
    instead of `EgressOnlyInternetGatewayId`).

    ## What it does not see

    Nothing here is a defect where the instance is reached by a bastion, a VPN or Session Manager.
    """

    id = "IAC202"
    name = "outbound-only-route"
    causes = (Reason.OUTBOUND_ONLY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html"
    breaks = (
        """
        resource "aws_eip" "nat" {
          domain = "vpc"
        }

        resource "aws_nat_gateway" "main" {
          allocation_id = aws_eip.nat.id
          subnet_id     = aws_subnet.desktops.id
        }

        resource "aws_route" "ipv4" {
          gateway_id     = null
          nat_gateway_id = aws_nat_gateway.main.id
        }
        """,
        """
        resource "aws_egress_only_internet_gateway" "main" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_route" "ipv6" {
          gateway_id             = null
          egress_only_gateway_id = aws_egress_only_internet_gateway.main.id
        }
        """,
        """
        Resources:
          NatAddress:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
          Nat:
            Type: AWS::EC2::NatGateway
            Properties:
              AllocationId: !GetAtt NatAddress.AllocationId
              SubnetId: !Ref DesktopSubnet
          RouteIpv4:
            DependsOn: null
            Properties:
              GatewayId: null
              NatGatewayId: !Ref Nat
        """,
    )
    quiet = (
        """
        resource "aws_eip" "nat" {
          domain = "vpc"
        }

        resource "aws_nat_gateway" "main" {
          allocation_id = aws_eip.nat.id
          subnet_id     = aws_subnet.public.id
        }

        resource "aws_route" "private" {
          route_table_id         = aws_route_table.private.id
          destination_cidr_block = "0.0.0.0/0"
          nat_gateway_id         = aws_nat_gateway.main.id
        }
        """,
        """
        Resources:
          Outward:
            Type: AWS::EC2::EgressOnlyInternetGateway
            Properties:
              VpcId: !Ref Vpc
          PrivateRoute:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateTable
              DestinationIpv6CidrBlock: ::/0
              EgressOnlyInternetGatewayId: !Ref Outward
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each route."""
        target, gateway = cause.blocker.about[0].address, cause.gateway
        way = gateway.address if gateway else "the internet gateway"
        yield self.blocked(
            cause,
            f"replies leave by {target}, which lets nobody in",
            f"{cause.other_table}send {cause.destination} to {way}"
            + ("" if cause.other_table else ", or put the instance into a public subnet"),
        )
