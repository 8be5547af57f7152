"""
To a service of AWS by a gateway endpoint: a route in the table, to addresses of a prefix list.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from iaclint.finding import Label
from iaclint.network import ServiceEndpoint, Subnet
from iaclint.packet.region import Region
from iaclint.packet.service import ICMP, TCP
from iaclint.source import Span
from iaclint.trace.model import Blocker, Reason, Step, Way
from iaclint.trace.outward import Departure
from iaclint.value import Unknown

NOWHERE = Span("", 1)


def endpoint_way(departure: Departure, endpoint: ServiceEndpoint) -> Way:
    """Out of the subnet, by the route to the endpoint, and back."""
    steps = (
        *departure.leaving(),
        _route_step(departure, endpoint),
        _endpoint_step(departure, endpoint),
        departure.returning(),
    )
    return Way("endpoint", departure.source, steps)


def _route_step(departure: Departure, endpoint: ServiceEndpoint) -> Step:
    peers, subnet = departure.peers, departure.source.subnet
    table = subnet.table if isinstance(subnet, Subnet) else subnet
    unknown = next((one for one in (table, *endpoint.tables) if isinstance(one, Unknown)), None)
    if isinstance(table, Unknown) or (table not in endpoint.tables and unknown is not None):
        assert unknown is not None
        return Step(
            "request", departure.source, "route table", unknown.reason, Region(), peers, peers,
            unknowns=(unknown,),
        )  # fmt: skip
    name = table.title
    if table in endpoint.tables:
        message = f"{table.address} leads to {endpoint.address}"
        return Step("request", table, name, message, peers, peers, peers, span=table.span)
    at = Label(table.span or departure.source.span or NOWHERE, f"no route to {endpoint.address}")
    node = table if table.span is not None else departure.source
    blocker = Blocker(Reason.NO_WAY_OUT, node, at, about=(endpoint,))
    return Step(
        "request", table, name, at.text, Region(), Region(), peers, blocker=blocker, span=at.span
    )


def _endpoint_step(departure: Departure, endpoint: ServiceEndpoint) -> Step:
    """It carries TCP and ICMP echo."""
    peers, name = departure.peers, f"endpoint {endpoint.label}"
    if departure.service.protocol in (TCP, ICMP):
        message = f"{endpoint.address} leads to its service"
        return Step("request", endpoint, name, message, peers, peers, peers, span=endpoint.span)
    at = Label(endpoint.span or NOWHERE, f"carries TCP and ping, and no {departure.service}")
    blocker = Blocker(Reason.ENDPOINT_PROTOCOL, endpoint, at)
    return Step(
        "request", endpoint, name, at.text, Region(), Region(), peers, blocker=blocker,
        span=at.span,
    )  # fmt: skip
