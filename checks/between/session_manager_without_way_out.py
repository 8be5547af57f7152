from collections.abc import Iterator

from iaclint.check import (
    Blocker,
    Check,
    Finding,
    Instance,
    Label,
    Level,
    Network,
    manager_ways,
    session_manager,
)


class SessionManagerWithoutWayOut(Check):
    """
    The instance is to be reached by Session Manager, and its agent cannot get out to AWS.

    Nobody connects to the instance: its agent calls Systems Manager over HTTPS and keeps the line
    open. It needs an outbound rule for port 443, and a route through a NAT gateway or an internet
    gateway, or interface endpoints for `ssm` and `ssmmessages` with private DNS and a group that
    lets 443 in.

    What is reported has a role for Session Manager, no key pair, and no other way to log in.
    """

    id = "IAC521"
    name = "session-manager-without-way-out"
    level = Level.WARNING
    reference = (
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/"
        "session-manager-prerequisites.html"
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance whose agent is cut off."""
        for instance in network.instances:
            if instance.key is not None or instance.managed or instance.span is None:
                continue
            blocker = _cut_off(network, instance) if session_manager(network, instance) else None
            if blocker is not None:
                yield self.about(
                    instance,
                    f"Session Manager cannot reach {instance.address}: its agent has no way out",
                    Label(instance.span, "has a role for Session Manager"),
                    "let port 443 out and route it, or add endpoints for ssm and ssmmessages",
                    related=(blocker.at, *blocker.near),
                    codes=(blocker.reason.code,),
                    targets=(instance.address,),
                )


def _cut_off(network: Network, instance: Instance) -> Blocker | None:
    """What stops the agent on its nearest way; None where it gets out, or may."""
    ways = [way for each in instance.interfaces() for way in manager_ways(network, each)]
    if not ways or any(way.verdict != "blocked" for way in ways):
        return None
    nearest = min(ways, key=lambda way: len(way.blockers))
    return next(iter(nearest.blockers), None)
