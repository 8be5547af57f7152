"""
A host with a key pair and a public address, where the only rule for SSH names a group: whether
anybody who carries that logs in. In both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import Rule, Text, group, host, made, ref
from tests.connections import balancer
from tests.test_stranded import BALANCER, HOME, LANGUAGES, SSH, WEB, said

PEER = SSH._replace(peer="balancer")
CARRIED = ref("aws_security_group", "balancer", as_="GroupId")
PEOPLE = group("balancer", WEB)


def db(*rules: Rule) -> Text:
    return group("db", *rules) + host("db", "front", "db", key="ops")


def carrying(
    kind: str, cfn: str, inside: str, properties: str, group: tuple[str, str] = CARRIED
) -> Text:
    """Something that is no instance, with the group."""
    return made(kind, "any", cfn, Text(inside % group[0], properties % group[1]))


DATABASE = carrying(
    "aws_db_instance", "RDS::DBInstance",
    "vpc_security_group_ids = [%s]\n", "VPCSecurityGroups: [%s]",
)  # fmt: skip
FORWARDED = balancer(22, group="balancer")
LOUD = {
    "a load balancer's": (BALANCER + db(PEER), ["error IAC410"]),
    "a load balancer's, which may use every port": (
        BALANCER + db(Rule(0, 0, "-1", "balancer")),
        ["error IAC410"],
    ),
    "a database's": (PEOPLE + DATABASE + db(PEER), ["error IAC410"]),
    "that of a load balancer for SSH, which lets only the web in": (
        PEOPLE + FORWARDED + db(PEER),
        ["error IAC401"],
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "expected"), LOUD.values(), ids=LOUD)
def test_nobody_logs_in_by_the_group_of_something_that_is_no_client(
    tmp_path: Path, language: str, text: Text, expected: list[str]
) -> None:
    assert said(tmp_path, language, HOME + text) == expected


DOOR = made(
    "aws_ec2_instance_connect_endpoint", "door", "EC2::InstanceConnectEndpoint",
    subnet_id=ref("aws_subnet", "back"), security_group_ids=[CARRIED],
)  # fmt: skip
TASK = carrying(
    "aws_ecs_service", "ECS::Service",
    "network_configuration {\n  subnets         = [aws_subnet.front.id]\n"
    "  security_groups = [%s]\n}\n",
    "NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref FrontSubnet], "
    "SecurityGroups: [%s]}}",
)  # fmt: skip
FUNCTION = carrying(
    "aws_lambda_function", "Lambda::Function",
    "vpc_config {\n  subnet_ids         = [aws_subnet.front.id]\n  security_group_ids = [%s]\n}\n",
    "VpcConfig: {SubnetIds: [!Ref FrontSubnet], SecurityGroupIds: [%s]}",
)  # fmt: skip
AIRFLOW = carrying(
    "aws_mwaa_environment", "MWAA::Environment",
    "network_configuration {\n  subnet_ids         = [aws_subnet.back.id]\n"
    "  security_group_ids = [%s]\n}\n",
    "NetworkConfiguration: {SubnetIds: [!Ref BackSubnet], SecurityGroupIds: [%s]}",
)  # fmt: skip
SECRET = carrying(
    "aws_secretsmanager_secret_version", "SecretsManager::Secret",
    "secret_string = %s\n", "SecretString: %s",
)  # fmt: skip
CALL = Text(
    f'module "any" {{\n  source = "git::https://example.com/any"\n  group  = {CARRIED[0]}\n}}\n',
    "Any: {Type: 'AWS::CloudFormation::Stack', Properties: "
    "{TemplateURL: 'https://s3.amazonaws.com/any/any.yaml', "
    f"Parameters: {{Group: {CARRIED[1]}}}}}}}\n",
)
LOOKED_UP = Text(
    'data "aws_security_group" "people" { name = "people" }\n'
    'resource "aws_security_group" "db" {\n  vpc_id = aws_vpc.home.id\n  ingress {\n'
    '    from_port       = 22\n    to_port         = 22\n    protocol        = "tcp"\n'
    "    security_groups = [data.aws_security_group.people.id]\n  }\n}\n",
    "DbGroup: {Type: 'AWS::EC2::SecurityGroup', Properties: {GroupDescription: db, "
    "VpcId: !Ref HomeVpc, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, "
    "SourceSecurityGroupId: !ImportValue People}]}}\n",
)
QUIET = {
    "a load balancer's that forwards SSH to it": (
        group("balancer", SSH) + FORWARDED + db(PEER)
    ),
    "a load balancer's, beside a rule for an office": (
        BALANCER + db(PEER, SSH._replace(peer="203.0.113.7/32"))
    ),
    "a host's": (
        group("balancer", SSH) + host("door", "front", "balancer", key="ops") + db(PEER)
    ),
    "an endpoint's to log in by": PEOPLE + DOOR + db(PEER),
    "that of a container": PEOPLE + TASK + db(PEER),
    "that of a function": PEOPLE + FUNCTION + db(PEER),
    "that of a scheduler of jobs": PEOPLE + AIRFLOW + db(PEER),
    "one that others can read": PEOPLE + SECRET + db(PEER),
    "one that is handed on": PEOPLE + CALL + db(PEER),
    "one that is looked up": LOOKED_UP + host("db", "front", "db", key="ops"),
    "nobody's yet": PEOPLE + db(PEER),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_who_carries_the_group_may_log_in(tmp_path: Path, language: str, text: Text) -> None:
    assert said(tmp_path, language, HOME + text) == []
