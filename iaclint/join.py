"""
Roots that are one network: one creates what another looks up.

A reference into another root carries that root's name: `../network//aws_vpc.main`. Roots that
refer to each other become one root, so that a rule in one and the instance in another meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from iaclint.resource import SEPARATOR, Connection, Guess, Output, Resource, Root, World
from iaclint.stored import linked
from iaclint.value import MapValue, refs, renamed

Names = Mapping[tuple[str, str], str]
"""The address in the joined root, by the name of the root and the address there."""


def join(roots: Sequence[Root]) -> list[Root]:
    """
    The roots, with those that refer to each other made one, in the place of the first. What is
    certain of them stands beside what is only guessed.
    """
    found = linked(roots)
    groups = _groups(found)
    joined = _made(found, groups)
    if not any(world.guesses for root in joined for world in root.worlds):
        return joined
    certain = _made(linked([_certain(root) for root in roots]), groups)
    return [_beside(one, sure) for one, sure in zip(joined, certain, strict=True)]


def _groups(roots: Sequence[Root]) -> list[list[str]]:
    """The names of roots that are one network."""
    links = _links(roots, {root.name: root for root in roots})
    groups: list[list[str]] = []
    seen: set[str] = set()
    for root in roots:
        if root.name not in seen:
            groups.append(_reached(root.name, links))
            seen.update(groups[-1])
    return groups


def _made(roots: Sequence[Root], groups: Sequence[Sequence[str]]) -> list[Root]:
    by_name = {root.name: root for root in roots}
    found = [[by_name[name] for name in group] for group in groups]
    return [_one(group) if len(group) > 1 else group[0] for group in found]


def _certain(root: Root) -> Root:
    return replace(root, worlds=tuple(world.certain or world for world in root.worlds))


def _beside(root: Root, certain: Root) -> Root:
    """A root with what is certain of it; one of several worlds was not joined."""
    if len(root.worlds) != 1 or not root.worlds[0].guesses:
        return root
    return replace(root, worlds=(replace(root.worlds[0], certain=certain.worlds[0]),))


def _links(roots: Sequence[Root], by_name: Mapping[str, Root]) -> dict[str, set[str]]:
    """Which roots refer to which, in both directions. A root of several worlds stays alone."""
    links: dict[str, set[str]] = {root.name: set() for root in roots}
    for root in roots:
        for other in _foreign(root):
            if other in by_name and len(root.worlds) == len(by_name[other].worlds) == 1:
                links[root.name].add(other)
                links[other].add(root.name)
    return links


def _foreign(root: Root) -> set[str]:
    """The names of the roots that a root refers into."""
    found: set[str] = set()
    for world in root.worlds:
        for resource in world.resources:
            for value in resource.attributes.values():
                found |= {_split(ref.address)[0] for ref in refs(value)}
    return found - {""}


def _split(address: str) -> tuple[str, str]:
    name, separator, rest = address.rpartition(SEPARATOR)
    return (name, rest) if separator else ("", address)


def _reached(start: str, links: Mapping[str, set[str]]) -> list[str]:
    found, left = [start], [start]
    while left:
        for other in sorted(links[left.pop()]):
            if other not in found:
                found.append(other)
                left.append(other)
    return found


def _one(group: Sequence[Root]) -> Root:
    names = _names(group)
    resources: list[Resource] = []
    outputs: list[Output] = []
    dormant: list[Resource] = []
    guesses: list[Guess] = []
    for root in group:
        rename = _renamer(root.name, names)
        for world in root.worlds:
            resources += (_resource(each, rename) for each in world.resources)
            dormant += (_resource(each, rename) for each in world.dormant)
            outputs += (replace(each, value=renamed(each.value, rename)) for each in world.outputs)
            guesses += world.guesses
    evidence = f"{' and '.join(root.name for root in group)} are one network"
    return Root(
        name=" + ".join(root.name for root in group),
        language=group[0].language,
        worlds=(World(tuple(resources), tuple(outputs), "", tuple(dormant), tuple(guesses)),),
        files=tuple(dict.fromkeys(file for root in group for file in root.files)),
        problems=tuple(problem for root in group for problem in root.problems),
        notes=(*(note for root in group for note in root.notes), evidence),
        library=all(root.library for root in group),
    )


def _names(group: Sequence[Root]) -> Names:
    """Addresses stay as they are where they are unique, and carry their root where not."""
    count: dict[str, int] = {}
    every = [(root.name, address) for root in group for address in _addresses(root)]
    for _, address in every:
        count[address] = count.get(address, 0) + 1
    return {
        (name, address): address if count[address] == 1 else f"{name}{SEPARATOR}{address}"
        for name, address in every
    }


def _addresses(root: Root) -> Iterator[str]:
    for world in root.worlds:
        yield from (resource.address for resource in world.resources)


def _renamer(home: str, names: Names) -> Callable[[str], str]:
    def rename(address: str) -> str:
        name, rest = _split(address)
        return names.get((name or home, rest), address)

    return rename


def _resource(resource: Resource, rename: Callable[[str], str]) -> Resource:
    return replace(
        resource,
        address=rename(resource.address),
        attributes={key: renamed(value, rename) for key, value in resource.attributes.items()},
        depends=frozenset(rename(address) for address in resource.depends),
        connections=tuple(_connection(each, rename) for each in resource.connections),
    )


def _connection(connection: Connection, rename: Callable[[str], str]) -> Connection:
    return replace(
        connection,
        arguments=_map(connection.arguments, rename),
        body=connection.body and _map(connection.body, rename),
    )


def _map(value: MapValue, rename: Callable[[str], str]) -> MapValue:
    found = renamed(value, rename)
    assert isinstance(found, MapValue)
    return found
