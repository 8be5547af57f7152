"""
Building blocks that connect: NAT, VPN, peering, transit gateways, load balancers, endpoints.
"""

from __future__ import annotations

from tests.blocks import BOX, VGW, Text, Value, made, ref, table, template

HOME, OTHER = ref("aws_vpc", "home"), ref("aws_vpc", "other")
HUB = ref("aws_ec2_transit_gateway", "hub")
VPC_ATTACHMENT = "aws_ec2_transit_gateway_vpc_attachment"
PEERING_ATTACHMENT = "aws_ec2_transit_gateway_peering_attachment"
BETWEEN = ref(PEERING_ATTACHMENT, "both", as_="TransitGatewayAttachmentId")
HUB_TABLE = ref("aws_ec2_transit_gateway_route_table", "hub")

NAT_GATEWAY = made(
    "aws_eip", "nat", "EC2::EIP", domain="vpc"
) + made(
    "aws_nat_gateway", "nat", "EC2::NatGateway", subnet_id=ref("aws_subnet", "front"),
    allocation_id=ref("aws_eip", "nat", as_="AllocationId"),
)  # fmt: skip
"""A NAT gateway in the subnet `front`."""
PRIVATE_NAT = made(
    "aws_nat_gateway", "nat", "EC2::NatGateway", subnet_id=ref("aws_subnet", "front"),
    connectivity_type="private",
)  # fmt: skip
"""One that connects networks, and not to the internet."""


def vpn(*behind: str, static: bool = True) -> Text:
    """A VPN gateway `office` with a static route for each block behind it, or with BGP."""
    where = Text(f"vpc_id = {HOME[0]}\n", "Type: ipsec.1")
    attached = f"VpcId: {HOME[1]}, VpnGatewayId: !Ref OfficeVpnGateway"
    found = (
        made("aws_vpn_gateway", "office", "EC2::VPNGateway", where)
        + template("OfficeAttachment", "EC2::VPCGatewayAttachment", attached)
        + made("aws_customer_gateway", "office", "EC2::CustomerGateway", bgp_asn=65000,
               ip_address="198.51.100.1", type="ipsec.1")
        + made("aws_vpn_connection", "office", "EC2::VPNConnection", type="ipsec.1",
               static_routes_only=static, vpn_gateway_id=ref("aws_vpn_gateway", "office"),
               customer_gateway_id=ref("aws_customer_gateway", "office"))
    )  # fmt: skip
    for number, cidr in enumerate(behind):
        found += made(
            "aws_vpn_connection_route", f"office{number}", "EC2::VPNConnectionRoute",
            vpn_connection_id=ref("aws_vpn_connection", "office"), destination_cidr_block=cidr,
        )  # fmt: skip
    return found


def peering(accepted: bool = True) -> Text:
    """Between the VPCs `home` and `other`. In a template, in one account, it accepts itself."""
    flag = Text(f"auto_accept = {str(accepted).lower()}\n", "")
    return made(
        "aws_vpc_peering_connection", "link", "EC2::VPCPeeringConnection", flag, vpc_id=HOME,
        peer_vpc_id=OTHER,
    )  # fmt: skip


def hub(name: str = "hub", automatic: bool = True) -> Text:
    """A transit gateway, with or without a table that everything joins by itself."""
    on = None if automatic else "disable"
    return made(
        "aws_ec2_transit_gateway", name, "EC2::TransitGateway", default_route_table_association=on,
        default_route_table_propagation=on,
    )  # fmt: skip


def attached(name: str, place: str, at: str = "hub") -> Text:
    """The VPC `name` at a transit gateway, with an interface in one subnet."""
    return made(
        VPC_ATTACHMENT, name, "EC2::TransitGatewayAttachment",
        transit_gateway_id=ref("aws_ec2_transit_gateway", at), vpc_id=ref("aws_vpc", name),
        subnet_ids=[ref("aws_subnet", place)],
    )  # fmt: skip


def transit(far: str = "far", automatic: bool = True) -> Text:
    """Both VPCs at one transit gateway."""
    return hub(automatic=automatic) + attached("home", "front") + attached("other", far)


def hub_table(*members: str, name: str = "hub") -> Text:
    """A table of a transit gateway for what comes from these VPCs."""
    found = made(
        "aws_ec2_transit_gateway_route_table", name, "EC2::TransitGatewayRouteTable",
        transit_gateway_id=ref("aws_ec2_transit_gateway", name),
    )  # fmt: skip
    for member in members:
        found += associated(member, ref(VPC_ATTACHMENT, member), name)
    return found


def associated(name: str, attachment: tuple[str, str], at: str) -> Text:
    """What comes in by an attachment is routed by a table."""
    return made(
        "aws_ec2_transit_gateway_route_table_association", name,
        "EC2::TransitGatewayRouteTableAssociation", transit_gateway_attachment_id=attachment,
        transit_gateway_route_table_id=ref("aws_ec2_transit_gateway_route_table", at),
    )  # fmt: skip


def learned(name: str, cidr: str, to: str = "", at: str = "hub", by: str = VPC_ATTACHMENT) -> Text:
    """A route of a table to an attachment (`to`, else the one it is named after)."""
    end = ref(by, to or name) if by == VPC_ATTACHMENT else BETWEEN
    return made(
        "aws_ec2_transit_gateway_route", name, "EC2::TransitGatewayRoute",
        transit_gateway_route_table_id=ref("aws_ec2_transit_gateway_route_table", at),
        destination_cidr_block=cidr, transit_gateway_attachment_id=end,
    )  # fmt: skip


def dropped(cidr: str) -> Text:
    """A route of that table that drops."""
    return made(
        "aws_ec2_transit_gateway_route", "drop", "EC2::TransitGatewayRoute",
        transit_gateway_route_table_id=HUB_TABLE, destination_cidr_block=cidr, blackhole=True,
    )  # fmt: skip


def hubs_peered(to: str = "exchange", accepted: bool = True) -> Text:
    """
    Two transit gateways, each with one VPC and a table, and a peering of the first with `to`. A
    template has no word for accepting it.
    """
    consent = f"""
resource "aws_ec2_transit_gateway_peering_attachment_accepter" "both" {{
  transit_gateway_attachment_id = {BETWEEN[0]}
}}
"""
    return (
        hub("hub", automatic=False) + attached("home", "front")
        + hub("exchange", automatic=False) + attached("other", "far", "exchange")
        + hub_table("home") + hub_table("other", name="exchange")
        + made(PEERING_ATTACHMENT, "both", "EC2::TransitGatewayPeeringAttachment",
               Text("", "PeerAccountId: !Ref AWS::AccountId"), transit_gateway_id=HUB,
               peer_transit_gateway_id=ref("aws_ec2_transit_gateway", to), peer_region="us-east-1")
        + Text(consent if accepted else "", "")
        + associated("near", BETWEEN, "hub") + associated("away", BETWEEN, "exchange")
        + learned("home", "10.0.0.0/16") + learned("other", "10.1.0.0/16", at="exchange")
    )  # fmt: skip


def over(name: str, cidr: str, at: str) -> Text:
    """A route of a transit gateway to the one it is peered with."""
    return learned(name, cidr, at=at, by=PEERING_ATTACHMENT)


def balancer(
    port: int,
    kind: str = "network",
    protocol: str = "TCP",
    group: str = "",
    internal: bool = False,
    families: Value = None,
    targets: Value = None,
) -> Text:
    """
    A load balancer in `front` that listens on 22 and sends to a port of `db`. `families` is what it
    takes, `targets` that of its target group.
    """
    scheme = "internal" if internal else "internet-facing"
    flag = f'load_balancer_type = "{kind}"\ninternal = {str(internal).lower()}\n'
    carried = [ref("aws_security_group", group, as_="GroupId")] if group else None
    to = ref("aws_lb_target_group", "lb", "arn")
    where = ref("aws_lb", "lb", "arn")
    db = ref("aws_instance", "db")
    attachment = made(
        "aws_lb_target_group_attachment", "lb", "", target_group_arn=to, target_id=db
    ).terraform
    v2 = "ElasticLoadBalancingV2"
    return (
        made("aws_lb", "lb", f"{v2}::LoadBalancer",
             Text(flag, f"Type: {kind}, Scheme: {scheme}"),
             subnets=[ref("aws_subnet", "front")], security_groups=carried,
             ip_address_type=families)
        + made("aws_lb_target_group", "lb", f"{v2}::TargetGroup",
               Text("", f"Targets: [{{Id: {db[1]}}}]"), port=port, protocol=protocol, vpc_id=HOME,
               ip_address_type=targets)
        + Text(attachment, "")
        + made("aws_lb_listener", "lb", f"{v2}::Listener",
               Text(f'default_action {{\n  type = "forward"\n  target_group_arn = {to[0]}\n}}\n',
                    f"DefaultActions: [{{Type: forward, TargetGroupArn: {to[1]}}}]"),
               load_balancer_arn=where, port=22, protocol=protocol)
    )  # fmt: skip


def classic(listens: int, port: int, protocol: str = "tcp") -> Text:
    """A classic load balancer in `front`, before `db`, with the group `web`."""
    said = f"LoadBalancerPort: {listens}, InstancePort: {port}, Protocol: {protocol}"
    db, group = ref("aws_instance", "db"), ref("aws_security_group", "web", as_="GroupId")
    own = f"Listeners: [{{{said}, InstanceProtocol: {protocol}}}], Scheme: internet-facing"
    inline = f"""listener {{
  lb_port           = {listens}
  lb_protocol       = "{protocol}"
  instance_port     = {port}
  instance_protocol = "{protocol}"
}}
instances = [{db[0]}]
"""
    return made(
        "aws_elb", "classic", "ElasticLoadBalancing::LoadBalancer",
        Text(inline, f"{own}, Instances: [{db[1]}]"), subnets=[ref("aws_subnet", "front")],
        security_groups=[group],
    )  # fmt: skip


def forwarder(checks: bool) -> Text:
    """An interface in `front` to which the table of `back` sends what is for `front`."""
    return made(
        "aws_network_interface", "box", "EC2::NetworkInterface", source_dest_check=checks,
        subnet_id=ref("aws_subnet", "front"),
    ) + table("back", ("10.0.1.0/24", BOX))  # fmt: skip


def endpoint(service: str, *tables: str) -> Text:
    """A gateway endpoint with routes in these tables."""
    return made(
        "aws_vpc_endpoint", service, "EC2::VPCEndpoint", vpc_id=HOME,
        service_name=f"com.amazonaws.eu-west-1.{service}", vpc_endpoint_type="Gateway",
        route_table_ids=[ref("aws_route_table", one) for one in tables],
    )  # fmt: skip


def interface_endpoint(service: str, place: str, group: str, dns: Value = None) -> Text:
    """An interface endpoint in a subnet; `dns` says whether it has the name of its service."""
    return made(
        "aws_vpc_endpoint", service, "EC2::VPCEndpoint", vpc_id=HOME,
        service_name=f"com.amazonaws.eu-west-1.{service}", vpc_endpoint_type="Interface",
        subnet_ids=[ref("aws_subnet", place)],
        security_group_ids=[ref("aws_security_group", group, as_="GroupId")],
        private_dns_enabled=dns,
    )  # fmt: skip


def firewall(policy: Value) -> Text:
    """A firewall with an endpoint in `back`."""
    return made(
        "aws_networkfirewall_firewall", "wall", "NetworkFirewall::Firewall",
        Text(
            "name = \"wall\"\n"
            f"subnet_mapping {{\n  subnet_id = {ref('aws_subnet', 'back')[0]}\n}}\n",
            f"FirewallName: wall, SubnetMappings: [{{SubnetId: {ref('aws_subnet', 'back')[1]}}}]",
        ),
        vpc_id=HOME,
        firewall_policy_arn=policy,
    )  # fmt: skip


FIREWALL = firewall("arn:aws:network-firewall:eu-west-1:111122223333:firewall-policy/p")
DROPPING = firewall(ref("aws_networkfirewall_firewall_policy", "wall", "arn")) + made(
    "aws_networkfirewall_firewall_policy", "wall", "NetworkFirewall::FirewallPolicy",
    Text(
        'name = "wall"\nfirewall_policy {\n  stateless_default_actions = ["aws:drop"]\n'
        '  stateless_fragment_default_actions = ["aws:drop"]\n}\n',
        "FirewallPolicyName: wall, FirewallPolicy: {StatelessDefaultActions: [aws:drop], "
        "StatelessFragmentDefaultActions: [aws:drop]}",
    ),
)  # fmt: skip
INSPECTED = Text(
    "vpc_endpoint_id = tolist(aws_networkfirewall_firewall.wall.firewall_status[0].sync_states)"
    "[0].attachment[0].endpoint_id",
    "VpcEndpointId: !Select [1, !Split [':', !Select [0, !GetAtt WallFirewall.EndpointIds]]]",
)
CARRIER = made("aws_ec2_carrier_gateway", "mobile", "EC2::CarrierGateway", vpc_id=HOME)
BLOCKED = made(
    "aws_vpc_block_public_access_options", "region", "EC2::VPCBlockPublicAccessOptions",
    internet_gateway_block_mode="block-ingress",
)  # fmt: skip
TO_OFFICE = table("back", ("192.168.0.0/16", VGW))
