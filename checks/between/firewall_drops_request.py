from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, FirewallRule, Reason


class FirewallDropsRequest(Check):
    """
    The firewall in the path drops the request.

    ## On the wire

    A route table sends the packet to an endpoint of AWS Network Firewall, and it does not come
    out of it. The client sees a time-out.

    ## Why AWS does that

    The stateless rules are asked first, the lowest priority of groups and of rules before the
    others; what none of them matches gets the default action of the policy. What they forward
    goes to the stateful rules. Those pass before they drop, whatever the order in which they are
    written; with `STRICT_ORDER` the first that matches decides, and the stateful default action
    after them: `aws:drop_strict` drops everything else, `aws:drop_established` everything else
    once the connection stands.

    ## Repair in Terraform

    A rule in the `aws_networkfirewall_rule_group` that passes the port from the clients, or the
    default action in the `aws_networkfirewall_firewall_policy`: `aws:forward_to_sfe` hands the
    packets to the stateful rules.

    ## Repair in CloudFormation

    The same with `AWS::NetworkFirewall::RuleGroup` and `AWS::NetworkFirewall::FirewallPolicy`.

    ## What it does not see

    Groups of rules that AWS or others manage, rules that look into packets, and appliances behind
    a Gateway Load Balancer: with them the flow is undecided. Lists of domains are about HTTP and
    TLS and never about a login.
    """

    id = "IAC523"
    name = "firewall-drops-request"
    causes = (Reason.FIREWALL_REQUEST,)
    reference = "https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html"
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

        resource "aws_route_table" "edge" {
          vpc_id = aws_vpc.main.id

          route {
            cidr_block      = "10.0.0.0/16"
            vpc_endpoint_id = local.endpoint
          }
        }

        resource "aws_route_table_association" "edge" {
          gateway_id     = aws_internet_gateway.main.id
          route_table_id = aws_route_table.edge.id
        }

        resource "aws_networkfirewall_firewall_policy" "main" {
          name = "main"

          firewall_policy {
            stateless_default_actions          = ["aws:forward_to_sfe"]
            stateless_fragment_default_actions = ["aws:drop"]

            stateful_rule_group_reference {
              resource_arn = aws_networkfirewall_rule_group.main.arn
            }
          }
        }

        resource "aws_networkfirewall_rule_group" "main" {
          name     = "main"
          type     = "STATEFUL"
          capacity = 10

          rule_group {
            rules_source {
              rules_string = <<-RULES
                pass tcp any any -> $HOME_NET 443 (sid:1;)
                drop ip any any -> $HOME_NET any (sid:2;)
              RULES
            }
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
          EdgeTable:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          EdgeRoute:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref EdgeTable
              DestinationCidrBlock: 10.0.0.0/16
              VpcEndpointId: !Select [1, !Split [":", !Select [0, !GetAtt Firewall.EndpointIds]]]
          EdgeAssociation:
            Type: AWS::EC2::GatewayRouteTableAssociation
            Properties: {GatewayId: !Ref Gateway, RouteTableId: !Ref EdgeTable}
          Policy:
            Type: AWS::NetworkFirewall::FirewallPolicy
            Properties:
              FirewallPolicyName: main
              FirewallPolicy:
                StatelessDefaultActions: [aws:forward_to_sfe]
                StatelessFragmentDefaultActions: [aws:drop]
                StatefulRuleGroupReferences: [{ResourceArn: !Ref Rules}]
          Rules:
            Type: AWS::NetworkFirewall::RuleGroup
            Properties:
              RuleGroupName: main
              Type: STATEFUL
              Capacity: 10
              RuleGroup:
                RulesSource:
                  StatefulRules:
                    - Action: DROP
                      Header:
                        Protocol: IP
                        Source: ANY
                        SourcePort: ANY
                        Direction: FORWARD
                        Destination: 10.0.0.0/16
                        DestinationPort: ANY
                      RuleOptions: [{Keyword: "sid:1"}]
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
          EdgeTable:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          EdgeRoute:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref EdgeTable
              DestinationCidrBlock: 10.0.0.0/16
              VpcEndpointId: !Select [1, !Split [":", !Select [0, !GetAtt Firewall.EndpointIds]]]
          EdgeAssociation:
            Type: AWS::EC2::GatewayRouteTableAssociation
            Properties: {GatewayId: !Ref Gateway, RouteTableId: !Ref EdgeTable}
          Policy:
            Type: AWS::NetworkFirewall::FirewallPolicy
            Properties:
              FirewallPolicyName: main
              FirewallPolicy:
                StatelessDefaultActions: [aws:drop]
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

        resource "aws_route_table" "edge" {
          vpc_id = aws_vpc.main.id

          route {
            cidr_block      = "10.0.0.0/16"
            vpc_endpoint_id = local.endpoint
          }
        }

        resource "aws_route_table_association" "edge" {
          gateway_id     = aws_internet_gateway.main.id
          route_table_id = aws_route_table.edge.id
        }

        resource "aws_networkfirewall_firewall_policy" "main" {
          name = "main"

          firewall_policy {
            stateless_default_actions          = ["aws:forward_to_sfe"]
            stateless_fragment_default_actions = ["aws:drop"]

            stateful_rule_group_reference {
              resource_arn = aws_networkfirewall_rule_group.main.arn
            }
          }
        }

        resource "aws_networkfirewall_rule_group" "main" {
          name     = "main"
          type     = "STATEFUL"
          capacity = 10

          rule_group {
            rules_source {
              rules_string = <<-RULES
                pass tcp any any -> $HOME_NET [22,3389] (sid:1;)
                pass icmp any any -> $HOME_NET any (sid:3;)
                drop ip any any -> $HOME_NET any (sid:2;)
              RULES
            }
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
          EdgeTable:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          EdgeRoute:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref EdgeTable
              DestinationCidrBlock: 10.0.0.0/16
              VpcEndpointId: !Select [1, !Split [":", !Select [0, !GetAtt Firewall.EndpointIds]]]
          EdgeAssociation:
            Type: AWS::EC2::GatewayRouteTableAssociation
            Properties: {GatewayId: !Ref Gateway, RouteTableId: !Ref EdgeTable}
          Policy:
            Type: AWS::NetworkFirewall::FirewallPolicy
            Properties:
              FirewallPolicyName: main
              FirewallPolicy:
                StatelessDefaultActions: [aws:forward_to_sfe]
                StatelessFragmentDefaultActions: [aws:drop]
                StatefulRuleGroupReferences: [{ResourceArn: !Ref Rules}]
          Rules:
            Type: AWS::NetworkFirewall::RuleGroup
            Properties:
              RuleGroupName: main
              Type: STATEFUL
              Capacity: 10
              RuleGroup:
                RulesSource:
                  StatefulRules:
                    - Action: PASS
                      Header:
                        Protocol: IP
                        Source: ANY
                        SourcePort: ANY
                        Direction: FORWARD
                        Destination: 10.0.0.0/16
                        DestinationPort: ANY
                      RuleOptions: [{Keyword: "sid:1"}]
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each rule, or for the default action of a policy."""
        node = cause.blocker.node
        box = cause.blocker.about[-1].address
        yield self.blocked(
            cause,
            f"{box} drops the request",
            f"let a rule in {node.address} pass {cause.asked}"
            if isinstance(node, FirewallRule)
            else f"let a rule pass {cause.asked}, or change the default action of {node.address}",
        )
