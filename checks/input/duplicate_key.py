from iaclint.check import Check, Level


class DuplicateKey(Check):
    """
    A mapping of a template has the same key twice.

    The second silently replaces the first when CloudFormation reads the template, so one of two
    rules, routes or whole resources is not there. Give the second another name, or delete it.
    """

    id = "IAC005"
    name = "duplicate-key"
    level = Level.WARNING
