from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoPublicAddress(Check):
    """
    The instance has no public IPv4 address.

    An internet gateway translates between a public address and the private one of an interface. Where
    no public address belongs to the interface, there is nothing a client could send its packets to.

    A public address comes from the instance (`associate_public_ip_address`), from its subnet
    (`map_public_ip_on_launch`), or from an Elastic IP. A subnet of a VPC that you made gives none
    unless told to.
    """

    id = "IAC101"
    name = "no-public-address"
    causes = (Reason.NO_PUBLIC_ADDRESS,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "it has no public IPv4 address",
            "ask for one on the instance, let the subnet map public addresses, or associate an Elastic IP",
        )
