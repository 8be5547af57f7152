from iaclint.check import Check


class DeniedFlowWorks(Check):
    """
    A flow works that the settings say must not.

    An `[[expect]]` with `deny` is the opposite of the usual question: the flow must be stopped by
    some hop, for every completion of what is not known. It is reported only when the flow is
    certain to work.

    Take away the rule, the route or the address that lets it in, or change the expectation.
    """

    id = "IAC912"
    name = "denied-flow-works"
