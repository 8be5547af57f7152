from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoVpnRoute(Check):
    """
    The replies have no route back to the VPN.

    A VPN gateway is used only by tables that have a route to it: by propagation, or a static
    route for the blocks at the other end.
    """

    id = "IAC513"
    name = "no-vpn-route"
    causes = (Reason.VPN_NO_ROUTE,)
    reference = "https://docs.aws.amazon.com/vpn/latest/s2svpn/SetUpVPNConnections.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        about = cause.blocker.about
        yield self.blocked(
            cause,
            f"{node} has no route back to {cause.source}",
            f"propagate the routes of {about[0].address} into the table, or add a route "
            f"for {cause.source} to it",
        )
