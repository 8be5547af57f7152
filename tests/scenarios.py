"""
Forty scenarios that any model of a VPC has to get right, each in both languages.

A row is a network, a question (who, to whom, which service), and the answer. `golden/scenarios.txt`
has the hops of each. The numbers are those of a checklist; rows with one number belong together,
most of them as a network that works and one that does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.blocks import (
    ALL,
    ANYONE,
    IGW,
    NAT,
    PCX,
    SSH,
    TGW,
    VGW,
    Entry,
    Rule,
    Text,
    To,
    acl,
    gateway,
    group,
    host,
    lets,
    subnet,
    table,
    vpc,
)
from tests.blocks import (
    CARRIER as TO_CARRIER,
)
from tests.connections import (
    CARRIER,
    DROPPING,
    FIREWALL,
    INSPECTED,
    NAT_GATEWAY,
    PRIVATE_NAT,
    TO_OFFICE,
    balancer,
    dropped,
    endpoint,
    forwarder,
    hub_table,
    hubs_peered,
    interface_endpoint,
    learned,
    over,
    peering,
    transit,
    vpn,
)
from tests.twins import LANGUAGES

# ---- the networks ----------------------------------------------------------------------------

CORE = vpc("home", "10.0.0.0/16") + gateway("gate", "home")
FRONT = CORE + subnet("front", "10.0.1.0/24", public=True)
PUBLIC = FRONT + table("front", (ANYONE, IGW))
WEB, DB = host("web", "front", "web"), host("db", "back", "db")
BACK = subnet("back", "10.0.2.0/24")
ONE = PUBLIC + WEB
TWO = ONE + group("web", SSH) + BACK + DB
OPEN = TWO + group("db", SSH)
TOGETHER = OPEN.swap(DB, host("db", "front", "db"))
THROUGH_NAT = OPEN + NAT_GATEWAY + table("back", (ANYONE, NAT))
FAR = subnet("far", "10.1.1.0/24", home="other")
OTHER = group("web", SSH) + vpc("other", "10.1.0.0/16") + FAR + host("db", "far", "db")


def joined(
    way: To,
    there: str = "10.1.0.0/16",
    back: str = "10.0.0.0/16",
    db: tuple[Rule, ...] = (SSH,),
    hubs: bool = False,
) -> Text:
    """
    `web` in one VPC and `db` in another, with a table on each side; with `hubs` each VPC at a
    transit gateway of its own.
    """
    near = [(there, way)] if there else []
    far = [(back, way._replace(name="exchange") if hubs else way)] if back else []
    tables = table("front", (ANYONE, IGW), *near) + table("far", *far, home="other")
    return FRONT + WEB + OTHER + tables + group("db", *db, home="other")


def web(*rules: Rule) -> Text:
    return ONE + group("web", *rules)


def listed(*entries: Entry) -> Text:
    return ONE + group("web", SSH) + acl("front", *entries)


def fixed(name: str, place: str, address: str) -> Text:
    return host(name, place, name, address=address)


LEARNED = learned("home", "10.0.0.0/16") + learned("other", "10.1.0.0/16")
BOTH = hub_table("home", "other")
MANUAL = transit(automatic=False)
REPLIES = Entry("egress", 100, "allow", 6, 1024, 65535)
SPLIT = subnet("far", "10.1.1.0/24", home="other", zone="eu-west-1a") + subnet(
    "else", "10.1.2.0/24", home="other", zone="eu-west-1b"
)
SETTLED = PUBLIC + fixed("web", "front", "10.0.1.10") + group("web", SSH) + BACK
PEERED_HUBS = joined(TGW, hubs=True) + hubs_peered()
THERE, BACK_AGAIN = over("there", "10.1.0.0/16", "hub"), over("back", "10.0.0.0/16", "exchange")
MAIN = Text(
    """
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.home.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.gate.id
  }
}
""",
    "",
)
S3 = THROUGH_NAT.swap(table("back", (ANYONE, NAT)), table("back")) + endpoint("s3", "back")
HTTPS = Rule(443, 443, "tcp")
API = OPEN + interface_endpoint("ssm", "back", "api")

# ---- the questions ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A scenario: what it says, the network, the question, the answer, and in which languages."""

    number: int
    says: str
    text: Text
    asked: str
    verdict: str
    codes: tuple[str, ...] = ()
    languages: tuple[str, ...] = LANGUAGES


B, R, U = "blocked", "reachable", "undecided"
TERRAFORM, TEMPLATE = ("terraform",), ("cloudformation",)
IN, ACROSS = "internet -> aws_instance.web ssh", "aws_instance.web -> aws_instance.db ssh"
IN_DB = "internet -> aws_instance.db ssh"
PING = "internet -> aws_instance.web icmp"
NO_RULE = ("ENI_SG_RULES_MISMATCH",)
NO_RULES = ("SG_HAS_NO_RULES",)
NO_ADDRESS = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
NO_ROUTE = ("NO_ROUTE_TO_DESTINATION",)
DENIED = ("SUBNET_ACL_RESTRICTION",)
NOBODY = ("NO_POSSIBLE_DESTINATION",)
ONE_WAY = ("NGW_SOURCE_ADDRESS_REASSIGN",)
CHECKED = ("ENI_SOURCE_DEST_CHECK_RESTRICTION",)
DB_OUT = "aws_instance.db -> internet tcp/443"
WEB_OUT = "aws_instance.web -> internet tcp/443"
OFFICE = "192.168.1.0/24 -> aws_instance.db ssh"

ROWS = (
    Row(1, "The default group lets nobody in from outside.", PUBLIC + host("web", "front"),
        IN, B, NO_RULE),
    Row(1, "A rule, a public address and a route: in.", web(SSH), IN, R),
    Row(2, "Nothing has that address, and nothing can get it.", CORE + BACK,
        "internet -> 203.0.113.9 ssh", B, NOBODY),
    Row(2, "A public address is chosen on apply, so it may be that one; Batfish sees a snapshot.",
        web(SSH), "internet -> 203.0.113.9 ssh", U),
    Row(3, "Nobody on the internet reaches a private address.", OPEN, IN_DB, B,
        (NO_ADDRESS, *NO_ROUTE)),
    Row(4, "A public address and a route: out.", web(SSH), WEB_OUT, R),
    Row(4, "Nothing leaves by a group without outbound rules.", ONE + group("web", SSH, out=()),
        WEB_OUT, B, NO_RULE),
    Row(5, "A route to the internet gateway is not enough without a public address: not in.",
        OPEN + table("back", (ANYONE, IGW)), IN_DB, B, (NO_ADDRESS,)),
    Row(5, "Nor out.", OPEN + table("back", (ANYONE, IGW)), DB_OUT, B,
        ("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",)),
    Row(6, "Inside of one subnet the groups decide.", TOGETHER, ACROSS, R),
    Row(6, "And no ACL, even one that denies everything.", TOGETHER + acl("front"), ACROSS, R),
    Row(6, "The group of the source has to let it out.",
        TOGETHER.swap(group("web", SSH), group("web", SSH, out=(HTTPS,))), ACROSS, B, NO_RULE),
    Row(6, "The group of the target has to let it in.",
        TOGETHER.swap(group("db", SSH), group("db", HTTPS)), ACROSS, B, NO_RULE),
    Row(7, "Between two subnets both ACLs are asked; the default one allows.", OPEN, ACROSS, R),
    Row(7, "In at the target.", OPEN + acl("back", lets("egress")), ACROSS, B, DENIED),
    Row(7, "Out at the source.", OPEN + acl("front", lets("ingress")), ACROSS, B, DENIED),
    Row(7, "The reply, out at the target: Batfish follows one way only, we both.",
        OPEN + acl("back", lets("ingress")), ACROSS, B, DENIED),
    Row(7, "The reply, in at the source.", OPEN + acl("front", lets("egress")), ACROSS, B, DENIED),
    Row(8, "Nothing in the subnet has that address, and nothing is left that could get it.",
        SETTLED, "aws_instance.web -> 10.0.2.77 ssh", B, NOBODY),
    Row(8, "An instance whose address AWS chooses may get it.", OPEN,
        "aws_instance.web -> 10.0.2.77 ssh", U),
    Row(8, "No subnet holds it, and the local route still wins.", SETTLED,
        "aws_instance.web -> 10.0.99.9 ssh", B, NOBODY),
    Row(8, "Whoever has it is asked.", SETTLED + fixed("db", "back", "10.0.2.10")
        + group("db", SSH), "aws_instance.web -> 10.0.2.10 ssh", R),
    Row(9, "By a default route to the VPN: a public address is not local; what the office does "
        "with it is not known, where Batfish says that nothing is there.",
        OPEN + vpn("192.168.0.0/16") + table("back", (ANYONE, VGW)),
        "aws_instance.db -> 203.0.113.9 tcp/443", U),
    Row(10, "In by the VPN, but the reply has no route: Batfish follows one way only.",
        OPEN + vpn("192.168.0.0/16"), OFFICE, B, NO_ROUTE),
    Row(10, "With a route back.", OPEN + vpn("192.168.0.0/16") + TO_OFFICE, OFFICE, R),
    Row(11, "Out through a NAT gateway, and the reply back.", THROUGH_NAT, DB_OUT, R),
    Row(11, "The NAT gateway's own subnet has to lead out.",
        THROUGH_NAT.swap(table("front", (ANYONE, IGW)), table("front")), DB_OUT, B, NO_ROUTE),
    Row(11, "A private NAT gateway connects networks, and not to the internet.",
        THROUGH_NAT.swap(NAT_GATEWAY, PRIVATE_NAT), DB_OUT, B, NO_ROUTE),
    Row(11, "Without it: no way.", OPEN, DB_OUT, B, NO_ROUTE),
    Row(12, "A NAT gateway carries TCP, UDP and ICMP.", THROUGH_NAT,
        "aws_instance.db -> internet udp/53", R),
    Row(12, "Ping is ICMP.", THROUGH_NAT, "aws_instance.db -> internet icmp", R),
    Row(12, "And nothing else.", THROUGH_NAT, "aws_instance.db -> internet ip/50", B,
        ("PROTOCOL_RESTRICTION",)),
    Row(13, "Nobody comes in through a NAT gateway.", THROUGH_NAT, IN_DB, B,
        (NO_ADDRESS, *ONE_WAY)),
    Row(13, "Nor to its own public address.", THROUGH_NAT, "internet -> aws_nat_gateway.nat ssh",
        B, ONE_WAY),
    Row(14, "A neighbour in its subnet does not get to it either.", THROUGH_NAT,
        "aws_instance.web -> aws_nat_gateway.nat ssh", B, ONE_WAY),
    Row(15, "The ACL of the NAT gateway's subnet counts on both of its sides.",
        THROUGH_NAT + acl("front", lets("ingress")), DB_OUT, B, NO_ROUTE),
    Row(15, "Open both ways.", THROUGH_NAT + acl("front", lets("ingress"), lets("egress")),
        DB_OUT, R),
    Row(16, "Peering with routes on both sides.", joined(PCX) + peering(), ACROSS, R),
    Row(16, "The target's group still decides.", joined(PCX, db=()) + peering(), ACROSS, B,
        NO_RULES),
    Row(17, "A route for another subnet only.", joined(PCX, "10.1.9.0/24") + peering(), ACROSS, B,
        NO_ROUTE),
    Row(17, "No route back.", joined(PCX, back="") + peering(), ACROSS, B, NO_ROUTE),
    Row(18, "An address of the peer that no subnet holds.", joined(PCX) + peering(),
        "aws_instance.web -> 10.1.99.9 ssh", B, NOBODY),
    Row(18, "An address of a subnet of the peer that an instance may get.",
        joined(PCX) + peering(), "aws_instance.web -> 10.1.1.77 ssh", U),
    Row(19, "A transit gateway with its default table.", joined(TGW) + transit(), ACROSS, R),
    Row(19, "A subnet without a route to it.", joined(TGW, "") + transit(), ACROSS, B, NO_ROUTE),
    Row(20, "No default table, and no association.", joined(TGW) + MANUAL, ACROSS, B,
        ("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",)),
    Row(20, "A table without routes.", joined(TGW) + MANUAL + BOTH, ACROSS, B,
        ("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",)),
    Row(20, "With static routes.", joined(TGW) + MANUAL + BOTH + LEARNED, ACROSS, R),
    Row(20, "A narrower one that drops.", joined(TGW) + MANUAL + BOTH + LEARNED
        + dropped("10.1.1.0/24"), ACROSS, B, ("TGW_RTB_BAD_STATE_ROUTE",)),
    Row(20, "Longest prefix first here too.", joined(TGW) + MANUAL + BOTH
        + learned("home", "10.0.0.0/16") + learned("other", "10.0.0.0/8"), ACROSS, R),
    Row(21, "Two transit gateways that are peered, with static routes on both.",
        PEERED_HUBS + THERE + BACK_AGAIN, ACROSS, R, languages=TERRAFORM),
    Row(21, "A template has no word for accepting the peering.", PEERED_HUBS + THERE + BACK_AGAIN,
        ACROSS, U, languages=TEMPLATE),
    Row(21, "The near one lacks the route.", PEERED_HUBS + BACK_AGAIN, ACROSS, B,
        ("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",)),
    Row(21, "The far one lacks the route back.", PEERED_HUBS + THERE, ACROSS, B,
        ("TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",)),
    Row(21, "Nobody accepts the peering.", joined(TGW, hubs=True) + hubs_peered(accepted=False)
        + THERE + BACK_AGAIN, ACROSS, B, ("BAD_STATE_ATTACHMENT",), TERRAFORM),
    Row(21, "Peered with itself, which connects nobody.", joined(TGW, hubs=True)
        + hubs_peered("hub"), ACROSS, B, ("DISCONNECTED_VPCS",)),
    Row(22, "No interface of the transit gateway in the zone of the target.",
        joined(TGW).swap(FAR, SPLIT) + transit("else"), ACROSS, B, ("TGW_ROUTE_AZ_RESTRICTION",)),
    Row(22, "In the zone.", joined(TGW).swap(FAR, SPLIT) + transit("far"), ACROSS, R),
    Row(23, "From the office, without any connection.", OPEN + table("back", (ANYONE, IGW)),
        OFFICE, B, ("DISCONNECTED_VPCS",)),
    Row(23, "By VPN.", OPEN + vpn("192.168.0.0/16") + TO_OFFICE, OFFICE, R),
    Row(23, "By VPN, and the group lets nobody in.", TWO + group("db") + vpn("192.168.0.0/16")
        + TO_OFFICE, OFFICE, B, NO_RULES),
    Row(23, "By VPN to an address that nothing has.", SETTLED + vpn("192.168.0.0/16") + TO_OFFICE,
        "192.168.1.0/24 -> 10.0.2.77 ssh", B, NOBODY),
    Row(23, "And to one that no subnet holds.", SETTLED + vpn("192.168.0.0/16") + TO_OFFICE,
        "192.168.1.0/24 -> 10.0.99.9 ssh", B, NOBODY),
    Row(23, "To the office.", OPEN + vpn("192.168.0.0/16") + TO_OFFICE,
        "aws_instance.db -> 192.168.1.9 tcp/443", R),
    Row(23, "To the office without a route.", OPEN + vpn("192.168.0.0/16"),
        "aws_instance.db -> 192.168.1.9 tcp/443", B, NO_ROUTE),
    Row(24, "A gateway endpoint, from a private subnet.", S3,
        "aws_instance.db -> aws_vpc_endpoint.s3 tcp/443", R),
    Row(24, "Another service of AWS has no route there.", S3, DB_OUT, B, NO_ROUTE),
    Row(24, "From a table without it.", S3, "aws_instance.web -> aws_vpc_endpoint.s3 tcp/443",
        B, NO_ROUTE),
    Row(24, "From a public subnet the rest of AWS is on the internet.", S3, WEB_OUT, R),
    Row(24, "It carries TCP and ping only.", S3, "aws_instance.db -> aws_vpc_endpoint.s3 udp/53", B,
        ("VPCE_GATEWAY_PROTOCOL_RESTRICTION",)),
    Row(25, "An interface endpoint, from the same subnet.", API + group("api", HTTPS),
        "aws_instance.db -> aws_vpc_endpoint.ssm tcp/443", R),
    Row(25, "From another subnet.", API + group("api", HTTPS),
        "aws_instance.web -> aws_vpc_endpoint.ssm tcp/443", R),
    Row(25, "Its group has to let HTTPS in.", API + group("api", SSH),
        "aws_instance.web -> aws_vpc_endpoint.ssm tcp/443", B, NO_RULE),
    Row(26, "A network load balancer that listens on the port.", OPEN + balancer(22), IN_DB, R),
    Row(26, "Asked about by its own name.", OPEN + balancer(22), "internet -> aws_lb.lb ssh", R),
    Row(26, "It listens on no other port.", OPEN + balancer(22), "internet -> aws_lb.lb tcp/80", B,
        ("ELBV2_LISTENERS_MISMATCH",)),
    Row(26, "It sends to a port that the group does not let in.", OPEN + balancer(2222), IN_DB, B,
        ("TARGET_PORT_RESTRICTION",)),
    Row(26, "The target's own group decides.", TWO + group("db") + balancer(22), IN_DB, B,
        NO_RULES),
    Row(27, "Ports from 0 to 22.", web(Rule(0, 22, "tcp")), IN, R),
    Row(27, "From 0 to 21.", web(Rule(0, 21, "tcp")), IN, B, NO_RULE),
    Row(27, "From 23 on.", web(Rule(23, 65535, "tcp")), IN, B, NO_RULE),
    Row(27, "The last port.", web(Rule(65530, 65535, "tcp")),
        "internet -> aws_instance.web tcp/65535", R),
    Row(27, "One below a range.", web(Rule(65530, 65535, "tcp")),
        "internet -> aws_instance.web tcp/65529", B, NO_RULE),
    Row(27, "All ports.", web(Rule(0, 65535, "tcp")), IN, R),
    Row(28, "All protocols.", web(ALL), IN, R),
    Row(28, "Ping among them.", web(ALL), PING, R),
    Row(28, "Another protocol.", web(Rule(22, 22, "udp")), IN, B, NO_RULE),
    Row(29, "ICMP of any type.", web(Rule(-1, -1, "icmp")), PING, R),
    Row(29, "Type 8 of any code.", web(Rule(8, -1, "icmp")), PING, R),
    Row(29, "Type 8, code 0.", web(Rule(8, 0, "icmp")), PING, R),
    Row(29, "Type 0 is the reply.", web(Rule(0, 0, "icmp")), PING, B, NO_RULE),
    Row(30, "ICMPv6 is another protocol than ICMP.", web(Rule(-1, -1, "icmpv6")), PING, B, NO_RULE),
    Row(31, "A rule that names the client's group.",
        OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "web"))), ACROSS, R),
    Row(31, "A rule for the members of the own group.",
        OPEN.swap(group("db", SSH), group("db", Rule(22, 22, "tcp", "self"))), ACROSS, B, NO_RULE),
    Row(31, "With the client among them.",
        OPEN.swap(WEB, host("web", "front", "web", "db")).swap(
            group("db", SSH), group("db", Rule(22, 22, "tcp", "self"))), ACROSS, R),
    Row(32, "A reply needs no outbound rule.", ONE + group("web", SSH, out=()), IN, R),
    Row(32, "A connection of one's own does.", ONE + group("web", SSH, out=()), WEB_OUT, B,
        NO_RULE),
    Row(33, "An ACL that lets everything in, and replies out.", listed(lets("ingress"), REPLIES),
        IN, R),
    Row(33, "A lower number that denies; Batfish takes the order of the API.",
        listed(lets("ingress"), Entry("ingress", 90, "deny", 6, 22, 22), REPLIES), IN, B, DENIED),
    Row(33, "A higher number that denies comes too late.",
        listed(Entry("ingress", 110, "deny", 6, 22, 22), lets("ingress"), REPLIES), IN, R),
    Row(33, "Replies do not go to port 22.",
        listed(lets("ingress"), Entry("egress", 100, "allow", 6, 22, 22)), IN, B, DENIED),
    Row(33, "An ACL without entries.", listed(), IN, B, DENIED),
    Row(34, "Without a table of its own a subnet has the main one, which leads nowhere.",
        FRONT + WEB + group("web", SSH), IN, B, NO_ROUTE),
    Row(34, "Unless the main one is given a route; a template has no word for that.",
        FRONT + WEB + group("web", SSH) + MAIN, IN, R, languages=TERRAFORM),
    Row(35, "The ACL of another VPC with the same block.", web(SSH) + vpc("other", "10.0.0.0/16")
        + subnet("far", "10.0.1.0/24", home="other") + acl("far", home="other"), IN, R),
    Row(36, "A route to an interface that drops what is not for itself.", OPEN + forwarder(True),
        ACROSS, B, CHECKED),
    Row(36, "One that forwards may forward it.", OPEN + forwarder(False), ACROSS, U),
    Row(36, "A route to an endpoint of somebody's appliance.", FRONT + WEB + group("web", SSH)
        + table("front", (ANYONE, Text('vpc_endpoint_id = "vpce-0123456789abcdef0"',
                                       "VpcEndpointId: vpce-0123456789abcdef0"))), IN, U),
    Row(36, "A firewall in the path.", FRONT + BACK + FIREWALL + WEB + group("web", SSH)
        + table("front", (ANYONE, INSPECTED)) + table("back", (ANYONE, IGW)), IN, U),
    Row(36, "Behind it no route leads on.", FRONT + BACK + FIREWALL + WEB + group("web", SSH)
        + table("front", (ANYONE, INSPECTED)), IN, B, NO_ROUTE),
    Row(36, "Its policy drops everything.", FRONT + BACK + DROPPING + WEB + group("web", SSH)
        + table("front", (ANYONE, INSPECTED)) + table("back", (ANYONE, IGW)), IN, B,
        ("FIREWALL_RULES_RESTRICTION",)),
    Row(36, "A carrier gateway lets nobody in from the internet.",
        FRONT + CARRIER + WEB + group("web", SSH) + table("front", (ANYONE, TO_CARRIER)), IN, B,
        ONE_WAY),
    Row(37, "The first four addresses of a subnet belong to AWS.", OPEN,
        "aws_instance.web -> 10.0.2.3 ssh", B, NOBODY),
    Row(37, "And the last.", OPEN, "aws_instance.web -> 10.0.2.255 ssh", B, NOBODY),
    Row(37, "The fifth is the first that anybody gets.", OPEN, "aws_instance.web -> 10.0.2.4 ssh",
        U),
    Row(37, "The one before the last.", OPEN, "aws_instance.web -> 10.0.2.254 ssh", U),
    Row(38, "An interface that checks addresses takes nothing for somebody else.",
        OPEN + forwarder(True), ACROSS, B, CHECKED),
    Row(39, "A peering connection that nobody accepts.", joined(PCX) + peering(accepted=False),
        ACROSS, B, ("BAD_STATE_ATTACHMENT",), TERRAFORM),
    Row(39, "In one account a template's accepts itself.", joined(PCX) + peering(accepted=False),
        ACROSS, R, (), TEMPLATE),
    Row(40, "The longest prefix decides: replies to these clients go to the NAT gateway.",
        FRONT + NAT_GATEWAY + WEB + group("web", SSH)
        + table("front", (ANYONE, IGW), ("198.0.0.0/8", NAT)),
        "198.51.100.7/32 -> aws_instance.web ssh", B, ONE_WAY),
    Row(40, "To others by the internet gateway.", FRONT + NAT_GATEWAY + WEB + group("web", SSH)
        + table("front", (ANYONE, IGW), ("198.0.0.0/8", NAT)),
        "203.0.113.7/32 -> aws_instance.web ssh", R),
)  # fmt: skip
