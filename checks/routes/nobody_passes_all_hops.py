from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NobodyPassesAllHops(Check):
    """
    Every hop lets some clients through, and no client passes all of them.

    A rule of the group lets in one range, and the route for the replies, or an entry of the network
    ACL, serves another. Each looks right by itself; together they let nobody in.

    Let the group, the ACL in both directions and the route agree on the clients.
    """

    id = "IAC209"
    name = "nobody-passes-all-hops"
    causes = (Reason.NARROW,)
    reference = "https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each pair of hops that share no client."""
        other = cause.blocker.about[0].address if cause.blocker.about else "the other hops"
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} and {other} let different clients through",
            f"let {node} and {other} agree on the clients",
        )
