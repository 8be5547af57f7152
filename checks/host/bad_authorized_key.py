from iaclint.check import Change, Check, Finding, Iterator, Label, Level, Network


class BadAuthorizedKey(Check):
    """
    cloud-config authorizes something that is no public key.

    ## On the wire

    sshd skips the line, and its owner gets `Permission denied (publickey)`.

    ## Why AWS does that

    An entry of `ssh_authorized_keys` is the line of a `.pub` file: type, key, comment. DSA keys
    are refused by every sshd of this decade.

    ## Repair in Terraform

    `- ${file("operations.pub")}` in the template, or the line itself.

    ## Repair in CloudFormation

    The line itself.

    ## What it does not see

    Keys that come from variables without a value. It never prints the key.
    """

    id = "IAC714"
    name = "bad-authorized-key"
    level = Level.WARNING
    reference = "https://cloudinit.readthedocs.io/en/latest/reference/modules.html"
    breaks = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            ssh_authorized_keys:
              - ~/.ssh/id_rsa.pub
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            ssh_authorized_keys:
              - ssh-dss AAAAB3NzaC1kc3MAAACBAP me
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
                  ssh_authorized_keys:
                    - ~/.ssh/id_rsa.pub
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            ssh_authorized_keys:
              - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjYQyAAAAAAAAAAAAAAA
          EOT
        }
        """,
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #cloud-config
            ssh_authorized_keys:
              - ${file("operations.pub")}
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
                  ssh_authorized_keys:
                    - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjYQyAAAAAAAAAAAAAAA
        """,  # noqa: E501
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each entry."""
        for instance in network.instances:
            for fact in instance.setup.of(Change.BAD_ENTRY):
                yield self.about(
                    instance,
                    f"an authorized key of {instance.address} {fact.words}",
                    Label(fact.span, "not a public key"),
                    "give the line of the .pub file",
                    targets=(instance.address,),
                    services=("ssh",),
                )
