from collections.abc import Iterator

from iaclint.check import Check, Finding, Gateway, Label, Level, Network, Resource


class MissingDependsOn(Check):
    """
    The route may be made before the gateway is attached.

    ## On the wire

    Nothing yet: the stack fails while it is created, now and then, with "route table and network
    gateway belong to different networks". What comes first depends on chance.

    ## Why AWS does that

    CloudFormation makes everything at the same time that does not refer to each other. A route
    refers to the gateway, and not to the attachment that makes the gateway usable.

    ## Repair in Terraform

    Nothing is needed: a gateway with `vpc_id` is attached when its id is known.

    ## Repair in CloudFormation

    `DependsOn: ATTACHMENT` on the `AWS::EC2::Route`.

    ## What it does not see

    An order that comes about in a roundabout way through other stacks.
    """

    id = "IAC210"
    name = "missing-depends-on"
    level = Level.WARNING
    reference = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
        "aws-attribute-dependson.html"
    )
    breaks = (
        """
        Resources:
          RouteIpv4:
            DependsOn: null
        """,
        """
        Resources:
          RouteIpv6:
            DependsOn: VpcIpv6
        """,
    )
    quiet = (
        """
        Resources:
          RouteIpv4:
            DependsOn: [Attachment, VpcIpv6]
        """,
        """
        Resources:
          RouteIpv4:
            DependsOn: Spacer
          Spacer:
            Type: AWS::CloudFormation::WaitConditionHandle
            DependsOn: Attachment
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Routes of a template that do not come after the attachment."""
        known = {resource.address: resource for resource in network.resources}
        attached = {
            gateway.address: _attachments(network, gateway)
            for gateway in network.gateways
            if gateway.kind == "internet"
        }
        for table in network.tables:
            for route in table.routes:
                target, resource = route.target, route.resource
                if resource is None or resource.kind != "AWS::EC2::Route" or route.span is None:
                    continue
                if not isinstance(target, Gateway) or not attached.get(target.address):
                    continue
                before = _before(resource, known)
                if any(each.address in before for each in attached[target.address]):
                    continue
                attachment = attached[target.address][0]
                yield self.about(
                    resource,
                    f"{resource.address} may be made before {target.address} is attached",
                    Label(route.span, "does not wait for the attachment"),
                    f"add `DependsOn: {attachment.address.rpartition('/')[2]}`",
                    related=(Label(attachment.span, "attaches the gateway"),),
                )


def _attachments(network: Network, gateway: Gateway) -> list[Resource]:
    return [
        resource
        for resource in network.resources
        if resource.kind == "AWS::EC2::VPCGatewayAttachment" and gateway.address in resource.depends
    ]


def _before(resource: Resource, known: dict[str, Resource]) -> set[str]:
    """Everything that is certainly made earlier."""
    found: set[str] = set()
    todo = [resource.address]
    while todo:
        current = known.get(todo.pop())
        for address in current.depends if current else ():
            if address not in found:
                found.add(address)
                todo.append(address)
    return found
