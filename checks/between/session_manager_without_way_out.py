from collections.abc import Iterator

from iaclint.check import (
    Check,
    Finding,
    Instance,
    Label,
    Level,
    Network,
    Reason,
    Way,
    is_managers,
    manager_ways,
    session_manager,
)

CLOSED = frozenset(
    {
        Reason.GROUP_EMPTY,
        Reason.GROUP_NO_RULE,
        Reason.GROUP_PORT,
        Reason.GROUP_PROTOCOL,
        Reason.GROUP_SOURCE,
        Reason.GROUP_NO_SOURCE,
        Reason.GROUP_DEFAULT,
    }
)
"""The endpoints are there, and their group lets the agent in nowhere."""
CLOSED_ENDPOINTS = (
    "the endpoints for it do not let its agent in",
    "let port 443 in from the instance, in a group of the endpoints",
)
NO_WAY_OUT = (
    "its agent has no way out",
    "let port 443 out and route it, or add endpoints for ssm and ssmmessages",
)


class SessionManagerWithoutWayOut(Check):
    """
    The instance is to be reached by Session Manager, and its agent cannot get out to AWS.

    ## On the wire

    Nobody connects to the instance: its agent calls Systems Manager over HTTPS and keeps the
    line open. Here the call never leaves the network, and the instance does not appear in the
    list.

    ## Why AWS does that

    The agent needs an outbound rule for port 443, and a route through a NAT gateway or an
    internet gateway, or interface endpoints for `ssm` and `ssmmessages` with private DNS and a
    group that lets 443 in.

    ## Repair in Terraform

    An `aws_route` to an `aws_nat_gateway`, or two `aws_vpc_endpoint` with `private_dns_enabled
    = true`; and `egress` for port 443.

    ## Repair in CloudFormation

    `AWS::EC2::NatGateway` with a route, or two `AWS::EC2::VPCEndpoint` with `PrivateDnsEnabled:
    true`.

    ## What it does not see

    Whether the agent runs. Reported is only what has a role for Session Manager and no key pair.
    It is an error where the files say that Session Manager is the way in: an output has the command
    that opens the session, or the VPC has an endpoint for it. Of an endpoint without private DNS it
    warns: a private zone may have its name.
    """

    id = "IAC521"
    name = "session-manager-without-way-out"
    level = Level.WARNING
    reference = (
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/"
        "session-manager-prerequisites.html"
    )
    breaks = (
        """
        resource "aws_iam_role" "agent" {
          assume_role_policy  = "{}"
          managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
        }

        resource "aws_iam_instance_profile" "agent" {
          role = aws_iam_role.agent.name
        }

        resource "aws_security_group" "agent" {
          name   = "agent"
          vpc_id = aws_vpc.main.id

          egress {
            protocol    = "-1"
            from_port   = 0
            to_port     = 0
            cidr_blocks = ["0.0.0.0/0"]
          }
        }

        resource "aws_instance" "worker" {
          ami                    = data.aws_ami.linux.id
          instance_type          = "t3.micro"
          subnet_id              = aws_subnet.private.id
          iam_instance_profile   = aws_iam_instance_profile.agent.name
          vpc_security_group_ids = [aws_security_group.agent.id]
        }
        """,
        """
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument: {}
              ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
          Profile:
            Type: AWS::IAM::InstanceProfile
            Properties: {Roles: [!Ref Role]}
          AgentGroup:
            Type: AWS::EC2::SecurityGroup
            Properties: {GroupDescription: agent, VpcId: !Ref Vpc}
          Worker:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: !Ref LinuxImage
              InstanceType: t3.micro
              SubnetId: !Ref PrivateSubnet
              IamInstanceProfile: !Ref Profile
              SecurityGroupIds: [!Ref AgentGroup]
        """,
    )
    quiet = (
        """
        resource "aws_iam_role" "agent" {
          assume_role_policy  = "{}"
          managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
        }

        resource "aws_iam_instance_profile" "agent" {
          role = aws_iam_role.agent.name
        }

        resource "aws_security_group" "agent" {
          name   = "agent"
          vpc_id = aws_vpc.main.id

          egress {
            protocol    = "-1"
            from_port   = 0
            to_port     = 0
            cidr_blocks = ["0.0.0.0/0"]
          }
        }

        resource "aws_instance" "worker" {
          ami                    = data.aws_ami.linux.id
          instance_type          = "t3.micro"
          subnet_id              = aws_subnet.private.id
          iam_instance_profile   = aws_iam_instance_profile.agent.name
          vpc_security_group_ids = [aws_security_group.agent.id]
        }

        resource "aws_eip" "nat" {
          domain = "vpc"
        }

        resource "aws_nat_gateway" "out" {
          allocation_id = aws_eip.nat.id
          subnet_id     = aws_subnet.desktops.id
        }

        resource "aws_route" "out" {
          route_table_id         = aws_route_table.private.id
          destination_cidr_block = "0.0.0.0/0"
          nat_gateway_id         = aws_nat_gateway.out.id
        }
        """,
        """
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument: {}
              ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
          Profile:
            Type: AWS::IAM::InstanceProfile
            Properties: {Roles: [!Ref Role]}
          AgentGroup:
            Type: AWS::EC2::SecurityGroup
            Properties: {GroupDescription: agent, VpcId: !Ref Vpc}
          Worker:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: !Ref LinuxImage
              InstanceType: t3.micro
              SubnetId: !Ref PrivateSubnet
              IamInstanceProfile: !Ref Profile
              SecurityGroupIds: [!Ref AgentGroup]
          NatAddress:
            Type: AWS::EC2::EIP
            DependsOn: Attachment
            Properties: {Domain: vpc}
          Nat:
            Type: AWS::EC2::NatGateway
            Properties:
              AllocationId: !GetAtt NatAddress.AllocationId
              SubnetId: !Ref DesktopSubnet
          OutRoute:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateTable
              DestinationCidrBlock: 0.0.0.0/0
              NatGatewayId: !Ref Nat
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each instance whose agent is cut off."""
        for instance in network.instances:
            if instance.key is not None or instance.managed or instance.span is None:
                continue
            ways = _cut_off(network, instance) if session_manager(network, instance) else []
            blocker = next((each for way in ways for each in way.blockers), None)
            if blocker is not None:
                why, help_ = NO_WAY_OUT
                if {each.reason for each in ways[0].blockers} <= CLOSED:
                    why, help_ = CLOSED_ENDPOINTS
                yield self.about(
                    instance,
                    f"Session Manager cannot reach {instance.address}: {why}",
                    Label(instance.span, "has a role for Session Manager"),
                    help_,
                    related=(blocker.at, *blocker.near),
                    level=_level(network, instance, ways),
                    codes=(blocker.reason.code,),
                    targets=(instance.address,),
                )


def _level(network: Network, instance: Instance, ways: list[Way]) -> Level:
    """A zone of one's own may lead to endpoints without private DNS: those are no error."""
    hidden = any({each.reason for each in way.blockers} == {Reason.ENDPOINT_DNS} for way in ways)
    return Level.ERROR if not hidden and is_managers(network, instance) else Level.WARNING


def _cut_off(network: Network, instance: Instance) -> list[Way]:
    """The agent's ways, the nearest first; none where it gets out by one of them, or may."""
    ways = [way for each in instance.interfaces() for way in manager_ways(network, each)]
    if any(way.verdict != "blocked" for way in ways):
        return []
    return sorted(ways, key=lambda way: len({id(blocker.node) for blocker in way.blockers}))
