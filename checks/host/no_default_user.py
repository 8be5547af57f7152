from iaclint.check import (
    DEFAULT_USERS,
    Change,
    Check,
    Finding,
    Instance,
    Iterator,
    Label,
    Level,
    Network,
    Wish,
    changed,
)


class NoDefaultUser(Check):
    """
    cloud-config lists users, and the user of the image is not among them.

    ## On the wire

    The image's user is not made, and the key pair of the launch is installed for nobody.

    ## Why AWS does that

    `users` replaces the list that cloud-init starts with, which is `[default]`. Only the
    default user gets the key of EC2.

    ## Repair in Terraform

    `- default` as the first entry of `users`.

    ## Repair in CloudFormation

    The same in `UserData`.

    ## What it does not see

    Users that were made when the image was: an image of which only the id is given is a warning.
    Where an entry of the list brings a key, and nobody logs in as the image's user, that is taken
    as meant.
    """

    id = "IAC706"
    name = "no-default-user"
    reference = "https://cloudinit.readthedocs.io/en/latest/reference/modules.html"
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            users:
              - name: deploy
                groups: wheel
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            users:
              - name: deploy
                ssh_authorized_keys:
                  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjYQyAAAAAAAAAAAAAAA
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
                  #cloud-config
                  users:
                    - name: deploy
                      groups: wheel
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            users:
              - default
              - name: deploy
                groups: wheel
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            users:
              - name: deploy
                ssh_authorized_keys:
                  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjYQyAAAAAAAAAAAAAAA
          EOT
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              UserData:
                Fn::Base64: |
                  #cloud-config
                  users:
                    - default
                    - name: deploy
                      groups: wheel
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance with a key pair."""
        for instance, fact, wished in changed(network, Change.NO_DEFAULT_USER):
            family = instance.image_family
            names = family.users if family is not None else DEFAULT_USERS - instance.setup.users
            named = [login for login in instance.logins if login.user in names]
            if instance.key is None or not (named or fact.words):
                continue
            sure = fact.sure and bool((named and family) or _nobody(instance, wished))
            yield self.about(
                instance,
                f"cloud-config of {instance.address} lists users without the default one, so that "
                "the key pair is installed for nobody",
                Label(fact.span, f"no default user here {fact.words}".rstrip()),
                "add - default to the list",
                related=((named and Label(named[0].span, "logs in as it")) or wished.label,),
                level=Level.ERROR if sure else Level.WARNING,
                targets=(instance.address,),
                services=("ssh",),
            )


def _nobody(instance: Instance, wished: Wish) -> bool:
    """Whether nothing else in user data could let anybody in."""
    setup = instance.setup
    return wished.strong and not (setup.opaque or setup.adds_keys or setup.passwords)
