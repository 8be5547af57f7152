"""
Which interface has a public address: by its subnet, on request, or by an Elastic IP.
"""

from __future__ import annotations

import pytest

from iaclint.query import overall
from tests.asked import answers, spelled
from tests.blocks import ANYONE, IGW, NOTHING, SSH, Text, group, host, made, ref, subnet, table
from tests.scenarios import CORE, IN, TERRAFORM, B, R, Row, U

SOME = Text('variable "some" {}\n', "")
ID = ("var.some", "!ImportValue Some")
ROUTED = CORE + table("front", (ANYONE, IGW)) + group("web", SSH)
PRIVATE = ROUTED + subnet("front", "10.0.1.0/24")
PUBLIC = ROUTED + subnet("front", "10.0.1.0/24", public=True)
WEB, ALONE = ref("aws_instance", "web"), ref("aws_network_interface", "alone")
GROUPS = [ref("aws_security_group", "web", as_="GroupId")]


def requested(value: str, said: str) -> Text:
    """`web` with a public address on request."""
    return SOME + made(
        "aws_instance", "web", "EC2::Instance",
        Text(
            f"subnet_id = aws_subnet.front.id\nassociate_public_ip_address = {value}\n"
            "vpc_security_group_ids = [aws_security_group.web.id]\n",
            "NetworkInterfaces: [{DeviceIndex: '0', SubnetId: !Ref FrontSubnet, "
            f"AssociatePublicIpAddress: {said}, GroupSet: [!GetAtt WebGroup.GroupId]}}]",
        ),
        instance_type="t3.micro",
    )  # fmt: skip


def address(instance: tuple[str, str], more: str = "") -> Text:
    """An Elastic IP for an instance."""
    owner = Text(f"instance = {instance[0]}\n{more}", f"InstanceId: {instance[1]}")
    return SOME + made("aws_eip", "own", "EC2::EIP", owner, domain="vpc")


def associated(**ends: tuple[str, str]) -> Text:
    """An Elastic IP that something else associates."""
    allocation = ref("aws_eip", "own", as_="AllocationId")
    return (
        SOME
        + made("aws_eip", "own", "EC2::EIP", domain="vpc")
        + made(
            "aws_eip_association",
            "own",
            "EC2::EIPAssociation",
            NOTHING,
            allocation_id=allocation,
            **ends,
        )
    )


def interface(*groups: tuple[str, str], place: str = "front") -> Text:
    """An interface of its own."""
    listed = Text(f"security_groups = [{', '.join(one for one, _ in groups)}]\n",
                  f"GroupSet: [{', '.join(other for _, other in groups)}]")  # fmt: skip
    return made("aws_network_interface", "alone", "EC2::NetworkInterface", listed,
                subnet_id=ref("aws_subnet", place))  # fmt: skip


FIRST = made("aws_instance", "web", "EC2::Instance", Text(
    "network_interface {\n  device_index = 0\n"
    "  network_interface_id = aws_network_interface.alone.id\n}\n",
    "NetworkInterfaces: [{DeviceIndex: '0', NetworkInterfaceId: !Ref AloneInterface}]"),
    instance_type="t3.micro")  # fmt: skip
"""`web` with that interface as its first."""
SECOND = made("aws_network_interface_attachment", "late", "EC2::NetworkInterfaceAttachment",
    device_index=1, instance_id=WEB, network_interface_id=ALONE)  # fmt: skip
MEMBER = Text("""
resource "aws_network_interface_sg_attachment" "late" {
  security_group_id    = aws_security_group.web.id
  network_interface_id = aws_network_interface.alone.id
}
""", "")  # fmt: skip
BY_SUBNET, BY_ADDRESS = PUBLIC + host("web", "front", "web"), PRIVATE + host("web", "front", "web")
OTHERS = host("a", "front", "web") + host("b", "front", "web")
EITHER = 'var.some == "x" ? aws_instance.%s.id : aws_instance.%s.id'
UNSURE = "map_public_ip_on_launch = true"
TWO = Text(
    """
resource "aws_instance" "web" {
  instance_type = "t3.micro"
  network_interface {
    device_index         = 1
    network_interface_id = aws_network_interface.b.id
  }
  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.a.id
  }
}
resource "aws_network_interface" "a" {
  subnet_id       = aws_subnet.front.id
  security_groups = [aws_security_group.web.id]
}
resource "aws_network_interface" "b" {
  subnet_id       = aws_subnet.front.id
  security_groups = [aws_security_group.shut.id]
}
""",
    "",
) + group("shut")

PERHAPS = 'count = var.some == "x" ? 1 : 0\n'
LOOSE = (
    PRIVATE + group("shut") + host("web", "front", "shut") + interface(*GROUPS)
    + associated(network_interface_id=ALONE)
)  # fmt: skip


def attached(own: tuple[str, str], owner: tuple[str, str], more: str = "") -> Text:
    """An interface that is attached by a resource of its own."""
    return made(
        "aws_network_interface_attachment", "more", "EC2::NetworkInterfaceAttachment",
        Text(f"device_index = 1\n{more}", "DeviceIndex: '1'"),
        network_interface_id=own, instance_id=owner,
    )  # fmt: skip


ROWS = (
    Row(1, "A subnet that maps public addresses gives one.", BY_SUBNET, IN, R),
    Row(1, "One that does not gives none.", BY_ADDRESS, IN, B),
    Row(1, "Whether it does may not be known.",
        SOME + Text(BY_SUBNET.terraform.replace(UNSURE, "map_public_ip_on_launch = var.some"), ""),
        IN, U, languages=TERRAFORM),
    Row(1, "A request for none wins over the subnet.", PUBLIC + requested("false", "false"), IN, B),
    Row(1, "A request for one too.", PRIVATE + requested("true", "true"), IN, R),
    Row(1, "What is requested may not be known.", PRIVATE + requested("var.some", ID[1]), IN, U),
    Row(2, "An Elastic IP of the instance.", BY_ADDRESS + address(WEB), IN, R),
    Row(2, "Perhaps.", BY_ADDRESS + address(WEB, 'count = var.some == "x" ? 1 : 0\n'), IN, U,
        languages=TERRAFORM),
    Row(2, "Perhaps, and else that of the subnet.",
        BY_SUBNET + address(WEB, 'count = var.some == "x" ? 1 : 0\n'), IN, R,
        languages=TERRAFORM),
    Row(2, "Of an instance that is not known: it may be any.", BY_ADDRESS + address(ID), IN, U),
    Row(2, "Of one of two, of which this is one.",
        BY_ADDRESS + OTHERS + address((EITHER % ("a", "web"), "")), IN, U, languages=TERRAFORM),
    Row(2, "Of one of two others.", BY_ADDRESS + OTHERS + address((EITHER % ("a", "b"), "")), IN,
        B, languages=TERRAFORM),
    Row(2, "Another instance's.", BY_ADDRESS + OTHERS + address(ref("aws_instance", "a")), IN, B),
    Row(3, "Associated by a resource of its own.", BY_ADDRESS + associated(instance_id=WEB), IN, R),
    Row(3, "With nothing.", BY_ADDRESS + associated(), IN, B, languages=TERRAFORM),
    Row(3, "With an instance that is not known.", BY_ADDRESS + associated(instance_id=ID), IN, U),
    Row(4, "An interface of its own has no public address.",
        PRIVATE + interface(*GROUPS) + FIRST, IN, B),
    Row(4, "Unless an Elastic IP is associated with it.", PRIVATE + interface(*GROUPS) + FIRST
        + associated(network_interface_id=ALONE), IN, R),
    Row(4, "In a subnet that maps addresses it depends on how it is used.",
        PUBLIC + interface(*GROUPS) + FIRST, IN, U),
    Row(4, "It has the groups that are written.", PRIVATE + group("shut")
        + interface(ref("aws_security_group", "shut", as_="GroupId")) + FIRST
        + associated(network_interface_id=ALONE), IN, B),
    Row(4, "And those that are attached.", PRIVATE + group("shut")
        + interface(ref("aws_security_group", "shut", as_="GroupId")) + FIRST
        + associated(network_interface_id=ALONE) + MEMBER, IN, R, languages=TERRAFORM),
    Row(5, "A second interface is a second way in.", PRIVATE + group("shut")
        + host("web", "front", "shut") + interface(*GROUPS) + SECOND
        + associated(network_interface_id=ALONE), IN, R),
    Row(5, "Not while it is attached to nothing.", PRIVATE + group("shut")
        + host("web", "front", "shut") + interface(*GROUPS)
        + associated(network_interface_id=ALONE), IN, B),
    Row(5, "Perhaps it is attached.", LOOSE + attached(ALONE, WEB, PERHAPS), IN, U,
        languages=TERRAFORM),
    Row(5, "Perhaps to this instance.", LOOSE + attached(ALONE, ID), IN, U),
    Row(5, "To one of two others.",
        LOOSE + OTHERS + attached(ALONE, (EITHER % ("a", "b"), "")), IN, B, languages=TERRAFORM),
    Row(5, "Another interface may be attached.", LOOSE + attached(ID, WEB), IN, U),
    Row(5, "Nothing changes for others.",
        LOOSE + attached(ALONE, ID) + SECOND, IN, R),
    Row(5, "An Elastic IP of an instance serves its first interface.",
        PRIVATE + TWO + address(WEB), IN, R, languages=TERRAFORM),
    Row(5, "Not its second.",
        PRIVATE + Text(TWO.terraform.replace("= 1\n", "= 7\n").replace("= 0\n", "= 1\n")
                       .replace("= 7\n", "= 0\n"), "") + address(WEB), IN, B, languages=TERRAFORM),
)  # fmt: skip


@pytest.mark.parametrize(("row", "language"), spelled(ROWS))
def test_a_public_address_comes_about_as_aws_says(row: Row, language: str) -> None:
    """Each row says it in a sentence."""
    assert overall(answers(row, language)) == row.verdict
