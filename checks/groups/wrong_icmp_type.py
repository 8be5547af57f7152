from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class WrongIcmpType(Check):
    """
    The ICMP rule has another type or code than ping uses.

    For ICMP the first port is the type and the last the code. Ping is type 8 code 0 (IPv6: type 128);
    `0` to `0` is the echo *reply*, `8` to `8` a code that no ping has.
    """

    id = "IAC408"
    name = "wrong-icmp-type"
    causes = (Reason.GROUP_ICMP,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "the ICMP rule has another type or code than ping uses",
            "use type 8 and code 0 (IPv6: 128 and 0), or -1 and -1",
        )
