"""Which system an instance has, as its user data and its password tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.published import NETWORK, OPEN_HOST, TEMPLATE, cloudformation, said, services, terraform

# ---- which system an instance has ---------------------------------------------------------------


@pytest.mark.parametrize(("asked", "expected"), [("false", "ssh"), ("true", "rdp")])
def test_windows_is_who_asks_for_the_password_and_not_who_declines_it(
    tmp_path: Path, asked: str, expected: str
) -> None:
    """`get_password_data = "false"` spelled out says nothing about Windows."""
    answer = terraform(
        tmp_path,
        NETWORK.replace("from_port   = 22", "from_port   = 22").replace(
            "to_port     = 22", "to_port     = 3389"
        ),
        f"""
        resource "aws_instance" "host" {{
          ami                         = var.image
          subnet_id                   = aws_subnet.public.id
          associate_public_ip_address = true
          get_password_data           = "{asked}"
          key_name                    = "ops"
          vpc_security_group_ids      = [aws_security_group.ssh.id]
        }}
        variable "image" {{}}
        """,
    )
    assert expected in services(answer)
    assert ("rdp" in services(answer)) is (asked == "true")


def test_a_shell_script_that_writes_a_page_with_script_tags_is_no_powershell(
    tmp_path: Path,
) -> None:
    """User data that begins with #! is Linux, whatever HTML it carries."""
    answer = terraform(
        tmp_path,
        NETWORK,
        """
        resource "aws_instance" "host" {
          ami                         = "ami-0123456789abcdef0"
          subnet_id                   = aws_subnet.public.id
          associate_public_ip_address = true
          key_name                    = "ops"
          vpc_security_group_ids      = [aws_security_group.ssh.id]
          user_data                   = <<-EOT
            #!/bin/bash
            cat > /var/www/html/index.html <<PAGE
            <script>alert(1)</script>
            PAGE
          EOT
        }
        """,
    )
    assert services(answer) == {"ssh"}
    assert said(answer) == []


def test_user_data_with_powershell_tags_alone_is_windows(tmp_path: Path) -> None:
    """Without #! the tags decide."""
    answer = terraform(
        tmp_path,
        NETWORK,
        """
        resource "aws_instance" "host" {
          ami                         = "ami-0123456789abcdef0"
          subnet_id                   = aws_subnet.public.id
          associate_public_ip_address = true
          key_name                    = "ops"
          vpc_security_group_ids      = [aws_security_group.ssh.id]
          user_data                   = "<powershell>Get-Date</powershell>"
        }
        """,
    )
    assert "error IAC401" in said(answer)


# ---- user data in base64 ------------------------------------------------------------------------


def test_powershell_in_a_template_is_windows(tmp_path: Path) -> None:
    """`Fn::Base64` hides it from nobody."""
    host = (
        OPEN_HOST
        + """
          UserData:
            Fn::Base64:
              Fn::Join: ["", ["<powershell>\\n", "Get-Date\\n", "</powershell>\\n"]]
    """
    )
    assert said(cloudformation(tmp_path, TEMPLATE + host)) == ["error IAC401"]
    rdp = host.replace("FromPort: 22, ToPort: 22", "FromPort: 3389, ToPort: 3389")
    assert services(cloudformation(tmp_path, TEMPLATE + rdp)) == {"rdp"}
