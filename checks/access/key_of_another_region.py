import re

from iaclint.check import Check, Finding, Iterator, Label, Network


class KeyOfAnotherRegion(Check):
    """
    The key pair is made in another region than the instance.

    ## On the wire

    The launch fails with `InvalidKeyPair.NotFound`.

    ## Why AWS does that

    A key pair belongs to one region. The same public key can be imported in each.

    ## Repair in Terraform

    Give the `aws_key_pair` the `provider` (or `region`) of the instance, or make one for each
    region.

    ## Repair in CloudFormation

    A stack is in one region: make the key pair in the same stack.

    ## What it does not see

    A key pair of the same name that exists in the other region already.
    """

    id = "IAC610"
    name = "key-of-another-region"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html"
    breaks = (
        """
        provider "aws" {
          region = "eu-west-1"
        }
        provider "aws" {
          alias  = "us"
          region = "us-east-1"
        }
        resource "aws_key_pair" "operations" {
          provider   = aws.us
          key_name   = "team"
          public_key = file("~/.ssh/operations.pub")
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_name
        }
        """,
        """
        provider "aws" {
          region = "eu-west-1"
        }
        resource "aws_key_pair" "operations" {
          region     = "us-east-1"
          key_name   = "team"
          public_key = file("~/.ssh/operations.pub")
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_name
        }
        """,
    )
    quiet = (
        """
        resource "aws_key_pair" "operations" {
          key_name   = "team"
          public_key = file("~/.ssh/operations.pub")
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.operations.key_name
        }
        """,
        """
        provider "aws" {
          region = "eu-west-1"
        }
        provider "aws" {
          alias  = "us"
          region = "us-east-1"
        }
        resource "aws_key_pair" "elsewhere" {
          provider   = aws.us
          key_name   = "team"
          public_key = file("~/.ssh/operations.pub")
        }
        resource "aws_key_pair" "here" {
          key_name   = "team"
          public_key = file("~/.ssh/operations.pub")
        }
        resource "aws_instance" "bastion" {
          key_name = aws_key_pair.here.key_name
        }
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance."""
        for instance in network.instances:
            pair = instance.pair
            own = instance.resource.region if instance.resource is not None else ""
            if pair is None or pair.resource is None or pair.span is None:
                continue
            if own == pair.resource.region or not _are_regions(own, pair.resource.region):
                continue
            span = instance.key_span or instance.span
            assert span is not None
            yield self.about(
                instance,
                f"{instance.address} is launched in {own}, and its key pair {pair.address} is in "
                f"{pair.resource.region}",
                Label(span, "a key pair of another region"),
                "make the key pair in the region of the instance",
                related=(Label(pair.span, "made here"),),
                targets=(instance.address,),
            )


def _are_regions(*names: str) -> bool:
    """Whether these are names of regions, and not of providers whose region is not known."""
    return all(re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", name) for name in names)
