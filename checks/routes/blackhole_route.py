from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Gateway, Label, Network, Reason, Vpc


class BlackholeRoute(Check):
    """
    The route leads to a gateway that is not attached to the VPC.

    ## On the wire

    Replies are dropped, because the route wins over every wider one and leads nowhere; or AWS
    refuses the route, and there is no network at all.

    ## Why AWS does that

    A route can lead only to a gateway of its own VPC: "route table and network gateway belong to
    different networks".

    ## Repair in Terraform

    Name the `aws_internet_gateway` of this VPC in `gateway_id`.

    ## Repair in CloudFormation

    Name the `AWS::EC2::InternetGateway` that is attached to this VPC in `GatewayId`.

    ## What it does not see

    Gateways that are attached elsewhere.
    """

    id = "IAC208"
    name = "blackhole-route"
    causes = (Reason.BLACKHOLE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"
    breaks = (
        """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_internet_gateway" "other" {
          vpc_id = aws_vpc.other.id
        }

        resource "aws_route" "ipv4" {
          gateway_id = aws_internet_gateway.other.id
        }
        """,
        """
        resource "aws_vpc" "other" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_internet_gateway" "other" {
          vpc_id = aws_vpc.other.id
        }

        resource "aws_route" "private" {
          route_table_id         = aws_route_table.private.id
          destination_cidr_block = "0.0.0.0/0"
          gateway_id             = aws_internet_gateway.other.id
        }
        """,
        """
        Resources:
          Other:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.9.0.0/16
          OtherGateway:
            Type: AWS::EC2::InternetGateway
          OtherAttachment:
            Type: AWS::EC2::VPCGatewayAttachment
            Properties:
              VpcId: !Ref Other
              InternetGatewayId: !Ref OtherGateway
          RouteIpv4:
            DependsOn: OtherAttachment
            Properties:
              GatewayId: !Ref OtherGateway
        """,
    )
    quiet = (
        """
        resource "aws_route" "private" {
          route_table_id         = aws_route_table.private.id
          destination_cidr_block = "0.0.0.0/0"
          gateway_id             = "igw-0123456789abcdef0"
        }
        """,
        """
        Resources:
          Other:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.9.0.0/16
          OtherTable:
            Type: AWS::EC2::RouteTable
            Properties:
              VpcId: !Ref Other
          OtherGateway:
            Type: AWS::EC2::InternetGateway
          OtherAttachment:
            Type: AWS::EC2::VPCGatewayAttachment
            Properties:
              VpcId: !Ref Other
              InternetGatewayId: !Ref OtherGateway
          OtherRoute:
            Type: AWS::EC2::Route
            DependsOn: OtherAttachment
            Properties:
              RouteTableId: !Ref OtherTable
              DestinationCidrBlock: 0.0.0.0/0
              GatewayId: !Ref OtherGateway
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each route."""
        target, gateway = cause.blocker.about[0].address, cause.gateway
        way = f"to {gateway.address} instead" if gateway else "to the gateway that is"
        yield self.blocked(
            cause,
            f"the route leads to {target}, which is not attached to the VPC",
            f"attach {target} to the VPC, or route {way}",
        )

    def look(self, network: Network) -> Iterator[Finding]:
        """Routes to a gateway that is for certain attached to other VPCs only."""
        for table in network.tables:
            vpc = table.vpc
            if not isinstance(vpc, Vpc) or not network.internet_gateways(vpc):
                continue
            for route in table.routes:
                target = route.target
                if not isinstance(target, Gateway) or target.kind != "internet":
                    continue
                if not target.vpcs or target.attached_to(vpc) is not False or not route.span:
                    continue
                text = f"leads to {target.address}, which is not attached to {vpc.address}"
                yield self.about(
                    table,
                    f"the route leads to {target.address}, which is attached to another VPC",
                    Label(route.span, text),
                    f"route to the gateway that is attached to {vpc.address}",
                    codes=(Reason.BLACKHOLE.code,),
                )
