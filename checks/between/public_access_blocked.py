from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PublicAccessBlocked(Check):
    """
    VPC Block Public Access refuses connections from the internet.

    In the modes `block-bidirectional` and `block-ingress` no internet gateway of the Region
    lets anybody in, whatever routes and rules say. An exclusion with `allow-bidirectional` for
    the VPC or the subnet restores it; one with `allow-egress` does not.
    """

    id = "IAC520"
    name = "public-access-blocked"
    causes = (Reason.PUBLIC_ACCESS_BLOCKED,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html"
    breaks = (
        """
        resource "aws_vpc_block_public_access_options" "region" {
          internet_gateway_block_mode = "block-ingress"
        }
        """,
        """
        resource "aws_vpc_block_public_access_options" "region" {
          internet_gateway_block_mode = "block-bidirectional"
        }

        resource "aws_vpc_block_public_access_exclusion" "main" {
          vpc_id                          = aws_vpc.main.id
          internet_gateway_exclusion_mode = "allow-egress"
        }
        """,
    )
    quiet = (
        """
        resource "aws_vpc_block_public_access_options" "region" {
          internet_gateway_block_mode = "off"
        }
        """,
        """
        resource "aws_vpc_block_public_access_options" "region" {
          internet_gateway_block_mode = "block-bidirectional"
        }

        resource "aws_vpc_block_public_access_exclusion" "main" {
          vpc_id                          = aws_vpc.main.id
          internet_gateway_exclusion_mode = "allow-bidirectional"
        }
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        place = cause.blocker.about[0].address
        yield self.blocked(
            cause,
            "VPC Block Public Access refuses what comes in from the internet",
            f"exclude {place} with allow-bidirectional, or come in by another way",
        )
