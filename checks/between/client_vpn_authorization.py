from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class ClientVpnAuthorization(Check):
    """
    The Client VPN authorizes nobody to reach the instance.

    Users of a Client VPN reach the blocks that an authorization rule names, and nothing else.
    """

    id = "IAC514"
    name = "client-vpn-authorization"
    causes = (Reason.VPN_NOT_ALLOWED,)
    reference = "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/client-authorization.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} authorizes nobody to go there",
            "add an authorization rule for the block of the subnet",
        )
