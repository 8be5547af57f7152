"""
The same network written in another way: what a text means does not depend on how it is written.

A spelling takes the files of a network and gives others; `Spelled.names` says what to call things
afterwards, so that the answers can be compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from iaclint import example

Files = dict[str, str]
CIDR = re.compile(r"^(\d+\.){3}\d+/\d+$")
RESOURCE = re.compile(r"\b(aws_\w+)\.(\w+)\b")
INNER = "inner"


@dataclass(frozen=True)
class Spelled:
    """Files, and how to turn what is said about them back into the old words."""

    files: Files
    names: Mapping[str, str] = field(default_factory=dict)
    strip: str = ""

    def old(self, line: str) -> str:
        """A line of an answer with the names of before."""
        for new, old in self.names.items():
            line = re.sub(rf"(?<![\w.]){re.escape(new)}(?!\w)", old, line)
        return line.replace(self.strip, "") if self.strip else line


# ---- Terraform -------------------------------------------------------------------------------


def blocks(text: str) -> list[str]:
    """The blocks of a file."""
    return [match.group() for match in example.BLOCK.finditer(text)]


def _resources(files: Files) -> list[tuple[str, str]]:
    found = [m.groups() for text in files.values() for m in example.BLOCK.finditer(text)]
    return list(dict.fromkeys((k, n) for word, k, n in found if word == "resource" and n))


def _each(files: Files, change: Callable[[str], str]) -> Files:
    return {name: change(text) for name, text in files.items()}


def renamed(files: Files) -> Spelled:
    """Every resource has another name, and the alphabet another order."""
    known = _resources(files)
    new = {(k, n): f"r{len(known) - i}_{n[::-1]}" for i, (k, n) in enumerate(known)}

    def change(text: str) -> str:
        for (kind, name), other in new.items():
            text = text.replace(f'"{kind}" "{name}"', f'"{kind}" "{other}"')
        return RESOURCE.sub(
            lambda m: f"{m[1]}.{new.get((m[1], m[2]), m[2])}" if _own(text, m) else m[0], text
        )

    names = {f"{kind}.{other}": f"{kind}.{name}" for (kind, name), other in new.items()}
    return Spelled(_each(files, change), names)


def _own(text: str, match: re.Match[str]) -> bool:
    """Whether a match is a resource, not a data source."""
    return not text[: match.start()].endswith("data.")


def reordered(files: Files) -> Spelled:
    """Blocks stand the other way round."""
    return Spelled(_each(files, lambda text: "\n\n".join(reversed(blocks(text))) + "\n"))


def split(files: Files) -> Spelled:
    """Each block is a file; those that override stay together."""
    made = {}
    for name, text in files.items():
        if name.endswith("_override.tf"):
            made[name] = text
            continue
        for number, block in enumerate(blocks(text)):
            made[f"{chr(122 - number % 26)}{number}_{name}"] = block + "\n"
    return Spelled(made)


def in_a_module(files: Files) -> Spelled:
    """Everything is in a module that the root calls."""
    made = {f"{INNER}/{name}": text for name, text in files.items()}
    made["main.tf"] = f'module "{INNER}" {{\n  source = "./{INNER}"\n}}\n' + "".join(
        f'output "{name}" {{\n  value = module.{INNER}.{name}\n}}\n'
        for name in re.findall(r'^output "(\w+)"', "\n".join(files.values()), re.MULTILINE)
    )
    return Spelled(made, strip=f"module.{INNER}.")


def in_one_of_many_modules(files: Files) -> Spelled:
    """Everything is in a module that is called once for each of one key."""
    made = dict(in_a_module(files).files)
    made["main.tf"] = made["main.tf"].replace("{\n", '{\n  for_each = toset(["a"])\n', 1)
    made["main.tf"] = made["main.tf"].replace(f"module.{INNER}.", f'module.{INNER}["a"].')
    return Spelled(made, strip=f'module.{INNER}["a"].')


def counted(files: Files) -> Spelled:
    """Every resource is the only one of a count."""
    return _repeated(files, "count = 1", "[0]")


def for_each(files: Files) -> Spelled:
    """Every resource is the only one of a set."""
    return _repeated(files, 'for_each = toset(["a"])', '["a"]')


def _repeated(files: Files, argument: str, key: str) -> Spelled:
    gone = {g for text in files.values() for g in _with_count(text)}
    known = [pair for pair in _resources(files) if pair not in gone]
    fresh = {pair for pair in known if _home(files, pair)}

    def change(name: str, text: str) -> str:
        text = RESOURCE.sub(
            lambda m: m[0] + (key if (m[1], m[2]) in fresh and _own(text, m) else ""), text
        )
        if name.endswith("_override.tf"):
            return text
        for kind, own in fresh:
            head = f'resource "{kind}" "{own}" {{'
            text = text.replace(f"{head}}}", f"{head}\n}}").replace(head, f"{head}\n  {argument}")
        return text

    return Spelled({name: change(name, text) for name, text in files.items()}, strip=key)


def _with_count(text: str) -> Iterator[tuple[str, str]]:
    for match in example.BLOCK.finditer(text):
        if re.search(r"^\s*(count|for_each)\s*=", match.group(), re.MULTILINE):
            yield match.group(2), match.group(3)


def _home(files: Files, pair: tuple[str, str]) -> bool:
    head = f'resource "{pair[0]}" "{pair[1]}" {{'
    return any(head in text for name, text in files.items() if not name.endswith("_override.tf"))


def _literals(files: Files, to: str) -> tuple[Files, list[str]]:
    """The files with every address block taken out of them, and the blocks."""
    found: list[str] = []

    def swap(match: re.Match[str]) -> str:
        if match[1] not in found:
            found.append(match[1])
        return f"{to}.b{found.index(match[1])}"

    made = _each(files, lambda text: re.sub(r'"((?:\d+\.){3}\d+/\d+)"', swap, text))
    return made, found


def as_locals(files: Files) -> Spelled:
    """Address blocks are locals that are made of others."""
    made, found = _literals(files, "local")
    rows = [f'  b{n} = join("/", [local.a{n}, "{b.split("/")[1]}"])' for n, b in enumerate(found)]
    rows += [f'  a{n} = "{b.split("/")[0]}"' for n, b in enumerate(found)]
    return Spelled({**made, "locals.tf": "locals {\n" + "\n".join(rows) + "\n}\n"})


def as_variables(files: Files) -> Spelled:
    """Address blocks are defaults of variables."""
    made, found = _literals(files, "var")
    texts = [f'variable "b{n}" {{\n  default = "{block}"\n}}\n' for n, block in enumerate(found)]
    return Spelled({**made, "variables.tf": "\n".join(texts)})


def as_tfvars(files: Files) -> Spelled:
    """Address blocks are variables, and terraform.tfvars gives them."""
    made, found = _literals(files, "var")
    texts = [f'variable "b{n}" {{\n  type = string\n}}\n' for n, _ in enumerate(found)]
    given = "".join(f'b{n} = "{block}"\n' for n, block in enumerate(found))
    return Spelled({**made, "variables.tf": "\n".join(texts), "terraform.tfvars": given})


# ---- CloudFormation --------------------------------------------------------------------------


def _tree(files: Files) -> yaml.MappingNode:
    node = yaml.compose(files["template.yaml"], Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)
    return node


def _written(node: yaml.Node) -> str:
    return str(yaml.serialize(node, Dumper=yaml.SafeDumper, width=100))


def _section(tree: yaml.MappingNode, name: str) -> yaml.MappingNode:
    """A section of a template; an empty mapping where it has none."""
    node = next((value for key, value in tree.value if key.value == name), None)
    return node if isinstance(node, yaml.MappingNode) else yaml.MappingNode("", [])


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Every value, no key."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _scalars(value)


def ids_renamed(files: Files) -> Spelled:
    """Every resource has another logical id."""
    tree = _tree(files)
    resources = _section(tree, "Resources")
    known = [key.value for key, _ in resources.value]
    new = {name: f"R{len(known) - n}{name[::-1]}" for n, name in enumerate(known)}
    for key, _ in resources.value:
        key.value = new[key.value]
    for node in _scalars(tree):
        head, dot, rest = node.value.partition(".")
        if node.tag in ("!Ref", "!GetAtt"):
            node.value = new.get(head, head) + dot + rest
        elif node.tag == "!Sub":
            node.value = re.sub(r"\b\w+\b", lambda m: new.get(m[0], m[0]), node.value)
    _rename_depends(resources, new)
    return Spelled({"template.yaml": _written(tree)}, {b: a for a, b in new.items()})


def _rename_depends(resources: yaml.MappingNode, new: Mapping[str, str]) -> None:
    for _, resource in resources.value:
        for key, value in resource.value:
            if key.value == "DependsOn":
                for node in _scalars(value):
                    node.value = new[node.value]


def ids_reordered(files: Files) -> Spelled:
    """Resources stand the other way round, and so do their properties."""
    tree = _tree(files)
    waiting: list[yaml.Node] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            node.value = list(reversed(node.value))
            waiting += [value for _, value in node.value]
    return Spelled({"template.yaml": _written(tree)})


def in_a_stack(files: Files) -> Spelled:
    """Everything is in a nested stack."""
    parent = f"""
Resources:
  {INNER.title()}:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./child.yaml
"""
    names = [key.value for key, _ in _section(_tree(files), "Outputs").value]
    rows = [f"  {one}: {{Value: !GetAtt {INNER.title()}.Outputs.{one}}}\n" for one in names]
    parent += "Outputs:\n" + "".join(rows) if rows else ""
    made = {"child.yaml": files["template.yaml"], "template.yaml": parent}
    return Spelled(made, strip=f"{INNER.title()}/")


def as_json(files: Files) -> Spelled:
    """JSON, where every function has its long form."""
    return Spelled({"template.json": json.dumps(_plain(_tree(files)), indent=1)})


def _plain(node: yaml.Node) -> Any:
    if node.tag.startswith("!"):
        name = node.tag[1:]
        value = node.value if isinstance(node, yaml.ScalarNode) else _parts(node)
        if name == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}
    if isinstance(node, yaml.ScalarNode):
        return yaml.SafeLoader("").construct_object(node)
    return _parts(node)


def _parts(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    return [_plain(item) for item in node.value]


def _swapped(files: Files, put: Callable[[yaml.ScalarNode, int], None]) -> tuple[str, list[str]]:
    """The template with every address block replaced, and the blocks."""
    tree = _tree(files)
    found: list[str] = []
    for node in list(_scalars(_section(tree, "Resources"))):
        if not node.tag.startswith("!") and CIDR.match(node.value):
            if node.value not in found:
                found.append(node.value)
            put(node, found.index(node.value))
    return _written(tree), found


def as_parameters(files: Files) -> Spelled:
    """Address blocks are defaults of parameters."""

    def put(node: yaml.ScalarNode, number: int) -> None:
        node.tag, node.value = "!Ref", f"Block{number}"

    return Spelled(_with_parameters(*_swapped(files, put)))


def as_substitutions(files: Files) -> Spelled:
    """Address blocks are defaults of parameters, put into texts."""

    def put(node: yaml.ScalarNode, number: int) -> None:
        node.tag, node.value = "!Sub", f"${{Block{number}}}"

    return Spelled(_with_parameters(*_swapped(files, put)))


def _with_parameters(text: str, found: list[str]) -> Files:
    rows = [f"  Block{n}: {{Type: String, Default: {block}}}\n" for n, block in enumerate(found)]
    if "\nParameters:\n" in text:
        return {"template.yaml": text.replace("\nParameters:\n", "\nParameters:\n" + "".join(rows))}
    return {"template.yaml": "Parameters:\n" + "".join(rows) + text}


def as_mappings(files: Files) -> Spelled:
    """Address blocks stand in a mapping."""

    def put(node: yaml.ScalarNode, number: int) -> None:
        node.tag, node.value = "!Sub", f"@{number}@"

    text, found = _swapped(files, put)
    text = re.sub(r"!Sub '?\"?@(\d+)@'?\"?", r"!FindInMap [Blocks, All, Block\1]", text)
    rows = [f"    Block{n}: {block}\n" for n, block in enumerate(found)]
    return Spelled({"template.yaml": "Mappings:\n Blocks:\n  All:\n" + "".join(rows) + text})


def with_conditions(files: Files) -> Spelled:
    """Every resource has a condition that holds, every property a choice that is made."""
    tree = _tree(files)
    for _, resource in _section(tree, "Resources").value:
        resource.value.append((_text("Condition"), _text("Always")))
        for _, value in _section(resource, "Properties").value:
            _chosen(value)
    names = ("Always", "Never")
    text = f"""
Conditions:
  {names[0]}: !Equals [a, a]
  {names[1]}: !Not [!Condition Always]
"""
    return Spelled({"template.yaml": _written(tree) + text})


def _chosen(node: yaml.Node) -> None:
    """A list of mappings gets an element that is not there."""
    if isinstance(node, yaml.SequenceNode) and not node.tag.startswith("!"):
        parts = [_text("Never"), _text("x"), yaml.ScalarNode("!Ref", "AWS::NoValue")]
        node.value.append(yaml.SequenceNode("!If", parts, flow_style=True))


def _text(value: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


TERRAFORM = (
    renamed, reordered, split, in_a_module, in_one_of_many_modules, counted, for_each,
    as_locals, as_variables, as_tfvars,
)  # fmt: skip
CLOUDFORMATION = (
    ids_renamed, ids_reordered, in_a_stack, with_conditions, as_json,
    as_parameters, as_substitutions, as_mappings,
)  # fmt: skip
