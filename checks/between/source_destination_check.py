from iaclint.check import (
    Cause,
    Check,
    Finding,
    Gateway,
    Instance,
    Iterator,
    Label,
    Level,
    Network,
    Node,
    Prefix,
    Reason,
    Route,
    RouteTable,
    Span,
    Subnet,
    client_commands,
    spelled,
)


class SourceDestinationCheck(Check):
    """
    The route leads to an instance that drops what is not for itself.

    ## On the wire

    The forwarding instance gets the packets, and its interface throws them away before the
    operating system sees them. With a NAT instance nothing behind it gets out, and no reply gets
    back.

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
    undecided. Where it has an instance profile, it may switch its own check off; then a default
    route to it is a warning.
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
        """
        resource "aws_route" "nat" {
          route_table_id         = aws_route_table.private.id
          destination_cidr_block = "0.0.0.0/0"
          network_interface_id   = aws_instance.bastion.primary_network_interface_id
        }
        """,
        """
        Resources:
          Nat:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateTable
              DestinationCidrBlock: 0.0.0.0/0
              InstanceId: !Ref Bastion
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
        """
        resource "aws_instance" "bastion" {
          source_dest_check = false
        }

        resource "aws_route" "nat" {
          route_table_id         = aws_route_table.private.id
          destination_cidr_block = "0.0.0.0/0"
          network_interface_id   = aws_instance.bastion.primary_network_interface_id
        }
        """,
        """
        resource "aws_route_table" "later" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_route" "nat" {
          route_table_id         = aws_route_table.later.id
          destination_cidr_block = "0.0.0.0/0"
          network_interface_id   = aws_instance.bastion.primary_network_interface_id
        }
        """,
        """
        Resources:
          Bastion:
            Properties:
              SourceDestCheck: false
          Nat:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateTable
              DestinationCidrBlock: 0.0.0.0/0
              InstanceId: !Ref Bastion
        """,
        """
        Resources:
          Outside:
            Type: AWS::EC2::NetworkInterface
            Properties:
              SubnetId: !Ref PublicSubnet
          Forwarder:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: !Ref LinuxImage
              InstanceType: t3.micro
              SourceDestCheck: false
              NetworkInterfaces:
                - DeviceIndex: "0"
                  NetworkInterfaceId: !Ref Outside
          Nat:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateTable
              DestinationCidrBlock: 0.0.0.0/0
              NetworkInterfaceId: !Ref Outside
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} is to forward the packets, and its source/destination check drops them",
            f"set `{_off(cause.blocker.node)}` on {node}",
        )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance that is to be the way out of others."""
        if any("source-dest-check" in command for command in client_commands(network)):
            return
        seen: set[str] = set()
        for table in network.tables:
            behind = _behind(network, table)
            for route, target in _default_routes(table) if behind else ():
                if target.address in seen:
                    continue
                seen.add(target.address)
                yield self._finding(network, table, route, target, behind)

    def _finding(
        self,
        network: Network,
        table: RouteTable,
        route: Route,
        target: Gateway,
        behind: list[Instance],
    ) -> Finding:
        owner = _owner(network, target)
        sure = owner is not None and owner.profile is None
        span = target.span or route.span or Span("", 1)
        at = Label(span, "its source/destination check is on")
        return self.about(
            target,
            f"{target.address} is to forward for {table.address}, and its source/destination check "
            "drops what is not for itself",
            at,
            f"set `{_off(target)}` on {target.address}",
            related=(Label(route.span, f"sends {route.label} to it"),) if route.span else (),
            level=Level.ERROR if sure else Level.WARNING,
            targets=tuple(instance.address for instance in behind),
            identity="default route",
        )


def _off(node: Node) -> str:
    return spelled(node, "source_dest_check = false", "SourceDestCheck: false")


def _default_routes(table: RouteTable) -> Iterator[tuple[Route, Gateway]]:
    for route in table.routes:
        target, to = route.target, route.to
        if not isinstance(target, Gateway) or not isinstance(to, Prefix) or route.maybe:
            continue
        if to.length == 0 and target.kind == "interface" and target.checks is True:
            yield route, target


def _behind(network: Network, table: RouteTable) -> list[Instance]:
    """The instances whose subnet surely uses a table."""
    return [
        instance
        for instance in network.instances
        if any(
            isinstance(interface.subnet, Subnet) and interface.subnet.table is table
            for interface in instance.interfaces()
        )
    ]


def _owner(network: Network, target: Gateway) -> Instance | None:
    """The instance that a route leads to, or that carries the interface it leads to."""
    for instance in network.instances:
        interfaces = (interface.address for interface in instance.interfaces())
        if target.address == instance.address or target.address in interfaces:
            return instance
    return None
