"""User data and cfn-init: what they change inside the host, and what they do not."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from textwrap import dedent, indent

import pytest

from iaclint import example, scan
from iaclint.check import Check
from iaclint.finding import Finding
from iaclint.host import accounts
from iaclint.host.read import read
from iaclint.host.setup import Change, Setup
from iaclint.host.shell import commands
from iaclint.host.text import HOLE, Document, document, parts
from iaclint.registry import Registry, load
from iaclint.source import Sources, Span
from iaclint.value import Scalar, Unknown

REGISTRY = load(plugins=False)
ALL = list(REGISTRY.checks)
HOST = [check for check in ALL if check.id.startswith("IAC7")]
HERE = Span("main.tf", 10)


def findings(directory: Path, checks: list[Check]) -> list[Finding]:
    """What the checks say about the files of a directory."""
    registry = Registry(tuple(checks))
    return list(scan.check(scan.Request((directory,), registry), Sources()).findings)


def setup(text: str, windows: bool = False) -> Setup:
    """What a text given as user data changes."""
    return read([Document(dedent(text).lstrip("\n"), HERE)], False, windows)


def script(text: str) -> list[Change]:
    """What a shell script changes."""
    return [fact.change for fact in setup("#!/bin/bash\n" + dedent(text)).facts]


# ---- sshd --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "sed -i 's/#Port 22/Port 2222/' /etc/ssh/sshd_config",
        "sudo sed -i -e 's/^#\\?Port .*/Port 2222/' /etc/ssh/sshd_config",
        "sed -i.bak 's|#Port 22|Port 2222|g' /etc/ssh/sshd_config",
        'sed -i "s/^#Port 22/Port 2222/;s/#X/Y/" /etc/ssh/sshd_config',
        "echo 'Port 2222' >> /etc/ssh/sshd_config",
        "echo 'Port 2222' | sudo tee -a /etc/ssh/sshd_config",
        "printf 'Port 2222\\n' >> /etc/ssh/sshd_config",
        "cat > /etc/ssh/sshd_config.d/10-port.conf <<EOF\nPort 2222\nEOF",
        "cat <<'EOF' | sudo tee /etc/ssh/sshd_config.d/10-port.conf\nPort 2222\nEOF",
        "sudo bash -c \"echo 'Port 2222' >> /etc/ssh/sshd_config\"",
        'PORT=2222\nsed -i "s/#Port [0-9]\\+/Port $PORT/g" /etc/ssh/sshd_config',
        "export P=2222\ncat >> /etc/ssh/sshd_config <<EOF\nPort ${P}\nEOF",
    ],
)
def test_a_port_of_sshd_is_found_however_it_is_written(text: str) -> None:
    found = setup(f"#!/bin/bash\n{text}\nsystemctl restart sshd\n")
    assert found.ssh_port == 2222
    assert [fact.sure for fact in found.of(Change.SSH_PORT)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "# sed -i 's/#Port 22/Port 2222/' /etc/ssh/sshd_config",
        "echo 'Port 2222' >> /etc/ssh/ssh_config",
        "echo '#Port 2222' >> /etc/ssh/sshd_config",
        "sed -i 's/#Port 22/Port 22/' /etc/ssh/sshd_config",
        "sed -i 's/Listen 80/Listen 8080/' /etc/httpd/conf/httpd.conf",
        "cat > /opt/app.conf <<EOF\nPort 2222\nEOF",
    ],
)
def test_other_ports_of_other_programs_are_left_alone(text: str) -> None:
    assert setup(f"#!/bin/bash\n{text}\nsystemctl restart sshd\n").ssh_port == 22


@pytest.mark.parametrize(
    "edit",
    [
        "s/^#*Port .*/Port 2222/",
        "s/^#\\?\\s*Port 22$/Port 2222/",
        "s/#[[:space:]]*Port 22/Port 2222/",
        "/^#Port 22/c\\Port 2222",
        "/Port 22/a Port 2222",
        "$ a Port 2222",
    ],
)
def test_an_edit_that_takes_the_comment_sign_away_moves_the_port(edit: str) -> None:
    text = f"#!/bin/bash\nsed -i '{edit}' /etc/ssh/sshd_config\nsystemctl restart sshd\n"
    assert setup(text).ports == (2222,)
    assert not setup(text).somewhere


def test_extended_patterns_of_sed_are_read_as_such() -> None:
    text = "sed -E -i 's/^#?Port [0-9]+/Port 2222/' /etc/ssh/sshd_config\nreboot\n"
    assert setup(f"#!/bin/bash\n{text}").ports == (2222,)
    plain = setup(f"#!/bin/bash\n{text.replace(' -E', '')}")
    assert plain.ports == () and plain.somewhere


@pytest.mark.parametrize(
    "edit", ["s/Port 22/Port 2222/", "s/^Port 22/Port 2222/", "/^Port/c Port 2222"]
)
def test_an_edit_that_leaves_the_stock_line_a_comment_may_have_moved_nothing(edit: str) -> None:
    """`#Port 22` is what the file has on most images; older ones have it without the sign."""
    text = f"#!/bin/bash\nsed -i '{edit}' /etc/ssh/sshd_config\nsystemctl restart sshd\n"
    found = setup(text)
    assert found.ports == () and found.somewhere
    assert not list(found.of(Change.SSH_PORT))


def test_a_port_takes_effect_only_when_sshd_reads_its_settings_again() -> None:
    (fact,) = setup("#!/bin/bash\necho 'Port 2222' >> /etc/ssh/sshd_config").of(Change.SSH_PORT)
    assert not fact.sure
    (fact,) = setup(
        "#cloud-config\nwrite_files:\n- path: /etc/ssh/sshd_config.d/a.conf\n"
        "  content: |\n    Port 2222\n"
    ).of(Change.SSH_PORT)
    assert fact.sure


def test_a_port_that_is_not_known_asks_for_no_rule(tmp_path: Path) -> None:
    text = f'#!/bin/sh\nport={HOLE}\necho "Port $port" >> /etc/ssh/sshd_config\nreboot\n'
    assert setup(text).somewhere and setup(text).ports == ()
    (tmp_path / "main.tf").write_text(
        dedent("""
        variable "port" {}
        resource "aws_security_group" "web" {
          name = "web"
          ingress {
            from_port   = var.port
            to_port     = var.port
            protocol    = "tcp"
            cidr_blocks = ["0.0.0.0/0"]
          }
        }
        resource "aws_instance" "web" {
          ami                         = "ami-12345678"
          key_name                    = "operations"
          associate_public_ip_address = true
          vpc_security_group_ids      = [aws_security_group.web.id]
          user_data                   = <<-EOT
            #!/bin/bash
            sed -i "s/#Port 22/Port ${var.port}/" /etc/ssh/sshd_config
            systemctl restart sshd
          EOT
        }
        """),
        encoding="utf-8",
    )
    assert findings(tmp_path, ALL) == []


# ---- firewalls ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "ufw --force enable",
        "yes | ufw enable",
        "ufw default deny incoming\nufw allow 443/tcp\nufw --force enable",
        "iptables -P INPUT DROP",
        "iptables -A INPUT -p tcp --dport 22 -j DROP",
        "iptables -A INPUT -p tcp --dport 80 -j ACCEPT\niptables -A INPUT -j REJECT",
        "iptables-restore <<EOF\n*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\nEOF",
        "firewall-cmd --permanent --remove-service=ssh\nfirewall-cmd --reload",
        "firewall-cmd --set-default-zone=drop",
    ],
)
def test_a_firewall_that_shuts_ssh_out_is_found(text: str) -> None:
    assert script(text) == [Change.FIREWALL]


@pytest.mark.parametrize(
    "text",
    [
        "ufw allow OpenSSH\nufw --force enable",
        "ufw allow ssh && ufw allow http && echo y | ufw enable",
        "ufw allow 22\nufw enable",
        "ufw limit 22/tcp\nufw enable",
        "ufw allow from 10.0.0.0/8 to any port 22 proto tcp\nufw enable",
        "ufw allow from 10.0.0.0/8\nufw enable",
        "ufw allow 20:25/tcp\nufw enable",
        "ufw allow $SSH_PORT\nufw enable",
        "ufw enable\nufw disable",
        "systemctl stop ufw\nsystemctl disable ufw",
        "iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE",
        "iptables -A FORWARD -i eth1 -j DROP",
        "iptables -A INPUT -p tcp --dport 22 -j ACCEPT\niptables -A INPUT -j DROP",
        "iptables -A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT\niptables -P INPUT DROP",
        "iptables -A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT\n"
        "iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited",
        "iptables -I INPUT 1 -p tcp --dport 22 -j ACCEPT\niptables -P INPUT DROP",
        "iptables -P INPUT DROP\niptables -P INPUT ACCEPT",
        "iptables -A INPUT -p tcp --dport 3306 -j DROP",
        "iptables -F",
        "iptables -A INPUT -p tcp --dport 22 -s 10.0.0.0/8 -j DROP",
        "systemctl enable --now firewalld",
        "firewall-cmd --permanent --add-port=8080/tcp\nfirewall-cmd --reload",
        "iptables -A INPUT -p tcp --dport 22 -m state --state NEW -m recent --set --name S\n"
        "iptables -A INPUT -p tcp --dport 22 -m recent --update --seconds 60 --hitcount 4 -j DROP",
        "ufw delete allow 22/tcp",
        "nft add rule inet filter input tcp dport 22 accept",
        "iptables -A INPUT -p tcp --dport 22 -j ACCEPT\niptables -t nat -F\niptables -P INPUT DROP",
    ],
)
def test_firewalls_that_let_ssh_in_are_left_alone(text: str) -> None:
    assert script(text) == []


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("iptables -P INPUT DROP\nservice iptables save\nsystemctl enable --now iptables", True),
        (
            "iptables -P INPUT DROP\niptables-save > /etc/sysconfig/iptables\n"
            "systemctl restart iptables",
            True,
        ),
        ("iptables -P INPUT DROP\nsystemctl enable iptables", True),
        ("systemctl start iptables\niptables -F\niptables -P INPUT DROP", True),
        ("systemctl start iptables\niptables -P INPUT DROP", False),
        ("iptables -P INPUT DROP\nsystemctl restart iptables", False),
        ("iptables -P INPUT DROP\nservice iptables save\nsystemctl stop iptables", False),
    ],
)
def test_the_iptables_service_puts_back_what_it_has_saved(text: str, sure: bool) -> None:
    found = setup("#!/bin/bash\n" + text)
    assert [fact.sure for fact in found.of(Change.FIREWALL)] == [sure]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('echo "Run systemctl stop sshd before imaging" >> /etc/motd', []),
        ('echo "then: systemctl stop sshd"', []),
        ("aws ssm put-parameter --name how --value 'systemctl stop sshd'", []),
        ("logger about to systemctl disable sshd", []),
        ('echo "icmp_echo_ignore_all = 1 hides a host" >> /etc/motd', []),
        ("systemctl stop sshd", [Change.SERVER_OFF]),
        ("/bin/systemctl stop sshd", [Change.SERVER_OFF]),
        ("sudo timeout 10 systemctl stop sshd", [Change.SERVER_OFF]),
        ('systemctl stop sshd\necho "systemctl start sshd"', [Change.SERVER_OFF]),
        ("bash -c 'systemctl stop sshd'", [Change.SERVER_OFF]),
        ("echo net.ipv4.icmp_echo_ignore_all=1 >> /etc/sysctl.conf", [Change.PING_OFF]),
        ("echo net.ipv4.icmp_echo_ignore_all=1 | tee /etc/sysctl.d/9.conf", [Change.PING_OFF]),
        ("sysctl -w net.ipv4.icmp_echo_ignore_all=1", [Change.PING_OFF]),
    ],
)
def test_the_words_of_a_message_are_not_run(text: str, expected: list[Change]) -> None:
    """A shell runs the first word of a command; the others are text."""
    assert script(text) == expected


def test_a_message_restarts_nothing() -> None:
    """The new port counts from the next restart on."""
    moved = "#!/bin/bash\necho Port 2222 >> /etc/ssh/sshd_config\n"
    [fact] = setup(moved + "echo 'now systemctl restart sshd'").facts
    [sure] = setup(moved + "systemctl restart sshd").facts

    assert (fact.sure, sure.sure) == (False, True)


def test_a_firewall_is_held_against_the_port_that_sshd_was_moved_to() -> None:
    moved = "echo 'Port 2222' >> /etc/ssh/sshd_config\nsystemctl restart sshd\n"
    assert script(moved + "ufw allow 2222/tcp\nufw --force enable") == [Change.SSH_PORT]
    assert Change.FIREWALL in script(moved + "ufw allow 22/tcp\nufw --force enable")


def test_rules_that_are_saved_stay_as_they_are_and_rules_that_are_loaded_may_be_others() -> None:
    closed = "#!/bin/bash\niptables -P INPUT DROP\n"
    for command, sure in (("iptables save", True), ("iptables restart", False)):
        found = setup(f"{closed}service {command}\n")
        assert [fact.sure for fact in found.of(Change.FIREWALL)] == [sure]


def test_what_stands_in_a_condition_is_not_certain() -> None:
    found = setup("#!/bin/bash\nif [ -f /x ]; then\n  systemctl stop sshd\nfi\n")
    assert [fact.sure for fact in found.of(Change.SERVER_OFF)] == [False]


# ---- accounts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chmod -R 777 /home/ec2-user", [Change.BAD_MODE]),
        ("chmod 775 /home/ec2-user/.ssh", [Change.BAD_MODE]),
        ("chmod g+w /home/centos/.ssh/authorized_keys", [Change.BAD_MODE]),
        ("chown -R www-data:www-data /home/ubuntu", [Change.BAD_MODE]),
        ("chown root /home/admin/.ssh/authorized_keys", [Change.BAD_MODE]),
        (
            "aws s3 cp s3://keys/all - > /home/ec2-user/.ssh/authorized_keys",
            [Change.KEYS_OVERWRITTEN],
        ),
        ("chmod 777 /home/ec2-user/app", []),
        ("chmod -R 777 /var/www", []),
        ("chmod 700 /home/ubuntu/.ssh && chmod 600 /home/ubuntu/.ssh/authorized_keys", []),
        ("chmod 755 /home/ec2-user", []),
        ("chmod +x /home/ec2-user/run.sh", []),
        ("chown -R ec2-user:ec2-user /home/ec2-user", []),
        ("chown -R 1000:1000 /home/ubuntu", []),
        ("chown -R ubuntu /home/ubuntu/.ssh", []),
        ("chown -R $USER /home/ubuntu", []),
        ("cat /tmp/key >> /home/ubuntu/.ssh/authorized_keys", []),
        ("echo hi > /home/ubuntu/notes", []),
        ("useradd -m bob\nmkdir /home/bob/.ssh\ncp k /home/bob/.ssh/authorized_keys", []),
    ],
)
def test_homes_and_keys_of_the_users_of_images_are_watched(
    text: str, expected: list[Change]
) -> None:
    assert script(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chmod -R 775 /home/ubuntu", []),
        ("chmod 664 /home/admin/.ssh/authorized_keys", []),
        ("chmod g+w /home/ubuntu", []),
        ("chown -R 1000:1000 /home/ubuntu\nchmod 775 /home/ubuntu", []),
        ("usermod -aG docker ubuntu\nchmod 775 /home/ubuntu", []),
        ("chmod -R 777 /home/ubuntu", [Change.BAD_MODE]),
        ("chmod 757 /home/admin", [Change.BAD_MODE]),
        ("chmod a+w /home/ubuntu", [Change.BAD_MODE]),
        ("chmod 775 /home/ec2-user", [Change.BAD_MODE]),
        ("chown -R ubuntu:www-data /home/ubuntu\nchmod 775 /home/ubuntu", [Change.BAD_MODE]),
        ("usermod -a -G ubuntu www-data\nchmod 775 /home/ubuntu", [Change.BAD_MODE]),
        ("gpasswd -a deploy ubuntu\nchmod 775 /home/ubuntu", [Change.BAD_MODE]),
    ],
)
def test_a_group_that_holds_the_user_alone_may_write_on_debian_and_ubuntu(
    text: str, expected: list[Change]
) -> None:
    """The sshd of the two trusts what nobody else could have written."""
    assert script(text) == expected


def test_users_are_known_by_name_or_known_to_be_unknown() -> None:
    assert setup("#!/bin/sh\nuseradd -m -s /bin/bash deploy").users == {"deploy"}
    assert setup(f"#!/bin/sh\nadduser {HOLE}").users == {HOLE}
    assert setup("#cloud-config\ndisable_root: false").users == {"root"}
    keys = "cat /home/ubuntu/.ssh/authorized_keys > /root/.ssh/authorized_keys"
    assert setup("#!/bin/sh\n" + keys).users == {"root"}
    config = "#cloud-config\nusers:\n  - default\n  - name: a\n    sudo: ALL\n  - name: b\n"
    assert setup(config).users == {"a", "b"}
    assert setup("#cloud-config\nsystem_info:\n  default_user:\n    name: ops\n").users == {"ops"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("users:\n  - name: deploy", 1),
        ("users:\n- name: deploy\n  groups: wheel", 1),
        ("users:\n  - default\n  - name: deploy", 0),
        ("users: [default, deploy]", 0),
        ("users:\n  # people\n  - default", 0),
        ("packages:\n  - htop", 0),
    ],
)
def test_lists_of_users_need_the_default_one(text: str, count: int) -> None:
    found = setup("#cloud-config\n" + text)
    assert len(list(found.of(Change.NO_DEFAULT_USER))) == count


# ---- the form of user data -----------------------------------------------------------------------


def test_multipart_documents_are_taken_apart_with_their_lines() -> None:
    text = (
        'Content-Type: multipart/mixed; boundary="==B=="\nMIME-Version: 1.0\n\n'
        '--==B==\nContent-Type: text/cloud-config; charset="us-ascii"\n\n'
        "#cloud-config\nusers:\n  - name: deploy\n\n"
        '--==B==\nContent-Type: text/x-shellscript; charset="us-ascii"\n\n'
        "#!/bin/bash\nsystemctl stop sshd\n--==B==--\n"
    )
    whole = Document(text, Span("a.tf", 10, 1, 10 + text.count("\n") + 1))
    assert [part.content_type for part in parts(whole)] == [
        "text/cloud-config",
        "text/x-shellscript",
    ]
    found = read([whole], False)
    assert {fact.change: fact.span.line for fact in found.facts} == {
        Change.NO_DEFAULT_USER: 10 + 8,
        Change.SERVER_OFF: 10 + 15,
    }


def test_base64_is_read_through() -> None:
    plain = "#!/bin/bash\nsystemctl mask ssh\n"
    found = document(Scalar(base64.b64encode(plain.encode()).decode(), HERE))
    assert found is not None and found.text == plain and found.encoded


def test_unknown_pieces_leave_holes() -> None:
    value = Unknown("x", HERE, parts=("#!/bin/bash\nufw allow ", Unknown("p"), "\nufw enable\n"))
    found = document(value)
    assert found is not None and not found.complete
    assert read([found], True).facts == ()
    assert document(Unknown("nothing is known")) is None


def test_windows_scripts_are_read_without_regard_to_case() -> None:
    off = 'reg add "HKLM\\SYSTEM\\Terminal Server" /v fDenyTSConnections /t REG_DWORD /d 1 /f'
    on = off.replace("/d 1", "/d 0")
    assert [f.change for f in setup(f"<script>\n{off}\n</script>").facts] == [Change.RDP_OFF]
    assert setup(f"<script>\n{on}\n</script>").facts == ()
    rule = "New-NetFirewallRule -DisplayName x -Direction Inbound -LocalPort 3389 -Action %s"
    assert setup(f"<powershell>\n{rule % 'Allow'}\n</powershell>").facts == ()
    assert len(setup(f"<powershell>\n{rule % 'Block'}\n</powershell>").facts) == 1
    assert setup("<powershell>\n# Stop-Service TermService\n</powershell>").facts == ()
    assert setup("<powershell>\nSet-NetFirewallProfile -Enabled False\n</powershell>").facts == ()


def test_hostile_scripts_end_quickly() -> None:
    start = time.process_time()
    for text in (
        "'" * 100_000,
        "((" * 50_000,
        "a\\\n" * 30_000,
        "cat <<A\n" * 12_000,
        "if true; then\n" * 7_000,
        "s/" * 50_000 + " sshd_config",
        "bash -c 'bash -c \"bash -c x\"'\n" * 2_500,
    ):
        commands(text)
        setup("#!/bin/bash\nsed -i " + text[:50_000] + " /etc/ssh/sshd_config")
        setup("#cloud-config\n" + text[:50_000])
        setup("<powershell>\n" + text[:50_000])
    assert time.process_time() - start < 8


# ---- whole configurations ------------------------------------------------------------------------


def test_a_rule_for_the_new_port_makes_ssh_on_it_the_question() -> None:
    texts = example.files(
        """
        resource "aws_instance" "bastion" {
          user_data = <<-EOT
            #!/bin/bash
            echo 'Port 2222' >> /etc/ssh/sshd_config
            systemctl restart sshd
          EOT
        }
        resource "aws_vpc_security_group_ingress_rule" "ssh" {
          from_port = 2222
          to_port   = 2222
        }
        resource "aws_vpc_security_group_ingress_rule" "ssh_ipv6" {
          from_port = 2222
          to_port   = 2222
        }
        resource "aws_route" "ipv4" {
          count = 0
        }
        """
    )
    found = example.report(texts, REGISTRY)[0].findings
    messages = [each.message for each in found if "aws_instance.bastion" in each.targets]
    assert any("SSH (port 2222)" in message for message in messages)


def test_nobody_who_logs_in_means_nothing_to_report(tmp_path: Path) -> None:
    text = """
    resource "aws_instance" "worker" {
      ami       = "ami-12345678"
      user_data = <<-EOT
        #!/bin/bash
        systemctl disable --now sshd
        ufw --force enable
        shutdown -h now
      EOT
    }
    """
    (tmp_path / "main.tf").write_text(dedent(text), encoding="utf-8")
    assert findings(tmp_path, HOST) == []


@pytest.mark.parametrize(
    ("text", "loud"),
    [
        ("#!/bin/bash\\nyum install -y htop", False),
        ("#cloud-config\\npackages: [htop]", False),
        ("\\n#cloud-config\\npackages: [htop]", False),
        ("#!/usr/bin/env python3\\nprint(1)", False),
        ("#include\\nhttps://example.com/a", False),
        ('{\\"ignition\\": {\\"version\\": \\"3.0.0\\"}}', False),
        ("[settings.kubernetes]\\ncluster-name = 1", False),
        ("type=dhcp-client\\nhostname=fw", False),
        ("hello", False),
        ("\\n#!/bin/bash\\nyum install -y htop", True),
        ("  #!/bin/bash\\nyum install -y htop", True),
        ("apt-get update\\napt-get install -y htop", True),
        ("# cloud-config\\npackages:\\n  - htop", True),
        ("packages:\\n  - htop", True),
    ],
)
def test_user_data_is_told_by_its_beginning(tmp_path: Path, text: str, loud: bool) -> None:
    configuration = f'resource "aws_instance" "a" {{\n  ami = "ami-1"\n  user_data = "{text}"\n}}\n'
    (tmp_path / "main.tf").write_text(configuration, encoding="utf-8")
    assert [found.check for found in findings(tmp_path, HOST)] == (["IAC708"] if loud else [])


TEMPLATE = """
Resources:
  Host:
    Type: AWS::EC2::Instance
{metadata}
    Properties:
      ImageId: ami-12345678
      KeyName: operations
      SecurityGroups: [!Ref Group]
      UserData:
{data}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: ssh and ping
      SecurityGroupIngress:
        - {{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}}
        - {{IpProtocol: icmp, FromPort: 8, ToPort: 0, CidrIp: 0.0.0.0/0}}
"""


def template(tmp_path: Path, data: str, metadata: str = "") -> list[str]:
    """The findings for a template with this user data."""
    text = TEMPLATE.format(
        data=indent(dedent(data).strip("\n"), " " * 8),
        metadata=indent(dedent(metadata).strip("\n"), " " * 4),
    )
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    return [f"{f.level} {f.check}" for f in findings(tmp_path, HOST)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "sed -i 's/#Port 22/Port 2222/' /etc/ssh/sshd_config\nservice sshd restart",
            "error IAC701",
        ),
        ("ufw --force enable", "error IAC702"),
        ("systemctl mask sshd", "error IAC703"),
        ("curl x > /home/ec2-user/.ssh/authorized_keys", "warning IAC704"),
        ("chmod -R 777 /home/ec2-user", "error IAC705"),
        ("echo PubkeyAuthentication no >> /etc/ssh/sshd_config\nreboot", "error IAC707"),
        ("sysctl -w net.ipv4.icmp_echo_ignore_all=1", "error IAC711"),
        ("poweroff", "warning IAC712"),
    ],
)
def test_templates_give_what_configurations_give(tmp_path: Path, lines: str, expected: str) -> None:
    body = indent("#!/bin/bash\n" + lines, "    ")
    assert template(tmp_path, f"Fn::Base64: |\n{body}\n") == [expected]
    body = indent("#!/bin/bash\necho ${AWS::StackName}\n" + lines, "    ")
    assert template(tmp_path, f"Fn::Base64: !Sub |\n{body}\n") == [expected]


def test_user_data_of_a_template_has_to_be_encoded(tmp_path: Path) -> None:
    assert template(tmp_path, "!Sub |\n  #!/bin/bash\n  echo ${AWS::Region}") == ["error IAC709"]
    assert template(tmp_path, "Fn::Base64: !Sub |\n  #!/bin/bash\n  echo ${AWS::Region}") == []
    encoded = base64.b64encode(b"#!/bin/bash\necho hi\n").decode()
    assert template(tmp_path, encoded) == []


CFN_INIT = """
Fn::Base64: !Sub |
  #!/bin/bash
  /opt/aws/bin/cfn-init -s ${AWS::StackName} -r Host
"""


def test_metadata_counts_only_where_cfn_init_is_called(tmp_path: Path) -> None:
    metadata = """
    Metadata:
      AWS::CloudFormation::Init:
        config:
          services:
            sysvinit:
              sshd: {enabled: false, ensureRunning: false}
    """
    assert template(tmp_path, CFN_INIT, metadata) == ["error IAC703"]
    assert template(tmp_path, "Fn::Base64: |\n  #!/bin/bash\n  echo hi\n", metadata) == []


def test_files_of_metadata_move_sshd(tmp_path: Path) -> None:
    metadata = """
    Metadata:
      AWS::CloudFormation::Init:
        config:
          files:
            /etc/ssh/sshd_config.d/port.conf:
              content: "Port 2222"
    """
    assert template(tmp_path, CFN_INIT, metadata) == ["error IAC701"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("echo 'TrustedUserCAKeys /etc/ssh/ca.pub' >> /etc/ssh/sshd_config", True),
        ("echo 'AuthorizedKeysCommand /opt/keys' >> /etc/ssh/sshd_config", True),
        ("echo 'AllowUsers ubuntu' >> /etc/ssh/sshd_config", False),
    ],
)
def test_who_vouches_for_keys_brings_them(line: str, expected: bool) -> None:
    assert any(map(accounts.adds_keys, commands(line))) is expected
