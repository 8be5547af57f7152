"""
Inside of a VPC and into it without an open port: bastions, endpoints, VPNs, account policies.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nets import cloudformation, hops, terraform

BASE = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "front" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "back" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_route_table" "front" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_route_table_association" "front" {
  subnet_id      = aws_subnet.front.id
  route_table_id = aws_route_table.front.id
}
resource "aws_instance" "app" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.back.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
"""
OUT = """
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
"""


def sg(name: str, source: str, egress: str = OUT) -> str:
    return f"""
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.v.id
  ingress {{
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
    {source}
  }}
  {egress}
}}
"""


def bastion(egress: str = OUT) -> str:
    return (
        sg("bastion", 'cidr_blocks = ["0.0.0.0/0"]', egress)
        + """
resource "aws_instance" "bastion" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.front.id
  vpc_security_group_ids = [aws_security_group.bastion.id]
}
"""
    )


def blocks(*names: str) -> str:
    return f"cidr_blocks = [{', '.join(names)}]"


# ---- bastions --------------------------------------------------------------------------------


@pytest.mark.parametrize("block", ["aws_subnet.front.cidr_block", "aws_vpc.v.cidr_block"])
def test_a_bastion_reaches_hosts_that_let_its_block_in(tmp_path: Path, block: str) -> None:
    net = terraform(tmp_path, BASE, bastion(), sg("app", blocks(block)))
    assert net.ids == []
    assert net.flow("bastion", "app").trace.verdict == "reachable"


def test_a_bastion_that_lets_nothing_out_reaches_no_host(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, bastion(""), sg("app", blocks("aws_subnet.front.cidr_block")))
    assert net.errors == ["IAC411"]


def test_a_block_where_nobody_is_while_a_bastion_exists_is_a_warning(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, bastion(), sg("app", blocks('"10.0.7.0/24"')))
    assert net.ids == ["IAC410"]


def test_a_block_of_a_subnet_where_something_else_may_be_is_no_error(tmp_path: Path) -> None:
    lambdas = """
resource "aws_subnet" "lambda" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.7.0/24"
}
"""
    net = terraform(tmp_path, BASE, bastion(), lambdas, sg("app", blocks('"10.0.7.0/24"')))
    assert (net.ids, net.errors) == (["IAC410"], [])


def test_one_of_two_bastions_in_the_block_is_enough(tmp_path: Path) -> None:
    second = bastion("").replace('"bastion"', '"idle"').replace(".bastion.", ".idle.")
    rule = sg("app", blocks("aws_vpc.v.cidr_block"))
    assert terraform(tmp_path, BASE, bastion(), second, rule).ids == []


def test_without_a_bastion_a_private_host_is_nobodys_mistake(tmp_path: Path) -> None:
    assert terraform(tmp_path, BASE, sg("app", blocks("aws_vpc.v.cidr_block"))).ids == []


def test_a_host_behind_two_bastions_is_reached_in_two_hops(tmp_path: Path) -> None:
    inner = (
        sg("inner", "security_groups = [aws_security_group.bastion.id]")
        + """
resource "aws_instance" "inner" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = aws_subnet.back.id
  vpc_security_group_ids = [aws_security_group.inner.id]
}
"""
    )
    rule = sg("app", "security_groups = [aws_security_group.inner.id]")
    assert terraform(tmp_path, BASE, bastion(), inner, rule).ids == []


# ---- routes inside of the VPC ----------------------------------------------------------------

FORWARDER = """
resource "aws_instance" "firewall" {
  ami               = "ami-1"
  instance_type     = "t3.micro"
  subnet_id         = aws_subnet.front.id
}
resource "aws_route" "narrow" {
  route_table_id         = aws_route_table.front.id
  destination_cidr_block = "10.0.2.0/24"
  network_interface_id   = aws_instance.firewall.primary_network_interface_id
}
"""


def test_a_forwarder_with_source_check_drops_what_is_not_its_own(tmp_path: Path) -> None:
    rule = sg("app", blocks("aws_subnet.front.cidr_block"))
    net = terraform(tmp_path, BASE, bastion(), rule, FORWARDER)
    assert net.errors == ["IAC511"]


def test_a_forwarder_without_source_check_decides_by_itself(tmp_path: Path) -> None:
    open_ = FORWARDER.replace('ami-1"', 'ami-1"\n  source_dest_check = false')
    rule = sg("app", blocks("aws_subnet.front.cidr_block"))
    net = terraform(tmp_path, BASE, bastion(), rule, open_)
    assert net.errors == []
    assert net.flow("bastion", "app").trace.verdict == "undecided"


def test_a_route_for_another_part_of_the_vpc_changes_nothing(tmp_path: Path) -> None:
    other = FORWARDER.replace("10.0.2.0/24", "10.0.9.0/24")
    rule = sg("app", blocks("aws_subnet.front.cidr_block"))
    assert terraform(tmp_path, BASE, bastion(), rule, other).errors == []


# ---- Instance Connect Endpoint ---------------------------------------------------------------


def endpoint(egress: str, preserve: str = "") -> str:
    return f"""
resource "aws_security_group" "eice" {{
  vpc_id = aws_vpc.v.id
  {egress}
}}
resource "aws_ec2_instance_connect_endpoint" "e" {{
  subnet_id          = aws_subnet.front.id
  security_group_ids = [aws_security_group.eice.id]
  {preserve}
}}
"""


BY_EICE = "security_groups = [aws_security_group.eice.id]"


def test_an_instance_connect_endpoint_reaches_hosts_that_name_its_group(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, endpoint(OUT), sg("app", BY_EICE))
    assert net.ids == []
    flow = net.flow("endpoint.e", "app")
    assert hops(flow.trace.ways[0]) == [
        "request sg eice allow",
        "request acl (default) allow",
        "request acl (default) allow",
        "request sg app allow",
        "reply acl (default) allow",
        "reply acl (default) allow",
    ]


def test_an_endpoint_that_lets_nothing_out_reaches_nobody(tmp_path: Path) -> None:
    assert terraform(tmp_path, BASE, endpoint(""), sg("app", BY_EICE)).errors == ["IAC411"]


USERS = blocks('"203.0.113.0/24"')
VPC = blocks("aws_vpc.v.cidr_block")


@pytest.mark.parametrize(
    ("preserve", "source", "verdict"),
    [
        ("true", VPC, "blocked"),
        ("false", VPC, "reachable"),
        ("var.some", VPC, "undecided"),
        ("true", USERS, "reachable"),
        ("false", USERS, "blocked"),
        ("var.some", USERS, "undecided"),
        ("var.some", blocks('"0.0.0.0/0"'), "reachable"),
        ("var.some", blocks('"172.16.0.0/12"'), "blocked"),
    ],
)
def test_preserved_addresses_are_not_those_of_the_vpc(
    tmp_path: Path, preserve: str, source: str, verdict: str
) -> None:
    from iaclint.flow import Flow
    from iaclint.intent.entrances import endpoints
    from iaclint.packet.service import SSH
    from iaclint.trace.engine import trace

    made = endpoint(OUT, f"preserve_client_ip = {preserve}")
    net = terraform(tmp_path, 'variable "some" {}', BASE, made, sg("app", source))
    (client,) = endpoints(net.network)
    flow = Flow(client, net.instance("app"), SSH, "ipv4")
    assert trace(net.network, flow).verdict == verdict


# ---- networks outside ------------------------------------------------------------------------

VPN = """
resource "aws_vpn_gateway" "vgw" { vpc_id = aws_vpc.v.id }
resource "aws_customer_gateway" "c" {
  bgp_asn    = 65000
  ip_address = "198.51.100.1"
  type       = "ipsec.1"
}
resource "aws_vpn_connection" "vpn" {
  vpn_gateway_id      = aws_vpn_gateway.vgw.id
  customer_gateway_id = aws_customer_gateway.c.id
  type                = "ipsec.1"
  static_routes_only  = true
}
resource "aws_vpn_connection_route" "office" {
  destination_cidr_block = "192.168.0.0/16"
  vpn_connection_id      = aws_vpn_connection.vpn.id
}
"""
BACK = """
resource "aws_route_table" "back" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "back" {
  subnet_id      = aws_subnet.back.id
  route_table_id = aws_route_table.back.id
}
"""
PROPAGATION = """
resource "aws_vpn_gateway_route_propagation" "back" {
  vpn_gateway_id = aws_vpn_gateway.vgw.id
  route_table_id = aws_route_table.back.id
}
"""
STATIC = """
resource "aws_route" "office" {
  route_table_id         = aws_route_table.back.id
  destination_cidr_block = "192.168.0.0/16"
  gateway_id             = aws_vpn_gateway.vgw.id
}
"""
OFFICE = sg("app", blocks('"192.168.10.0/24"'))


def test_a_vpn_without_propagation_or_route_gets_no_replies(tmp_path: Path) -> None:
    assert terraform(tmp_path, BASE, BACK, VPN, OFFICE).errors == ["IAC513"]


@pytest.mark.parametrize("route", [PROPAGATION, STATIC], ids=["propagated", "static"])
def test_a_vpn_with_a_route_back_works(tmp_path: Path, route: str) -> None:
    net = terraform(tmp_path, BASE, BACK, VPN, OFFICE, route)
    assert net.ids == []
    assert net.flow("192.168.10.0/24", "app").trace.verdict == "reachable"


def test_what_bgp_announces_is_not_known(tmp_path: Path) -> None:
    bgp = VPN.replace("static_routes_only  = true", "").split('resource "aws_vpn_connection_route"')
    net = terraform(tmp_path, BASE, BACK, bgp[0], OFFICE, PROPAGATION)
    assert net.errors == []
    assert net.flow("192.168.10.0/24", "app").trace.verdict == "undecided"


def client_vpn(authorized: str) -> str:
    return f"""
resource "aws_security_group" "vpn" {{
  vpc_id = aws_vpc.v.id
  {OUT}
}}
resource "aws_ec2_client_vpn_endpoint" "staff" {{
  client_cidr_block  = "10.9.0.0/22"
  vpc_id             = aws_vpc.v.id
  security_group_ids = [aws_security_group.vpn.id]
}}
resource "aws_ec2_client_vpn_network_association" "staff" {{
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
  subnet_id              = aws_subnet.front.id
}}
resource "aws_ec2_client_vpn_authorization_rule" "staff" {{
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
  target_network_cidr    = "{authorized}"
  authorize_all_groups   = true
}}
"""


BY_VPN = sg("app", "security_groups = [aws_security_group.vpn.id]")


def test_users_of_a_client_vpn_get_where_they_are_authorized(tmp_path: Path) -> None:
    net = terraform(tmp_path, BASE, client_vpn("10.0.0.0/16"), BY_VPN)
    assert net.ids == []
    assert net.flow("staff", "app").trace.verdict == "reachable"


def test_where_users_of_a_client_vpn_may_go_may_not_be_known(tmp_path: Path) -> None:
    rules = client_vpn("10.77.0.0/16").replace('"10.77.0.0/16"', "var.some")
    net = terraform(tmp_path, 'variable "some" {}', BASE, rules, BY_VPN)
    assert net.flow("staff", "app").trace.verdict == "undecided"


def test_users_of_a_client_vpn_get_nowhere_else(tmp_path: Path) -> None:
    assert terraform(tmp_path, BASE, client_vpn("10.0.1.0/24"), BY_VPN).errors == ["IAC514"]


# ---- account policies ------------------------------------------------------------------------


def policy(mode: str, exclusion: str = "") -> str:
    left = f"""
resource "aws_vpc_block_public_access_exclusion" "x" {{
  vpc_id                          = aws_vpc.v.id
  internet_gateway_exclusion_mode = "{exclusion}"
}}
"""
    return f"""
resource "aws_vpc_block_public_access_options" "o" {{
  internet_gateway_block_mode = "{mode}"
}}
{left if exclusion else ""}
"""


APP = sg("app", "security_groups = [aws_security_group.bastion.id]")


@pytest.mark.parametrize(
    ("mode", "exclusion", "errors"),
    [
        ("block-bidirectional", "", ["IAC520"]),
        ("block-ingress", "", ["IAC520"]),
        ("block-ingress", "allow-egress", ["IAC520"]),
        ("block-bidirectional", "allow-bidirectional", []),
        ("off", "", []),
    ],
)
def test_block_public_access_refuses_the_internet(
    tmp_path: Path, mode: str, exclusion: str, errors: list[str]
) -> None:
    net = terraform(tmp_path, BASE, bastion(), APP, policy(mode, exclusion))
    assert net.errors == errors


FAR = """
variable "far" {}
provider "aws" {
  region = %s
}
provider "aws" {
  alias  = "far"
  region = %s
}
"""


@pytest.mark.parametrize(
    ("here", "there", "own", "ids"),
    [
        ('"eu-west-1"', '"us-east-1"', "", []),
        ('"eu-west-1"', '"eu-west-1"', "", ["IAC520"]),
        ('"eu-west-1"', '"us-east-1"', "block-ingress", ["IAC520"]),
        ('"us-east-1"', '"us-east-1"', "off", []),
        ("var.far", '"us-east-1"', "", []),
        ("null", "null", "off", []),
    ],
    ids=["another", "the same", "both", "the same, by two providers", "perhaps", "not known"],
)
def test_public_access_is_blocked_in_the_region_that_says_so(
    tmp_path: Path, here: str, there: str, own: str, ids: list[str]
) -> None:
    """The first of two for one Region counts: AWS has only one."""
    far = policy("block-ingress").replace('"o" {', '"far" {\n  provider = aws.far')
    text = (policy(own) if own else "") + far
    net = terraform(tmp_path, FAR % (here, there), BASE, bastion(), APP, text)
    assert net.errors == ids
    undecided = [one for one in net.judged if one.trace.verdict == "undecided"]
    assert bool(undecided) is (here == "var.far")


# ---- Session Manager -------------------------------------------------------------------------

ROLE = """
resource "aws_iam_role" "r" { assume_role_policy = "{}" }
resource "aws_iam_role_policy_attachment" "r" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}
resource "aws_iam_instance_profile" "p" { role = aws_iam_role.r.name }
"""
MANAGED = BASE.replace(
    'key_name               = "k"', "iam_instance_profile = aws_iam_instance_profile.p.name"
)
QUIET = f"""
resource "aws_security_group" "app" {{
  vpc_id = aws_vpc.v.id
  {OUT}
}}
"""
NAT = """
resource "aws_eip" "nat" { domain = "vpc" }
resource "aws_nat_gateway" "nat" {
  subnet_id     = aws_subnet.front.id
  allocation_id = aws_eip.nat.id
}
resource "aws_route" "nat" {
  route_table_id         = aws_route_table.back.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.nat.id
}
"""


def service_endpoint(name: str, more: str = "private_dns_enabled = true") -> str:
    return f"""
resource "aws_vpc_endpoint" "{name}" {{
  vpc_id             = aws_vpc.v.id
  service_name       = "com.amazonaws.eu-west-1.{name}"
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.back.id]
  security_group_ids = [aws_security_group.endpoint.id]
  {more}
}}
"""


ENDPOINT_GROUP = """
resource "aws_security_group" "endpoint" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}
"""
BOTH = service_endpoint("ssm") + service_endpoint("ssmmessages")


def test_an_agent_without_a_way_out_is_reported(tmp_path: Path) -> None:
    assert terraform(tmp_path, MANAGED, ROLE, BACK, QUIET).ids == ["IAC521"]


ENDPOINTS_ELSEWHERE = """
module "endpoints" {
  source = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  vpc_id = aws_vpc.v.id
}
"""


@pytest.mark.parametrize(
    "way",
    [NAT, ENDPOINT_GROUP + BOTH, ENDPOINTS_ELSEWHERE],
    ids=["nat", "endpoints", "endpoints of a module that is not installed"],
)
def test_an_agent_with_a_way_out_is_quiet(tmp_path: Path, way: str) -> None:
    assert terraform(tmp_path, MANAGED, ROLE, BACK, QUIET, way).ids == []


def test_an_agent_that_may_send_nothing_is_reported(tmp_path: Path) -> None:
    silent = QUIET.replace(OUT, "")
    assert terraform(tmp_path, MANAGED, ROLE, BACK, silent, NAT).ids == ["IAC521"]


def test_one_endpoint_of_two_is_not_enough(tmp_path: Path) -> None:
    one = ENDPOINT_GROUP + service_endpoint("ssm")
    assert terraform(tmp_path, MANAGED, ROLE, BACK, QUIET, one).ids == ["IAC521"]


@pytest.mark.parametrize(
    ("group", "said"),
    [(ENDPOINT_GROUP.replace("443", "80"), "group of the endpoints"), ("", "add endpoints")],
)
def test_endpoints_that_are_closed_are_not_to_be_added(
    tmp_path: Path, group: str, said: str
) -> None:
    found = terraform(tmp_path, MANAGED, ROLE, BACK, QUIET, group, BOTH if group else "").findings
    assert [said in each.help for each in found] == [True]


def test_endpoints_without_private_dns_are_not_found(tmp_path: Path) -> None:
    hidden = service_endpoint("ssm", "") + service_endpoint("ssmmessages", "")
    net = terraform(tmp_path, MANAGED, ROLE, BACK, QUIET, ENDPOINT_GROUP, hidden)
    assert net.ids == ["IAC521"]


def test_a_nat_gateway_in_a_private_subnet_leads_nowhere(tmp_path: Path) -> None:
    nat = NAT.replace("aws_subnet.front.id", "aws_subnet.back.id")
    assert terraform(tmp_path, MANAGED, ROLE, BACK, QUIET, nat).ids == ["IAC521"]


OPENS = """
output "shell" {
  value = "aws ssm start-session --target ${aws_instance.app.id}"
}
"""
DOOR = """
resource "aws_ec2_instance_connect_endpoint" "door" { subnet_id = aws_subnet.back.id }
"""


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ("", []),
        (OPENS, ["IAC521"]),
        (OPENS + DOOR, []),
        (ENDPOINT_GROUP + service_endpoint("ssm"), ["IAC521"]),
    ],
    ids=["nothing says so", "an output", "another door", "an endpoint"],
)
def test_a_session_that_the_files_promise_is_an_error(
    tmp_path: Path, more: str, errors: list[str]
) -> None:
    net = terraform(tmp_path, MANAGED, ROLE, BACK, QUIET, more)
    assert [one for one in net.errors if one == "IAC521"] == errors
    assert "IAC521" in net.ids


@pytest.mark.parametrize(
    ("output", "errors"),
    [("aws ssm start-session --target ${Host}", ["IAC521"]), ("${Host}", [])],
)
def test_a_template_promises_a_session_in_an_output(
    tmp_path: Path, output: str, errors: list[str]
) -> None:
    net = cloudformation(
        tmp_path,
        f"""
  Vpc: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
  Back: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
  Profile: {{Type: AWS::IAM::InstanceProfile, Properties: {{Roles: [!Ref Role]}}}}
  Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: g, VpcId: !Ref Vpc}}}}
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      SubnetId: !Ref Back
      IamInstanceProfile: !Ref Profile
      SecurityGroupIds: [!Ref Group]
Outputs:
  Shell: {{Value: !Sub "{output}"}}
""",
    )
    assert (net.errors, net.ids) == (errors, ["IAC521"])


# ---- ping where the subnet is made elsewhere ---------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "errors"),
    [(8, 8, ["IAC408"]), (0, 8, ["IAC408"]), (8, 0, []), (8, -1, []), (0, 0, [])],
)
def test_a_code_that_no_ping_has_is_wrong_wherever_the_instance_is(
    tmp_path: Path, first: int, last: int, errors: list[str]
) -> None:
    net = terraform(
        tmp_path,
        f"""
variable "subnet" {{}}
resource "aws_security_group" "g" {{
  ingress {{
    from_port   = {first}
    to_port     = {last}
    protocol    = "icmp"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
resource "aws_instance" "host" {{
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  key_name               = "k"
  subnet_id              = var.subnet
  vpc_security_group_ids = [aws_security_group.g.id]
}}
""",
    )
    assert net.errors == errors


@pytest.mark.parametrize(("code", "errors"), [(8, ["IAC408"]), (-1, [])])
def test_a_template_has_a_code_that_no_ping_has(
    tmp_path: Path, code: int, errors: list[str]
) -> None:
    net = cloudformation(
        tmp_path,
        f"""
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: ping
      VpcId: !ImportValue Vpc
      SecurityGroupIngress:
        - {{IpProtocol: icmp, FromPort: 8, ToPort: {code}, CidrIp: 0.0.0.0/0}}
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      KeyName: k
      SubnetId: !ImportValue Subnet
      SecurityGroupIds: [!Ref Group]
""",
    )
    assert net.errors == errors
