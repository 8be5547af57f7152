from iaclint.check import Check, Level


class InvalidConfiguration(Check):
    """
    The configuration is refused before anything is created.

    The text is well-formed, and cannot be evaluated: it refers to a variable, resource, mapping or
    output that does not exist, asks for an element that is not in the list, calls a module with
    arguments that it does not have, or depends on itself in a circle.

    What is concerned is left out of the network, or not known there. It is a warning, because
    values that are given elsewhere (a tfvars file that is not committed, an older Terraform) may
    make it valid; `terraform validate` and cfn-lint are the judges.
    """

    id = "IAC002"
    name = "invalid-configuration"
    level = Level.WARNING
    reference = "https://developer.hashicorp.com/terraform/cli/commands/validate"
    breaks = (
        """
        resource "aws_subnet" "extra" {
          vpc_id     = aws_vpc.mian.id
          cidr_block = "10.0.7.0/24"
        }
        """,
        """
        Resources:
          Extra:
            Type: AWS::EC2::Subnet
            Properties:
              VpcId: !Ref Vcp
              CidrBlock: 10.0.7.0/24
        """,
    )
    quiet = (
        """
        variable "office" {
          type    = string
          default = "203.0.113.0/24"
        }
        """,
        """
        Parameters:
          Office: {Type: String, Default: 203.0.113.0/24}
        """,
    )
