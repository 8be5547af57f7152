from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason, spelled


class SourceDestinationCheck(Check):
    """
    The route leads to an instance that drops what is not for itself.

    ## On the wire

    The forwarding instance gets the packets, and its interface throws them away before the
    operating system sees them.

    ## Why AWS does that

    An interface takes and sends only packets with its own address, unless its
    source/destination check is switched off. A NAT, VPN or firewall instance needs that.

    ## Repair in Terraform

    `source_dest_check = false` on the `aws_instance`, or on the `aws_network_interface` that
    the route names.

    ## Repair in CloudFormation

    `SourceDestCheck: false` of the `AWS::EC2::Instance` or the interface.

    ## What it does not see

    Whether the instance forwards at all: that is up to its operating system, and the answer is
    undecided.
    """

    id = "IAC511"
    name = "source-destination-check"
    causes = (Reason.SOURCE_CHECK,)
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html"
    breaks = (
        """
        resource "aws_instance" "firewall" {
          ami           = data.aws_ami.linux.id
          instance_type = "t3.micro"
          subnet_id     = aws_subnet.public.id
        }

        resource "aws_route" "narrow" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "10.0.2.0/24"
          network_interface_id   = aws_instance.firewall.primary_network_interface_id
        }
        """,
        """
        Resources:
          Firewall:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: !Ref LinuxImage
              InstanceType: t3.micro
              SubnetId: !Ref PublicSubnet
          Narrow:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 10.0.2.0/24
              InstanceId: !Ref Firewall
        """,
    )
    quiet = (
        """
        resource "aws_instance" "firewall" {
          ami               = data.aws_ami.linux.id
          instance_type     = "t3.micro"
          subnet_id         = aws_subnet.public.id
          source_dest_check = false
        }

        resource "aws_route" "narrow" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "10.0.4.0/24"
          network_interface_id   = aws_instance.firewall.primary_network_interface_id
        }
        """,
        """
        Resources:
          Firewall:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: !Ref LinuxImage
              InstanceType: t3.micro
              SubnetId: !Ref PublicSubnet
              SourceDestCheck: false
          Narrow:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationCidrBlock: 10.0.2.0/24
              InstanceId: !Ref Firewall
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        argument = spelled(
            cause.blocker.node, "source_dest_check = false", "SourceDestCheck: false"
        )
        yield self.blocked(
            cause,
            f"{node} is to forward the packets, and its source/destination check drops them",
            f"set `{argument}` on {node}",
        )
