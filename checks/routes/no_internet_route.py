from collections.abc import Iterator

from iaclint.check import (
    Cause,
    Check,
    Finding,
    Fix,
    Gateway,
    Id,
    Label,
    New,
    Reason,
    RouteTable,
    Subnet,
    add,
    is_called_private,
)


class NoInternetRoute(Check):
    """
    The replies have no route to the internet.

    ## On the wire

    The request arrives: an internet gateway delivers to any instance with a public address,
    whatever the route table says. The reply is dropped in the subnet, and the client sees a
    time-out.

    ## Why AWS does that

    What leaves a subnet goes by the table of that subnet, and only where a route contains the
    destination. IPv4 and IPv6 need a route each. A route for part of the internet serves the
    clients of that part and nobody else.

    ## Repair in Terraform

    An `aws_route` with `destination_cidr_block = "0.0.0.0/0"` (or `destination_ipv6_cidr_block =
    "::/0"`) and the `gateway_id` of the internet gateway; where the table has inline `route`
    blocks, one more of those.

    ## Repair in CloudFormation

    An `AWS::EC2::Route` with `DestinationCidrBlock: 0.0.0.0/0`, the `GatewayId`, and `DependsOn`
    the gateway attachment.

    ## What it does not see

    Routes that somebody adds by hand, or that a VPN learns. A table with such routes makes the
    answer undecided.
    """

    id = "IAC201"
    name = "no-internet-route"
    causes = (Reason.NO_ROUTE, Reason.CANNOT_ROUTE)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"
    breaks = (
        """
        resource "aws_route" "ipv4" {
          count = 0
        }
        """,
        """
        resource "aws_route" "ipv6" {
          destination_ipv6_cidr_block = "fd00::/8"
        }
        """,
        """
        Resources:
          RouteIpv4:
            Properties:
              DestinationCidrBlock: 10.0.0.0/8
        """,
    )
    quiet = (
        """
        resource "aws_route" "ipv4" {
          destination_cidr_block = "0.0.0.0/1"
        }

        resource "aws_route" "upper" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "128.0.0.0/1"
          gateway_id             = aws_internet_gateway.main.id
        }
        """,
        """
        Resources:
          RouteIpv4: null
          PrefixList:
            Type: AWS::EC2::PrefixList
            Properties:
              PrefixListName: everybody
              AddressFamily: IPv4
              MaxEntries: 1
              Entries:
                - Cidr: 0.0.0.0/0
          ListRoute:
            Type: AWS::EC2::Route
            DependsOn: Attachment
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationPrefixListId: !Ref PrefixList
              GatewayId: !Ref Gateway
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each table."""
        table, gateway = cause.blocker.node, cause.gateway
        way = gateway.address if gateway else "the internet gateway of the VPC"
        other = _other_table(cause)
        where = "in" if isinstance(table, RouteTable) else "beside"
        yield self.blocked(
            cause,
            "replies have no route to the internet",
            f"{other}add a route for {cause.destination} to {way}, {where} {table.address}",
            related=_association(cause) if other else (),
            fix=None if other else _fix(cause),
        )


def _other_table(cause: Cause) -> str:
    """Where the table is called private, the association is more likely to be wrong."""
    return cause.other_table if is_called_private(cause.blocker.node) else ""


def _association(cause: Cause) -> tuple[Label, ...]:
    return tuple(
        Label(each.association, f"gives {cause.blocker.node.address} to {each.address}")
        for each in cause.blocker.about
        if isinstance(each, Subnet) and each.association is not None
    )


def _fix(cause: Cause) -> Fix | None:
    """A route of its own, where the table has none inline."""
    table, gateway = cause.blocker.node, cause.gateway
    if not isinstance(table, RouteTable) or table.main:
        return None
    if gateway is None or len(cause.families) > 1:
        return None
    if any(route.address == table.address for route in table.routes):
        return None
    kind = "ipv6_cidr_block" if cause.families == ("ipv6",) else "cidr_block"
    new = New(
        "aws_route",
        "AWS::EC2::Route",
        f"{table.label}_internet",
        {
            "route_table_id": Id(table),
            f"destination_{kind}": cause.destination,
            "gateway_id": Id(gateway),
        },
        _attachment(cause, gateway),
    )
    return add(new, table, cause.network.resources, safe=True)


def _attachment(cause: Cause, gateway: Gateway) -> str:
    """The attachment a route of a template has to wait for."""
    names = (
        resource.address.rpartition("/")[2]
        for resource in cause.network.resources
        if resource.kind == "AWS::EC2::VPCGatewayAttachment" and gateway.address in resource.depends
    )
    return next(names, "")
