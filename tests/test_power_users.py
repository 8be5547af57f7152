"""Roles that let Session Manager in without a word of it, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks import Rule, Text, group, made
from tests.test_stranded import HOME, LANGUAGES, said

WEB = Rule(8080, 8080, "tcp")
TRUST = '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]}'
DESK = made(
    "aws_instance", "desk", "EC2::Instance",
    Text(
        "subnet_id = aws_subnet.front.id\nvpc_security_group_ids = [aws_security_group.web.id]\n"
        'ami = "ami-0abcdef0123456789"\n'
        "iam_instance_profile = aws_iam_instance_profile.desk.name\n",
        "SubnetId: !Ref FrontSubnet, SecurityGroupIds: [!Ref WebGroup], "
        "ImageId: ami-0abcdef0123456789, IamInstanceProfile: !Ref Profile",
    ),
    key_name="ops",
)  # fmt: skip


def role(arn: str = "", document: str = "") -> Text:
    attached = f'managed_policy_arns = ["{arn}"]' if arn else ""
    inline = f"inline_policy {{\n  policy = jsonencode({document})\n}}" if document else ""
    managed = f", ManagedPolicyArns: ['{arn}']" if arn else ""
    given = f", Policies: [{{PolicyName: own, PolicyDocument: {document}}}]" if document else ""
    return Text(
        f"""
        resource "aws_iam_role" "desk" {{
          assume_role_policy = jsonencode({TRUST})
          {attached}
          {inline}
        }}
        resource "aws_iam_instance_profile" "desk" {{
          role = aws_iam_role.desk.name
        }}
        """,
        "Role:\n  Type: AWS::IAM::Role\n"
        f"  Properties: {{AssumeRolePolicyDocument: {TRUST}{managed}{given}}}\n"
        "Profile:\n  Type: AWS::IAM::InstanceProfile\n  Properties: {Roles: [!Ref Role]}\n",
    )


def document(effect: str, key: str, *actions: str) -> str:
    listed = ", ".join(f'"{each}"' for each in actions)
    statement = f'{{"Effect": "{effect}", "{key}": [{listed}], "Resource": "*"}}'
    return f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'


QUIET = {
    "PowerUserAccess": role("arn:aws:iam::aws:policy/PowerUserAccess"),
    "all but a few": role(document=document("Allow", "NotAction", "iam:*", "account:*")),
    "everything": role(document=document("Allow", "Action", "*")),
}
LOUD = {
    "ReadOnlyAccess": role("arn:aws:iam::aws:policy/ReadOnlyAccess"),
    "a ban on all but a few": role(document=document("Deny", "NotAction", "iam:*")),
    "something else": role(document=document("Allow", "Action", "s3:*")),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_role_that_allows_nearly_everything_lets_session_manager_in(
    tmp_path: Path, language: str, text: Text
) -> None:
    assert said(tmp_path, language, HOME + group("web", WEB) + DESK + text) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", LOUD.values(), ids=LOUD)
def test_a_role_without_what_the_agent_calls_is_no_way_in(
    tmp_path: Path, language: str, text: Text
) -> None:
    found = said(tmp_path, language, HOME + group("web", WEB) + DESK + text)
    assert found == ["error IAC401"]
