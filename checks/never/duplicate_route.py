from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Network, Prefix, Route


class DuplicateRoute(Check):
    """
    Two routes of a table have the same destination.

    ## On the wire

    Whichever is made first is used, and the other one is refused: where the packets go depends on
    chance, until the deployment fails.

    ## Why AWS does that

    A table has one route for a destination. Of two that overlap, the longer prefix decides.

    ## Repair in Terraform

    Remove one of the `aws_route`s (or inline `route` blocks).

    ## Repair in CloudFormation

    Remove one of the `AWS::EC2::Route`s.

    ## What it does not see

    Routes that a VPN gateway learns: they come after the ones that are written.
    """

    id = "IAC807"
    name = "duplicate-route"
    reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html"
    breaks = (
        """
        resource "aws_route" "again" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "0.0.0.0/0"
          gateway_id             = aws_internet_gateway.main.id
        }
        """,
        """
        Resources:
          Again:
            Type: AWS::EC2::Route
            DependsOn: Attachment
            Properties:
              RouteTableId: !Ref PublicTable
              DestinationIpv6CidrBlock: ::/0
              GatewayId: !Ref Gateway
        """,
    )
    quiet = (
        """
        resource "aws_route" "half" {
          route_table_id         = aws_route_table.public.id
          destination_cidr_block = "0.0.0.0/1"
          gateway_id             = aws_internet_gateway.main.id
        }
        """,
        """
        Resources:
          Private:
            Type: AWS::EC2::Route
            DependsOn: Attachment
            Properties:
              RouteTableId: !Ref PrivateTable
              DestinationIpv6CidrBlock: ::/0
              GatewayId: !Ref Gateway
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Routes that are written, table by table."""
        for table in network.tables:
            seen: dict[Prefix, Route] = {}
            for route in table.routes:
                if not isinstance(route.to, Prefix) or route.origin != "static":
                    continue
                if route.maybe is not None or route.span is None:
                    continue
                first = seen.setdefault(route.to, route)
                if first is route or first.span == route.span:
                    continue
                there = (Label(first.span, "is there already"),) if first.span else ()
                yield self.about(
                    route,
                    f"{table.address} has two routes for {route.to}",
                    Label(route.span, f"a second route for {route.to}"),
                    "remove one of them",
                    related=there,
                    identity=f"{table.address} {route.to}",
                )
