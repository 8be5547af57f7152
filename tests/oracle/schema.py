"""
The schemas of Terraform providers, rebuilt from the bindings that the package index has.

No package carries the provider itself, but the CDK bindings are generated from its schema: of each
resource they name every argument, its type, and whether it is a block. They do not say which
optional arguments the provider also computes; the Pulumi SDK, made from the same schema, does.
Both are read at test time; nothing of them is kept in the repository.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Type = Any
"""A type as Terraform writes it in JSON: `"string"`, `["list", "string"]`, `["object", {…}]`."""

NETWORK = re.compile(
    r"^(data_)?aws_(vpc|subnet|instance|eip|nat_|internet_|egress|route|security_group|network_|"
    r"default_|main_route|key_pair|ami|availab|region|caller|partition|lb|alb|elb|launch|autoscaling_(gr|att)|"
    r"ec2_(transit|inst|managed|client|cap|key|tag)|vpn|customer_g|ssm_par|iam_(role|inst|pol|user$|gr)|"
    r"flow_log|cloudwatch_log|db_sub|db_inst|rds_cluster$|elasticache_sub|redshift_sub|spot_|dx_|"
    r"prefix_|placement|ebs_vol|ebs_(enc|def|snap)|volume|route53_(rec|zo)|acm_cert|s3_bucket|outposts_o|canon|"
    r"kms_(key|al)|ecs_(cl|ser|task)|networkfirewall|eks_(cl|node)|secretsmanager_secret|sns_topic$|"
    r"efs|lightsail_inst|arn$|ip_ranges|service$|default_tags|workspaces_dir|directory_service_dir)"
)
"""The AWS types that take part in a network, and those found beside them."""

_PLAIN = {"string": "string", "number": "number", "boolean": "bool", "any": "string"}
_GETTERS: dict[str, Type] = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
    "getAnyMapAttribute": ["map", "string"],
}
_NESTING = {"struct": "single", "list": "list", "set": "set", "map": "map"}

_ARGUMENT = re.compile(
    r"\n\s+(?P<name>[a-z0-9_]+): \{\s+value: (?P<value>.*?),\s+isBlock: (?P<nested>true|false),"
    r'\s+type: "(?P<kind>\w+)",\s+storageClassType: "(?P<storage>[\w.]+)",\s+\}',
    re.S,
)
_COMPUTED = re.compile(
    r"// (?P<name>\w+) - computed: true, optional: false, required: false\s+"
    r"(?:get \w+\(\) \{\s+return (?P<getter>.*?);\s+\}|"
    r'this\.\w+ = new (?P<holder>[\w.]+)\(this, "\w+"(?:, (?P<set>true|false))?\))',
    re.S,
)
_DOCUMENTED = re.compile(r"/\*\*(.*?)\*/\s+readonly \w+(\??): [^;]+;", re.S)


def _closing(text: str, start: int) -> int:
    """The place just behind the brace that closes the one at `start`."""
    depth, at = 0, start
    token = re.compile(r"//[^\n]*|/\*.*?\*/|([\"'`])(?:\\.|(?!\1).)*\1|[{}]", re.S)
    while True:
        found = token.search(text, at)
        if found is None:
            raise ValueError("a brace is not closed")
        at = found.end()
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return at


def _section(text: str, opening: re.Match[str]) -> str:
    return text[opening.end() - 1 : _closing(text, opening.end() - 1)]


@dataclass(frozen=True, slots=True)
class _Argument:
    optional: bool
    block: bool


@dataclass(slots=True)
class _Binding:
    """The generated code of one resource or data source."""

    code: str
    declarations: str
    classes: dict[str, tuple[str, str]] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    interfaces: dict[str, dict[str, _Argument]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for found in re.finditer(r"\bclass (\w+) extends cdkt[nf]\.(\w+) \{", self.code):
            self.classes.setdefault(found[1], (found[2], _section(self.code, found)))
        for found in re.finditer(r"\nfunction (\w+)ToHclTerraform\(struct\) \{", self.code):
            self.functions[found[1]] = _section(self.code, found)
        pattern = r"\binterface (\w+)(?: extends [\w.]+)? \{"
        for found in re.finditer(pattern, self.declarations):
            members = _members(_section(self.declarations, found))
            self.interfaces.setdefault(found[1], members)

    def schema(self) -> tuple[str, dict[str, Any]] | None:
        """The kind of thing (`TerraformResource`, …) and its schema."""
        for name, (base, body) in self.classes.items():
            if base in ("TerraformResource", "TerraformDataSource", "TerraformProvider"):
                start = re.search(r"synthesizeHclAttributes\(\) \{\s+const attrs = \{", body)
                written = _section(body, start) if start else "{}"
                return base, self._block(written, self.interfaces.get(f"{name}Config", {}), body)
        return None

    def _block(self, written: str, known: dict[str, _Argument], accessors: str) -> dict[str, Any]:
        attributes: dict[str, Any] = {}
        blocks: dict[str, Any] = {}
        for one in _ARGUMENT.finditer(written):
            argument = known.get(one["name"], _Argument(True, False))
            need = {"optional": True} if argument.optional else {"required": True}
            if one["nested"] == "false":
                attributes[one["name"]] = {"type": _collection(one["storage"], one["kind"]), **need}
                continue
            holder = re.search(r"(\w+)ToHclTerraform", one["value"])
            if holder is None or holder[1] not in self.functions:
                attributes[one["name"]] = {"type": "string", **need}
                continue
            inner = self._struct(holder[1])
            nesting = _NESTING[one["kind"]]
            if argument.block:
                blocks[one["name"]] = {"nesting_mode": nesting, "block": inner}
            else:
                attributes[one["name"]] = {"type": _as_type(nesting, inner), **need}
                pattern = rf"// {one['name']} - computed: true"
                if argument.optional and re.search(pattern, accessors):
                    attributes[one["name"]]["computed"] = True
        for one in _COMPUTED.finditer(accessors):
            if one["name"] not in attributes and one["name"] not in blocks:
                attributes[one["name"]] = {"type": self._accessor(one), "computed": True}
        return {"attributes": attributes, "block_types": blocks}

    def _struct(self, function: str) -> dict[str, Any]:
        stems = [name for name in self.interfaces if function.lower().endswith(name.lower())]
        known = self.interfaces[max(stems, key=len)] if stems else {}
        suffix = "OutputReference"
        holders = [
            name
            for name in self.classes
            if name.endswith(suffix) and function.lower().endswith(name[: -len(suffix)].lower())
        ]
        accessors = self.classes[max(holders, key=len)][1] if holders else ""
        return self._block(self.functions[function], known, accessors)

    def _accessor(self, one: re.Match[str]) -> Type:
        if one["getter"] is not None:
            found = re.search(r"this\.(get\w+)\(", one["getter"])
            kind: Type = _GETTERS.get(found[1], "string") if found else "string"
            return ["set", kind[1]] if re.search(r"Fn\.to(set|list)", one["getter"]) else kind
        name = one["holder"].split(".")[-1]
        for ending, nesting in (
            ("List", "set" if one["set"] == "true" else "list"),
            ("Map", "map"),
        ):
            holder = name.removesuffix(ending) + "OutputReference"
            if name.endswith(ending) and holder in self.classes:
                return [nesting, self._object(holder)]
        if name in self.classes and self.classes[name][0] == "ComplexObject":
            return self._object(name)
        return ["map", "string"] if name.endswith("Map") else "string"

    def _object(self, name: str) -> Type:
        body = self.classes[name][1]
        return ["object", {one["name"]: self._accessor(one) for one in _COMPUTED.finditer(body)}]


def _members(body: str) -> dict[str, _Argument]:
    found: dict[str, _Argument] = {}
    for comment, mark in _DOCUMENTED.findall(body):
        named = re.search(r"#\w+ [\w.]+#(\w+)\}", comment)
        if named:
            block = re.search(rf"\* {named[1]} block\s*\n", comment) is not None
            found[named[1]] = _Argument(bool(mark), block)
    return found


def _collection(storage: str, kind: str) -> Type:
    if kind == "simple":
        return _PLAIN[storage]
    found = re.fullmatch(r"(string|number|boolean|any)((?:List|Map)*)", storage)
    assert found is not None, storage
    result: Type = _PLAIN[found[1]]
    layers = re.findall("List|Map", found[2])
    for place, layer in enumerate(layers, 1):
        outermost = place == len(layers)
        nesting = "map" if layer == "Map" else "set" if outermost and kind == "set" else "list"
        result = [nesting, result]
    return result


def _as_type(nesting: str, block: dict[str, Any]) -> Type:
    members = {name: one["type"] for name, one in block["attributes"].items()}
    for name, one in block["block_types"].items():
        members[name] = _as_type(one["nesting_mode"], one["block"])
    return ["object", members] if nesting == "single" else [nesting, ["object", members]]


def _bindings(wheel: Path) -> Iterator[tuple[str, str]]:
    """Code and declarations of everything in a wheel that may be a resource."""
    with zipfile.ZipFile(wheel) as archive:
        (inner,) = [name for name in archive.namelist() if name.endswith(".jsii.tgz")]
        packed = io.BytesIO(archive.read(inner))
    wide = "provider" not in wheel.name
    waiting: dict[str, str] = {}
    with tarfile.open(fileobj=packed, mode="r|gz") as files:
        for member in files:
            stem, _, ending = member.name.partition(".")
            if ending not in ("js", "d.ts") or "/lib/" not in stem:
                continue
            name = stem.rpartition("/")[2].replace("-", "_")
            if wide and not (NETWORK.search(name) or name == "aws_provider"):
                continue
            stream = files.extractfile(member)
            text = stream.read().decode() if stream else ""
            if stem in waiting:
                other = waiting.pop(stem)
                yield (text, other) if ending == "js" else (other, text)
            else:
                waiting[stem] = text


def rebuild(wheel: Path, computed: Path | None = None) -> dict[str, Any]:
    """
    The schema of the provider that a wheel of bindings is for: `provider`, `resource_schemas`,
    `data_source_schemas`. `computed` is the wheel that says what is optional and computed.
    """
    found: dict[str, Any] = {
        "provider": {"attributes": {}, "block_types": {}},
        "resource_schemas": {},
        "data_source_schemas": {},
    }
    places = {"TerraformResource": "resource_schemas", "TerraformDataSource": "data_source_schemas"}
    for code, declarations in _bindings(wheel):
        kind = re.search(r"terraformResourceType: '([\w-]+)'", code)
        try:
            schema = _Binding(code, declarations).schema()
        except RecursionError:
            continue
        if schema is None:
            continue
        if schema[0] == "TerraformProvider":
            found["provider"] = schema[1]
        elif kind is not None:
            found[places[schema[0]]][kind[1]] = schema[1]
    _complete(found)
    if computed is not None:
        _mark_computed(found["resource_schemas"], _properties(computed))
    return found


def _complete(found: dict[str, Any]) -> None:
    for schema in found["resource_schemas"].values():
        attributes = schema["attributes"]
        attributes.setdefault("id", {"type": "string"}).update(optional=True, computed=True)
        for name in ("tags_all", "region"):
            if name in attributes:
                attributes[name]["computed"] = True
    for schema in found["data_source_schemas"].values():
        schema["attributes"].setdefault("id", {"type": "string", "computed": True})
        for attribute in schema["attributes"].values():
            if attribute.get("optional"):
                attribute["computed"] = True


def _properties(wheel: Path) -> dict[str, dict[str, bool]]:
    """Module of the Pulumi SDK → property → whether it may be absent from the result."""
    found: dict[str, dict[str, bool]] = {}
    getter = re.compile(r"def (\w+)\(self\) -> pulumi\.Output\[(Optional\[)?")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            leaf = name.rpartition("/")[2]
            if not leaf.endswith(".py") or leaf.startswith("_"):
                continue
            text = archive.read(name).decode()
            start = re.search(r"^class \w+\(pulumi\.CustomResource\):", text, re.M)
            if start:
                properties = getter.findall(text, start.start())
                found[name[:-3]] = {name: bool(absent) for name, absent in properties}
    return found


def _mark_computed(schemas: dict[str, Any], known: dict[str, dict[str, bool]]) -> None:
    """An optional argument that the SDK always returns is computed when it is not given."""
    for kind, schema in schemas.items():
        names = {*schema["attributes"], *schema["block_types"]} - {"id", "timeouts"}
        match = _best(kind.removeprefix("aws_"), names, known)
        for name, attribute in schema["attributes"].items():
            absent = match.get(name, match.get(f"{name}s"))
            if attribute.get("optional") and absent is False:
                attribute["computed"] = True


def _best(short: str, names: set[str], known: dict[str, dict[str, bool]]) -> dict[str, bool]:
    def likeness(entry: tuple[str, dict[str, bool]]) -> float:
        path, properties = entry
        shared = sum(1 for name in names if name in properties or f"{name}s" in properties)
        leaf = path.rpartition("/")[2]
        bonus = 0.6 if leaf == short else 0.3 if short.endswith(f"_{leaf}") else 0.0
        return shared / (len(names | properties.keys()) or 1) + bonus

    best = max(known.items(), key=likeness)
    return best[1] if likeness(best) >= 0.5 else {}


_FILE = {
    "attributes": {
        "id": {"type": "string", "computed": True},
        "template": {"type": "string", "optional": True},
        "filename": {"type": "string", "optional": True},
        "vars": {"type": ["map", "string"], "optional": True},
        "rendered": {"type": "string", "computed": True},
    },
    "block_types": {},
}
_PART = {
    "attributes": {
        name: {"type": "string", "optional": True}
        for name in ("content", "content_type", "filename", "merge_type")
    },
    "block_types": {},
}
_CLOUD_INIT = {
    "attributes": {
        "id": {"type": "string", "computed": True},
        "base64_encode": {"type": "bool", "optional": True},
        "gzip": {"type": "bool", "optional": True},
        "rendered": {"type": "string", "computed": True},
    },
    "block_types": {"part": {"nesting_mode": "list", "block": _PART}},
}
_TEMPLATE: dict[str, Any] = {
    "provider": {"attributes": {}, "block_types": {}},
    "resource_schemas": {},
    "data_source_schemas": {"template_file": _FILE, "template_cloudinit_config": _CLOUD_INIT},
}
"""The archived template provider, for which there are no bindings (its documentation)."""


def cached(folder: Path, wheels: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Provider address → schema, rebuilt only when the wheels are not those of the last time."""
    found = {"registry.terraform.io/hashicorp/template": _TEMPLATE}
    by_name = {wheel.name.partition("-")[0]: wheel for wheel in wheels}
    for name, wheel in sorted(by_name.items()):
        if not name.startswith("cdktn"):
            continue
        provider = name.rpartition("_")[2]
        kept = folder / f"{wheel.stem}.json"
        if not kept.exists():
            extra = by_name.get("pulumi_aws") if provider == "aws" else None
            kept.write_text(json.dumps(rebuild(wheel, extra)))
        found[f"registry.terraform.io/hashicorp/{provider}"] = json.loads(kept.read_text())
    return found
