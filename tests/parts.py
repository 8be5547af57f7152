"""
Nouns of a network for tests that ask about one hop, where nothing is read or assembled; and
resources for tests that ask what is made of them, where nothing is read.
"""

from __future__ import annotations

from typing import Any, Literal

from iaclint.assemble import assemble
from iaclint.network import (
    Attachment,
    Gateway,
    Interface,
    Maybe,
    Network,
    PublicAddress,
    Route,
    RouteTable,
    Subnet,
    TransitRoute,
    TransitTable,
    Vpc,
)
from iaclint.packet.prefix import parse_prefix
from iaclint.packet.region import Region
from iaclint.resource import Language, Resource, World
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value


def line(number: int) -> Span:
    return Span("main.tf", number)


SOME, OTHER = Unknown("some", line(90)), Unknown("other", line(91))


def region(text: str) -> Region:
    """The addresses of a block."""
    return parse_prefix(text).region


def resource(name: str) -> Resource:
    return Resource("aws_thing", name, {}, line(80), "terraform")


def vpc(name: str, *blocks: str, **more: Any) -> Vpc:
    prefixes = tuple(parse_prefix(block) for block in blocks)
    return Vpc(**{"address": name, "label": name, "span": line(1), "prefixes": prefixes, **more})


HOME = vpc("home", "192.168.0.0/16", "2600:1f14::/56")


def gate(name: str, *vpcs: Maybe[Vpc], **more: Any) -> Gateway:
    """Something that routes lead to; an internet gateway unless it is said."""
    given = {"address": name, "label": name, "span": line(7), "kind": "internet"}
    return Gateway(vpcs=vpcs, **{"title": "gateway", **given, **more})


def table(*routes: tuple[str | Unknown, Maybe[Gateway]], **more: Any) -> RouteTable:
    """A table with routes: for which block, and where it leads."""
    given = {"address": "table", "label": "table", "span": line(20), "vpc": HOME, **more}
    found = RouteTable(**given)
    for number, (to, target) in enumerate(routes):
        block = to if isinstance(to, Unknown) else parse_prefix(to)
        name, at = to if isinstance(to, str) else to.reason, line(21 + number)
        found.routes.append(
            Route(address=f"to {name}", label=name, span=at, to=block, target=target)
        )
    return found


def place(name: str = "subnet", **more: Any) -> Subnet:
    given = {"address": name, "label": name, "span": line(4), "vpc": HOME}
    return Subnet(**{**given, "table": SOME, "acl": SOME, **more})


def host(name: str = "host", **more: Any) -> Interface:
    given = {"address": name, "label": name, "span": line(3), "subnet": SOME}
    public = PublicAddress(has=True, why="so it says")
    return Interface(**{**given, "public": public, **more})


# ---- what is written down, without files -------------------------------------------------------


def value(plain: object) -> Value:
    """A value of a text, a number, a list or a mapping; what is not known stands for itself."""
    match plain:
        case Unknown():
            return plain
        case list():
            return ListValue(tuple(value(each) for each in plain), line(70))
        case dict():
            return MapValue({str(name): value(each) for name, each in plain.items()}, line(71))
        case str() | int() | None:
            return Scalar(plain, line(72))
    raise TypeError(plain)


def named(address: str, attribute: str = "id") -> Unknown:
    """What others write to name a thing: an attribute that it gets when it is made."""
    return Unknown(f"{address}.{attribute}", line(73), ref=Ref(address, attribute))


def thing(address: str, kind: str = "", /, **attributes: object) -> Resource:
    """A resource, or with `data.` in front something that is looked up; `kind` is for templates."""
    language: Language = "cloudformation" if kind else "terraform"
    data = address.startswith("data.")
    given = {name: value(each) for name, each in attributes.items()}
    plain = address.removeprefix("data.").partition(".")[0]
    mode: Literal["data", "managed"] = "data" if data else "managed"
    return Resource(kind or plain, address, given, line(80), language, mode)


def assembled(*resources: Resource) -> Network:
    """The network of these resources."""
    return assemble(World(resources))


HUB = gate("hub", kind="network", title="transit gateway")


def attached(name: str, home: Maybe[Vpc] = SOME, **more: Any) -> Attachment:
    """A network at a transit gateway, which carries IPv6 too."""
    given = {"address": name, "label": name, "span": line(40), "transit": HUB, "ipv6": True}
    return Attachment(**{**given, "vpc": home, **more})


def peered(name: str, near: Gateway, far: Gateway, **more: Any) -> tuple[Attachment, Attachment]:
    """The two ends of a peering of transit gateways."""
    one = attached(name, transit=near, **more)
    other = attached(f"{name} away", transit=far, span=line(41), **more)
    one.other, other.other = other, one
    return one, other


def transit_table(
    *routes: tuple[str | Unknown, Maybe[Attachment] | None], propagated: bool = False, **more: Any
) -> TransitTable:
    """A table of a transit gateway: for which block, and by what it leads there; None drops."""
    given = {"address": "transit table", "label": "transit table", "span": line(50), **more}
    found = TransitTable(**{"transit": HUB, **given})
    for number, (to, by) in enumerate(routes):
        block = to if isinstance(to, Unknown) else parse_prefix(to)
        name, at = to if isinstance(to, str) else to.reason, line(51 + number)
        found.routes.append(
            TransitRoute(
                address=f"to {name}", label=name, span=at, to=block, attachment=by,
                propagated=propagated,
            )
        )  # fmt: skip
    return found
