from iaclint.check import Change, Check, Fact, Finding, Instance, Iterator, Label, Network, changed


class LoginRefusedBySshd(Check):
    """
    User data tells sshd to refuse the users who are to log in.

    ## On the wire

    The connection is opened and closed again: `Permission denied`, or `Connection closed by …
    port 22`.

    ## Why AWS does that

    `PubkeyAuthentication no` refuses all keys. `AllowUsers` lets in those it names and nobody
    else. `ListenAddress 127.0.0.1` hides sshd from the network.

    ## Repair in Terraform

    Name the user of the image in `AllowUsers`, leave keys on.

    ## Repair in CloudFormation

    The same in `UserData`.

    ## What it does not see

    `Match` blocks, groups of users, and settings in the image.
    """

    id = "IAC707"
    name = "login-refused-by-sshd"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            sed -i 's/#PubkeyAuthentication yes/PubkeyAuthentication no/' /etc/ssh/sshd_config
            systemctl restart sshd
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            echo 'AllowUsers deploy' >> /etc/ssh/sshd_config
            systemctl restart sshd
          EOT
        }
        output "login" {
          value = "ssh ec2-user@${aws_instance.bastion.public_ip}"
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: |
                  #!/bin/bash
                  echo 'PubkeyAuthentication no' > /etc/ssh/sshd_config.d/00-login.conf
                  systemctl restart sshd
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            useradd -m deploy
            echo 'AllowUsers deploy' >> /etc/ssh/sshd_config
            systemctl restart sshd
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            sed -i 's/^PasswordAuthentication yes/PasswordAuthentication no/' /etc/ssh/sshd_config
            echo 'AllowUsers ec2-user' >> /etc/ssh/sshd_config
            systemctl restart sshd
          EOT
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: |
                  #!/bin/bash
                  echo 'AllowUsers ec2-user' >> /etc/ssh/sshd_config
                  systemctl restart sshd
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each setting."""
        for instance, fact, wished in changed(network, Change.LOGIN_REFUSED):
            words = _refused(instance, fact)
            if not words:
                continue
            yield self.about(
                instance,
                f"sshd on {instance.address} refuses the login: {words}",
                Label(fact.span, words),
                "let the user of the login in",
                related=(wished.label,),
                level=wished.level(fact.sure),
                targets=(instance.address,),
                services=("ssh",),
                identity=fact.words,
            )


def _refused(instance: Instance, fact: Fact) -> str:
    """What the setting refuses; empty where the users that log in are let in."""
    if fact.words not in ("AllowUsers", "DenyUsers"):
        return "" if fact.words.startswith("Pubkey") and instance.setup.passwords else fact.words
    listed = {user.split("@")[0] for user in fact.name.split()}
    if any(set("*?!$%{\ufffc") & set(user) for user in listed):
        return ""
    named = {login.user for login in instance.logins if isinstance(login.user, str)}
    family = instance.image_family
    expected = named or (set(family.users) if family is not None else set())
    if fact.words == "DenyUsers":
        met = listed & expected
        return f"DenyUsers names {sorted(met)[0]}" if met and expected <= listed else ""
    if not expected or listed & expected or (not named and listed & instance.setup.users):
        return ""
    return f"AllowUsers does not name {sorted(expected)[0]}"
