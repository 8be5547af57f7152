from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoRouteBehindFirewall(Check):
    """
    Replies that come out of the firewall have no route to the internet.

    ## On the wire

    The request arrives, and the instance answers. The table of its subnet sends the answer to the
    endpoint of a firewall. Behind the endpoint the answer is dropped, and the client sees a
    time-out.

    ## Why AWS does that

    A firewall gives packets back to the subnet its endpoint is in, and there they go by the table
    of that subnet. It needs a route to the internet gateway of its own.

    ## Repair in Terraform

    An `aws_route_table` with a route for `0.0.0.0/0` and the `gateway_id` of the internet gateway,
    and an `aws_route_table_association` with the subnet of the firewall.

    ## Repair in CloudFormation

    The same with `AWS::EC2::Route` and `AWS::EC2::SubnetRouteTableAssociation`.

    ## What it does not see

    Appliances that bring replies to the internet by an interface of their own.
    """

    id = "IAC525"
    name = "no-route-behind-firewall"
    causes = (Reason.FIREWALL_ROUTE,)
    reference = (
        "https://docs.aws.amazon.com/network-firewall/latest/developerguide/route-tables.html"
    )
    breaks = (
        """
        resource "aws_subnet" "firewall" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.9.0/28"
        }

        resource "aws_networkfirewall_firewall" "main" {
          name                = "main"
          vpc_id              = aws_vpc.main.id
          firewall_policy_arn = aws_networkfirewall_firewall_policy.main.arn

          subnet_mapping {
            subnet_id = aws_subnet.firewall.id
          }
        }

        locals {
          endpoint = one([
            for state in aws_networkfirewall_firewall.main.firewall_status[0].sync_states :
            state.attachment[0].endpoint_id
          ])
        }

        resource "aws_route" "ipv4" {
          gateway_id      = null
          vpc_endpoint_id = local.endpoint
        }

        resource "aws_networkfirewall_firewall_policy" "main" {
          name = "main"

          firewall_policy {
            stateless_default_actions          = ["aws:pass"]
            stateless_fragment_default_actions = ["aws:drop"]
          }
        }
        """,
        """
        Resources:
          FirewallSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.9.0/28}
          Firewall:
            Type: AWS::NetworkFirewall::Firewall
            Properties:
              FirewallName: main
              FirewallPolicyArn: !Ref Policy
              VpcId: !Ref Vpc
              SubnetMappings: [{SubnetId: !Ref FirewallSubnet}]
          RouteIpv4:
            Properties:
              GatewayId: null
              VpcEndpointId: !Select [1, !Split [":", !Select [0, !GetAtt Firewall.EndpointIds]]]
          Policy:
            Type: AWS::NetworkFirewall::FirewallPolicy
            Properties:
              FirewallPolicyName: main
              FirewallPolicy:
                StatelessDefaultActions: [aws:pass]
                StatelessFragmentDefaultActions: [aws:drop]
        """,
    )
    quiet = (
        """
        resource "aws_subnet" "firewall" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.9.0/28"
        }

        resource "aws_networkfirewall_firewall" "main" {
          name                = "main"
          vpc_id              = aws_vpc.main.id
          firewall_policy_arn = aws_networkfirewall_firewall_policy.main.arn

          subnet_mapping {
            subnet_id = aws_subnet.firewall.id
          }
        }

        locals {
          endpoint = one([
            for state in aws_networkfirewall_firewall.main.firewall_status[0].sync_states :
            state.attachment[0].endpoint_id
          ])
        }

        resource "aws_route" "ipv4" {
          gateway_id      = null
          vpc_endpoint_id = local.endpoint
        }

        resource "aws_route_table" "firewall" {
          vpc_id = aws_vpc.main.id

          route {
            cidr_block = "0.0.0.0/0"
            gateway_id = aws_internet_gateway.main.id
          }
        }

        resource "aws_route_table_association" "firewall" {
          subnet_id      = aws_subnet.firewall.id
          route_table_id = aws_route_table.firewall.id
        }

        resource "aws_networkfirewall_firewall_policy" "main" {
          name = "main"

          firewall_policy {
            stateless_default_actions          = ["aws:pass"]
            stateless_fragment_default_actions = ["aws:drop"]
          }
        }
        """,
        """
        Resources:
          FirewallSubnet:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.9.0/28}
          Firewall:
            Type: AWS::NetworkFirewall::Firewall
            Properties:
              FirewallName: main
              FirewallPolicyArn: !Ref Policy
              VpcId: !Ref Vpc
              SubnetMappings: [{SubnetId: !Ref FirewallSubnet}]
          RouteIpv4:
            Properties:
              GatewayId: null
              VpcEndpointId: !Select [1, !Split [":", !Select [0, !GetAtt Firewall.EndpointIds]]]
          FirewallTable:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          FirewallOut:
            Type: AWS::EC2::Route
            DependsOn: Attachment
            Properties:
              RouteTableId: !Ref FirewallTable
              DestinationCidrBlock: 0.0.0.0/0
              GatewayId: !Ref Gateway
          FirewallTableAssociation:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref FirewallSubnet, RouteTableId: !Ref FirewallTable}
          Policy:
            Type: AWS::NetworkFirewall::FirewallPolicy
            Properties:
              FirewallPolicyName: main
              FirewallPolicy:
                StatelessDefaultActions: [aws:pass]
                StatelessFragmentDefaultActions: [aws:drop]
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each table of a subnet with endpoints."""
        box, gateway = cause.blocker.about[0].address, cause.gateway
        way = gateway.address if gateway else "the internet gateway of the VPC"
        yield self.blocked(
            cause,
            f"replies that come out of {box} have no route to the internet",
            f"add a route for {cause.destination} to {way}, in the table of the subnet of {box}",
        )
