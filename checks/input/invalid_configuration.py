from iaclint.check import Check


class InvalidConfiguration(Check):
    """
    The configuration is refused before anything is created.

    The text is well-formed, and cannot be evaluated: it refers to a variable, resource, mapping or
    output that does not exist, asks for an element that is not in the list, calls a module with
    arguments that it does not have, or depends on itself in a circle.

    What is concerned is left out of the network, so other findings may follow from it.
    """

    id = "IAC002"
    name = "invalid-configuration"
    reference = "https://developer.hashicorp.com/terraform/cli/commands/validate"
