from iaclint.check import Check, Level


class InvalidConfiguration(Check):
    """
    The configuration is refused before anything is created.

    The text is well-formed, and cannot be evaluated: it refers to a variable, resource, mapping or
    output that does not exist, asks for an element that is not in the list, calls a module with
    arguments that it does not have, or depends on itself in a circle.

    What is concerned is left out of the network, or not known there. It is a warning, because values
    that are given elsewhere (a tfvars file that is not committed, an older Terraform) may make it
    valid; `terraform validate` and cfn-lint are the judges.
    """

    id = "IAC002"
    name = "invalid-configuration"
    level = Level.WARNING
    reference = "https://developer.hashicorp.com/terraform/cli/commands/validate"
