"""
Route tables, routes, and which subnet uses which table.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.aws.shape import Declared, attr, blocks, read, shape
from iaclint.value import MapValue, Value


@shape("aws_route_table", "aws_default_route_table", cfn="AWS::EC2::RouteTable")
class RouteTable(Declared):
    """
    `aws_default_route_table` adopts the main table and takes every route out of it that is not
    written inline.
    """

    vpc: Value | None = attr("vpc_id")
    adopts: Value | None = attr("default_route_table_id", cfn=())
    routes: Value | None = attr("route", cfn=())
    propagating: Value | None = attr("propagating_vgws", cfn=())
    tags: Value | None = attr("tags")

    @property
    def is_default(self) -> bool:
        """Whether it is the main table of its VPC by adoption."""
        return self.resource.kind == "aws_default_route_table"

    def expand(self) -> Iterator[Declared]:
        """The inline routes."""
        for block in blocks(self.routes):
            yield read(Route, self.resource, block, block=block)


@shape("aws_route", cfn="AWS::EC2::Route")
class Route(Declared):
    """
    A destination and one target. The target is decided by the *type* of what it refers to: the
    API takes the id of a NAT gateway in `gateway_id` too.
    """

    table: Value | None = attr("route_table_id")
    ipv4: Value | None = attr("destination_cidr_block", "cidr_block")
    ipv6: Value | None = attr("destination_ipv6_cidr_block", "ipv6_cidr_block")
    prefix_list: Value | None = attr("destination_prefix_list_id")
    block: MapValue | None = None
    """The inline block it is written in."""

    @property
    def inline(self) -> bool:
        """Whether it is written inside of its table."""
        return self.block is not None


@shape("aws_route_table_association", cfn="AWS::EC2::SubnetRouteTableAssociation")
class RouteTableAssociation(Declared):
    """Gives a subnet its table. With `gateway_id` it is an edge association instead."""

    subnet: Value | None = attr("subnet_id")
    table: Value | None = attr("route_table_id")
    gateway: Value | None = attr("gateway_id", cfn=())


@shape(cfn="AWS::EC2::GatewayRouteTableAssociation")
class EdgeAssociation(Declared):
    """Gives a gateway the table for what comes in through it."""

    gateway: Value | None = attr(cfn="GatewayId")
    table: Value | None = attr(cfn="RouteTableId")


@shape("aws_main_route_table_association")
class MainAssociation(Declared):
    """Makes a table the main one of its VPC."""

    vpc: Value | None = attr("vpc_id")
    table: Value | None = attr("route_table_id")


@shape("aws_vpn_gateway_route_propagation", cfn="AWS::EC2::VPNGatewayRoutePropagation")
class Propagation(Declared):
    """Lets a VPN gateway write the routes it learns."""

    gateway: Value | None = attr("vpn_gateway_id")
    tables: Value | None = attr("route_table_id", cfn="RouteTableIds")
