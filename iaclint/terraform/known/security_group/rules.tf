# Every way of the module to say a rule, for both directions. What is "computed" is the same with the number of rules given.

locals {
  rows = { for way, rules in local.given : way => [
    for rule in rules : merge(try({
      protocol  = split(" ", local.opens[rule.rule])[0]
      from_port = split(" ", local.opens[rule.rule])[1]
      to_port   = reverse(split(" ", local.opens[rule.rule]))[0]
    }, local.unlisted), rule)
  ] }
  given = {
    ingress_rules                                  = [for keyword in local.named.ingress : { rule = keyword }]
    ingress_with_cidr_blocks                       = var.ingress_with_cidr_blocks
    ingress_with_ipv6_cidr_blocks                  = var.ingress_with_ipv6_cidr_blocks
    ingress_with_source_security_group_id          = var.ingress_with_source_security_group_id
    ingress_with_self                              = local.itself
    ingress_with_prefix_list_ids                   = var.ingress_with_prefix_list_ids
    computed_ingress_rules                         = [for keyword in local.named.computed_ingress : { rule = keyword }]
    computed_ingress_with_cidr_blocks              = var.computed_ingress_with_cidr_blocks
    computed_ingress_with_ipv6_cidr_blocks         = var.computed_ingress_with_ipv6_cidr_blocks
    computed_ingress_with_source_security_group_id = var.computed_ingress_with_source_security_group_id
    computed_ingress_with_self                     = var.computed_ingress_with_self
    computed_ingress_with_prefix_list_ids          = var.ingress_with_prefix_list_ids
    egress_rules                                   = [for keyword in local.named.egress : { rule = keyword }]
    egress_with_cidr_blocks                        = var.egress_with_cidr_blocks
    egress_with_ipv6_cidr_blocks                   = var.egress_with_ipv6_cidr_blocks
    egress_with_source_security_group_id           = var.egress_with_source_security_group_id
    egress_with_self                               = var.egress_with_self
    egress_with_prefix_list_ids                    = var.egress_with_prefix_list_ids
    computed_egress_rules                          = [for keyword in local.named.computed_egress : { rule = keyword }]
    computed_egress_with_cidr_blocks               = var.computed_egress_with_cidr_blocks
    computed_egress_with_ipv6_cidr_blocks          = var.computed_egress_with_ipv6_cidr_blocks
    computed_egress_with_source_security_group_id  = var.computed_egress_with_source_security_group_id
    computed_egress_with_self                      = var.computed_egress_with_self
    computed_egress_with_prefix_list_ids           = var.computed_egress_with_prefix_list_ids
  }
}

resource "aws_security_group_rule" "ingress_rules" {
  count             = local.create ? length(local.named.ingress) : 0
  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
  prefix_list_ids   = var.ingress_prefix_list_ids
  protocol          = local.rows.ingress_rules[count.index].protocol
  from_port         = local.rows.ingress_rules[count.index].from_port
  to_port           = local.rows.ingress_rules[count.index].to_port
}

resource "aws_security_group_rule" "ingress_with_cidr_blocks" {
  count             = local.create ? length(var.ingress_with_cidr_blocks) : 0
  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = compact(split(",", try(var.ingress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.ingress_cidr_blocks))))
  prefix_list_ids   = local.ingress_lists
  protocol          = local.rows.ingress_with_cidr_blocks[count.index].protocol
  from_port         = local.rows.ingress_with_cidr_blocks[count.index].from_port
  to_port           = local.rows.ingress_with_cidr_blocks[count.index].to_port
}

resource "aws_security_group_rule" "ingress_with_ipv6_cidr_blocks" {
  count             = local.create ? length(var.ingress_with_ipv6_cidr_blocks) : 0
  security_group_id = local.group
  type              = "ingress"
  ipv6_cidr_blocks  = compact(split(",", try(var.ingress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.ingress_ipv6_cidr_blocks))))
  prefix_list_ids   = var.ingress_prefix_list_ids
  protocol          = local.rows.ingress_with_ipv6_cidr_blocks[count.index].protocol
  from_port         = local.rows.ingress_with_ipv6_cidr_blocks[count.index].from_port
  to_port           = local.rows.ingress_with_ipv6_cidr_blocks[count.index].to_port
}

resource "aws_security_group_rule" "ingress_with_source_security_group_id" {
  count                    = local.create ? length(var.ingress_with_source_security_group_id) : 0
  security_group_id        = local.group
  type                     = "ingress"
  source_security_group_id = var.ingress_with_source_security_group_id[count.index].source_security_group_id
  prefix_list_ids          = var.ingress_prefix_list_ids
  protocol                 = local.rows.ingress_with_source_security_group_id[count.index].protocol
  from_port                = local.rows.ingress_with_source_security_group_id[count.index].from_port
  to_port                  = local.rows.ingress_with_source_security_group_id[count.index].to_port
}

resource "aws_security_group_rule" "ingress_with_self" {
  count             = local.create ? length(local.itself) : 0
  security_group_id = local.group
  type              = "ingress"
  self              = try(local.itself[count.index].self, true)
  prefix_list_ids   = var.ingress_prefix_list_ids
  protocol          = local.rows.ingress_with_self[count.index].protocol
  from_port         = local.rows.ingress_with_self[count.index].from_port
  to_port           = local.rows.ingress_with_self[count.index].to_port
}

resource "aws_security_group_rule" "ingress_with_prefix_list_ids" {
  count             = local.create ? length(var.ingress_with_prefix_list_ids) : 0
  security_group_id = local.group
  type              = "ingress"
  prefix_list_ids   = compact(split(",", try(var.ingress_with_prefix_list_ids[count.index].prefix_list_ids, join(",", var.ingress_prefix_list_ids))))
  protocol          = local.rows.ingress_with_prefix_list_ids[count.index].protocol
  from_port         = local.rows.ingress_with_prefix_list_ids[count.index].from_port
  to_port           = local.rows.ingress_with_prefix_list_ids[count.index].to_port
}

resource "aws_security_group_rule" "computed_ingress_rules" {
  count             = local.create ? var.number_of_computed_ingress_rules : 0
  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
  prefix_list_ids   = var.ingress_prefix_list_ids
  protocol          = local.rows.computed_ingress_rules[count.index].protocol
  from_port         = local.rows.computed_ingress_rules[count.index].from_port
  to_port           = local.rows.computed_ingress_rules[count.index].to_port
}

resource "aws_security_group_rule" "computed_ingress_with_cidr_blocks" {
  count             = local.create ? var.number_of_computed_ingress_with_cidr_blocks : 0
  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = compact(split(",", try(var.computed_ingress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.ingress_cidr_blocks))))
  prefix_list_ids   = local.ingress_lists
  protocol          = local.rows.computed_ingress_with_cidr_blocks[count.index].protocol
  from_port         = local.rows.computed_ingress_with_cidr_blocks[count.index].from_port
  to_port           = local.rows.computed_ingress_with_cidr_blocks[count.index].to_port
}

resource "aws_security_group_rule" "computed_ingress_with_ipv6_cidr_blocks" {
  count             = local.create ? var.number_of_computed_ingress_with_ipv6_cidr_blocks : 0
  security_group_id = local.group
  type              = "ingress"
  ipv6_cidr_blocks  = compact(split(",", try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.ingress_ipv6_cidr_blocks))))
  prefix_list_ids   = var.ingress_prefix_list_ids
  protocol          = local.rows.computed_ingress_with_ipv6_cidr_blocks[count.index].protocol
  from_port         = local.rows.computed_ingress_with_ipv6_cidr_blocks[count.index].from_port
  to_port           = local.rows.computed_ingress_with_ipv6_cidr_blocks[count.index].to_port
}

resource "aws_security_group_rule" "computed_ingress_with_source_security_group_id" {
  count                    = local.create ? var.number_of_computed_ingress_with_source_security_group_id : 0
  security_group_id        = local.group
  type                     = "ingress"
  source_security_group_id = var.computed_ingress_with_source_security_group_id[count.index].source_security_group_id
  prefix_list_ids          = var.ingress_prefix_list_ids
  protocol                 = local.rows.computed_ingress_with_source_security_group_id[count.index].protocol
  from_port                = local.rows.computed_ingress_with_source_security_group_id[count.index].from_port
  to_port                  = local.rows.computed_ingress_with_source_security_group_id[count.index].to_port
}

resource "aws_security_group_rule" "computed_ingress_with_self" {
  count             = local.create ? var.number_of_computed_ingress_with_self : 0
  security_group_id = local.group
  type              = "ingress"
  self              = try(var.computed_ingress_with_self[count.index].self, true)
  prefix_list_ids   = var.ingress_prefix_list_ids
  protocol          = local.rows.computed_ingress_with_self[count.index].protocol
  from_port         = local.rows.computed_ingress_with_self[count.index].from_port
  to_port           = local.rows.computed_ingress_with_self[count.index].to_port
}

resource "aws_security_group_rule" "computed_ingress_with_prefix_list_ids" {
  count             = local.create ? var.number_of_computed_ingress_with_prefix_list_ids : 0
  security_group_id = local.group
  type              = "ingress"
  prefix_list_ids   = compact(split(",", try(var.ingress_with_prefix_list_ids[count.index].prefix_list_ids, join(",", var.ingress_prefix_list_ids))))
  protocol          = local.rows.computed_ingress_with_prefix_list_ids[count.index].protocol
  from_port         = local.rows.computed_ingress_with_prefix_list_ids[count.index].from_port
  to_port           = local.rows.computed_ingress_with_prefix_list_ids[count.index].to_port
}

resource "aws_security_group_rule" "egress_rules" {
  count             = local.create ? length(local.named.egress) : 0
  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = var.egress_cidr_blocks
  ipv6_cidr_blocks  = var.egress_ipv6_cidr_blocks
  prefix_list_ids   = var.egress_prefix_list_ids
  protocol          = local.rows.egress_rules[count.index].protocol
  from_port         = local.rows.egress_rules[count.index].from_port
  to_port           = local.rows.egress_rules[count.index].to_port
}

resource "aws_security_group_rule" "egress_with_cidr_blocks" {
  count             = local.create ? length(var.egress_with_cidr_blocks) : 0
  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = compact(split(",", try(var.egress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.egress_cidr_blocks))))
  prefix_list_ids   = local.egress_lists
  protocol          = local.rows.egress_with_cidr_blocks[count.index].protocol
  from_port         = local.rows.egress_with_cidr_blocks[count.index].from_port
  to_port           = local.rows.egress_with_cidr_blocks[count.index].to_port
}

resource "aws_security_group_rule" "egress_with_ipv6_cidr_blocks" {
  count             = local.create ? length(var.egress_with_ipv6_cidr_blocks) : 0
  security_group_id = local.group
  type              = "egress"
  ipv6_cidr_blocks  = compact(split(",", try(var.egress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.egress_ipv6_cidr_blocks))))
  prefix_list_ids   = var.egress_prefix_list_ids
  protocol          = local.rows.egress_with_ipv6_cidr_blocks[count.index].protocol
  from_port         = local.rows.egress_with_ipv6_cidr_blocks[count.index].from_port
  to_port           = local.rows.egress_with_ipv6_cidr_blocks[count.index].to_port
}

resource "aws_security_group_rule" "egress_with_source_security_group_id" {
  count                    = local.create ? length(var.egress_with_source_security_group_id) : 0
  security_group_id        = local.group
  type                     = "egress"
  source_security_group_id = var.egress_with_source_security_group_id[count.index].source_security_group_id
  prefix_list_ids          = var.egress_prefix_list_ids
  protocol                 = local.rows.egress_with_source_security_group_id[count.index].protocol
  from_port                = local.rows.egress_with_source_security_group_id[count.index].from_port
  to_port                  = local.rows.egress_with_source_security_group_id[count.index].to_port
}

resource "aws_security_group_rule" "egress_with_self" {
  count             = local.create ? length(var.egress_with_self) : 0
  security_group_id = local.group
  type              = "egress"
  self              = try(var.egress_with_self[count.index].self, true)
  prefix_list_ids   = var.egress_prefix_list_ids
  protocol          = local.rows.egress_with_self[count.index].protocol
  from_port         = local.rows.egress_with_self[count.index].from_port
  to_port           = local.rows.egress_with_self[count.index].to_port
}

resource "aws_security_group_rule" "egress_with_prefix_list_ids" {
  count             = local.create ? length(var.egress_with_prefix_list_ids) : 0
  security_group_id = local.group
  type              = "egress"
  prefix_list_ids   = compact(split(",", try(var.egress_with_prefix_list_ids[count.index].prefix_list_ids, join(",", var.egress_prefix_list_ids))))
  protocol          = local.rows.egress_with_prefix_list_ids[count.index].protocol
  from_port         = local.rows.egress_with_prefix_list_ids[count.index].from_port
  to_port           = local.rows.egress_with_prefix_list_ids[count.index].to_port
}

resource "aws_security_group_rule" "computed_egress_rules" {
  count             = local.create ? var.number_of_computed_egress_rules : 0
  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = var.egress_cidr_blocks
  ipv6_cidr_blocks  = var.egress_ipv6_cidr_blocks
  prefix_list_ids   = var.egress_prefix_list_ids
  protocol          = local.rows.computed_egress_rules[count.index].protocol
  from_port         = local.rows.computed_egress_rules[count.index].from_port
  to_port           = local.rows.computed_egress_rules[count.index].to_port
}

resource "aws_security_group_rule" "computed_egress_with_cidr_blocks" {
  count             = local.create ? var.number_of_computed_egress_with_cidr_blocks : 0
  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = compact(split(",", try(var.computed_egress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.egress_cidr_blocks))))
  prefix_list_ids   = local.egress_lists
  protocol          = local.rows.computed_egress_with_cidr_blocks[count.index].protocol
  from_port         = local.rows.computed_egress_with_cidr_blocks[count.index].from_port
  to_port           = local.rows.computed_egress_with_cidr_blocks[count.index].to_port
}

resource "aws_security_group_rule" "computed_egress_with_ipv6_cidr_blocks" {
  count             = local.create ? var.number_of_computed_egress_with_ipv6_cidr_blocks : 0
  security_group_id = local.group
  type              = "egress"
  ipv6_cidr_blocks  = compact(split(",", try(var.computed_egress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.egress_ipv6_cidr_blocks))))
  prefix_list_ids   = var.egress_prefix_list_ids
  protocol          = local.rows.computed_egress_with_ipv6_cidr_blocks[count.index].protocol
  from_port         = local.rows.computed_egress_with_ipv6_cidr_blocks[count.index].from_port
  to_port           = local.rows.computed_egress_with_ipv6_cidr_blocks[count.index].to_port
}

resource "aws_security_group_rule" "computed_egress_with_source_security_group_id" {
  count                    = local.create ? var.number_of_computed_egress_with_source_security_group_id : 0
  security_group_id        = local.group
  type                     = "egress"
  source_security_group_id = var.computed_egress_with_source_security_group_id[count.index].source_security_group_id
  prefix_list_ids          = var.egress_prefix_list_ids
  protocol                 = local.rows.computed_egress_with_source_security_group_id[count.index].protocol
  from_port                = local.rows.computed_egress_with_source_security_group_id[count.index].from_port
  to_port                  = local.rows.computed_egress_with_source_security_group_id[count.index].to_port
}

resource "aws_security_group_rule" "computed_egress_with_self" {
  count             = local.create ? var.number_of_computed_egress_with_self : 0
  security_group_id = local.group
  type              = "egress"
  self              = try(var.computed_egress_with_self[count.index].self, true)
  prefix_list_ids   = var.egress_prefix_list_ids
  protocol          = local.rows.computed_egress_with_self[count.index].protocol
  from_port         = local.rows.computed_egress_with_self[count.index].from_port
  to_port           = local.rows.computed_egress_with_self[count.index].to_port
}

resource "aws_security_group_rule" "computed_egress_with_prefix_list_ids" {
  count                    = local.create ? var.number_of_computed_egress_with_prefix_list_ids : 0
  security_group_id        = local.group
  type                     = "egress"
  source_security_group_id = var.computed_egress_with_prefix_list_ids[count.index].source_security_group_id
  prefix_list_ids          = compact(split(",", try(var.computed_egress_with_prefix_list_ids[count.index].prefix_list_ids, join(",", var.egress_prefix_list_ids))))
  protocol                 = local.rows.computed_egress_with_prefix_list_ids[count.index].protocol
  from_port                = local.rows.computed_egress_with_prefix_list_ids[count.index].from_port
  to_port                  = local.rows.computed_egress_with_prefix_list_ids[count.index].to_port
}

variable "ingress_cidr_blocks" {
  type    = list(string)
  default = []
}

variable "ingress_ipv6_cidr_blocks" {
  type    = list(string)
  default = []
}

variable "ingress_prefix_list_ids" {
  type    = list(string)
  default = []
}

variable "egress_cidr_blocks" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

variable "egress_ipv6_cidr_blocks" {
  type    = list(string)
  default = ["::/0"]
}

variable "egress_prefix_list_ids" {
  type    = list(string)
  default = []
}

variable "ingress_rules" {
  type    = list(string)
  default = []
}

variable "ingress_with_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "ingress_with_ipv6_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "ingress_with_source_security_group_id" {
  type    = list(map(string))
  default = []
}

variable "ingress_with_self" {
  type    = list(map(string))
  default = []
}

variable "ingress_with_prefix_list_ids" {
  type    = list(map(string))
  default = []
}

variable "computed_ingress_rules" {
  type    = list(string)
  default = []
}

variable "number_of_computed_ingress_rules" {
  type    = number
  default = 0
}

variable "computed_ingress_with_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_ingress_with_cidr_blocks" {
  type    = number
  default = 0
}

variable "computed_ingress_with_ipv6_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_ingress_with_ipv6_cidr_blocks" {
  type    = number
  default = 0
}

variable "computed_ingress_with_source_security_group_id" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_ingress_with_source_security_group_id" {
  type    = number
  default = 0
}

variable "computed_ingress_with_self" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_ingress_with_self" {
  type    = number
  default = 0
}

variable "computed_ingress_with_prefix_list_ids" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_ingress_with_prefix_list_ids" {
  type    = number
  default = 0
}

variable "egress_rules" {
  type    = list(string)
  default = []
}

variable "egress_with_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "egress_with_ipv6_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "egress_with_source_security_group_id" {
  type    = list(map(string))
  default = []
}

variable "egress_with_self" {
  type    = list(map(string))
  default = []
}

variable "egress_with_prefix_list_ids" {
  type    = list(map(string))
  default = []
}

variable "computed_egress_rules" {
  type    = list(string)
  default = []
}

variable "number_of_computed_egress_rules" {
  type    = number
  default = 0
}

variable "computed_egress_with_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_egress_with_cidr_blocks" {
  type    = number
  default = 0
}

variable "computed_egress_with_ipv6_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_egress_with_ipv6_cidr_blocks" {
  type    = number
  default = 0
}

variable "computed_egress_with_source_security_group_id" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_egress_with_source_security_group_id" {
  type    = number
  default = 0
}

variable "computed_egress_with_self" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_egress_with_self" {
  type    = number
  default = 0
}

variable "computed_egress_with_prefix_list_ids" {
  type    = list(map(string))
  default = []
}

variable "number_of_computed_egress_with_prefix_list_ids" {
  type    = number
  default = 0
}

# Submodules take these and use none.
variable "computed_ingress_cidr_blocks" { default = null }
variable "number_of_computed_ingress_cidr_blocks" { default = null }
variable "computed_ingress_ipv6_cidr_blocks" { default = null }
variable "number_of_computed_ingress_ipv6_cidr_blocks" { default = null }
variable "computed_ingress_prefix_list_ids" { default = null }
variable "number_of_computed_ingress_prefix_list_ids" { default = null }
variable "computed_egress_cidr_blocks" { default = null }
variable "number_of_computed_egress_cidr_blocks" { default = null }
variable "computed_egress_ipv6_cidr_blocks" { default = null }
variable "number_of_computed_egress_ipv6_cidr_blocks" { default = null }
variable "computed_egress_prefix_list_ids" { default = null }
variable "number_of_computed_egress_prefix_list_ids" { default = null }
