from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class OverlappingNetworks(Check):
    """
    The networks that are connected use the same addresses.

    EC2 refuses to peer VPCs of which any two blocks overlap, and a destination inside of the
    VPC's own block never leaves it: the local route wins.
    """

    id = "IAC504"
    name = "overlapping-networks"
    causes = (Reason.OVERLAP,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"the addresses of the networks overlap: {text}",
            "give one of the networks a block of its own",
        )
