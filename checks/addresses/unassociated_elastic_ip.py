from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class UnassociatedElasticIp(Check):
    """
    An Elastic IP is allocated and associated with nothing.

    The address exists, but no interface has it, so that packets to it end at AWS's border. The instance
    it was probably meant for has no other public address.
    """

    id = "IAC102"
    name = "unassociated-elastic-ip"
    causes = (Reason.UNASSOCIATED_ADDRESS,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "an Elastic IP is allocated, and associated with nothing",
            f"associate {cause.blocker.node.address} with the instance or its interface",
        )
