from iaclint.check import (
    Check,
    Finding,
    Instance,
    Iterator,
    Label,
    Login,
    Network,
    client_commands,
    text,
    truth,
)


class NoCredentials(Check):
    """
    Terraform logs in, and the connection offers neither a key nor a password.

    ## On the wire

    The connection is made and the login refused: "attempted methods [none], no supported methods
    remain". Terraform tries again until its timeout.

    ## Why AWS does that

    A connection offers its `private_key`, its `password`, and the keys of an SSH agent. With
    `agent = false` the agent is not asked, and a key that the same run generates is in no agent.
    WinRM knows passwords only.

    ## Repair in Terraform

    `private_key = file("…")` in the connection, or `private_key =
    tls_private_key.<name>.private_key_openssh` for a generated key; `password` for WinRM.

    ## Repair in CloudFormation

    There are no connections.

    ## What it does not see

    Whether an SSH agent runs and has the key: without a word about `agent` it is taken to. An
    empty text counts as something that somebody is to fill in.
    """

    id = "IAC619"
    name = "no-credentials"
    reference = (
        "https://developer.hashicorp.com/terraform/language/resources/provisioners/connection"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          connection {
            host  = self.public_ip
            user  = "ec2-user"
            agent = false
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
        resource "tls_private_key" "new" {
          algorithm = "ED25519"
        }
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = tls_private_key.new.public_key_openssh
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_name
          connection {
            host = self.public_ip
            user = "ec2-user"
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
        resource "aws_instance" "bastion" {
          connection {
            host = self.public_ip
            user = "ec2-user"
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
        variable "private_key" {
          type = string
        }
        resource "aws_instance" "bastion" {
          connection {
            host        = self.public_ip
            user        = "ec2-user"
            agent       = false
            private_key = var.private_key
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
            for login in instance.logins:
                why = _nothing(network, instance, login) if login.kind == "connection" else ""
                if not why or login.connection is None:
                    continue
                yield self.about(
                    login.resource or instance,
                    f"Terraform logs in to {instance.address} with neither a key nor a password",
                    Label(login.connection.span, why),
                    "add password"
                    if login.protocol == "winrm"
                    else "add private_key, the private half of the instance's key pair",
                    targets=(instance.address,),
                    services=(login.protocol,),
                )


def _nothing(network: Network, instance: Instance, login: Login) -> str:
    """Why a connection can offer nothing; empty where it offers something, or may."""
    assert login.connection is not None
    given = login.connection.arguments
    if any(text(given.get(name)) is not None for name in ("private_key", "password")):
        return ""
    if login.protocol == "winrm":
        return "offers no password"
    if truth(given.get("agent")) is False:
        return "offers no key, no password and no agent"
    pair = instance.pair
    made_here = pair is not None and pair.generated is not None
    fed = any("ssh-add" in command for command in client_commands(network))
    if made_here and given.get("agent") is None and not fed:
        return "offers no key; the one made in this run is in no agent"
    return ""
