from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class SourceDestinationCheck(Check):
    """
    The route leads to an instance that drops what is not for itself.

    An interface takes and sends only packets with its own address, unless its
    source/destination check is switched off. A NAT, VPN or firewall instance needs that.
    """

    id = "IAC511"
    name = "source-destination-check"
    causes = (Reason.SOURCE_CHECK,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} is to forward the packets, and its source/destination check drops them",
            f"set source_dest_check = false on {node}",
        )
