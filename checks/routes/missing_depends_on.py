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
                if any(
                    each.address in before or _top(each) != _top(resource)
                    for each in attached[target.address]
                ):
                    continue
                yield self._unordered(resource, attached[target.address][0], target, known)

    def _unordered(
        self,
        route: Resource,
        attachment: Resource,
        target: Gateway,
        known: dict[str, Resource],
    ) -> Finding:
        """`DependsOn` names things of the same template: where one is nested, its stack."""
        waits, awaited = _apart(route, attachment, known)
        label = Label(attachment.span, "attaches the gateway")
        name = awaited.address.rpartition("/")[2]
        words = "does not wait for the attachment"
        if awaited is not attachment:
            words += f", which is in {name}"
        inner = (Label(route.span, "makes the route"),) if waits is not route else ()
        where = f" to {waits.address}" if waits is not route else ""
        return self.about(
            waits,
            f"{route.address} may be made before {target.address} is attached",
            Label(waits.span, words),
            f"add `DependsOn: {name}`{where}",
            related=(label, *inner),
            identity=route.address if inner else "",
        )


def _top(resource: Resource) -> str:
    """The template that is deployed by itself: what it exports is there when it is complete."""
    return (resource.callers[0] if resource.callers else resource.span).path


def _apart(one: Resource, other: Resource, known: dict[str, Resource]) -> tuple[Resource, Resource]:
    """What stands for each of two in the innermost stack that holds both."""
    mine, theirs = one.address.split("/"), other.address.split("/")
    depth = 0
    while depth < min(len(mine), len(theirs)) - 1 and mine[depth] == theirs[depth]:
        depth += 1
    ends = ("/".join(each[: depth + 1]) for each in (mine, theirs))
    first, second = (known.get(end) for end in ends)
    return first or one, second or other


def _attachments(network: Network, gateway: Gateway) -> list[Resource]:
    return [
        resource
        for resource in network.resources
        if resource.kind == "AWS::EC2::VPCGatewayAttachment" and gateway.address in resource.depends
    ]


def _before(resource: Resource, known: dict[str, Resource]) -> set[str]:
    """
    Everything that is certainly made earlier. What is nested begins when its stack does, and a
    stack that something waits for is complete with all that it nests.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
    """
    found: set[str] = set()
    seen: set[str] = set()
    todo = [resource.address]
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        if "/" in address:
            todo.append(address.rpartition("/")[0])
        current = known.get(address)
        for before in current.depends if current else ():
            if before not in found:
                inside = [each for each in known if each.startswith(f"{before}/")]
                found.update((before, *inside))
                todo.extend((before, *inside))
    return found
