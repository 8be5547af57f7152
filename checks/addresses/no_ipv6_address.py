from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Interface, Reason, Subnet


class NoIpv6Address(Check):
    """
    The instance has no IPv6 address.

    ## On the wire

    A rule lets IPv6 clients in, and there is no address they could use. A client with both
    families may come in over IPv4; one with IPv6 only cannot.

    ## Why AWS does that

    IPv6 addresses are public by themselves, but an interface gets one only when its subnet assigns
    them or the launch asks for one. Both need an IPv6 block on the subnet, and that one on the VPC.

    ## Repair in Terraform

    `ipv6_cidr_block` and `assign_ipv6_address_on_creation = true` on the `aws_subnet`, or
    `ipv6_address_count = 1` on the `aws_instance`.

    ## Repair in CloudFormation

    `Ipv6CidrBlock` and `AssignIpv6AddressOnCreation: true` on the subnet, or
    `Ipv6AddressCount: 1` on the instance.

    ## What it does not see

    Whether the operating system asks for its address: images older than 2016 need DHCPv6 set up.
    """

    id = "IAC104"
    name = "no-ipv6-address"
    causes = (Reason.NO_IPV6_ADDRESS,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html"
    breaks = (
        """
        resource "aws_subnet" "public" {
          ipv6_cidr_block                 = null
          assign_ipv6_address_on_creation = null
        }

        resource "aws_instance" "bastion" {
          ipv6_address_count = 1
        }
        """,
        """
        Resources:
          PublicSubnet:
            Properties:
              Ipv6CidrBlock: null
        """,
    )
    quiet = (
        """
        resource "aws_subnet" "public" {
          assign_ipv6_address_on_creation = null
        }

        resource "aws_instance" "bastion" {
          ipv6_address_count = 1
        }
        """,
        """
        Resources:
          PublicSubnet:
            Properties:
              Ipv6CidrBlock: null
              AssignIpv6AddressOnCreation: null
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each interface, of an instance or of a load balancer before it."""
        node, target = cause.blocker.node, cause.ways[0].interface
        if isinstance(node, Interface) and node is not target:
            yield self.blocked(cause, f"{node.address} has no IPv6 address", _help(node.subnet))
            return
        help = _help(target.subnet, cause.targets[0])
        yield self.blocked(cause, f"{cause.has} no IPv6 address", help)


def _help(subnet: object, target: str = "") -> str:
    if not isinstance(subnet, Subnet):
        return "use a subnet with an IPv6 block that assigns addresses"
    if subnet.ipv6 is None:
        assigned = " and let it assign addresses" if target else ""
        return f"give {subnet.address} an IPv6 block{assigned}"
    return f"let {subnet.address} assign IPv6 addresses, or ask for one on {target}"
