"""
Which instance each connection block, ssh command and line of an inventory is about.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import pytest

from iaclint.assemble import assemble
from iaclint.network import Network
from iaclint.resource import Connection, Output, Resource, World
from iaclint.source import Span
from iaclint.value import MapValue, Unknown, Value
from tests.parts import OTHER, SOME, line, named, thing, value

VPC = (
    thing("aws_vpc.v", cidr_block="10.0.0.0/16"),
    thing("aws_subnet.s", vpc_id=named("aws_vpc.v"), cidr_block="10.0.1.0/24"),
    thing("aws_network_interface.card", subnet_id=named("aws_subnet.s")),
    thing("aws_network_interface.spare", subnet_id=named("aws_subnet.s")),
    thing("aws_eip.own", instance=named("aws_instance.a")),
    thing("aws_eip.card", network_interface=named("aws_network_interface.card")),
    thing("aws_eip.linked"),
    thing("aws_eip.dialled"),
    thing("aws_eip.spare", network_interface=named("aws_network_interface.spare")),
    thing("aws_eip.free"),
    thing(
        "aws_eip_association.linked",
        allocation_id=named("aws_eip.linked"),
        instance_id=named("aws_instance.b"),
    ),
    thing(
        "aws_eip_association.dialled",
        public_ip=named("aws_eip.dialled", "public_ip"),
        network_interface_id=named("aws_network_interface.card"),
    ),
    thing("aws_eip_association.any", allocation_id=SOME, instance_id=named("aws_instance.b")),
)
Connections: TypeAlias = tuple[Connection, ...]
NOBODY = thing("null_resource.setup")
A, B = "aws_instance.a", "aws_instance.b"
IP_A, IP_B = named(A, "public_ip"), named(B, "private_ip")


def instances(*connections: Connection) -> tuple[Resource, Resource]:
    """Two instances, one of them with connections of its own."""
    given = {"subnet_id": named("aws_subnet.s")}
    cards = [{"device_index": 0, "network_interface_id": named("aws_network_interface.card")}]
    one = thing(A, **given, private_ip="10.0.1.9")
    return replace(one, connections=connections), thing(B, network_interface=cards)


def network(*more: Resource, outputs: tuple[Output, ...] = (), own: Connections = ()) -> Network:
    """The network of the two instances with more."""
    return assemble(World((*VPC, *instances(*own), *more), outputs))


def text(*parts: object, at: Span | None = None) -> Unknown:
    """A text of which a part is not known."""
    pieces = tuple(part if isinstance(part, Unknown) else str(part) for part in parts)
    return Unknown("a part is not known", at, parts=pieces, type="string")


def said(given: Value, at: int = 60) -> Output:
    """An output that says it."""
    return Output("login", given, line(at))


def users(found: Network) -> dict[str, list[str]]:
    """Who logs in to which instance; why, for a user who is not known."""
    return {
        each.address.rpartition(".")[2]: [
            one.user.reason if isinstance(one.user, Unknown) else str(one.user)
            for one in each.logins
        ]
        for each in found.instances
        if each.logins
    }


# ---- connection blocks -------------------------------------------------------------------------


def connection(provisioner: str = "remote-exec", at: int = 50, /, **given: object) -> Connection:
    """A provisioner with its connection block."""
    arguments = {name: value(each) for name, each in given.items()}
    return Connection(provisioner, MapValue(arguments, line(at)), line(at))


def setup(*connections: Connection) -> Resource:
    """A resource that is no instance, with provisioners."""
    return replace(NOBODY, connections=connections)


@pytest.mark.parametrize(
    ("host", "instance"),
    [
        (IP_A, "a"),
        (IP_B, "b"),
        (named("aws_eip.own", "public_ip"), "a"),
        (named("aws_eip.card", "public_ip"), "b"),
        (named("aws_eip.linked", "public_ip"), "b"),
        (named("aws_eip.dialled", "public_ip"), "b"),
        (named("aws_eip_association.linked", "public_ip"), "b"),
        (named("aws_eip_association.dialled", "public_ip"), "b"),
        (named("aws_eip_association.any", "public_ip"), "b"),
        ([named("null_resource.x"), IP_B], "b"),
        ("10.0.1.9", "a"),
        # nobody's
        (named("aws_eip.spare", "public_ip"), ""),
        (named("aws_eip.free", "public_ip"), ""),
        (named("null_resource.x", "id"), ""),
        ("10.0.1.90", ""),
        ("10.0.1.0", ""),
        ("host.example", ""),
        (SOME, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_a_connection_is_about_the_instance_whose_address_it_dials(
    host: object, instance: str
) -> None:
    """By its own address, written down or not, or by an Elastic IP of it or of its interface."""
    dial = connection(host=host, user="u")
    found = network(setup(dial))
    assert users(found) == ({instance: ["u"]} if instance else {})
    assert len(found.lost_logins) == (0 if instance else 1)
    dialled = {each.address: each.connections for each in found.instances if each.connections}
    assert dialled == ({f"aws_instance.{instance}": (dial,)} if instance else {})


@pytest.mark.parametrize(
    ("host", "instance"),
    [
        ({}, "a"),
        ({"host": None}, "a"),
        ({"host": SOME}, "a"),
        ({"host": named("null_resource.x", "id")}, "a"),
        ({"host": IP_B}, "b"),
        ({"host": "10.0.1.9"}, "a"),
        ({"host": "host.example"}, ""),
        ({"host": []}, ""),
        ({"host": {}}, ""),
        ({"host": ["host.example"]}, ""),
    ],
)
def test_a_connection_in_an_instance_is_about_that_one_unless_it_dials_another(
    host: dict[str, object], instance: str
) -> None:
    """A host that is not known is its own."""
    found = network(own=(connection(**host, user="u"),))
    assert users(found) == ({instance: ["u"]} if instance else {})
    assert len(found.lost_logins) == (0 if instance else 1)


@pytest.mark.parametrize(
    ("provisioner", "kind", "protocol"),
    [
        ("remote-exec", None, "ssh"),
        ("file", "ssh", "ssh"),
        ("remote-exec", "winrm", "winrm"),
        ("remote-exec", "telnet", None),
        ("remote-exec", SOME, None),
        ("local-exec", None, None),
    ],
)
def test_provisioners_log_in_by_ssh_or_winrm_and_not_where_they_run_on_the_client(
    provisioner: str, kind: object, protocol: str | None
) -> None:
    found = network(own=(connection(provisioner, type=kind, host=IP_A),))
    assert [login.protocol for each in found.instances for login in each.logins] == (
        [protocol] if protocol else []
    )
    assert not found.lost_logins


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"bastion_host": IP_B}, {"a": ["u"], "b": ["u"]}),
        ({"bastion_host": IP_B, "bastion_user": "jump"}, {"a": ["u"], "b": ["jump"]}),
        ({"bastion_host": SOME, "bastion_user": "jump"}, {"a": ["u"]}),
        ({"bastion_user": "jump"}, {"a": ["u"]}),
    ],
)
def test_a_bastion_is_logged_in_to_as_the_host_is_unless_it_is_said(
    given: dict[str, object], expected: dict[str, list[str]]
) -> None:
    found = network(setup(connection(host=IP_A, user="u", type="winrm", **given)))
    assert users(found) == expected
    kinds = {login.kind: login.protocol for each in found.instances for login in each.logins}
    assert kinds == {"connection": "winrm", **({"bastion": "ssh"} if "b" in expected else {})}
    assert not found.lost_logins


def test_a_login_says_what_its_block_says() -> None:
    given = {"host": IP_A, "user": "u", "private_key": SOME, "port": "2222"}
    more = {"bastion_host": IP_B, "bastion_private_key": OTHER, "bastion_port": 22}
    found = network(setup(connection(**given, **more)))
    (inner,), (outer,) = (each.logins for each in found.instances)
    assert (inner.host, inner.key, inner.port) == (IP_A, SOME, 2222)
    assert (outer.host, outer.key, outer.port) == (IP_B, OTHER, 22)


def test_provisioners_that_share_a_block_log_in_once_and_dial_each() -> None:
    """Two blocks log in twice, also where they say the same."""
    first, second = connection("file", host=IP_A), connection(host=IP_A)
    (one, _) = network(setup(first, second)).instances
    assert (len(one.logins), one.connections) == (1, (first, second))
    (one, _) = network(setup(first, connection("file", 51, host=IP_A))).instances
    assert len(one.logins) == 2
    (one, _) = network(
        setup(connection(user="u", host=IP_A), connection(user="v", host=IP_A))
    ).instances
    assert [login.user for login in one.logins] == ["u", "v"]


# ---- commands ----------------------------------------------------------------------------------


TO_A, TO_B = text("ssh u@", IP_A), text("ssh v@", IP_B)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (text("ssh ubuntu@", IP_A), {"a": ["ubuntu"]}),
        (text("ubuntu@", IP_A), {"a": ["ubuntu"]}),
        (text("jane.doe@", IP_A), {"a": ["jane.doe"]}),
        (text(SOME, "@", IP_A), {"a": ["some"]}),
        (text("ask ", SOME, "@", IP_A), {}),
        (text("scp f ubuntu@", IP_A, ":/tmp"), {"a": ["ubuntu"]}),
        (text("ask ubuntu@", IP_A), {}),
        (text("ssh ubuntu@", SOME), {}),
        (text("ssh ubuntu@", named("null_resource.x")), {}),
        (text("ssh ", IP_A), {}),
        (IP_A, {}),
        (value("ssh ubuntu@10.0.1.9"), {}),
        # more of it is not known
        (text("ssh -i ", SOME, " ubuntu@", IP_A), {"a": ["ubuntu"]}),
        (text(SOME, " ssh ubuntu@", IP_A), {"a": ["ubuntu"]}),
        (text("ssh ", SOME, "@", IP_A), {"a": ["some"]}),
        (text("ssh -i ", SOME, " ", OTHER, "@", IP_A), {"a": ["other"]}),
        (text("ssh -J jump@", IP_B, " ", SOME, "@", IP_A), {"a": ["some"], "b": ["jump"]}),
        (text("ssh -J jump@", SOME, " ubuntu@", IP_A), {"a": ["ubuntu"]}),
        # several lines
        (text("ssh u@", IP_A, "\nssh v@", IP_B), {"a": ["u"], "b": ["v"]}),
        (text("ssh u@", IP_A, "\n\n# ", SOME, "\nssh v@", IP_B), {"a": ["u"], "b": ["v"]}),
        (text("# ", SOME, SOME, "\n# ", SOME, "\nssh ", OTHER, "@", IP_B), {"b": ["other"]}),
        # what stands for a hole stands for itself where it is written
        (text("ssh \ufffc u@", IP_A), {"a": ["u"]}),
        (text("ssh u@", IP_A, " v@\ufffc"), {"a": ["u"]}),
        # one of several, or in a list or map
        (
            Unknown("or", choices=(text("ssh u@", IP_A), text("ssh v@", IP_B))),
            {"a": ["u"], "b": ["v"]},
        ),
        (value([text("ssh u@", IP_A), [text("ssh v@", IP_B)]]), {"a": ["u"], "b": ["v"]}),
        (
            value({"one": text("ssh u@", IP_A), "other": text("ssh v@", IP_B)}),
            {"a": ["u"], "b": ["v"]},
        ),
    ],
)
def test_a_command_of_an_output_logs_in_to_the_instance_whose_address_it_has(
    command: Value, expected: dict[str, list[str]]
) -> None:
    assert users(network(outputs=(said(command),))) == expected


def test_the_key_of_a_command_is_the_file_it_names_last() -> None:
    (one, other) = network(
        outputs=(
            said(text("ssh -i old.pem -i ~/.ssh/new.pem u@", IP_A)),
            said(text("ssh -i ", SOME, ".pem v@", IP_B, " -i later.pem")),
        )
    ).instances
    assert [(each.key_file, each.of_a_pair) for each in one.logins] == [("~/.ssh/new.pem", False)]
    assert [each.of_a_pair for each in other.logins] == [True]
    assert [each.host for each in (*one.logins, *other.logins)] == [IP_A, IP_B]


@pytest.mark.parametrize(
    ("inventory", "expected"),
    [
        (text(IP_A, " ansible_user=ubuntu"), {"a": ["ubuntu"]}),
        (text("web ansible_host=", IP_A, " ansible_ssh_user: ubuntu"), {"a": ["ubuntu"]}),
        (text("web ansible_host=", SOME, " ansible_user=ubuntu"), {}),
        (text("ansible-playbook -u ubuntu -i ", IP_A, ", site.yml"), {"a": ["ubuntu"]}),
        (text("ansible-playbook --user=ubuntu -i ", IP_A, ", site.yml"), {"a": ["ubuntu"]}),
        (text("ansible-playbook -i ", IP_A, ", site.yml"), {}),
        # the first host of a line is meant
        (text("ansible-playbook -u u -i ", SOME, " -e to=", IP_A, " by=", IP_B), {"a": ["u"]}),
        (text(IP_A, " ansible_user=u\n", IP_B, " ansible_user=v"), {"a": ["u"], "b": ["v"]}),
        (text("# ", SOME, SOME, "\n", IP_B, " ansible_user=v"), {"b": ["v"]}),
        (text("# ", SOME, "\n", SOME, " ", IP_B, " ansible_user=v"), {"b": ["v"]}),
    ],
)
def test_a_line_of_an_inventory_logs_in_to_its_host(
    inventory: Value, expected: dict[str, list[str]]
) -> None:
    file = replace(thing("local_file.inventory", content=inventory), span=line(70))
    assert users(network(file)) == expected


def test_a_playbook_has_the_key_that_it_is_given() -> None:
    command = text("ansible-playbook -u u --private-key ~/k.pem -i ", IP_A, ", site.yml")
    (one, _) = network(outputs=(said(command),)).instances
    assert [each.key_file for each in one.logins] == ["~/k.pem"]


def runs(provisioner: str, **given: object) -> Resource:
    """Something that Terraform runs."""
    body = {name: value(each) for name, each in given.items()}
    made = Connection(provisioner, MapValue({}, line(50)), line(50), MapValue(body, line(50)))
    return setup(made)


@pytest.mark.parametrize(
    ("provisioner", "given", "expected"),
    [
        ("local-exec", {"command": text("ssh u@", IP_A)}, {"a": ["u"]}),
        ("local-exec", {"working_dir": text("ssh u@", IP_A)}, {}),
        ("remote-exec", {"command": text("ssh u@", IP_A)}, {}),
    ],
)
def test_what_terraform_runs_on_the_client_logs_in_too(
    provisioner: str, given: dict[str, object], expected: dict[str, list[str]]
) -> None:
    found = network(runs(provisioner, **given))
    assert users(found) == expected
    assert all(login.resource is not None for each in found.instances for login in each.logins)


def test_what_terraform_runs_may_say_nothing() -> None:
    assert users(network(setup(connection("local-exec")))) == {}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (line(62), line(62)),
        (Span("main.tf", 60, 12), Span("main.tf", 60, 12)),
        (line(59), line(60)),
        (Span("other.tf", 90), line(60)),
        (None, line(60)),
    ],
)
def test_a_command_is_shown_where_it_is_written_if_that_is_in_what_has_it(
    written: Span | None, shown: Span
) -> None:
    """Else the output is: the text may be of a local, or of a file."""
    (one, _) = network(outputs=(said(text("ssh u@", IP_A, at=written)),)).instances
    assert [login.span for login in one.logins] == [shown]


@pytest.mark.parametrize(
    ("command", "ports"),
    [
        (text("ssh -L 8080:", IP_B, ":5432 u@", IP_A), [5432]),
        (text(SOME, " -L 8080:", IP_B, ":5432 u@", IP_A), [5432]),
        (text("ssh -L 1:", IP_B, ":22 -L 2:", IP_B, ":5432 u@", IP_A), [22, 5432]),
        (text("ssh -L 1:", SOME, ":22 -L 2:", IP_B, ":5432 u@", IP_A), [5432]),
        (text("LocalForward 8080 ", IP_B, ":5432"), [5432]),
        (text("ssh -L 8080:localhost:5432 u@", IP_B), []),
    ],
)
def test_a_command_forwards_ports_of_the_host_that_it_names(
    command: Value, ports: list[int]
) -> None:
    (one, other) = network(outputs=(said(command),)).instances
    assert one.forwarded == ()
    assert [port for port, _ in other.forwarded] == ports
