"""
What becomes of the policies of firewalls: which rules, in which order, and what is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, summarize_address_range

import pytest

from iaclint.network import FirewallPolicy, FirewallRule, Interface, Maybe, Middlebox
from iaclint.packet.prefix import Family, everything
from iaclint.packet.region import Region
from iaclint.packet.side import ALL_PORTS, ANYWHERE, Side
from iaclint.resource import Resource
from iaclint.value import Unknown
from tests.parts import OTHER, SOME, assembled, named, thing

Said = dict[str, object]
GROUP = "aws_networkfirewall_rule_group"
POLICY = "aws_networkfirewall_firewall_policy"
ENGINE = {"stateful_engine_options": {"rule_order": "STRICT_ORDER"}}
VPC = thing("aws_vpc.v", cidr_block="10.0.0.0/16")
WALL = thing(
    "aws_networkfirewall_firewall.wall", vpc_id=named("aws_vpc.v"),
    firewall_policy_arn=named(f"{POLICY}.p", "arn"),
    subnet_mapping=[{"subnet_id": named("aws_subnet.s")}],
)  # fmt: skip
PLACE = thing("aws_subnet.s", vpc_id=named("aws_vpc.v"), cidr_block="10.0.9.0/28")


def packets(*rules: object, name: str = "packets") -> Resource:
    """A group of stateless rules."""
    source = {"stateless_rules_and_custom_actions": {"stateless_rule": [*rules]}}
    return thing(f"{GROUP}.{name}", rule_group={"rules_source": source})


def heads(*rules: object, name: str = "flows", variables: object = None) -> Resource:
    """A group of stateful rules in attributes."""
    source = {"stateful_rule": [*rules]}
    return thing(f"{GROUP}.{name}", rule_group=_group(source, variables))


def lines(*rules: str, name: str = "flows", variables: object = None) -> Resource:
    """A group of stateful rules in lines."""
    source = {"rules_string": "\n".join(rules)}
    return thing(f"{GROUP}.{name}", rule_group=_group(source, variables))


def _group(source: object, variables: object) -> Said:
    return {"rules_source": source, "rule_variables": variables}


def use(name: str, priority: object = None) -> Said:
    """How a policy names a group."""
    given = {} if priority is None else {"priority": priority}
    return {"resource_arn": named(f"{GROUP}.{name}", "arn"), **given}


def policy(*groups: Resource, **said: object) -> Resource:
    """A policy with these groups, as far as it does not say which."""
    flows = [use(g.address.partition(".")[2]) for g in groups if "packets" not in g.address]
    own = [use(g.address.partition(".")[2]) for g in groups if "packets" in g.address]
    inner: Said = {"stateless_default_actions": ["aws:forward_to_sfe"]}
    inner["stateless_rule_group_reference"] = own
    inner["stateful_rule_group_reference"] = flows
    return thing(f"{POLICY}.p", firewall_policy={**inner, **said})


def read(*resources: Resource) -> Maybe[FirewallPolicy]:
    """The policy of the firewall among these."""
    boxes = [each for each in assembled(*resources).gateways if isinstance(each, Middlebox)]
    return boxes[0].policy


def known(*resources: Resource, vpc: Resource = VPC) -> FirewallPolicy:
    """The policy of `WALL`, which is among these."""
    found = read(WALL, vpc, *resources)
    assert isinstance(found, FirewallPolicy)
    return found


def told(rule: FirewallRule) -> str:
    """A rule in one line; what it does not say is left out."""
    words = [_fact(rule.action), *map(str, rule.protocols), rule.application]
    for word, side in (("from", rule.source), ("to", rule.destination)):
        words += [word, _side(side)] if side != ANYWHERE else []
    words += ["both"] * rule.both + ["requests"] * rule.requests
    words += [rule.stage] if rule.stage != "any" else []
    return " ".join([*(word for word in words if word), *(f"({d.reason})" for d in rule.doubts)])


def _fact(action: object) -> str:
    return "?" if isinstance(action, Unknown) else str(action)


def _side(side: Side) -> str:
    nets = [*_nets(side.ipv4, "ipv4"), *_nets(side.ipv6, "ipv6")]
    where = "any" if (side.ipv4, side.ipv6) == (ANYWHERE.ipv4, ANYWHERE.ipv6) else ",".join(nets)
    return where if side.ports == ALL_PORTS else f"{where}:{_ports(side.ports)}"


def _nets(region: Region, family: Family) -> list[str]:
    """Its blocks, or what it is without."""
    of = IPv4Address if family == "ipv4" else IPv6Address
    found = [
        str(net)
        for (first, last), *_ in region
        for net in summarize_address_range(of(first), of(last))
    ]
    rest = everything(family).region - region
    return found if len(found) < 4 else [f"!{each}" for each in _nets(rest, family)]


def _ports(ports: Region) -> str:
    return ",".join(f"{first}-{last}" if first < last else f"{first}" for ((first, last),) in ports)


# ---- stateless rules ---------------------------------------------------------------------------


def packet(action: object = "aws:drop", **said: object) -> Said:
    """A stateless rule."""
    return {
        "priority": 1, "rule_definition": {"actions": [action], "match_attributes": said}
    }  # fmt: skip


def at(*blocks: object) -> list[Said]:
    return [{"address_definition": block} for block in blocks]


def ports(first: object, last: object = None) -> Said:
    return {"from_port": first, "to_port": last}


NO_FIRST = "a range without a first port"


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (packet(), "drop"),
        (packet("aws:pass", protocols=[6, 17]), "pass 6 17"),
        (packet(protocols=[6, SOME]), "drop (some)"),
        (packet(tcp_flag={"flags": ["SYN"]}), "drop (the rule is about some TCP flags only)"),
        (packet("its_own"), "?"),
        (packet(SOME), "?"),
        # one of them is the standard action
        ({**packet(), "rule_definition": {"actions": [SOME, "aws:drop"]}}, "drop"),
        # the addresses
        (packet(source=at("10.1.0.0/16", "fd00::/8")), "drop from 10.1.0.0/16,fd00::/8"),
        (packet(destination=at("10.1.0.0/16")), "drop to 10.1.0.0/16"),
        (packet(source=at("10.1.0.0/16", SOME)), "drop (some)"),
        (packet(source=[*at("10.1.0.0/16"), SOME]), "drop (some)"),
        (packet(source=at("10.1.0.0/16"), destination=SOME), "drop from 10.1.0.0/16 (some)"),
        # the ports
        (packet(destination_port=[ports(22)]), "drop to any:22"),
        (packet(source_port=[ports(1024, 65535)]), "drop from any:1024-65535"),
        (packet(destination_port=[ports(22, 20)]), "drop to any:22"),
        (packet(destination_port=[ports(22), ports(80, 90)]), "drop to any:22,80-90"),
        (packet(destination_port=[ports(22), ports(SOME)]), "drop (some)"),
        (packet(destination_port=[ports(22), ports(22, SOME)]), "drop (some)"),
        (packet(destination_port=[ports(22), ports(None, 22)]), f"drop ({NO_FIRST})"),
        (packet(destination_port=[ports(22), SOME]), "drop (some)"),
        (packet(source=at(OTHER), source_port=SOME), "drop (other) (some)"),
    ],
)
def test_a_stateless_rule_is_about_what_is_known_of_it(rule: Said, found: str) -> None:
    """And about everything, with a doubt, where it is not."""
    group = packets(rule)
    assert [told(one) for one in known(group, policy(group)).stateless] == [found]


PASS, DROP = packet("aws:pass"), packet("aws:drop")


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([PASS, {**DROP, "priority": 2}], ["pass", "drop"]),
        ([PASS, {**DROP, "priority": 0}], ["drop", "pass"]),
        ([{**PASS, "priority": None}], ["pass"]),
        ([PASS, {**DROP, "priority": None}], ["? (a rule of $ has no priority)"]),
        ([{**PASS, "priority": SOME}, {**DROP, "priority": OTHER}], ["? (some)"]),
        ([PASS, SOME], ["? (some)", "pass"]),
    ],
)
def test_stateless_rules_are_asked_in_the_order_of_their_priorities(
    rules: list[object], found: list[str]
) -> None:
    group = packets(*rules)
    made = [told(one) for one in known(group, policy(group)).stateless]
    assert made == [each.replace("$", group.address) for each in found]


# ---- stateful rules ----------------------------------------------------------------------------


def head(action: object = "DROP", **said: object) -> Said:
    """A stateful rule in attributes, for everything as far as nothing is said."""
    ends = dict.fromkeys(("source", "source_port", "destination", "destination_port"), "ANY")
    given = {"protocol": "TCP", "direction": "FORWARD", **ends, **said}
    return {"action": action, "header": given, "rule_option": []}


def options(*words: tuple[object, Sequence[object]]) -> Said:
    """Such a rule with options."""
    return {**head(), "rule_option": [{"keyword": k, "settings": [*s]} for k, s in words]}


FLOW = "(the rule is about some packets only ({}))"
CONTENT = "(the rule looks into packets ({}))"
OPTION = "? (an option of the rule is not known)"


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (head(), ["drop 6"]),
        (head("PASS", destination="10.1.0.0/16", destination_port="22"),
         ["pass 6 to 10.1.0.0/16:22"]),
        (head(source="fd00::/8", source_port="22"), ["drop 6 from fd00::/8:22"]),
        (head(direction="ANY"), ["drop 6 both"]),
        (head(protocol="SSH"), ["drop ssh"]),
        (head(protocol="IP"), ["drop"]),
        (head("ALERT"), []),
        (head("CONFIG"), ["? (config rule)"]),
        (head(protocol=SOME), ["? (some)"]),
        (head(destination_port=None), ["? (a part of the rule is missing)"]),
        (head(destination="@everybody"), ["drop 6 (what the set @everybody holds is not known)"]),
        # options
        (options(("sid", ["1"]), ("msg", ["a", "b"])), ["drop 6"]),
        (options((" Sid ", ["1"]), ("content", ["x"])), ["drop 6 " + CONTENT.format("content")]),
        (options(("flow", ["to_server"])), ["drop 6 requests"]),
        (options(("flow", ["from_client, established"])), ["drop 6 requests established"]),
        (options(("flow", ["Not_Established"])), ["drop 6 opening"]),
        (options(("flow", ["stateless", "to_server"])), ["drop 6 requests"]),
        (options(("flow", ["to_client"]), ("flow", ["to_server"])),
         ["drop 6 requests " + FLOW.format("to_client")]),
        (options(("content:x", []), ("flow:to_server", [])),
         ["drop 6 requests " + CONTENT.format("content")]),
        (options((SOME, [])), [OPTION]),
        (options(("sid", [SOME])), [OPTION]),
    ],
)  # fmt: skip
def test_a_stateful_rule_says_which_packets_it_is_about(rule: Said, found: list[str]) -> None:
    group = heads(rule)
    assert [told(one) for one in known(group, policy(group)).stateful] == found


def test_further_rules_of_a_group_may_be_any() -> None:
    group = heads(head(), SOME)
    assert [told(one) for one in known(group, policy(group)).stateful] == ["? (some)", "drop 6"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("drop tcp any any -> any 22 (sid:1;)", ["drop 6 to any:22"]),
        ("nonsense", ["? ($ has a rule that is not understood: nonsense)"]),
        ("alert tcp any any -> any 22 (sid:1;)", []),
        (SOME, ["? (some)"]),
    ],
)
def test_a_group_in_lines_has_the_rules_that_they_say(text: object, found: list[str]) -> None:
    group = thing(f"{GROUP}.flows", rule_group={"rules_source": {"rules_string": text}})
    made = [told(one) for one in known(group, policy(group)).stateful]
    assert made == [each.replace("$", group.address) for each in found]


def test_a_list_of_domains_is_about_what_applications_say() -> None:
    group = thing(f"{GROUP}.flows", rule_group={"rules_source": {"rules_source_list": {}}})
    (rule,) = known(group, policy(group)).stateful
    assert told(rule) == f"? a list of domains ({group.address} is about names in HTTP and TLS)"


# ---- groups ------------------------------------------------------------------------------------

PASSES, DROPS = heads(head("PASS")), heads(head("DROP"), name="other")
ARN = "arn:aws:network-firewall:eu-west-1:aws-managed:stateful-rulegroup/Bots"


@pytest.mark.parametrize(
    ("group", "arn", "found"),
    [
        (PASSES, None, ["pass 6"]),
        # what may not be there may pass what is dropped, and must not count as what passes it
        (replace(PASSES, maybe=SOME), None, ["? (some)"]),
        (replace(PASSES, mode="data"), None, ["? (what a group of rules holds is not known)"]),
        (PASSES, ARN, ["? (what Bots holds is not known)"]),
        (PASSES, SOME, ["? (what a group of rules holds is not known)"]),
    ],
)
def test_a_policy_has_the_rules_of_the_groups_that_it_names(
    group: Resource, arn: object, found: list[str]
) -> None:
    named_ = use("flows") if arn is None else {"resource_arn": arn}
    made = known(group, policy(stateful_rule_group_reference=[named_])).stateful
    assert [told(one) for one in made] == found


@pytest.mark.parametrize(
    ("said", "uses", "found"),
    [
        # by what they do, unless the order is strict
        ({}, [use("other"), use("flows")], ["pass 6", "drop 6"]),
        ({}, [use("other", 1), use("flows", 2)], ["pass 6", "drop 6"]),
        (ENGINE, [use("other", 1), use("flows", 2)], ["drop 6", "pass 6"]),
        (ENGINE, [use("other", 2), use("flows", 1)], ["pass 6", "drop 6"]),
        (ENGINE, [use("other")], ["drop 6"]),
        (ENGINE, [use("other"), use("flows", 2)], ["? (the order of the groups of $)"]),
        (ENGINE, [use("other", SOME), use("flows", OTHER)], ["? (some)"]),
        (ENGINE, [use("other", 1), SOME], ["? (some)", "drop 6"]),
        ({}, [use("flows"), SOME], ["pass 6", "? (some)"]),
        ({"stateful_engine_options": {"rule_order": SOME}}, [use("other")], ["? (some)"]),
        ({"stateful_engine_options": {"rule_order": SOME}}, [], []),
    ],
)
def test_groups_are_asked_one_after_the_other(
    said: Said, uses: list[object], found: list[str]
) -> None:
    own = policy(stateful_rule_group_reference=uses, **said)
    made = [told(one) for one in known(PASSES, DROPS, own).stateful]
    assert made == [each.replace("$", own.address) for each in found]


def test_groups_of_stateless_rules_are_always_asked_in_order() -> None:
    groups = packets(packet("aws:pass")), packets(packet("aws:drop"), name="packets_more")
    for numbers, found in (((1, 2), ["pass", "drop"]), ((2, 1), ["drop", "pass"])):
        uses = [use(name, n) for name, n in zip(("packets", "packets_more"), numbers, strict=True)]
        made = known(*groups, policy(stateless_rule_group_reference=uses)).stateless
        assert [told(one) for one in made] == found


def test_what_decrypts_tls_comes_before_all_rules() -> None:
    own = policy(PASSES, DROPS, tls_inspection_configuration_arn="arn")
    first, *others = known(PASSES, DROPS, own).stateful
    assert told(first) == f"? ({own.address} decrypts TLS before its rules are asked)"
    assert [told(one) for one in others] == ["pass 6", "drop 6"]


# ---- what no rule decides ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actions", "found"),
    [
        (["aws:drop"], "drop"),
        (["aws:forward_to_sfe"], "inspect"),
        (["metric", "aws:pass"], "pass"),
        ([SOME, "aws:pass"], "pass"),
        ([SOME], "?"),
        (["metric"], "?"),
        ([], "?"),
    ],
)
def test_a_policy_says_what_happens_to_packets_that_no_rule_is_about(
    actions: list[object], found: str
) -> None:
    otherwise = known(policy(stateless_default_actions=actions)).otherwise
    assert _fact(otherwise.stateless) == found
    assert (otherwise.stateless_span is None) is (actions == [])


@pytest.mark.parametrize(
    ("order", "actions", "opening", "established"),
    [
        ("DEFAULT_ACTION_ORDER", ["aws:drop_strict"], "pass", "pass"),
        (None, [], "pass", "pass"),
        (SOME, ["aws:drop_strict"], "?", "?"),
        ("STRICT_ORDER", [], "pass", "pass"),
        ("STRICT_ORDER", ["aws:alert_strict", "aws:alert_established"], "pass", "pass"),
        ("STRICT_ORDER", ["aws:drop_strict"], "drop", "drop"),
        ("STRICT_ORDER", ["aws:drop_strict", SOME], "drop", "drop"),
        ("STRICT_ORDER", ["aws:drop_established"], "pass", "drop"),
        ("STRICT_ORDER", ["aws:drop_established", SOME], "?", "drop"),
        ("STRICT_ORDER", ["aws:drop_established", "aws:drop_something_new"], "?", "drop"),
        ("STRICT_ORDER", [SOME], "?", "?"),
        ("STRICT_ORDER", ["aws:drop_something_new"], "?", "?"),
        ("STRICT_ORDER", ["aws:alert_strict", SOME], "?", "?"),
    ],
)
def test_a_policy_says_what_happens_to_connections_that_no_rule_is_about(
    order: object, actions: list[object], opening: str, established: str
) -> None:
    said: Mapping[str, object] = {"stateful_engine_options": {"rule_order": order}}
    otherwise = known(policy(stateful_default_actions=actions, **said)).otherwise
    assert (_fact(otherwise.opening), _fact(otherwise.established)) == (opening, established)
    strict = order == "STRICT_ORDER" and bool(actions)
    assert (otherwise.stateful_span is not None) is strict


@pytest.mark.parametrize(
    ("actions", "why"),
    [([SOME, OTHER], "some"), (["aws:new", SOME], "what aws:new drops is not known")],
)
def test_the_first_action_that_is_not_known_is_said(actions: list[object], why: str) -> None:
    otherwise = known(policy(stateful_default_actions=actions, **ENGINE)).otherwise
    assert isinstance(otherwise.opening, Unknown)
    assert otherwise.opening.reason == why


# ---- variables ---------------------------------------------------------------------------------


def sets(kind: str = "ip", **definitions: object) -> list[Said]:
    """Variables of a group."""
    return [
        {f"{kind}_sets": [{"key": name, f"{kind}_set": {"definition": said}}]}
        for name, said in definitions.items()
    ]


def home(*blocks: object, name: object = "HOME_NET") -> Said:
    """What a policy takes for home."""
    own = {"key": name, "ip_set": {"definition": [*blocks]}}
    return {"policy_variables": {"rule_variables": [own]}}


def in_template(**definitions: object) -> Said:
    return {name: {"Definition": said} for name, said in definitions.items()}


def variable(name: str, said: Said, own: object, vpc: Resource = VPC) -> str:
    """What a name stands for where the policy says this, and a group says that of its own."""
    group = lines(f"drop ip any any -> ${name} any", variables=own)
    (rule,) = known(group, policy(group, **said), vpc=vpc).stateful
    what = told(rule).removeprefix("drop ").removeprefix("to ")
    return "?" if what.startswith("(") else what


SEVEN, EIGHT = ["10.7.0.0/16"], ["10.8.0.0/16"]
IN_VPC, OUTSIDE = "10.0.0.0/16", "!10.0.0.0/16,::/0"


@pytest.mark.parametrize(
    ("said", "own", "inside", "outside"),
    [
        ({}, None, IN_VPC, OUTSIDE),
        (home(*SEVEN), None, *("10.7.0.0/16", "!10.7.0.0/16,::/0")),
        (home("10.7.0.0/16", "10.9.0.0/16"), None,
         *("10.7.0.0/16,10.9.0.0/16", "!10.7.0.0/16,!10.9.0.0/16,::/0")),
        (home(*EIGHT, name="EXTERNAL_NET"), None, IN_VPC, "10.8.0.0/16"),
        (home(*SEVEN, name="OTHER"), None, IN_VPC, OUTSIDE),
        # a group may have a home of its own, and what is outside of it has to be said
        ({}, sets(HOME_NET=SEVEN), "10.7.0.0/16", "?"),
        ({}, sets(HOME_NET=SEVEN, EXTERNAL_NET=EIGHT), "10.7.0.0/16", "10.8.0.0/16"),
        ({}, sets(EXTERNAL_NET=EIGHT), IN_VPC, "10.8.0.0/16"),
        ({}, {"IPSets": in_template(HOME_NET=SEVEN)}, "10.7.0.0/16", "?"),
        (home(*SEVEN), sets(A=EIGHT), "10.7.0.0/16", "!10.7.0.0/16,::/0"),
        # what is not known is not the VPC either
        (home(SOME), None, "?", "?"),
        (home("10.7.0.0/16", SOME), None, "?", "?"),
        (home(), None, "?", "?"),
        (home(*SEVEN, name=SOME), None, "?", "?"),
        ({"policy_variables": {"rule_variables": SOME}}, None, "?", "?"),
        ({}, sets(HOME_NET=[SOME]), "?", "?"),
        ({}, sets(EXTERNAL_NET=[SOME]), IN_VPC, "?"),
        ({}, [*sets(A=EIGHT), SOME], "?", "?"),
        ({}, [{"ip_sets": SOME}], "?", "?"),
        ({}, {"IPSets": {"HOME_NET": SOME}}, "?", "?"),
    ],
)  # fmt: skip
def test_home_is_the_vpc_and_outside_is_the_rest_unless_it_is_said(
    said: Said, own: object, inside: str, outside: str
) -> None:
    assert variable("HOME_NET", said, own) == inside
    assert variable("EXTERNAL_NET", said, own) == outside


@pytest.mark.parametrize(
    "vpc", [thing("aws_vpc.v", cidr_block=SOME), thing("aws_vpc.v"), thing("aws_vpc.w")]
)
def test_a_vpc_without_blocks_that_are_known_is_no_home(vpc: Resource) -> None:
    assert variable("HOME_NET", {}, None, vpc) == variable("EXTERNAL_NET", {}, None, vpc) == "?"


@pytest.mark.parametrize(
    ("own", "found"),
    [
        (sets(A=SEVEN, HOSTS=EIGHT), "10.8.0.0/16"),
        (sets(A=SEVEN), "?"),
        (sets(HOSTS=["10.8.0.0/16", SOME]), "?"),
        ({"IPSets": in_template(A=SEVEN, HOSTS=EIGHT)}, "10.8.0.0/16"),
        ({"IPSets": {"HOSTS": {"Other": EIGHT}}}, "?"),
    ],
)
def test_a_group_has_variables_of_its_own(own: object, found: str) -> None:
    assert variable("HOSTS", {}, own) == found


def test_a_variable_may_be_called_like_the_argument_that_names_it() -> None:
    assert variable("key", {}, sets(key=EIGHT)) == "10.8.0.0/16"


@pytest.mark.parametrize(
    ("own", "found"),
    [
        (sets("port", DOORS=["22", "2222"]), "drop to any:22,2222"),
        ({"PortSets": in_template(DOORS=["22"])}, "drop to any:22"),
        (sets("port", DOORS=[SOME]), "drop (what $DOORS stands for is not known)"),
    ],
)
def test_a_group_has_names_for_ports(own: object, found: str) -> None:
    group = lines("drop ip any any -> any $DOORS", variables=own)
    assert [told(one) for one in known(group, policy(group)).stateful] == [found]


# ---- firewalls and their endpoints -------------------------------------------------------------

ELSEWHERE = "the policy of {} is made elsewhere"
FAR = thing(
    "aws_networkfirewall_vpc_endpoint_association.far",
    vpc_id=named("aws_vpc.v"),
    firewall_arn=named(WALL.address, "arn"),
    subnet_mapping=[{"subnet_id": named("aws_subnet.s")}],
)


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (
            (replace(WALL, attributes={}), policy()),
            f"the policy of {WALL.address} is made elsewhere",
        ),
        ((WALL,), f"the policy of {WALL.address} is made elsewhere ({POLICY}.p.arn)"),
        ((WALL, replace(policy(), mode="data")), f"the policy of {WALL.address} is made elsewhere"),
        ((WALL, replace(policy(), maybe=SOME)), "some"),
        ((FAR,), f"the policy of {FAR.address} is made elsewhere ({WALL.address}.arn)"),
    ],
    ids=["none", "one that is not shown", "looked up", "one that may not be there", "a firewall"],
)
def test_a_policy_may_be_made_elsewhere(resources: tuple[Resource, ...], why: str) -> None:
    found = read(*resources)
    assert isinstance(found, Unknown)
    assert found.reason == why


def test_a_further_endpoint_has_the_policy_of_its_firewall() -> None:
    network = assembled(VPC, PLACE, WALL, FAR, PASSES, policy(PASSES))
    for box in network.gateways:
        assert isinstance(box, Middlebox)
        assert isinstance(box.policy, FirewallPolicy)
        assert [told(one) for one in box.policy.stateful] == ["pass 6"]


NO_HOME = "(what $HOME_NET stands for is not known)"


def test_a_firewall_without_a_vpc_has_no_home() -> None:
    group = lines("drop ip any any -> $HOME_NET any")
    wall = thing(WALL.address, firewall_policy_arn=named(f"{POLICY}.p", "arn"))
    found = read(wall, group, policy(group))
    assert isinstance(found, FirewallPolicy)
    assert [told(one) for one in found.stateful] == [f"drop {NO_HOME}"]


ENDPOINT: Said = {"vpc_id": named("aws_vpc.v"), "vpc_endpoint_type": "GatewayLoadBalancer"}
AT = [named("aws_subnet.s")]


@pytest.mark.parametrize(
    ("box", "subnets"),
    [
        (WALL, ["aws_subnet.s"]),
        (FAR, ["aws_subnet.s"]),
        (thing(WALL.address), []),
        (thing(WALL.address, subnet_mapping=[SOME]), ["some"]),
        (thing(WALL.address, subnet_mapping=[{"subnet_id": SOME}]), ["some"]),
        (thing(WALL.address, subnet_mapping=[{"ip_address_type": "IPV4"}]),
         ["the subnet of the endpoint is not given"]),
        (thing("Wall", "AWS::NetworkFirewall::Firewall",
               SubnetMappings=[{"SubnetId": named("aws_subnet.s", "Ref")}]), ["aws_subnet.s"]),
        (thing("aws_vpc_endpoint.e", subnet_ids=AT, **ENDPOINT), ["aws_subnet.s"]),
        (thing("aws_vpc_endpoint.e", **ENDPOINT), []),
    ],
    ids=["a firewall", "a further one", "none", "one that is not known", "its subnet", "not given",
         "in a template", "appliances", "without any"],
)  # fmt: skip
def test_a_box_has_an_endpoint_in_each_of_its_subnets(box: Resource, subnets: list[str]) -> None:
    network = assembled(VPC, PLACE, box)
    (found,) = [each for each in network.gateways if isinstance(each, Middlebox)]
    assert [_where(each) for each in found.interfaces] == subnets


def _where(each: Interface) -> str:
    return each.subnet.reason if isinstance(each.subnet, Unknown) else each.subnet.address


def test_what_appliances_do_is_not_known() -> None:
    found = read(thing("aws_vpc_endpoint.e", subnet_ids=AT, **ENDPOINT), PLACE)
    assert isinstance(found, Unknown)
    assert found.reason == "aws_vpc_endpoint.e decides what passes"
