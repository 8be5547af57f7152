from iaclint.check import (
    SSH,
    Check,
    Finding,
    Gateway,
    Instance,
    Interface,
    Iterator,
    Label,
    Level,
    Login,
    Network,
    Vpc,
    for_outsiders,
    refs,
)

PRIVATE = ("private_ip", "private_dns")


class PrivateAddressDialled(Check):
    """
    Terraform dials the private address of an instance that is meant to be reached from outside.

    ## On the wire

    The connection runs into a timeout unless Terraform runs inside of the network.

    ## Why AWS does that

    The client of a provisioner is the machine that runs Terraform. A private address has a
    meaning only inside of the VPC and of networks connected to it.

    ## Repair in Terraform

    `host = self.public_ip`, or a `bastion_host`.

    ## Repair in CloudFormation

    There are no connections.

    ## What it does not see

    Where Terraform runs: with an agent inside of the VPC all is well. It is silent where the
    VPC is connected to another network, and where only private clients are let in.
    """

    id = "IAC613"
    name = "private-address-dialled"
    level = Level.WARNING
    reference = (
        "https://developer.hashicorp.com/terraform/language/resources/provisioners/connection"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          connection {
            host        = self.private_ip
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
            host        = aws_instance.bastion.private_dns
            user        = "ec2-user"
            private_key = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
        }
        """,
    )
    quiet = (
        """
        resource "null_resource" "setup" {
          connection {
            host         = aws_instance.inner.private_ip
            bastion_host = aws_instance.bastion.public_ip
            user         = "ec2-user"
            private_key  = file("~/.ssh/operations")
          }
          provisioner "remote-exec" {
            inline = ["uptime"]
          }
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
          depends_on = [
            aws_route.ipv4,
            aws_route_table_association.public,
            aws_vpc_security_group_ingress_rule.ssh,
          ]
        }
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each connection."""
        for instance in network.instances:
            if not _is_public(network, instance):
                continue
            for login in instance.logins:
                if login.kind == "connection" and _is_private(login):
                    yield self._finding(instance, login)

    def _finding(self, instance: Instance, login: Login) -> Finding:
        span = login.host.span if login.host is not None and login.host.span else login.span
        return self.about(
            instance,
            f"Terraform dials the private address of {instance.address}, which only its own "
            "network can reach",
            Label(span, "a private address"),
            "dial the public address, or go through a bastion_host",
            targets=(instance.address,),
            services=("ssh",),
        )


def _is_private(login: Login) -> bool:
    given = login.connection.arguments.items if login.connection is not None else {}
    found = [ref.attribute for ref in refs(login.host)]
    return bool(found) and "bastion_host" not in given and all(a in PRIVATE for a in found)


def _is_public(network: Network, instance: Instance) -> bool:
    """Meant for clients outside: a public address, a rule for them, and no connected network."""
    if not for_outsiders(instance, SSH):
        return False
    return any(
        interface.public.has is True and not _connected(network, interface)
        for interface in instance.interfaces()
    )


def _connected(network: Network, interface: Interface) -> bool:
    vpc = interface.vpc
    return not isinstance(vpc, Vpc) or any(
        isinstance(gateway, Gateway) and gateway.kind == "network" and vpc in gateway.vpcs
        for gateway in network.gateways
    )
