from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class ClientVpnAuthorization(Check):
    """
    The Client VPN authorizes nobody to reach the instance, or has no route to it.

    ## On the wire

    The client is connected, and the endpoint drops what it sends to the instance.

    ## Why AWS does that

    Users of a Client VPN reach the blocks that an authorization rule names, and nothing else.
    Routes alone let nobody in. A route to the VPC of each associated subnet is there by itself;
    to another one, behind a peering or a transit gateway, it has to be made.

    ## Repair in Terraform

    An `aws_ec2_client_vpn_authorization_rule` with a `target_network_cidr` that contains the
    subnet; an `aws_ec2_client_vpn_route` with a `destination_cidr_block` that does.

    ## Repair in CloudFormation

    `AWS::EC2::ClientVpnAuthorizationRule` with `TargetNetworkCidr`; `AWS::EC2::ClientVpnRoute` with
    `DestinationCidrBlock`.

    ## What it does not see

    Which group of the directory a user is in: a rule for one group counts as a way in.
    """

    id = "IAC514"
    name = "client-vpn-authorization"
    causes = (Reason.VPN_NOT_ALLOWED, Reason.VPN_ROUTE)
    reference = "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/client-authorization.html"
    breaks = (
        """
        resource "aws_instance" "bastion" {
          count = 0
        }

        resource "aws_ec2_client_vpn_endpoint" "staff" {
          client_cidr_block  = "10.20.0.0/22"
          vpc_id             = aws_vpc.main.id
          security_group_ids = [aws_security_group.bastion.id]
        }

        resource "aws_ec2_client_vpn_network_association" "staff" {
          client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
          subnet_id              = aws_subnet.private.id
        }

        resource "aws_ec2_client_vpn_authorization_rule" "staff" {
          client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
          target_network_cidr    = "10.0.3.0/24"
          authorize_all_groups   = true
        }
        """,
        """
        Resources:
          Bastion: null
          Staff:
            Type: AWS::EC2::ClientVpnEndpoint
            Properties:
              ClientCidrBlock: 10.20.0.0/22
              VpcId: !Ref Vpc
              SecurityGroupIds: [!Ref BastionGroup]
              ServerCertificateArn: arn:aws:acm:eu-west-1:123456789012:certificate/x
              ConnectionLogOptions: {Enabled: false}
              AuthenticationOptions: [{Type: certificate-authentication}]
          StaffAssociation:
            Type: AWS::EC2::ClientVpnTargetNetworkAssociation
            Properties: {ClientVpnEndpointId: !Ref Staff, SubnetId: !Ref PrivateSubnet}
          StaffRule:
            Type: AWS::EC2::ClientVpnAuthorizationRule
            Properties:
              ClientVpnEndpointId: !Ref Staff
              TargetNetworkCidr: 10.0.3.0/24
              AuthorizeAllGroups: true
        """,
    )
    quiet = (
        """
        resource "aws_instance" "bastion" {
          count = 0
        }

        resource "aws_ec2_client_vpn_endpoint" "staff" {
          client_cidr_block  = "10.20.0.0/22"
          vpc_id             = aws_vpc.main.id
          security_group_ids = [aws_security_group.bastion.id]
        }

        resource "aws_ec2_client_vpn_network_association" "staff" {
          client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
          subnet_id              = aws_subnet.private.id
        }

        resource "aws_ec2_client_vpn_authorization_rule" "staff" {
          client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.staff.id
          target_network_cidr    = "10.0.0.0/16"
          authorize_all_groups   = true
        }
        """,
        """
        Resources:
          Bastion: null
          Staff:
            Type: AWS::EC2::ClientVpnEndpoint
            Properties:
              ClientCidrBlock: 10.20.0.0/22
              VpcId: !Ref Vpc
              SecurityGroupIds: [!Ref BastionGroup]
              ServerCertificateArn: arn:aws:acm:eu-west-1:123456789012:certificate/x
              ConnectionLogOptions: {Enabled: false}
              AuthenticationOptions: [{Type: certificate-authentication}]
          StaffAssociation:
            Type: AWS::EC2::ClientVpnTargetNetworkAssociation
            Properties: {ClientVpnEndpointId: !Ref Staff, SubnetId: !Ref PrivateSubnet}
          StaffRule:
            Type: AWS::EC2::ClientVpnAuthorizationRule
            Properties:
              ClientVpnEndpointId: !Ref Staff
              TargetNetworkCidr: 10.0.2.0/24
              AuthorizeAllGroups: true
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        if cause.blocker.reason is Reason.VPN_ROUTE:
            said, missing = f"{node} has no route there", "a route"
        else:
            said, missing = f"{node} authorizes nobody to go there", "an authorization rule"
        yield self.blocked(cause, said, f"add {missing} for the block of the subnet")
