from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoIpv6Address(Check):
    """
    The instance has no IPv6 address.

    IPv6 addresses are public by themselves, but an interface gets one only when its subnet assigns them
    or the launch asks for one, and both need an IPv6 block on the subnet.
    """

    id = "IAC104"
    name = "no-ipv6-address"
    causes = (Reason.NO_IPV6_ADDRESS,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "it has no IPv6 address",
            "give the subnet an IPv6 block and let it assign addresses, or ask for one on the instance",
        )
