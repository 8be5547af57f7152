from iaclint.check import Check


class SyntaxMistake(Check):
    """
    A part of a file is not valid in its language.

    In Terraform one block is lost to such a mistake, in YAML and JSON often the whole file: what is
    not understood is not there for the network, and the rest is checked as if it were not written.
    So repair this first; other findings may only follow from it.

    The place is where the text stops making sense, which may be a little behind the mistake: a
    bracket or quote that is open, a tab in the indentation, arguments a function does not take.
    """

    id = "IAC001"
    name = "syntax-error"
    reference = "https://developer.hashicorp.com/terraform/language/syntax/configuration"
    breaks = (
        """
        resource "aws_instance" "extra" {
          ami = "ami-0123456789abcdef0
        }
        """,
        """
        locals {
          ports = [22, 80
        }
        """,
    )
    quiet = (
        """
        locals {
          text = <<-EOT
            anything { goes
          EOT
        }
        """,
        """
        variable "office" {
          type    = string
          default = "203.0.113.0/24"
        }
        """,
    )
