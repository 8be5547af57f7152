from iaclint.check import (
    Check,
    Finding,
    Instance,
    Iterator,
    Label,
    Level,
    Login,
    Network,
    Vpc,
    refs,
)

NAMES = ("public_dns", "PublicDnsName")


class NoDnsName(Check):
    """
    The public DNS name of an instance is dialled, and its VPC gives no names.

    ## On the wire

    The name is empty: Terraform has no host to dial, and the command in an output ends with
    `@`.

    ## Why AWS does that

    An instance gets a public DNS name only where `enable_dns_hostnames` of its VPC is on. It is
    off in every VPC that you make, unless you say otherwise.

    ## Repair in Terraform

    `enable_dns_hostnames = true` in the `aws_vpc`, or the public address.

    ## Repair in CloudFormation

    `EnableDnsHostnames: true`, or `GetAtt … .PublicIp`.

    ## What it does not see

    A VPC that is made elsewhere.
    """

    id = "IAC614"
    name = "no-dns-name"
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html"
    breaks = (
        """
        resource "aws_vpc" "main" {
          enable_dns_hostnames = false
        }
        resource "aws_instance" "bastion" {
          connection {
            host        = self.public_dns
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
        resource "aws_vpc" "main" {
          enable_dns_hostnames = false
        }
        output "login" {
          value = "ssh ec2-user@${aws_instance.bastion.public_dns}"
        }
        """,
        """
        Resources:
          Vpc:
            Properties:
              EnableDnsHostnames: false
        Outputs:
          Login:
            Value: !Sub ssh ec2-user@${Bastion.PublicDnsName}
        """,
    )
    quiet = (
        """
        resource "aws_vpc" "main" {
          enable_dns_hostnames = true
        }
        output "login" {
          value = "ssh ec2-user@${aws_instance.bastion.public_dns}"
        }
        """,
        """
        resource "aws_vpc" "main" {
          enable_dns_hostnames = false
        }
        output "login" {
          value = "ssh ec2-user@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        Resources:
          Vpc:
            Properties:
              EnableDnsHostnames: true
        Outputs:
          Login:
            Value: !Sub ssh ec2-user@${Bastion.PublicDnsName}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each login."""
        for instance in network.instances:
            vpc = _nameless(instance)
            if vpc is None:
                continue
            for login in instance.logins:
                if any(ref.attribute in NAMES for ref in refs(login.host)):
                    yield self._finding(instance, vpc, login)

    def _finding(self, instance: Instance, vpc: Vpc, login: Login) -> Finding:
        host = login.host.span if login.is_provisioner and login.host is not None else None
        assert vpc.span is not None
        return self.about(
            instance,
            f"{instance.address} has no public DNS name, because {vpc.address} gives none",
            Label(host or login.span, "this name is empty"),
            f"turn on DNS hostnames in {vpc.address}, or use the address",
            related=(Label(vpc.span, "DNS hostnames are off here"),),
            level=Level.ERROR if login.is_provisioner else Level.WARNING,
            targets=(instance.address,),
            services=("ssh",),
            identity=login.kind,
        )


def _nameless(instance: Instance) -> Vpc | None:
    for interface in instance.interfaces():
        vpc = interface.vpc
        if isinstance(vpc, Vpc) and vpc.declared and vpc.dns_hostnames is False:
            return None if vpc.assumed or vpc.foreign else vpc
    return None
