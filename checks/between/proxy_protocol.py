from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class ProxyProtocol(Check):
    """
    The load balancer puts a proxy protocol header before the data.

    SSH and RDP servers do not read that header and close the connection.
    """

    id = "IAC517"
    name = "proxy-protocol"
    causes = (Reason.BALANCER_PROXY,)
    reference = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} sends a proxy protocol header first",
            f"switch the proxy protocol of {node} off",
        )
