from collections.abc import Mapping

from iaclint.check import (
    SSH,
    Check,
    Finding,
    Group,
    Instance,
    Iterator,
    Label,
    Level,
    Login,
    Network,
    Resource,
    RouteTable,
    Subnet,
    Traffic,
    refs,
)

PUBLIC = ("public_ip", "public_dns", "ipv6_addresses")


class ProvisionerRace(Check):
    """
    Terraform may log in before the rule or route that the login needs is there.

    ## On the wire

    The provisioner belongs to the instance, which counts as made only when it has run. What the
    instance does not refer to is made at the same time, or after it: then the provisioner waits
    for something that waits for the provisioner.

    ## Why AWS does that

    Terraform makes things in the order of their references. An instance refers to its subnet
    and groups; rules, routes and associations that are resources of their own refer to these
    too, and not to the instance.

    ## Repair in Terraform

    Name them in `depends_on` of the instance.

    ## Repair in CloudFormation

    There are no connections.

    ## What it does not see

    How long each takes. Terraform tries for five minutes, so that this often goes well; where
    the needed thing refers to the instance itself it never does.
    """

    id = "IAC618"
    name = "provisioner-race"
    reference = "https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on"
    breaks = (
        """
        resource "aws_instance" "bastion" {
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            private_key = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
          depends_on = [aws_route.ipv4, aws_route_table_association.public]
        }
        """,
        """
        resource "aws_instance" "bastion" {
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            private_key = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
          depends_on = [aws_vpc_security_group_ingress_rule.ssh]
        }
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            private_key = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
          depends_on = [
            aws_route.ipv4,
            aws_route_table_association.public,
            aws_vpc_security_group_ingress_rule.ssh,
          ]
        }
        """,
        """
        resource "aws_subnet" "lan" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.200.0/24"
        }
        resource "aws_route_table" "lan" {
          vpc_id = aws_vpc.main.id
          route {
            cidr_block           = "10.99.0.0/16"
            network_interface_id = aws_network_interface.lan.id
          }
        }
        resource "aws_route_table_association" "lan" {
          subnet_id      = aws_subnet.lan.id
          route_table_id = aws_route_table.lan.id
        }
        resource "aws_network_interface" "lan" {
          subnet_id = aws_subnet.lan.id
          attachment {
            instance     = aws_instance.bastion.id
            device_index = 1
          }
        }
        resource "aws_instance" "bastion" {
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            private_key = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
          depends_on = [
            aws_route.ipv4,
            aws_route_table_association.public,
            aws_vpc_security_group_ingress_rule.ssh,
          ]
        }
        """,
        """
        resource "null_resource" "setup" {
          connection {
            host        = aws_instance.bastion.public_ip
            user        = "ec2-user"
            private_key = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
        }
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance."""
        depends = {resource.address: resource.depends for resource in network.resources}
        for instance in network.instances:
            login = next((each for each in instance.logins if _own(instance, each)), None)
            if login is None:
                continue
            before = _closure(instance.address, depends)
            missing = [r for r in _needed(network, instance) if r.address not in before]
            if missing:
                never = [r for r in missing if instance.address in _closure(r.address, depends)]
                yield self._finding(instance, login, never or missing, bool(never))

    def _finding(
        self, instance: Instance, login: Login, missing: list[Resource], never: bool
    ) -> Finding:
        first = missing[0]
        assert login.connection is not None
        when = "is made only after it" if never else "may not be there yet"
        return self.about(
            instance,
            f"Terraform logs in to {instance.address} while it is made, and {first.address} {when}",
            Label(login.connection.span, "Terraform logs in here"),
            "move the provisioner to a null_resource that depends on both"
            if never
            else f"depends_on = [{', '.join(r.address for r in missing)}]",
            related=tuple(Label(r.span, "needed for the login") for r in missing),
            level=Level.ERROR if never else Level.NOTE,
            targets=(instance.address,),
            services=("ssh",),
        )


def _own(instance: Instance, login: Login) -> bool:
    """A provisioner of the instance itself that dials a public address of it."""
    if login.kind != "connection" or login.resource is not instance.resource:
        return False
    given = login.connection.arguments.items if login.connection is not None else {}
    public = any(ref.attribute.split("[")[0] in PUBLIC for ref in refs(login.host))
    return public and "bastion_host" not in given


def _closure(address: str, depends: Mapping[str, frozenset[str]]) -> set[str]:
    """Everything that is made before a resource."""
    seen: set[str] = set()
    frontier = {address}
    while frontier:
        frontier = {d for a in frontier for d in depends.get(a, ())} - seen
        seen |= frontier
    return seen


def _needed(network: Network, instance: Instance) -> Iterator[Resource]:
    """
    The resources of their own that the login needs, each kind once: those of the primary interface,
    as the address that is dialled is one of that.
    """
    for interface in [placement[0] for placement in instance.placements]:
        groups = [group for group in interface.groups if isinstance(group, Group)]
        if len(groups) == len(interface.groups):
            yield from _rule(groups)
        subnet = interface.subnet
        if isinstance(subnet, Subnet) and isinstance(subnet.table, RouteTable):
            yield from _routes(network, subnet, subnet.table)


def _rule(groups: list[Group]) -> Iterator[Resource]:
    """The rule that lets SSH in, when only rules of their own do."""
    asked = SSH.request("ipv4")
    assert asked.protocol is not None
    letting = [
        (group, rule)
        for group in groups
        for rule in group.ingress
        if isinstance(rule.traffic, Traffic) and rule.traffic.covers(asked.protocol, asked.ports)
    ]
    if any(rule.resource is group.resource for group, rule in letting):
        return
    yield from (rule.resource for _, rule in letting[:1] if rule.resource is not None)


def _routes(network: Network, subnet: Subnet, table: RouteTable) -> Iterator[Resource]:
    """The default route and the association, where they are resources of their own."""
    for route in table.routes:
        own = route.resource is not None and route.resource is not table.resource
        if own and not isinstance(route.to, str) and str(route.to) == "0.0.0.0/0":
            assert route.resource is not None
            yield route.resource
            break
    if subnet.association is not None:
        yield from [r for r in network.resources if _associates(r, subnet)][:1]


def _associates(resource: Resource, subnet: Subnet) -> bool:
    """Whether it is the resource that gives the subnet its table; `count` makes several of one."""
    if resource.span != subnet.association:
        return False
    named = {ref.address for value in resource.attributes.values() for ref in refs(value)}
    return subnet.address in named
