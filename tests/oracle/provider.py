"""
A stand-in for Terraform providers: plans as the schema says, and makes up what AWS would answer.

Terraform's core evaluates; a provider only says what it computes. This one speaks plugin protocol 6
on the loopback and is found through `TF_REATTACH_PROVIDERS`, so that nothing is installed. A plan
is the configuration, then the default, then unknown where the provider computes the value; apply
invents identifiers. https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
"""

from __future__ import annotations

import hashlib
import ipaddress
import itertools
import json
import os
from collections.abc import Callable, Mapping
from concurrent import futures
from dataclasses import dataclass
from functools import partial
from typing import Any

import grpc
import msgpack
from tf.gen import tfplugin_pb2 as messages
from tf.gen import tfplugin_pb2_grpc as service

from tests.oracle.schema import Type

AWS = "registry.terraform.io/hashicorp/aws"
ACCOUNT = "123456789012"
_SIZE = 256 << 20
_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "aws_vpc": {"enable_dns_support": True, "instance_tenancy": "default"},
    "aws_subnet": {
        "map_public_ip_on_launch": False,
        "assign_ipv6_address_on_creation": False,
        "enable_dns64": False,
        "ipv6_native": False,
        "enable_resource_name_dns_a_record_on_launch": False,
        "enable_resource_name_dns_aaaa_record_on_launch": False,
    },
    "aws_security_group": {"description": "Managed by Terraform", "revoke_rules_on_delete": False},
    "aws_security_group_rule": {"self": False},
    "aws_instance": {
        "source_dest_check": True,
        "get_password_data": False,
        "user_data_replace_on_change": False,
    },
    "aws_network_interface": {"source_dest_check": True},
    "aws_network_acl_rule": {"egress": False},
    "aws_nat_gateway": {"connectivity_type": "public"},
    "aws_lb": {
        "load_balancer_type": "application",
        "enable_deletion_protection": False,
        "idle_timeout": 60,
    },
}
"""Defaults that the provider fills in, which the bindings do not record (provider docs)."""

_CPU: Mapping[str, Type] = {"cpu_core_count": "number", "cpu_threads_per_core": "number"}
_CLASSIC: Mapping[str, Type] = {
    "enable_classiclink": "bool",
    "enable_classiclink_dns_support": "bool",
}
OLDER: Mapping[str, Mapping[str, Type]] = {
    "aws_eip": {"vpc": "bool"},
    "aws_vpc": _CLASSIC,
    "aws_default_vpc": _CLASSIC,
    "aws_route": {"instance_id": "string"},
    "aws_instance": _CPU,
    "aws_spot_instance_request": {**_CPU, "block_duration_minutes": "number"},
    "aws_db_instance": {"name": "string"},
    "aws_flow_log": {"log_group_name": "string"},
}
"""Arguments of earlier major versions of the provider that configurations still use."""

_OLDER_DATA: Mapping[str, Mapping[str, Type]] = {
    "aws_subnet_ids": {
        "vpc_id": "string",
        "ids": ["set", "string"],
        "tags": ["map", "string"],
    },
}
_OLDER_SETTINGS = ("skip_get_ec2_platforms", "s3_force_path_style")


_PREFIX = {
    "aws_internet_gateway": "igw",
    "aws_nat_gateway": "nat",
    "aws_route_table": "rtb",
    "aws_security_group": "sg",
    "aws_network_acl": "acl",
    "aws_instance": "i",
    "aws_network_interface": "eni",
    "aws_eip": "eipalloc",
}


class _Unknown:
    """What a value is before it is known."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


def unpack(value: Any) -> Any:
    """The value in a message."""
    if value.msgpack:
        return msgpack.unpackb(
            value.msgpack, ext_hook=lambda _, __: UNKNOWN, raw=False, strict_map_key=False
        )
    return json.loads(value.json) if value.json else None


def pack(value: Any) -> Any:
    """The counterpart of `unpack`."""

    def default(found: Any) -> Any:
        return msgpack.ExtType(0, b"\x00") if found is UNKNOWN else found

    return messages.DynamicValue(msgpack=msgpack.packb(value, use_bin_type=True, default=default))


def _block_message(schema: Mapping[str, Any]) -> Any:
    block = messages.Schema.Block()
    for name, one in sorted(schema["attributes"].items()):
        wanted = {key: bool(one.get(key)) for key in ("required", "optional", "computed")}
        if not any(wanted.values()):
            wanted["optional"] = wanted["computed"] = True
        if wanted["required"]:
            wanted["computed"] = False
        kind = json.dumps(one["type"]).encode()
        block.attributes.append(messages.Schema.Attribute(name=name, type=kind, **wanted))
    for name, one in sorted(schema["block_types"].items()):
        nested = _block_message(one["block"])
        nesting = _NESTING[one["nesting_mode"]]
        block.block_types.append(
            messages.Schema.NestedBlock(type_name=name, block=nested, nesting=nesting)
        )
    return block


def _schema_message(schema: Mapping[str, Any]) -> Any:
    return messages.Schema(version=0, block=_block_message(schema))


def _each(value: Any, nesting: str, change: Callable[[Any], Any]) -> Any:
    """A nested block, changed: in a list, a map, or on its own."""
    if isinstance(value, list):
        return [change(one) for one in value]
    if isinstance(value, dict) and nesting == "map":
        return {key: change(one) for key, one in value.items()}
    return change(value) if isinstance(value, dict) else value


def _planned(schema: Mapping[str, Any], given: Any, defaults: Mapping[str, Any]) -> Any:
    if not isinstance(given, dict):
        return given
    found: dict[str, Any] = {}
    for name, one in schema["attributes"].items():
        value = given.get(name)
        if value is None:
            value = defaults.get(name, UNKNOWN if one.get("computed") else None)
        found[name] = value
    for name, one in schema["block_types"].items():
        block = one["block"]
        change = partial(_planned, block, defaults={})
        found[name] = _each(given.get(name), one["nesting_mode"], change)
    return found


def _add_older(schema: Mapping[str, Any]) -> None:
    for kind, older in OLDER.items():
        attributes = schema["resource_schemas"][kind]["attributes"]
        for name, shape in older.items():
            attributes.setdefault(name, {"type": shape, "optional": True})
    for kind, members in _OLDER_DATA.items():
        attributes = {"id": {"type": "string", "optional": True, "computed": True}}
        for name, shape in members.items():
            attributes[name] = {"type": shape, "optional": True, "computed": True}
        found = {"attributes": attributes, "block_types": {}}
        schema["data_source_schemas"].setdefault(kind, found)
    for name in _OLDER_SETTINGS:
        schema["provider"]["attributes"].setdefault(name, {"type": "bool", "optional": True})


class StandIn(service.ProviderServicer):  # type: ignore[misc]
    """One provider, of which only the schema is real."""

    def __init__(self, address: str, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self.region = "us-east-1"
        self.counters: dict[str, itertools.count[int]] = {}
        if address == AWS:
            _add_older(schema)
        answer = messages.GetProviderSchema.Response()
        answer.provider.CopyFrom(_schema_message(schema["provider"]))
        meta = messages.Schema.Attribute(
            name="user_agent", type=b'["list","string"]', optional=True
        )
        answer.provider_meta.CopyFrom(
            messages.Schema(version=0, block=messages.Schema.Block(attributes=[meta]))
        )
        for kind, one in schema["resource_schemas"].items():
            answer.resource_schemas[kind].CopyFrom(_schema_message(one))
        for kind, one in schema["data_source_schemas"].items():
            answer.data_source_schemas[kind].CopyFrom(_schema_message(one))
        self.answer = answer

    def _next(self, name: str) -> int:
        return next(self.counters.setdefault(name, itertools.count(1)))

    def GetMetadata(self, request: Any, context: Any) -> Any:  # noqa: N802
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "ask for the schema")

    def GetProviderSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self.answer

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return messages.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return messages.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return messages.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        region = (unpack(request.config) or {}).get("region")
        self.region = region if isinstance(region, str) else "us-east-1"
        self.counters.clear()
        return messages.ConfigureProvider.Response()

    def StopProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        return messages.StopProvider.Response()

    def GetFunctions(self, request: Any, context: Any) -> Any:  # noqa: N802
        return messages.GetFunctions.Response()

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:  # noqa: N802
        state = pack(json.loads(request.raw_state.json))
        return messages.UpgradeResourceState.Response(upgraded_state=state)

    def ReadResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        return messages.ReadResource.Response(
            new_state=request.current_state, private=request.private
        )

    def PlanResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        if unpack(request.proposed_new_state) is None:
            return messages.PlanResourceChange.Response(planned_state=request.proposed_new_state)
        kind, given = request.type_name, unpack(request.config)
        planned = _planned(self.schema["resource_schemas"][kind], given, DEFAULTS.get(kind, {}))
        if isinstance(planned.get("tags"), dict) and planned.get("tags_all") is UNKNOWN:
            planned["tags_all"] = planned["tags"]
        if planned.get("region") is UNKNOWN and kind.startswith("aws_"):
            planned["region"] = self.region
        return messages.PlanResourceChange.Response(
            planned_state=pack(planned), legacy_type_system=True
        )

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind, planned = request.type_name, unpack(request.planned_state)
        if planned is None:
            return messages.ApplyResourceChange.Response(new_state=request.planned_state)
        name = planned.get("id")
        if not isinstance(name, str):
            name = f"{_PREFIX.get(kind, kind.removeprefix('aws_'))}-{self._next(kind):06d}"
        state = self._filled(self.schema["resource_schemas"][kind], planned, kind, name)
        return messages.ApplyResourceChange.Response(new_state=pack(state), legacy_type_system=True)

    def _filled(self, schema: Mapping[str, Any], value: Any, kind: str, name: str) -> Any:
        if not isinstance(value, dict):
            return value
        found: dict[str, Any] = {}
        for key, one in schema["attributes"].items():
            found[key] = self._known(value.get(key), one["type"], key, kind, name)
        for key, one in schema["block_types"].items():
            block = one["block"]
            inside = [] if value.get(key) is UNKNOWN else value.get(key)
            change = partial(self._filled, block, kind=kind, name=name)
            found[key] = _each(inside, one["nesting_mode"], change)
        return found

    def _known(self, value: Any, shape: Type, key: str, kind: str, name: str) -> Any:
        """The value with everything unknown in it made up."""
        if value is UNKNOWN:
            return self._invented(shape, key, kind, name)
        if isinstance(value, list):
            return [self._known(one, shape[1], key, kind, name) for one in value]
        if isinstance(value, dict):
            inner = shape[1]
            return {
                k: self._known(v, inner[k] if shape[0] == "object" else inner, k, kind, name)
                for k, v in value.items()
            }
        return value

    def _invented(self, shape: Type, key: str, kind: str, name: str) -> Any:
        if isinstance(shape, list):
            if shape[0] == "object":
                return {k: self._invented(v, k, kind, name) for k, v in shape[1].items()}
            if shape[0] == "map" or isinstance(shape[1], list):
                return {} if shape[0] == "map" else []
            return [self._invented(shape[1], key, kind, name)]
        if shape != "string":
            return {"number": 0, "bool": False}[shape]
        if key == "id" or (kind == "aws_eip" and key == "allocation_id"):
            return name
        if kind == "aws_eip" and key == "public_ip":
            return str(ipaddress.ip_address("198.51.100.0") + self._next("public_ip"))
        if key == "ipv6_cidr_block" and kind != "aws_subnet":
            return f"2001:db8:{self._next('ipv6'):x}00::/56"
        if key == "arn":
            return f"arn:aws:ec2:{self.region}:{ACCOUNT}:{kind.removeprefix('aws_')}/{name}"
        return ACCOUNT if key == "owner_id" else f"{name}.{key}"

    def ReadDataSource(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind, given = request.type_name, unpack(request.config)
        schema = self.schema["data_source_schemas"][kind]
        value = _planned(schema, given, {})
        digest = hashlib.sha256(repr((kind, given)).encode()).hexdigest()[:8]
        for key, found in self._looked_up(kind, given, digest).items():
            if key in schema["attributes"] and value.get(key) in (None, UNKNOWN):
                value[key] = found
        name = value["id"] if isinstance(value.get("id"), str) else f"{kind}-{digest}"
        return messages.ReadDataSource.Response(state=pack(self._filled(schema, value, kind, name)))

    def _looked_up(self, kind: str, given: Mapping[str, Any], digest: str) -> Mapping[str, Any]:
        region = self.region
        zones = [f"{region}{letter}" for letter in "abc"]
        policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        answers: dict[str, dict[str, Any]] = {
            "aws_availability_zones": {
                "id": region,
                "names": zones,
                "zone_ids": [f"use1-az{place}" for place in range(1, 4)],
                "group_names": [region],
            },
            "aws_region": {"name": region, "region": region, "id": region, "description": region},
            "aws_partition": {"id": "aws", "partition": "aws", "dns_suffix": "amazonaws.com"},
            "aws_caller_identity": {"id": ACCOUNT, "account_id": ACCOUNT, "user_id": "AIDASTAND"},
            "aws_ami": {
                "id": f"ami-{digest}",
                "architecture": "x86_64",
                "root_device_name": "/dev/xvda",
            },
            "aws_iam_policy_document": {"json": policy, "minified_json": policy},
            "aws_vpc": {"id": f"vpc-{digest}", "cidr_block": "172.31.0.0/16"},
            "aws_subnets": {"ids": [f"subnet-{digest}{place}" for place in range(2)]},
            "aws_subnet_ids": {"ids": [f"subnet-{digest}{place}" for place in range(2)]},
            "aws_subnet": {"id": f"subnet-{digest}", "cidr_block": "172.31.0.0/20"},
            "aws_security_group": {"id": f"sg-{digest}"},
            "aws_security_groups": {"ids": [f"sg-{digest}"]},
            "aws_ssm_parameter": {"value": f"ami-{digest}", "type": "String"},
        }
        return answers.get(kind, {})


@dataclass(frozen=True, slots=True)
class Running:
    """Stand-ins that answer; `environment` leads Terraform to them."""

    servers: tuple[Any, ...]
    environment: Mapping[str, str]

    def stop(self) -> None:
        """End the servers."""
        for server in self.servers:
            server.stop(None)


def start(schemas: Mapping[str, Mapping[str, Any]]) -> Running:
    """Serve providers (address → schema) on free ports of the loopback."""
    servers = []
    attached = {}
    limits = [("grpc.max_send_message_length", _SIZE), ("grpc.max_receive_message_length", _SIZE)]
    for address, schema in schemas.items():
        server = grpc.server(futures.ThreadPoolExecutor(4), options=limits)
        service.add_ProviderServicer_to_server(StandIn(address, schema), server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
        attached[address] = {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": os.getpid(),
            "Test": True,
            "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"},
        }
    return Running(tuple(servers), {"TF_REATTACH_PROVIDERS": json.dumps(attached)})
