"""
AWS Network Firewall: firewalls, their policies and groups of rules.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.aws.gateway import Gateway
from iaclint.aws.shape import Declared, Shape, attr, blocks, read, shape
from iaclint.value import Value


@shape("aws_networkfirewall_firewall", cfn="AWS::NetworkFirewall::Firewall")
class Firewall(Gateway):
    """
    As a route target: one of its endpoints, of which there is one in each of its subnets.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewalls.html
    """

    title = "Network Firewall endpoint"
    inbound = "appliance"
    vpc: Value | None = attr("vpc_id")
    policy: Value | None = attr("firewall_policy_arn")
    mappings: Value | None = attr("subnet_mapping", cfn="SubnetMappings")


@shape(
    "aws_networkfirewall_vpc_endpoint_association",
    cfn="AWS::NetworkFirewall::VpcEndpointAssociation",
)
class FirewallAssociation(Gateway):
    """
    A further endpoint of a firewall, perhaps in another VPC.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-endpoint-associations.html
    """

    title = "Network Firewall endpoint"
    inbound = "appliance"
    vpc: Value | None = attr("vpc_id")
    firewall: Value | None = attr("firewall_arn")
    mappings: Value | None = attr("subnet_mapping")


@shape("aws_networkfirewall_firewall_policy", cfn="AWS::NetworkFirewall::FirewallPolicy")
class FirewallPolicy(Declared):
    """
    Which groups of rules are asked, in which order, and what happens to all other packets.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-settings.html
    """

    stateless: Value | None = attr(
        "firewall_policy.stateless_rule_group_reference",
        cfn="FirewallPolicy.StatelessRuleGroupReferences",
    )
    stateless_default: Value | None = attr("firewall_policy.stateless_default_actions")
    stateful: Value | None = attr(
        "firewall_policy.stateful_rule_group_reference",
        cfn="FirewallPolicy.StatefulRuleGroupReferences",
    )
    stateful_default: Value | None = attr("firewall_policy.stateful_default_actions")
    order: Value | None = attr("firewall_policy.stateful_engine_options.rule_order")
    variables: Value | None = attr("firewall_policy.policy_variables.rule_variables")
    tls: Value | None = attr(
        "firewall_policy.tls_inspection_configuration_arn",
        cfn="FirewallPolicy.TLSInspectionConfigurationArn",
    )


@shape()
class GroupReference(Declared):
    """A group in a policy; the lowest priority is asked first."""

    group: Value | None = attr("resource_arn")
    priority: Value | None = attr("priority")


@shape("aws_networkfirewall_rule_group", cfn="AWS::NetworkFirewall::RuleGroup")
class FirewallRuleGroup(Declared):
    """
    Rules of one engine, in one of four spellings: stateless rules, stateful rules, lines of
    Suricata, or domains.
    """

    stateless: Value | None = attr(
        "rule_group.rules_source.stateless_rules_and_custom_actions.stateless_rule",
        cfn="RuleGroup.RulesSource.StatelessRulesAndCustomActions.StatelessRules",
    )
    stateful: Value | None = attr(
        "rule_group.rules_source.stateful_rule", cfn="RuleGroup.RulesSource.StatefulRules"
    )
    lines: Value | None = attr(
        "rule_group.rules_source.rules_string", "rules", cfn="RuleGroup.RulesSource.RulesString"
    )
    domains: Value | None = attr("rule_group.rules_source.rules_source_list")
    variables: Value | None = attr("rule_group.rule_variables")


@shape()
class StatelessRule(Declared):
    """
    https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-rule-groups-5-tuple.html
    """

    priority: Value | None = attr("priority")
    actions: Value | None = attr("rule_definition.actions")
    sources: Value | None = attr(
        "rule_definition.match_attributes.source", cfn="RuleDefinition.MatchAttributes.Sources"
    )
    destinations: Value | None = attr(
        "rule_definition.match_attributes.destination",
        cfn="RuleDefinition.MatchAttributes.Destinations",
    )
    source_ports: Value | None = attr(
        "rule_definition.match_attributes.source_port",
        cfn="RuleDefinition.MatchAttributes.SourcePorts",
    )
    destination_ports: Value | None = attr(
        "rule_definition.match_attributes.destination_port",
        cfn="RuleDefinition.MatchAttributes.DestinationPorts",
    )
    protocols: Value | None = attr("rule_definition.match_attributes.protocols")
    flags: Value | None = attr(
        "rule_definition.match_attributes.tcp_flag", cfn="RuleDefinition.MatchAttributes.TCPFlags"
    )


@shape()
class AddressBlock(Declared):
    """A block of addresses in a stateless rule."""

    block: Value | None = attr("address_definition")


@shape()
class PortRange(Declared):
    """A range of ports in a stateless rule; without an end it is one port."""

    first: Value | None = attr("from_port")
    last: Value | None = attr("to_port")


@shape()
class StatefulRule(Declared):
    """
    The head of a Suricata rule, its parts in attributes.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-how-to-provide-rules.html
    """

    action: Value | None = attr("action")
    protocol: Value | None = attr("header.protocol")
    source: Value | None = attr("header.source")
    source_port: Value | None = attr("header.source_port")
    direction: Value | None = attr("header.direction")
    destination: Value | None = attr("header.destination")
    destination_port: Value | None = attr("header.destination_port")
    options: Value | None = attr("rule_option", cfn="RuleOptions")


@shape()
class RuleOption(Declared):
    """One option of a stateful rule (`flow`, `sid`)."""

    keyword: Value | None = attr("keyword")
    settings: Value | None = attr("settings")


def parts(cls: type[Shape], value: Value | None, of: Declared) -> Iterator[Shape]:
    """The nested blocks of a resource, read through a shape."""
    for block in blocks(value):
        yield read(cls, of.resource, block)
