from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class FirewallDropsReply(Check):
    """
    The firewall in the path drops the reply.

    ## On the wire

    The request arrives, and the instance answers. The answer goes through an endpoint of AWS
    Network Firewall and does not come out of it. The client sees a time-out.

    ## Why AWS does that

    The stateless rules know no connections: they see the reply as a packet of its own, from port
    22 of the instance to a high port of the client. A rule that lets the request in says nothing
    about it, and then the default action of the policy counts.

    ## Repair in Terraform

    A second `stateless_rule` with `source` and `destination` exchanged, or `aws:forward_to_sfe`
    in both directions: the stateful rules let replies pass by themselves.

    ## Repair in CloudFormation

    The same in `StatelessRules` of the `AWS::NetworkFirewall::RuleGroup`.

    ## What it does not see

    Replies that a group of rules from elsewhere may drop: with one in the policy the flow is
    undecided.
    """

    id = "IAC524"
    name = "firewall-drops-reply"
    causes = (Reason.FIREWALL_REPLY,)
    reference = "https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-rule-groups-5-tuple.html"
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
            stateless_default_actions          = ["aws:drop"]
            stateless_fragment_default_actions = ["aws:drop"]

            stateless_rule_group_reference {
              resource_arn = aws_networkfirewall_rule_group.main.arn
              priority     = 10
            }
          }
        }

        resource "aws_networkfirewall_rule_group" "main" {
          name     = "main"
          type     = "STATELESS"
          capacity = 10

          rule_group {
            rules_source {
              stateless_rules_and_custom_actions {
                stateless_rule {
                  priority = 1

                  rule_definition {
                    actions = ["aws:pass"]

                    match_attributes {
                      destination {
                        address_definition = "10.0.0.0/16"
                      }
                    }
                  }
                }
              }
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
                StatelessDefaultActions: [aws:drop]
                StatelessFragmentDefaultActions: [aws:drop]
                StatelessRuleGroupReferences: [{ResourceArn: !Ref Rules, Priority: 10}]
          Rules:
            Type: AWS::NetworkFirewall::RuleGroup
            Properties:
              RuleGroupName: main
              Type: STATELESS
              Capacity: 10
              RuleGroup:
                RulesSource:
                  StatelessRulesAndCustomActions:
                    StatelessRules:
                      - Priority: 1
                        RuleDefinition:
                          Actions: [aws:pass]
                          MatchAttributes:
                            Destinations: [{AddressDefinition: 10.0.0.0/16}]
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
            stateless_default_actions          = ["aws:drop"]
            stateless_fragment_default_actions = ["aws:drop"]

            stateless_rule_group_reference {
              resource_arn = aws_networkfirewall_rule_group.main.arn
              priority     = 10
            }
          }
        }

        resource "aws_networkfirewall_rule_group" "main" {
          name     = "main"
          type     = "STATELESS"
          capacity = 10

          rule_group {
            rules_source {
              stateless_rules_and_custom_actions {
                stateless_rule {
                  priority = 1

                  rule_definition {
                    actions = ["aws:pass"]

                    match_attributes {
                      destination {
                        address_definition = "10.0.0.0/16"
                      }
                    }
                  }
                }

                stateless_rule {
                  priority = 2

                  rule_definition {
                    actions = ["aws:pass"]

                    match_attributes {
                      source {
                        address_definition = "10.0.0.0/16"
                      }
                    }
                  }
                }
              }
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
                StatelessDefaultActions: [aws:drop]
                StatelessFragmentDefaultActions: [aws:drop]
                StatelessRuleGroupReferences: [{ResourceArn: !Ref Rules, Priority: 10}]
          Rules:
            Type: AWS::NetworkFirewall::RuleGroup
            Properties:
              RuleGroupName: main
              Type: STATELESS
              Capacity: 10
              RuleGroup:
                RulesSource:
                  StatelessRulesAndCustomActions:
                    StatelessRules:
                      - Priority: 1
                        RuleDefinition:
                          Actions: [aws:pass]
                          MatchAttributes:
                            Destinations: [{AddressDefinition: 10.0.0.0/16}]
                      - Priority: 2
                        RuleDefinition:
                          Actions: [aws:pass]
                          MatchAttributes:
                            Sources: [{AddressDefinition: 10.0.0.0/16}]
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each rule, or for the default action of a policy."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{cause.blocker.about[-1].address} drops the reply",
            f"let {node} pass {cause.answered} to the clients, or forward both directions",
        )
