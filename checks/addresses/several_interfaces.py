from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class SeveralInterfaces(Check):
    """
    With several interfaces AWS assigns no public address by itself.

    The automatic address is only for a launch with one new interface at device index 0. With two, neither
    gets one, whatever the subnet and the instance ask for.
    """

    id = "IAC103"
    name = "several-interfaces"
    causes = (Reason.SEVERAL_INTERFACES,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/working-with-ip-addresses.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "with several interfaces AWS assigns no public address by itself",
            "associate an Elastic IP with the primary interface",
        )
