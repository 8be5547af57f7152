"""
Load balancers of a configuration: their subnets, what listeners forward to, and the targets.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts import fact, made

BALANCER = """
resource "aws_lb" "b" {
  load_balancer_type = "network"
  subnet_mapping { subnet_id = aws_subnet.s.id }
}
resource "aws_lb_target_group" "g" {
  port     = 22
  protocol = "TCP"
  vpc_id   = aws_vpc.v.id
}
resource "aws_lb_target_group" "other" {
  port     = 22
  protocol = "TCP"
  vpc_id   = aws_vpc.v.id
}
resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.b.arn
  port              = 22
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = %s
  }
}
resource "aws_instance" "h" {
  subnet_id  = aws_subnet.s.id
  private_ip = "10.0.1.9"
}
"""
TARGET = """
resource "aws_lb_target_group_attachment" "t" {
  target_group_arn = %s
  target_id        = %s
}
"""
SCALED = """
resource "aws_autoscaling_group" "f" {
  max_size            = %s
  vpc_zone_identifier = [aws_subnet.s.id]
  launch_template { id = aws_launch_template.t.id }
}
resource "aws_launch_template" "t" { image_id = "ami-1" }
resource "aws_autoscaling_attachment" "a" {
  autoscaling_group_name = %s
  lb_target_group_arn    = %s
}
"""
G, H, F = "aws_lb_target_group.g.arn", "aws_instance.h.id", "aws_autoscaling_group.f.name"


def test_a_load_balancer_is_in_the_subnets_that_are_mapped(tmp_path: Path) -> None:
    (balancer,) = made(tmp_path, BALANCER % G).balancers
    assert fact(balancer.subnets) == ["aws_subnet.s"]
    assert [fact(listener.groups) for listener in balancer.listeners] == [["aws_lb_target_group.g"]]


@pytest.mark.parametrize(
    "group", ["var.some", '"arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/x/1"']
)
def test_a_listener_may_forward_to_a_group_that_is_not_known(tmp_path: Path, group: str) -> None:
    (balancer,) = made(tmp_path, BALANCER % group).balancers
    assert [fact(listener.groups) for listener in balancer.listeners] == [["?"]]


@pytest.mark.parametrize(
    ("text", "targets", "open_", "others"),
    [
        ("", [], False, False),
        (TARGET % (G, H), ["aws_instance.h"], False, False),
        (TARGET % (G, '"10.0.1.9"'), ["aws_instance.h"], False, False),
        (TARGET % (G, '"10.0.1.10"'), [], True, False),
        (TARGET % (G, '"somewhere"'), [], True, False),
        (TARGET % (G, "var.some"), [], True, False),
        (TARGET % ("var.some", H), [], True, True),
        (SCALED % (1, F, G), ["aws_autoscaling_group.f"], False, False),
        (SCALED % (0, F, G), [], True, False),
        (SCALED % (1, "var.some", G), [], True, False),
        (SCALED % (1, F, "var.some"), [], True, True),
    ],
)
def test_a_target_group_has_the_targets_that_name_it(
    tmp_path: Path, text: str, targets: list[str], open_: bool, others: bool
) -> None:
    own, other = made(tmp_path, BALANCER % G + text).target_groups
    assert [each.instance.address for each in own.targets] == targets
    assert (own.rest is not None, other.rest is not None) == (open_, others)
    assert other.targets == []
