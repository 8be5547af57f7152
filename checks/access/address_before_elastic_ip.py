from iaclint.check import (
    Check,
    Finding,
    Instance,
    Iterator,
    Label,
    Level,
    Login,
    Network,
    Subnet,
    refs,
    truth,
)

OWN = ("public_ip", "public_dns")


class AddressBeforeElasticIp(Check):
    """
    The address of the instance is dialled, and an Elastic IP takes its place.

    ## On the wire

    Terraform reads the address before the Elastic IP is associated. Then there is none (the
    provisioner has no host), or it is one that the association gives back.

    ## Why AWS does that

    Associating an Elastic IP releases the address that the instance had. `public_ip` of the
    `aws_instance` stays what it was when the instance was made, until the next refresh.

    ## Repair in Terraform

    Use the `public_ip` of the `aws_eip`; put the provisioner into a `null_resource` that
    depends on the association.

    ## Repair in CloudFormation

    `!Ref` of the `AWS::EC2::EIP` in the outputs.

    ## What it does not see

    An Elastic IP that is associated outside of the files.
    """

    id = "IAC615"
    name = "address-before-elastic-ip"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html"
    breaks = (
        """
        resource "aws_eip" "bastion" {
          instance = aws_instance.bastion.id
        }
        output "login" {
          value = "ssh ec2-user@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        resource "aws_eip" "bastion" {
          instance = aws_instance.bastion.id
        }
        resource "aws_instance" "bastion" {
          associate_public_ip_address = false
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
    quiet = (
        """
        resource "aws_eip" "bastion" {
          instance = aws_instance.bastion.id
        }
        output "login" {
          value = "ssh ec2-user@${aws_eip.bastion.public_ip}"
        }
        """,
        """
        resource "aws_eip" "bastion" {
          instance = aws_instance.bastion.id
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
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each login."""
        for instance in network.instances:
            if not any(each.public.how == "elastic" for each in instance.interfaces()):
                continue
            if any(each.public.early for each in instance.interfaces()):
                continue  # the instance has it from the start
            for login in instance.logins:
                found = [ref for ref in refs(login.host) if ref.attribute in OWN]
                if any(ref.address == instance.address for ref in found):
                    yield from self._finding(instance, login)

    def _finding(self, instance: Instance, login: Login) -> Iterator[Finding]:
        own = login.resource is not None and login.resource is instance.resource
        empty = own and _no_other_address(instance)
        if own and not empty:
            return
        public = next(e.public for e in instance.interfaces() if e.public.how == "elastic")
        host = login.host.span if login.is_provisioner and login.host is not None else None
        yield self.about(
            instance,
            f"the address of {instance.address} is dialled "
            + (
                "before its Elastic IP is associated, when it has none"
                if empty
                else "where its Elastic IP is meant"
            ),
            Label(host or login.span, "not the Elastic IP"),
            "use the public_ip of the Elastic IP",
            related=(Label(public.span, "the Elastic IP"),) if public.span else (),
            level=Level.ERROR if empty else Level.WARNING,
            targets=(instance.address,),
            services=("ssh",),
            identity=login.kind,
        )


def _no_other_address(instance: Instance) -> bool:
    """Whether it gets no public address of its own when it is launched."""
    asked = [truth(r.attributes.get("associate_public_ip_address")) for r in instance.launches]
    given = next((each for each in asked if each is not None), None)
    if given is not None:
        return given is False
    subnets = [each.subnet for each in instance.interfaces()]
    return all(isinstance(s, Subnet) and s.maps_public is False for s in subnets)
