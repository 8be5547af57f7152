"""
Other ways in: whoever can use one of them does not need the flow that is blocked.
"""

from __future__ import annotations

import json
import re

from iaclint.aws.platform import texts
from iaclint.intent.outputs import opens_session
from iaclint.network import Instance, Network
from iaclint.resource import Resource
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value, elements, refs, text

SSM = re.compile(
    r"AmazonSSMManagedInstanceCore|AmazonEC2RoleforSSM|AmazonSSMManagedEC2InstanceDefaultPolicy|"
    r"AmazonSSMFullAccess|ssmmessages:|ssm:UpdateInstanceInformation|ssm:\*"
)
"""Policies and actions that let the agent register with Session Manager.

https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-prerequisites.html
"""

EVERYTHING = re.compile("AdministratorAccess|PowerUserAccess")

PROFILES = ("aws_iam_instance_profile", "AWS::IAM::InstanceProfile")
ROLES = ("aws_iam_role", "AWS::IAM::Role")
NAME = {
    "aws_iam_instance_profile": "name",
    "aws_iam_role": "name",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::Role": "RoleName",
    "aws_iam_policy": "name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
}
MANAGER = "Session Manager"
SETTING = "aws_ssm_service_setting"
BY_DEFAULT = re.compile("default-ec2-instance-management-role")
NAMES_A_ROLE = ("role", "role_name", "roles", "Roles")
POLICIES = ("aws_iam_policy", "AWS::IAM::ManagedPolicy")
GRANTS = (
    *("policy", "policy_arn", "policy_arns", "managed_policy_arns", "inline_policy"),
    *("source_policy_documents", "override_policy_documents", "source_json", "override_json"),
    *("ManagedPolicyArns", "Policies", "PolicyDocument"),
)
"""Arguments that say what a role may do."""
OF_AN_ACCOUNT = re.compile(r"arn:[^:]*:iam::\d+:policy/")
OF_AWS = re.compile(r"arn:[^:]*:iam::aws:policy/")


def session_manager(network: Network, instance: Instance) -> str:
    """How Session Manager reaches an instance, as far as its role tells; empty if it does not."""
    granted = _granted(network, instance)
    broadly = _says(EVERYTHING, granted) or any(map(_allows_broadly, granted))
    return MANAGER if broadly or _says(SSM, granted) else ""


def is_by_chance(network: Network, instance: Instance) -> bool:
    """
    Whether Session Manager reaches an instance only because its role may do everything: nobody
    set that up as a way in.
    """
    return not _says(SSM, _granted(network, instance)) and not is_managers(network, instance)


def _granted(network: Network, instance: Instance) -> list[Value]:
    if instance.profile is None:
        return []
    permissions = _permissions(network, profiles(network, instance))
    return [value for resource in permissions for value in resource.attributes.values()]


def _says(words: re.Pattern[str], values: list[Value]) -> bool:
    return any(words.search(piece) for value in values for piece in texts(value))


AGENT = ("ssm:", "ssmmessages:", "ec2messages:")
"""What the agent calls."""


def _allows_broadly(value: Value) -> bool:
    """
    Whether a document allows what the agent calls without a word of it: everything, or everything
    but other services.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
    """
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return _is_document(value.value) and any(map(_is_broad, _statements(value.value)))
    if isinstance(value, ListValue):
        return any(map(_allows_broadly, value.items))
    if not isinstance(value, MapValue):
        return False
    return _is_broad(_plain(value)) or any(map(_allows_broadly, value.items.values()))


def _is_document(written: str) -> bool:
    return written.lstrip().startswith("{") and "Action" in written


def _statements(written: str) -> list[object]:
    """The statements of a document that is written as JSON."""
    try:
        document = json.loads(written)
    except (ValueError, RecursionError):
        return []
    found = document.get("Statement") if isinstance(document, dict) else None
    return found if isinstance(found, list) else [found]


def _plain(statement: MapValue) -> dict[str, object]:
    """A statement as far as it is known; an unknown action may be any, and so is left open."""
    names = {"not_actions": "NotAction", "actions": "Action", "effect": "Effect"}
    return {
        names.get(key, key): [*texts(value)]
        for key, value in statement.items.items()
        if not isinstance(value, Unknown)
    }


def _is_broad(statement: object) -> bool:
    if not isinstance(statement, dict):
        return False
    effect, all_but = _listed(statement.get("Effect")), _listed(statement.get("NotAction"))
    if effect not in ([], ["Allow"]):
        return False
    if "*" in _listed(statement.get("Action")):
        return True
    return bool(all_but) and not any(each.lower().startswith((*AGENT, "*")) for each in all_but)


def _listed(value: object) -> list[str]:
    every = value if isinstance(value, list) else [value]
    return [each for each in every if isinstance(each, str)]


def is_managers(network: Network, instance: Instance) -> bool:
    """
    Whether the files say that Session Manager is the way in: an output has the command, or a VPC of
    the instance has an endpoint for it; and there is no other kind of endpoint to log in by.
    """
    vpcs = [each.vpc for each in instance.interfaces()]
    if any(door.interface.vpc in vpcs for door in network.connect_endpoints):
        return False
    return opens_session(network, instance) or any(
        endpoint.service in ("ssm", "ssmmessages") and endpoint.vpc in vpcs
        for endpoint in network.service_endpoints
    )


def unknown_profile(network: Network, instance: Instance) -> bool:
    """
    Whether the profile, its role or a policy of that is made elsewhere, so that Session Manager
    may be allowed; or the account gives one to every instance that has none.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
    """
    if instance.profile is None:
        return any(
            each.kind == SETTING and _says(BY_DEFAULT, [*each.attributes.values()])
            for each in network.resources
        )
    found = profiles(network, instance)
    if not found or any(each.mode == "data" for each in found):
        return True
    named = [v for each in found for key in NAMES_A_ROLE for v in _given(each, key)]
    made = [each for each in network.resources if each.kind in ROLES and each.mode == "managed"]
    if any(not any(_means(role, value) for role in made) for value in named):
        return True
    permissions = _permissions(network, found)
    grants = [v for each in permissions for key in GRANTS for v in _given(each, key)]
    modules = [each for each in network.resources if each.kind == "module"]
    roles = [each for each in permissions if each.kind in ROLES]
    given = any(_used_by(each, modules) for each in (*roles, *found))
    return given or any(_is_hidden(network, value) for value in grants)


def _given(resource: Resource, key: str) -> tuple[Value, ...]:
    return elements(resource.attributes.get(key))


def _means(resource: Resource, value: Value) -> bool:
    named = any(ref.address == resource.address for ref in refs(value))
    return named or _is_called(resource, value)


def _is_hidden(network: Network, value: Value) -> bool:
    """Whether a policy is one that the files do not show."""
    if isinstance(value, MapValue):
        return any(_is_hidden(network, each) for key in GRANTS for each in elements(value.get(key)))
    said = text(value)
    if not isinstance(said, Unknown):
        policies = (each for each in network.resources if each.kind in POLICIES)
        own = OF_AN_ACCOUNT.match(said or "")
        return own is not None and not any(_means(each, value) for each in policies)
    by_address = {each.address: each for each in network.resources}
    named = [by_address[ref.address] for ref in refs(value) if ref.address in by_address]
    return not any(map(_is_shown, named)) if named else not any(texts(value))


def _said(value: Value) -> str:
    plain = text(value)
    return plain if isinstance(plain, str) else ""


def _is_shown(resource: Resource) -> bool:
    if resource.mode == "managed" or resource.kind == "aws_iam_policy_document":
        return True
    return any(OF_AWS.match(_said(each)) for each in _given(resource, "arn"))


def profiles(network: Network, instance: Instance) -> list[Resource]:
    """The instance profile: by reference, or by the name that both are given."""
    named = {ref.address for ref in refs(instance.profile)} if instance.profile else set()
    return [
        resource
        for resource in network.resources
        if resource.kind in PROFILES
        and (resource.address in named or _is_called(resource, instance.profile))
    ]


def _permissions(network: Network, found: list[Resource]) -> list[Resource]:
    """The roles of a profile, what is attached to them, and the documents that are attached."""
    iam = [each for each in network.resources if each.kind.startswith(("aws_iam_", "AWS::IAM::"))]
    roles = [each for each in iam if each.kind in ROLES and _used_by(each, found)]
    attached = [
        each
        for each in iam
        if each.kind not in (*ROLES, *PROFILES) and any(_used_by(role, [each]) for role in roles)
    ]
    documents = [
        each
        for each in iam
        if each.kind not in (*ROLES, *PROFILES) and _used_by(each, [*roles, *attached])
    ]
    return [*roles, *attached, *documents]


def _used_by(resource: Resource, users: list[Resource]) -> bool:
    """Whether one of the users names the resource, by reference or by its name."""
    return any(
        resource.address in user.depends
        or any(resource.address == ref.address for v in user.attributes.values() for ref in refs(v))
        or any(_is_called(resource, user.attributes.get(key)) for key in NAMES_A_ROLE)
        for user in users
    )


def _is_called(resource: Resource, value: Value | None) -> bool:
    """Whether a value is the name of a resource, or an ARN that ends with it."""
    own = text(resource.attributes.get(NAME.get(resource.kind, "")))
    if not isinstance(own, str):
        return False
    return any(piece == own or piece.endswith("/" + own) for piece in texts(value))
