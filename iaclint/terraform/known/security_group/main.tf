# Stands in for terraform-aws-modules/security-group/aws 3 to 5 and its submodules where it is not installed.
# Facts: https://registry.terraform.io/modules/terraform-aws-modules/security-group/aws

variable "version" { type = number }
variable "source" { type = string }
variable "early" {} # nobody gives it: whether a release of 5 is one before 5.2

locals {
  create = var.create && var.putin_khuylo
  group  = var.create_sg ? concat(aws_security_group.this[*].id, aws_security_group.this_name_prefix[*].id, [""])[0] : var.security_group_id

  # A submodule adds its keywords and everything from and to itself, and sorts what is named twice away.
  submodule = var.source != ""
  automatic = try(local.earlier[tostring(var.version)][var.source], local.submodules[var.source], ["${var.source}-tcp"])

  named = local.submodule ? {
    ingress          = sort(distinct(concat(local.automatic, var.ingress_rules)))
    egress           = sort(distinct(concat(["all-all"], var.egress_rules)))
    computed_ingress = sort(distinct(var.computed_ingress_rules))
    computed_egress  = sort(distinct(var.computed_egress_rules))
    } : {
    ingress          = var.ingress_rules
    egress           = var.egress_rules
    computed_ingress = var.computed_ingress_rules
    computed_egress  = var.computed_egress_rules
  }
  itself = local.submodule ? concat([{ rule = "all-all" }], var.ingress_with_self) : var.ingress_with_self

  # Prefix lists that are given for all ingress or all egress were in rules for blocks of IPv4 too, until 5.1.
  ingress_lists = var.version < 5 ? var.ingress_prefix_list_ids : length(var.ingress_prefix_list_ids) == 0 ? [] : var.early ? var.ingress_prefix_list_ids : []
  egress_lists  = var.version < 5 ? var.egress_prefix_list_ids : length(var.egress_prefix_list_ids) == 0 ? [] : var.early ? var.egress_prefix_list_ids : []
}

resource "aws_security_group" "this" {
  count       = local.create && var.create_sg && !var.use_name_prefix ? 1 : 0
  name        = var.name
  description = var.description
  vpc_id      = var.vpc_id
  tags        = merge({ Name = var.name }, var.tags)
}

resource "aws_security_group" "this_name_prefix" {
  count       = local.create && var.create_sg && var.use_name_prefix ? 1 : 0
  name_prefix = "${var.name}-"
  description = var.description
  vpc_id      = var.vpc_id
  tags        = merge({ Name = var.name }, var.tags)
}

output "security_group_id" { value = local.made.id }
output "security_group_arn" { value = local.made.arn }
output "security_group_vpc_id" { value = local.made.vpc_id }
output "security_group_owner_id" { value = local.made.owner_id }
output "security_group_name" { value = local.made.name }
output "security_group_description" { value = local.made.description }
output "this_security_group_id" { value = local.made.id }
output "this_security_group_vpc_id" { value = local.made.vpc_id }
output "this_security_group_owner_id" { value = local.made.owner_id }
output "this_security_group_name" { value = local.made.name }
output "this_security_group_description" { value = local.made.description }

locals {
  nothing = { id = "", arn = "", vpc_id = "", owner_id = "", name = "", description = "" }
  made    = concat(aws_security_group.this[*], aws_security_group.this_name_prefix[*], [local.nothing])[0]
}

variable "create" { default = true }
variable "create_sg" { default = true }
variable "putin_khuylo" { default = true }
variable "use_name_prefix" { default = true }
variable "security_group_id" { default = null }
variable "vpc_id" { default = null }
variable "name" { default = null }
variable "description" { default = "Security Group managed by Terraform" }
variable "tags" { default = {} }

# Of no matter to who gets in.
variable "revoke_rules_on_delete" { default = null }
variable "create_timeout" { default = null }
variable "delete_timeout" { default = null }
