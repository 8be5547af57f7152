"""Pictures of the network."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from iaclint import run
from iaclint.drawing import Box, Line, Picture, picture
from iaclint.drawing_formats import write
from iaclint.resource import Inputs
from iaclint.source import Sources
from tests.blocks import TGW, group
from tests.connections import balancer, transit
from tests.nets import written
from tests.scenarios import OPEN, TWO, joined

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "example"


@pytest.fixture(scope="module")
def drawn() -> Picture:
    """The bundled example."""
    roots = run.load([EXAMPLE], [], Sources(), Inputs())
    answer = run.answer(roots, [], ())
    return picture(answer.networks, answer.judged)


def test_what_stops_the_packet_is_marked(drawn: Picture) -> None:
    """The route table without a route and the instance behind it, and nothing else."""
    blocked = {box.address for box in drawn.boxes.values() if box.state == "blocked"}
    assert blocked == {"aws_route_table.public", "aws_instance.bastion"}
    (flow,) = [line for line in drawn.lines if line.flow]
    assert flow.state == "blocked" and flow.label == "SSH blocked: no route"


def test_the_network_is_connected_as_written(drawn: Picture) -> None:
    """internet — gateway, table — subnet — instance."""
    label = {box.id: box.address or box.label for box in drawn.boxes.values()}
    lines = {(label[line.start], label[line.end]) for line in drawn.lines if not line.flow}
    assert ("internet", "aws_internet_gateway.gw") in lines
    assert ("aws_route_table.public", "aws_subnet.public") in lines
    assert ("aws_subnet.public", "aws_instance.bastion") in lines
    assert ("aws_internet_gateway.gw", "aws_route_table.public") not in lines


@pytest.mark.parametrize("output", ["mermaid", "dot", "svg", "html", "json"])
def test_every_format_names_the_instance(output: str, drawn: Picture) -> None:
    """And is the same when made twice."""
    text = write(drawn, output)
    assert "bastion" in text and text == write(drawn, output)


def test_svg_is_xml_and_json_is_json(drawn: Picture) -> None:
    """Other programs read them."""
    ElementTree.fromstring(write(drawn, "svg"))
    document = json.loads(write(drawn, "json"))
    assert {"id", "kind", "label", "address", "vpc", "state"} == set(document["nodes"][0])
    ids = {node["id"] for node in document["nodes"]}
    assert all({edge["start"], edge["end"]} <= ids for edge in document["edges"])


@pytest.mark.parametrize("output", ["mermaid", "dot", "svg", "html"])
def test_names_cannot_add_markup(output: str) -> None:
    """Quotes, brackets and tags of the input are text."""
    name = '"]; x --> y <script>alert(1)</script> `'
    made = Picture({"a": Box("a", "subnet", name, name, name)}, {Line("a", "a", name): None})
    text = write(made, output)
    assert output == "dot" or "<script>" not in text
    assert '\n"]' not in text and (output != "dot" or '\\"]' in text)


def test_an_empty_network_can_be_drawn() -> None:
    """Nothing there, nothing drawn, no failure."""
    for output in ("mermaid", "dot", "svg", "html", "json"):
        assert write(picture([], []), output)


def _lines(picture: Picture) -> set[tuple[str, str]]:
    label = {box.id: box.address or box.label for box in picture.boxes.values()}
    return {(label[line.start], label[line.end]) for line in picture.lines}


def test_load_balancers_are_drawn_before_their_targets(tmp_path: Path) -> None:
    """internet — load balancer — subnet, and the instance it forwards to; a flow begins there."""
    net = written(tmp_path, (OPEN + balancer(22)).files("terraform"))
    drawn = picture([net.network], net.judged)
    assert {("internet", "aws_lb.lb"), ("aws_lb.lb", "aws_instance.db")} <= _lines(drawn)
    flow = next(line for line in drawn.lines if line.flow and "db" in drawn.boxes[line.end].label)
    assert drawn.boxes[flow.start].address == "aws_lb.lb" and flow.state == "reachable"


def test_a_group_is_drawn_where_it_stops_a_flow_and_only_there(tmp_path: Path) -> None:
    shut, let = TWO + group("db") + balancer(22), OPEN + balancer(22)
    for text, expected in ((shut, {"aws_security_group.db"}), (let, set[str]())):
        net = written(tmp_path, text.files("terraform"))
        drawn = picture([net.network], net.judged)
        boxes = [box for box in drawn.boxes.values() if box.kind == "filter"]
        assert {box.address for box in boxes} == expected
        assert all(box.state == "blocked" for box in boxes)


def test_attachments_are_drawn_between_the_transit_gateway_and_their_subnets(
    tmp_path: Path,
) -> None:
    net = written(tmp_path, (joined(TGW) + transit()).files("terraform"))
    lines = _lines(picture([net.network], net.judged))
    here = "aws_ec2_transit_gateway_vpc_attachment.other"
    assert {("aws_ec2_transit_gateway.hub", here), (here, "aws_subnet.far")} <= lines


@pytest.mark.parametrize("output", ["mermaid", "dot", "svg", "html", "json"])
def test_every_format_draws_doors_and_filters(tmp_path: Path, output: str) -> None:
    net = written(tmp_path, (TWO + group("db") + balancer(22)).files("terraform"))
    drawn = picture([net.network], net.judged)
    assert {"door", "filter"} <= {box.kind for box in drawn.boxes.values()}
    assert "lb" in write(drawn, output)
