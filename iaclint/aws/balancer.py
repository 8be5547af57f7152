"""
Load balancers in front of instances.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.aws.shape import Declared, attr, blocks, read, shape
from iaclint.value import Unknown, Value, text, truth


@shape("aws_lb", "aws_alb", cfn="AWS::ElasticLoadBalancingV2::LoadBalancer")
class LoadBalancer(Declared):
    """An application load balancer unless it says otherwise; internet-facing unless internal."""

    type: Value | None = attr("load_balancer_type", cfn="Type")
    internal: Value | None = attr("internal", cfn=())
    scheme: Value | None = attr(cfn="Scheme")
    subnets: Value | None = attr("subnets")
    mappings: Value | None = attr("subnet_mapping", cfn="SubnetMappings")
    groups: Value | None = attr("security_groups")
    cross_zone: Value | None = attr("enable_cross_zone_load_balancing", cfn=())
    options: Value | None = attr(cfn="LoadBalancerAttributes")
    addresses: Value | None = attr("ip_address_type")
    name: Value | None = attr("name")

    @property
    def is_internal(self) -> bool | Unknown:
        """Whether it has private addresses only."""
        return _internal(self.internal, self.scheme)

    @property
    def has_ipv6(self) -> bool | Unknown:
        """Whether it has IPv6 addresses, too: only if it says so."""
        plain = text(self.addresses)
        return plain if isinstance(plain, Unknown) else (plain or "").startswith("dualstack")

    @property
    def crosses(self) -> bool | Unknown:
        """Whether each node sends to targets in every zone."""
        given = self.cross_zone or option(self.options, "load_balancing.cross_zone.enabled")
        return truth(given) or False


def _internal(flag: Value | None, scheme: Value | None) -> bool | Unknown:
    given = truth(flag)
    if given is not None:
        return given
    plain = text(scheme)
    return plain if isinstance(plain, Unknown) else plain == "internal"


def option(options: Value | None, key: str) -> Value | None:
    """The value of one of the attributes CloudFormation lists as `Key` and `Value`."""
    for block in blocks(options):
        if text(block.get("Key")) == key:
            return block.get("Value")
    return None


@shape("aws_lb_listener", "aws_alb_listener", cfn="AWS::ElasticLoadBalancingV2::Listener")
class LbListener(Declared):
    """A port, and the target groups it forwards to."""

    balancer: Value | None = attr("load_balancer_arn")
    port: Value | None = attr("port")
    protocol: Value | None = attr("protocol")
    actions: Value | None = attr("default_action", cfn="DefaultActions")

    def forwards(self) -> Iterator[Value]:
        """The target groups of its default actions."""
        for action in blocks(self.actions):
            for name in ("target_group_arn", "TargetGroupArn"):
                if (one := action.get(name)) is not None:
                    yield one
            for name in ("forward", "ForwardConfig"):
                yield from _weighted(action.get(name))


def _weighted(forward: Value | None) -> Iterator[Value]:
    for each in blocks(forward):
        for group in (*blocks(each.get("target_group")), *blocks(each.get("TargetGroups"))):
            found = group.get("arn") or group.get("TargetGroupArn")
            if found is not None:
                yield found


@shape(
    "aws_lb_target_group", "aws_alb_target_group", cfn="AWS::ElasticLoadBalancingV2::TargetGroup"
)
class LbTargetGroup(Declared):
    """
    Targets by instance, or by address. A group of instances sees the client's address unless told
    otherwise, one of addresses sees that of the load balancer. All have one family, IPv4 unless
    the group says something else.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """

    port: Value | None = attr("port")
    protocol: Value | None = attr("protocol")
    kind: Value | None = attr("target_type")
    preserve: Value | None = attr("preserve_client_ip", cfn=())
    proxy: Value | None = attr("proxy_protocol_v2", cfn=())
    options: Value | None = attr(cfn="TargetGroupAttributes")
    targets: Value | None = attr(cfn="Targets")
    addresses: Value | None = attr("ip_address_type")
    name: Value | None = attr("name")

    @property
    def has_ipv6(self) -> bool | Unknown:
        """Whether its targets are reached by their IPv6 addresses."""
        plain = text(self.addresses)
        return plain if isinstance(plain, Unknown) else plain == "ipv6"

    @property
    def type(self) -> str:
        """`instance`, `ip`, `alb` or `lambda`."""
        plain = text(self.kind)
        return plain if isinstance(plain, str) else "instance"

    @property
    def preserves(self) -> bool | Unknown:
        """Whether the targets see the address of the client."""
        given = truth(self.preserve or option(self.options, "preserve_client_ip.enabled"))
        if given is not None:
            return given
        kind, protocol = text(self.kind), text(self.protocol)
        if isinstance(kind, Unknown):
            return kind
        if self.type == "instance":
            return True
        return protocol if isinstance(protocol, Unknown) else protocol in ("UDP", "TCP_UDP")

    @property
    def prefixes_data(self) -> bool | Unknown:
        """Whether a proxy protocol header comes before the data."""
        return truth(self.proxy or option(self.options, "proxy_protocol_v2.enabled")) or False

    def expand(self) -> Iterator[Declared]:
        """CloudFormation's inline targets."""
        for block in blocks(self.targets):
            yield read(LbAttachment, self.resource, block, inline=True)


@shape("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")
class LbAttachment(Declared):
    """Puts one target into a group, on a port of its own if it has one."""

    group: Value | None = attr("target_group_arn", cfn=())
    target: Value | None = attr("target_id", cfn="Id")
    port: Value | None = attr("port")
    inline: bool = False


@shape("aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment")
class ScalingAttachment(Declared):
    """Puts the instances of an auto scaling group behind a load balancer."""

    scaling: Value | None = attr("autoscaling_group_name")
    group: Value | None = attr(
        "lb_target_group_arn", "alb_target_group_arn", "traffic_source.identifier"
    )
    classic: Value | None = attr("elb")


@shape("aws_elb", cfn="AWS::ElasticLoadBalancing::LoadBalancer")
class ClassicBalancer(Declared):
    """A classic load balancer: instances see its private address."""

    listeners: Value | None = attr("listener", cfn="Listeners")
    instances: Value | None = attr("instances")
    subnets: Value | None = attr("subnets")
    groups: Value | None = attr("security_groups")
    internal: Value | None = attr("internal", cfn=())
    scheme: Value | None = attr(cfn="Scheme")
    crosses: Value | None = attr("cross_zone_load_balancing", cfn="CrossZone")
    name: Value | None = attr("name", cfn="LoadBalancerName")
    policies: Value | None = attr(cfn="Policies")

    @property
    def is_internal(self) -> bool | Unknown:
        """Whether it has private addresses only."""
        return _internal(self.internal, self.scheme)

    @property
    def cross_zone(self) -> bool | Unknown:
        """Off in the API, on in Terraform unless switched off."""
        given = truth(self.crosses)
        return self.is_terraform if given is None else given

    def expand(self) -> Iterator[Declared]:
        """CloudFormation's inline policies, as far as they are about the proxy protocol."""
        for block in blocks(self.policies):
            if text(block.get("PolicyType")) == "ProxyProtocolPolicyType":
                yield read(ProxyPolicy, self.resource, block)


@shape()
class ClassicListener(Declared):
    """A listener of a classic load balancer."""

    port: Value | None = attr("lb_port", cfn="LoadBalancerPort")
    protocol: Value | None = attr("lb_protocol", cfn="Protocol")
    instance_port: Value | None = attr("instance_port")
    instance_protocol: Value | None = attr("instance_protocol")


@shape("aws_proxy_protocol_policy")
class ProxyPolicy(Declared):
    """
    Has a classic load balancer send a header before the data, to some ports of its instances.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-proxy-protocol.html
    """

    balancer: Value | None = attr("load_balancer", cfn=())
    ports: Value | None = attr("instance_ports")


@shape("aws_elb_attachment")
class ClassicAttachment(Declared):
    """Puts an instance behind a classic load balancer."""

    balancer: Value | None = attr("elb")
    instance: Value | None = attr("instance")
