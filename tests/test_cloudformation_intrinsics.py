"""
Every intrinsic function against what AWS documents, one line a case.

The expected values come from the pages of the CloudFormation user guide on intrinsic functions,
pseudo parameters, parameters and dynamic references, none from running this program.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.cloudformation import evaluate
from iaclint.resource import Inputs
from iaclint.source import Sources

COMMON = """
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, Default: prod}
  Empty: {Type: String, Default: ''}
  Port: {Type: Number, Default: 22}
  Names: {Type: CommaDelimitedList, Default: 'a, b ,c'}
  Ports: {Type: List<Number>, Default: '22,80'}
  Zones: {Type: 'List<AWS::EC2::AvailabilityZone::Name>', Default: 'eu-west-1a,eu-west-1b'}
  VpcCidr: {Type: String, Default: 10.0.0.0/16}
  Open: {Type: String}
  Choice: {Type: String, AllowedValues: [one, two]}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Ami: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/service/x}
Mappings:
  Regions:
    eu-west-1: {Ami: ami-1, Size: 8, Blocks: [10.1.0.0/16, 10.2.0.0/16]}
    us-east-1: {Ami: ami-2, Size: 16, Blocks: [10.3.0.0/16]}
  Kinds:
    prod: {Map: Regions}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [!Ref Env, dev]
  Both: !And [!Condition IsProd, !Not [!Condition IsDev]]
  Either: !Or [!Condition IsDev, {Condition: IsProd}]
  HasName: !Not [!Equals [!Ref Empty, '']]
  Nested: !And [!Or [!Condition IsDev, !Condition Both], !Not [!Equals ['1', '2']]]
  InEurope: !Equals [!Select [0, !Split ['-', !Ref 'AWS::Region']], eu]
  Unknowable: !Equals [!Ref Open, x]
  NeverOpen: !And [!Equals [!Ref Open, x], !Condition IsDev]
  OpenAnyway: !Or [!Equals [!Ref Open, x], !Condition IsProd]
  NumberIsText: !Equals [22, '22']
  BooleanIsText: !Equals [true, 'true']
  CaseMatters: !Equals [Prod, prod]
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: !Ref VpcCidr}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b}
  Address: {Type: AWS::EC2::EIP, Properties: {Domain: vpc}}
  Key: {Type: AWS::EC2::KeyPair, Properties: {KeyName: admin}}
  Gone: {Type: AWS::EC2::EIP, Condition: IsDev}
Outputs:
  X:
    Value:
"""

REGION, ACCOUNT = "eu-west-1", "123456789012"


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.split("\n"))


def answer(tmp_path: Path, expression: str, **inputs: str) -> dict[str, object]:
    template = tmp_path / "template.yaml"
    template.write_text(COMMON + indented(expression, 6) + "\n")
    given = Inputs(region=REGION, account=ACCOUNT, parameters=inputs)
    return evaluate(template, "Outputs.X.Value", Sources(base=tmp_path), given)


KNOWN: list[tuple[str, str, object]] = [
    # Ref
    ("ref of a parameter is its default", "!Ref Env", "prod"),
    ("long form of ref", "Ref: Env", "prod"),
    ("json form of ref", '{"Ref": "Env"}', "prod"),
    ("a number parameter becomes text", "!Ref Port", "22"),
    ("an empty default is a value", "!Ref Empty", ""),
    ("a comma list is split and trimmed", "!Ref Names", ["a", "b", "c"]),
    ("a list of numbers becomes texts", "!Ref Ports", ["22", "80"]),
    ("a list of an AWS type is a list", "!Ref Zones", ["eu-west-1a", "eu-west-1b"]),
    ("region", "!Ref AWS::Region", "eu-west-1"),
    ("account", "!Ref AWS::AccountId", "123456789012"),
    ("partition", "!Ref AWS::Partition", "aws"),
    ("url suffix", "!Ref AWS::URLSuffix", "amazonaws.com"),
    ("no value removes a property", "{A: 1, B: !Ref AWS::NoValue}", {"A": 1}),
    ("no value removes an element", "[1, !Ref AWS::NoValue, 2]", [1, 2]),
    ("ref of a key pair is its name", "!Ref Key", "admin"),
    # GetAtt
    ("the vpc's block", "!GetAtt Vpc.CidrBlock", "10.0.0.0/16"),
    ("getatt as a list", "!GetAtt [Vpc, CidrBlock]", "10.0.0.0/16"),
    ("long form of getatt", "Fn::GetAtt: [Vpc, CidrBlock]", "10.0.0.0/16"),
    ("long form of getatt with a text", "Fn::GetAtt: Vpc.CidrBlock", "10.0.0.0/16"),
    ("the subnet's zone", "!GetAtt Subnet.AvailabilityZone", "eu-west-1b"),
    ("getatt with a computed attribute", "!GetAtt [Vpc, !Join ['', [Cidr, Block]]]", "10.0.0.0/16"),
    ("getatt of a computed name", "Fn::GetAtt: [!Sub 'V${Empty}pc', CidrBlock]", "10.0.0.0/16"),
    # Sub
    ("sub of a parameter", "!Sub 'web-${Env}'", "web-prod"),
    ("sub without variables", "!Sub plain", "plain"),
    ("sub of several", "!Sub '${Env}-${Port}-${AWS::Region}'", "prod-22-eu-west-1"),
    ("sub of an attribute", "!Sub 'x ${Vpc.CidrBlock} y'", "x 10.0.0.0/16 y"),
    ("literal in sub", "!Sub 'a ${!Literal} b'", "a ${Literal} b"),
    ("literal beside a variable", "!Sub '${!Env}=${Env}'", "${Env}=prod"),
    ("sub with a mapping", "!Sub ['${A}-${Env}', {A: x}]", "x-prod"),
    ("the mapping goes before parameters", "!Sub ['${Env}', {Env: mine}]", "mine"),
    ("functions in the mapping", "!Sub ['${A}', {A: !Join ['', [p, q]]}]", "pq"),
    ("numbers in the mapping", "!Sub ['${A}', {A: 5}]", "5"),
    ("long form of sub", "Fn::Sub: '${Env}'", "prod"),
    ("long form with a list", "Fn::Sub: ['${A}${Env}', {A: {Ref: Port}}]", "22prod"),
    ("a dollar alone stays", "!Sub 'cost $5 $HOME ${Env}'", "cost $5 $HOME prod"),
    (
        "an arn",
        "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'",
        "arn:aws:iam::123456789012:root",
    ),
    ("sub over lines", "!Sub |\n  one ${Env}\n  two", "one prod\ntwo\n"),
    ("ref of a key pair in sub", "!Sub '${Key}.pem'", "admin.pem"),
    # Join
    ("join", "!Join ['-', [a, b, c]]", "a-b-c"),
    ("join with nothing", "!Join ['', [a, b]]", "ab"),
    ("join of one", "!Join [',', [a]]", "a"),
    ("join of none", "!Join [',', []]", ""),
    ("join of a list parameter", "!Join ['/', !Ref Names]", "a/b/c"),
    ("join of numbers and truth", "!Join [':', [1, true, x]]", "1:true:x"),
    ("join leaves out no value", "!Join ['-', [a, !Ref 'AWS::NoValue', b]]", "a-b"),
    ("long form of join", "Fn::Join:\n- '-'\n- - {Ref: Env}\n  - z", "prod-z"),
    ("join of a split", "!Join ['.', !Split ['/', a/b/c]]", "a.b.c"),
    # Split
    ("split", "!Split ['|', 'a|b|c']", ["a", "b", "c"]),
    ("split keeps empty pieces", "!Split ['|', 'a||c|']", ["a", "", "c", ""]),
    ("split without a match", "!Split [',', abc]", ["abc"]),
    ("split at a long delimiter", "!Split ['--', 'a--b-c']", ["a", "b-c"]),
    ("long form of split", "Fn::Split: [',', 'a,b']", ["a", "b"]),
    ("split of a sub", "!Split ['-', !Sub 'x-${Env}']", ["x", "prod"]),
    # Select
    ("select", "!Select [1, [a, b, c]]", "b"),
    ("index as text", "!Select ['2', [a, b, c]]", "c"),
    ("select from a list parameter", "!Select [0, !Ref Names]", "a"),
    ("select from a split", "!Select [1, !Split ['.', 'x.y.z']]", "y"),
    ("computed index", "!Select [!FindInMap [Regions, eu-west-1, Size], [0,1,2,3,4,5,6,7,8]]", 8),
    ("long form of select", "Fn::Select: [0, [q]]", "q"),
    (
        "select from a mapping's list",
        "!Select [1, !FindInMap [Regions, eu-west-1, Blocks]]",
        "10.2.0.0/16",
    ),
    ("select of an object", "!Select [0, [{A: 1}]]", {"A": 1}),
    # FindInMap
    ("lookup", "!FindInMap [Regions, us-east-1, Ami]", "ami-2"),
    ("lookup by region", "!FindInMap [Regions, !Ref AWS::Region, Ami]", "ami-1"),
    ("lookup of a number", "!FindInMap [Regions, !Ref AWS::Region, Size]", 8),
    ("lookup of a list", "!FindInMap [Regions, us-east-1, Blocks]", ["10.3.0.0/16"]),
    (
        "computed map name",
        "!FindInMap [!FindInMap [Kinds, !Ref Env, Map], us-east-1, Ami]",
        "ami-2",
    ),
    ("computed second key", "!FindInMap [Regions, us-east-1, !Join ['', [A, mi]]]", "ami-2"),
    ("default for a missing key", "!FindInMap [Regions, mars, Ami, {DefaultValue: none}]", "none"),
    ("default for a missing map", "!FindInMap [Nope, a, b, {DefaultValue: !Ref Env}]", "prod"),
    ("default is not needed", "!FindInMap [Regions, us-east-1, Ami, {DefaultValue: x}]", "ami-2"),
    (
        "default that is a list",
        "!FindInMap [Regions, us-east-1, Q, {DefaultValue: [1, 2]}]",
        [1, 2],
    ),
    ("long form of lookup", "Fn::FindInMap: [Regions, {Ref: 'AWS::Region'}, Ami]", "ami-1"),
    # If and conditions
    ("if true", "!If [IsProd, yes-it-is, no-it-is-not]", "yes-it-is"),
    ("if false", "!If [IsDev, a, b]", "b"),
    ("if with no value", "{A: !If [IsDev, 1, !Ref 'AWS::NoValue'], B: 2}", {"B": 2}),
    ("if with no value in a list", "[a, !If [IsDev, b, !Ref 'AWS::NoValue'], c]", ["a", "c"]),
    ("if gives an object", "!If [IsProd, {K: v}, {}]", {"K": "v"}),
    ("if in if", "!If [IsDev, a, !If [Either, b, c]]", "b"),
    ("and, not, condition", "!If [Both, t, f]", "t"),
    ("or", "!If [Either, t, f]", "t"),
    ("not equals empty", "!If [HasName, t, f]", "f"),
    ("nested conditions", "!If [Nested, t, f]", "t"),
    ("functions in conditions", "!If [InEurope, t, f]", "t"),
    ("a false part decides and", "!If [NeverOpen, t, f]", "f"),
    ("a true part decides or", "!If [OpenAnyway, t, f]", "t"),
    ("a number equals its text", "!If [NumberIsText, t, f]", "t"),
    ("a truth value equals its text", "!If [BooleanIsText, t, f]", "t"),
    ("case matters", "!If [CaseMatters, t, f]", "f"),
    ("long form of if", "Fn::If: [IsProd, 1, 2]", 1),
    ("the branch not taken is not looked at", "!If [IsProd, fine, !Ref Nowhere]", "fine"),
    ("both branches the same", "!If [Unknowable, s, s]", "s"),
    # Cidr
    (
        "six blocks of a /24",
        "!Cidr [192.168.0.0/24, 6, 5]",
        [f"192.168.0.{n * 32}/27" for n in range(6)],
    ),
    (
        "count and bits as texts",
        "!Cidr ['192.168.0.0/24', '2', '5']",
        ["192.168.0.0/27", "192.168.0.32/27"],
    ),
    (
        "/24 blocks of a vpc",
        "!Cidr [!GetAtt Vpc.CidrBlock, 3, 8]",
        ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"],
    ),
    ("selected block", "!Select [5, !Cidr [!Ref VpcCidr, 6, 8]]", "10.0.5.0/24"),
    (
        "ipv6 blocks",
        "!Cidr ['2001:db8:1234:1a00::/56', 2, 64]",
        ["2001:db8:1234:1a00::/64", "2001:db8:1234:1a01::/64"],
    ),
    ("host bits are cut off", "!Cidr ['10.0.0.7/24', 1, 4]", ["10.0.0.0/28"]),
    ("the whole block", "!Cidr [10.0.0.0/24, 1, 8]", ["10.0.0.0/24"]),
    (
        "single addresses",
        "!Cidr [10.0.0.0/30, 4, 0]",
        ["10.0.0.0/32", "10.0.0.1/32", "10.0.0.2/32", "10.0.0.3/32"],
    ),
    (
        "blocks of a block",
        "!Select [1, !Cidr [!Select [1, !Cidr [10.0.0.0/16, 2, 12]], 2, 8]]",
        "10.0.17.0/24",
    ),
    ("long form of cidr", "Fn::Cidr: [10.0.0.0/16, 1, 8]", ["10.0.0.0/24"]),
    (
        "count from the length of a list",
        "!Cidr [10.0.0.0/16, {'Fn::Length': !Ref Names}, 8]",
        ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"],
    ),
    # GetAZs
    ("first zone of the stack's region", "!Select [0, !GetAZs '']", "eu-west-1a"),
    ("zones by region", "!Select [1, !GetAZs us-east-1]", "us-east-1b"),
    ("zones by ref", "!Select [2, !GetAZs {Ref: 'AWS::Region'}]", "eu-west-1c"),
    ("long form of zones", "Fn::Select: [0, {'Fn::GetAZs': {Ref: 'AWS::Region'}}]", "eu-west-1a"),
    # Base64, Length, ToJsonString
    ("base64", "!Base64 'AWS CloudFormation'", "QVdTIENsb3VkRm9ybWF0aW9u"),
    ("base64 of a sub", "Fn::Base64: !Sub 'echo ${Env}'", "ZWNobyBwcm9k"),
    ("base64 of a join", "Fn::Base64: {'Fn::Join': ['', [a, b]]}", "YWI="),
    ("length of a list", "Fn::Length: [1, 2, 3]", 3),
    ("length of a parameter", "Fn::Length: !Ref Names", 3),
    ("length of a split", "Fn::Length: !Split ['|', 'a|b']", 2),
    ("json text of an object", "Fn::ToJsonString: {a: 1, b: [x, true]}", '{"a":1,"b":["x",true]}'),
    ("json text with functions", "Fn::ToJsonString: {a: !Ref Env}", '{"a":"prod"}'),
    ("json text of a list", "Fn::ToJsonString: [1, two]", '[1,"two"]'),
    # scalars, YAML 1.1
    ("a port is a number", "22", 22),
    ("a quoted port is text", "'22'", "22"),
    ("no is false", "no", False),
    ("on is true", "on", True),
    ("quoted no is text", "'no'", "no"),
    ("octal", "0777", 511),
    ("not octal", "0789", "0789"),
    ("sexagesimal", "22:22", 1342),
    ("hexadecimal", "0x10", 16),
    ("a date stays text", "2012-10-17", "2012-10-17"),
    ("a decimal number", "1.5", 1.5),
    ("a cidr block is text", "10.0.0.0/8", "10.0.0.0/8"),
    ("null is left out", "~", None),
    ("minus one", "-1", -1),
    ("folded text", ">-\n  a\n  b", "a b"),
]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [pytest.param(expression, expected, id=title) for title, expression, expected in KNOWN],
)
def test_a_function_gives_what_aws_documents(
    tmp_path: Path, expression: str, expected: object
) -> None:
    assert answer(tmp_path, expression) == {"value": expected}


REFS = [
    ("ref of a resource", "!Ref Vpc", "Vpc"),
    ("an attribute", "!GetAtt Address.AllocationId", "Address.AllocationId"),
    ("ref of an elastic address", "!Ref Address", "Address"),
    ("a sub of nothing but a resource", "!Sub '${Vpc}'", "Vpc"),
    ("an attribute that is configured as a ref", "!GetAtt Subnet.VpcId", "Vpc"),
    ("an attribute in sub", "!Sub '${Address.PublicIp}'", "Address.PublicIp"),
    ("a selected ref", "!Select [1, [a, !Ref Vpc]]", "Vpc"),
    ("a ref behind a condition", "!If [IsProd, !Ref Vpc, x]", "Vpc"),
    ("a join of one ref", "!Join ['', [!Ref Vpc]]", "Vpc"),
]


@pytest.mark.parametrize(
    ("expression", "ref"),
    [pytest.param(expression, ref, id=title) for title, expression, ref in REFS],
)
def test_what_a_resource_gets_on_deployment_is_a_reference(
    tmp_path: Path, expression: str, ref: str
) -> None:
    value = answer(tmp_path, expression)["value"]
    assert isinstance(value, dict)
    assert value["ref"] == ref


UNKNOWN = [
    ("a parameter without a value", "!Ref Open", 'parameter "Open"'),
    ("a parameter with several allowed values", "!Ref Choice", 'parameter "Choice"'),
    ("the stack's name", "!Ref AWS::StackName", "the stack's name"),
    ("the stack's id", "!Ref AWS::StackId", "the stack's id"),
    ("a join with it", "!Join ['-', [a, !Ref Open]]", 'parameter "Open"'),
    ("a sub with it", "!Sub 'a-${Open}'", 'parameter "Open"'),
    ("a choice that hangs on it", "!If [Unknowable, a, b]", 'condition "Unknowable"'),
    ("a lookup with it", "!FindInMap [Regions, !Ref Open, Ami]", 'parameter "Open"'),
    ("an export that nobody makes", "!ImportValue net-VpcId", '"net-VpcId"'),
    ("long form of import", "Fn::ImportValue: net-VpcId", '"net-VpcId"'),
    ("an SSM parameter type", "!Ref Ami", "/aws/service/x"),
    ("a dynamic reference", "'{{resolve:ssm:/my/key:1}}'", "{{resolve:ssm:/my/key:1}}"),
    ("one inside a text", "'a {{resolve:secretsmanager:s}} b'", "{{resolve:secretsmanager:s}}"),
    ("one made by sub", "!Sub '{{resolve:ssm:/${Env}/key}}'", "{{resolve:ssm:/prod/key}}"),
    ("base64 of what is not known", "!Base64 {Ref: Open}", 'parameter "Open"'),
    ("a macro", "Fn::Transform: {Name: MyMacro, Parameters: {}}", "MyMacro"),
    ("a secret", "!Ref Secret", "sensitive"),
    ("a text with a secret in it", "!Sub 'p=${Secret}'", "sensitive"),
]


@pytest.mark.parametrize(
    ("expression", "why"),
    [pytest.param(expression, why, id=title) for title, expression, why in UNKNOWN],
)
def test_what_cannot_be_known_says_why(tmp_path: Path, expression: str, why: str) -> None:
    value = answer(tmp_path, expression)["value"]
    assert isinstance(value, dict)
    assert why in str(value["unknown"])


WRONG = [
    ("ref to nothing", "!Ref Nowhere", '"Nowhere"'),
    ("getatt of nothing", "!GetAtt Nowhere.Arn", '"Nowhere"'),
    ("sub of nothing", "!Sub '${Nowhere}'", '"Nowhere"'),
    ("ref to a resource that is not created", "!Ref Gone", '"Gone"'),
    ("no such map", "!FindInMap [Nope, a, b]", '"Nope"'),
    ("no such key", "!FindInMap [Regions, mars, Ami]", '"mars"'),
    ("no such second key", "!FindInMap [Regions, us-east-1, Q]", '"Q"'),
    ("index out of range", "!Select [3, [a, b, c]]", "3"),
    ("no such condition", "!If [Nope, a, b]", "Nope"),
    ("too many blocks", "!Cidr [10.0.0.0/24, 3, 7]", "10.0.0.0/24"),
    ("blocks larger than the network", "!Cidr [10.0.0.0/24, 1, 9]", "/23"),
    ("too many for one call", "!Cidr [10.0.0.0/8, 257, 8]", "256"),
    ("not a network", "!Cidr [ten, 1, 8]", "ten"),
    ("if with two arguments", "!If [IsProd, a]", "Fn::If"),
    ("join without a list", "!Join ['-', a]", "Fn::Join"),
]


@pytest.mark.parametrize(
    ("expression", "what"),
    [pytest.param(expression, what, id=title) for title, expression, what in WRONG],
)
def test_a_mistake_of_the_author_is_an_error(tmp_path: Path, expression: str, what: str) -> None:
    assert what in str(answer(tmp_path, expression)["error"])


def test_a_given_parameter_goes_before_its_default(tmp_path: Path) -> None:
    assert answer(tmp_path, "!Ref Env", Env="dev") == {"value": "dev"}
    assert answer(tmp_path, "!If [IsProd, a, b]", Env="dev") == {"value": "b"}


def test_a_given_list_is_split(tmp_path: Path) -> None:
    assert answer(tmp_path, "!Ref Names", Names="x,y") == {"value": ["x", "y"]}


def test_there_are_enough_cases() -> None:
    assert len(KNOWN) + len(REFS) + len(UNKNOWN) + len(WRONG) >= 160


LOOPS = """
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'A,B'}
Conditions:
  Fn::ForEach::Flags:
    - Name
    - !Ref Names
    - 'Is${Name}': !Equals [!Ref Name, A]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Fn::ForEach::Subnets:
    - Name
    - !Ref Names
    - 'Subnet${Name}':
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Vpc
          AvailabilityZone: !Sub 'eu-west-1${Name}'
          Fn::ForEach::Blocks:
            - Key
            - [CidrBlock]
            - '${Key}': !FindInMap [Blocks, !Ref Name, Cidr]
  Fn::ForEach::Outer:
    - X
    - [one, two]
    - Fn::ForEach::Inner:
        - Y
        - ['10.0', '10.1']
        - 'Group${X}&{Y}':
            Type: AWS::EC2::SecurityGroup
            Properties: {GroupDescription: !Join ['-', [!Ref X, '${Y}']]}
Mappings:
  Blocks: {A: {Cidr: 10.0.1.0/24}, B: {Cidr: 10.0.2.0/24}}
Outputs:
  Fn::ForEach::Ids:
    - Name
    - !Ref Names
    - 'Id${Name}':
        Value: !GetAtt 'Subnet${Name}.CidrBlock'
"""


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Conditions.IsA", True),
        ("Conditions.IsB", False),
        ("Resources.SubnetA.Properties.CidrBlock", "10.0.1.0/24"),
        ("Resources.SubnetB.Properties.AvailabilityZone", "eu-west-1B"),
        ("Resources.Groupone100.Properties.GroupDescription", "one-10.0"),
        ("Resources.Grouptwo101.Properties.GroupDescription", "two-10.1"),
        ("Outputs.IdB.Value", "10.0.2.0/24"),
    ],
)
def test_loops_are_unrolled_everywhere(tmp_path: Path, place: str, expected: object) -> None:
    template = tmp_path / "loops.yaml"
    template.write_text(LOOPS)
    given = Inputs(region=REGION)
    assert evaluate(template, place, Sources(base=tmp_path), given) == {"value": expected}
