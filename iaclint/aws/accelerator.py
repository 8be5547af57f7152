"""
Global Accelerator: addresses of AWS's edge in front of instances and load balancers.

https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.aws.shape import Declared, attr, blocks, shape
from iaclint.value import Unknown, Value, truth, whole


@shape("aws_globalaccelerator_accelerator", cfn="AWS::GlobalAccelerator::Accelerator")
class Accelerator(Declared):
    """Takes connections while it is enabled; over IPv6 only when it is `DUAL_STACK`."""

    enabled: Value | None = attr("enabled")
    addresses: Value | None = attr("ip_address_type")

    @property
    def is_enabled(self) -> bool | Unknown:
        """Whether it takes connections at all."""
        given = truth(self.enabled)
        return True if given is None else given


@shape("aws_globalaccelerator_listener", cfn="AWS::GlobalAccelerator::Listener")
class AcceleratorListener(Declared):
    """The ports at which an accelerator takes TCP or UDP."""

    accelerator: Value | None = attr("accelerator_arn")
    ranges: Value | None = attr("port_range", cfn="PortRanges")
    protocol: Value | None = attr("protocol")

    def ports(self) -> Iterator[range | Unknown]:
        """Its ranges of ports."""
        for block in blocks(self.ranges):
            first = whole(block.get("from_port") or block.get("FromPort"))
            last = whole(block.get("to_port") or block.get("ToPort"))
            if isinstance(first, int) and isinstance(last, int):
                yield range(first, last + 1)
            else:
                why = next((each for each in (first, last) if isinstance(each, Unknown)), None)
                yield why or Unknown("the range of ports is not complete", block.span)


@shape("aws_globalaccelerator_endpoint_group", cfn="AWS::GlobalAccelerator::EndpointGroup")
class EndpointGroup(Declared):
    """
    Where a listener sends what it takes: to the same port, unless an override names another.

    https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups-port-override.html
    """

    listener: Value | None = attr("listener_arn")
    endpoints: Value | None = attr("endpoint_configuration", cfn="EndpointConfigurations")
    overrides: Value | None = attr("port_override", cfn="PortOverrides")
    dial: Value | None = attr("traffic_dial_percentage")

    def named(self) -> Iterator[tuple[Value, Value | None]]:
        """The id of each endpoint, and its weight: one without weight gets nothing."""
        for block in blocks(self.endpoints):
            found = block.get("endpoint_id") or block.get("EndpointId")
            if found is not None:
                yield found, block.get("weight") or block.get("Weight")

    def moved(self) -> Iterator[tuple[int | Unknown | None, int | Unknown | None]]:
        """Each override: the port of the listener, and that of the endpoint."""
        for block in blocks(self.overrides):
            yield (
                whole(block.get("listener_port") or block.get("ListenerPort")),
                whole(block.get("endpoint_port") or block.get("EndpointPort")),
            )
