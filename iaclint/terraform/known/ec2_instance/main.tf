# Stands in for terraform-aws-modules/ec2-instance/aws 2 to 6 where it is not installed.
# Facts: https://registry.terraform.io/modules/terraform-aws-modules/ec2-instance/aws

variable "version" { type = number }
variable "early" {} # nobody gives it: whether a release of 2 is one before 2.10

locals {
  create = var.create && var.putin_khuylo
  spot   = local.create && var.create_spot_instance
  hosts  = local.create && !local.spot ? var.instance_count : 0

  ami     = try(coalesce(var.ami, local.default_ami), null)
  # Hosts had no public address unless one was asked for, until 2.9; since then the subnet decides.
  public = var.version < 3 && var.associate_public_ip_address == null ? (var.early ? false : null) : var.associate_public_ip_address

  profile = var.create_iam_instance_profile ? one(aws_iam_instance_profile.this[*].name) : var.iam_instance_profile

  # Version 2 has one subnet or many, and gives each host the next one.
  subnets   = distinct(concat([for subnet in [var.subnet_id] : subnet if subnet != null], var.subnet_ids))
  addresses = length(var.private_ips) > 0 ? var.private_ips : [var.private_ip]

  # Interfaces are a list; from 6 they are a map, whose key is the index of a device that has none.
  interfaces = flatten([for all in [var.network_interface] : [for key, interface in all : {
    device_index         = try(coalesce(interface.device_index, key), key)
    network_interface_id = try(interface.network_interface_id, null)
  }] if all != null])
  has_interfaces = length(local.interfaces) > 0
  templates      = try(length(var.launch_template), 0) > 0 ? [var.launch_template] : []

  suffix = var.version < 3 && (var.instance_count > 1 || var.use_num_suffix)
  names  = [for number in range(local.hosts) : local.suffix ? format("%s${var.num_suffix_format}", var.name, number + 1) : var.name]
}

# The image is Amazon Linux where nobody names one: 2 until version 5, 2023 from 6.
data "aws_ssm_parameter" "this" {
  count = var.version >= 4 && var.ami == null ? 1 : 0
  name  = coalesce(var.ami_ssm_parameter, "/aws/service/ami-amazon-linux-latest/${local.image}")
}

locals {
  image       = var.version < 6 ? "amzn2-ami-hvm-x86_64-gp2" : "al2023-ami-kernel-default-x86_64"
  default_ami = one(data.aws_ssm_parameter.this[*].value)
}

resource "aws_instance" "this" {
  count = var.ignore_ami_changes ? 0 : local.hosts

  ami                         = local.ami
  instance_type               = var.instance_type
  availability_zone           = var.availability_zone
  subnet_id                   = var.version < 3 ? try(element(local.subnets, count.index), null) : var.subnet_id
  vpc_security_group_ids      = local.groups
  associate_public_ip_address = local.public
  private_ip                  = element(local.addresses, count.index)
  secondary_private_ips       = var.secondary_private_ips
  ipv6_address_count          = var.ipv6_address_count
  ipv6_addresses              = var.ipv6_addresses
  enable_primary_ipv6         = var.enable_primary_ipv6
  source_dest_check           = local.has_interfaces ? null : var.source_dest_check
  key_name                    = var.key_name
  get_password_data           = var.get_password_data
  iam_instance_profile        = local.profile
  user_data                   = var.user_data
  user_data_base64            = var.user_data_base64
  tags                        = merge({ Name = local.names[count.index] }, var.tags, var.instance_tags)

  dynamic "network_interface" {
    for_each = local.interfaces
    content {
      device_index         = network_interface.value.device_index
      network_interface_id = network_interface.value.network_interface_id
    }
  }

  dynamic "launch_template" {
    for_each = local.templates
    content {
      id      = try(launch_template.value.id, null)
      name    = try(launch_template.value.name, null)
      version = try(launch_template.value.version, null)
    }
  }
}

resource "aws_instance" "ignore_ami" {
  count = var.ignore_ami_changes ? local.hosts : 0

  ami                         = local.ami
  instance_type               = var.instance_type
  availability_zone           = var.availability_zone
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = local.groups
  associate_public_ip_address = local.public
  private_ip                  = var.private_ip
  secondary_private_ips       = var.secondary_private_ips
  ipv6_address_count          = var.ipv6_address_count
  ipv6_addresses              = var.ipv6_addresses
  enable_primary_ipv6         = var.enable_primary_ipv6
  source_dest_check           = local.has_interfaces ? null : var.source_dest_check
  key_name                    = var.key_name
  get_password_data           = var.get_password_data
  iam_instance_profile        = local.profile
  user_data                   = var.user_data
  user_data_base64            = var.user_data_base64
  tags                        = merge({ Name = var.name }, var.tags, var.instance_tags)

  dynamic "network_interface" {
    for_each = local.interfaces
    content {
      device_index         = network_interface.value.device_index
      network_interface_id = network_interface.value.network_interface_id
    }
  }

  dynamic "launch_template" {
    for_each = local.templates
    content {
      id      = try(launch_template.value.id, null)
      name    = try(launch_template.value.name, null)
      version = try(launch_template.value.version, null)
    }
  }

  lifecycle {
    ignore_changes = [ami]
  }
}

resource "aws_spot_instance_request" "this" {
  count = local.spot ? 1 : 0

  ami                         = local.ami
  instance_type               = var.instance_type
  availability_zone           = var.availability_zone
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = local.groups
  associate_public_ip_address = local.public
  private_ip                  = var.private_ip
  secondary_private_ips       = var.secondary_private_ips
  ipv6_address_count          = var.ipv6_address_count
  ipv6_addresses              = var.ipv6_addresses
  enable_primary_ipv6         = var.enable_primary_ipv6
  source_dest_check           = local.has_interfaces ? null : var.source_dest_check
  key_name                    = var.key_name
  get_password_data           = var.get_password_data
  iam_instance_profile        = local.profile
  user_data                   = var.user_data
  user_data_base64            = var.user_data_base64
  spot_type                   = var.spot_type
  wait_for_fulfillment        = var.spot_wait_for_fulfillment
  tags                        = merge({ Name = var.name }, var.tags, var.instance_tags)

  dynamic "network_interface" {
    for_each = local.interfaces
    content {
      device_index         = network_interface.value.device_index
      network_interface_id = network_interface.value.network_interface_id
    }
  }

  dynamic "launch_template" {
    for_each = local.templates
    content {
      id      = try(launch_template.value.id, null)
      name    = try(launch_template.value.name, null)
      version = try(launch_template.value.version, null)
    }
  }
}

resource "aws_eip" "this" {
  count    = local.create && var.create_eip && !var.create_spot_instance ? 1 : 0
  domain   = var.eip_domain
  instance = try(aws_instance.this[0].id, aws_instance.ignore_ami[0].id, null)
  tags     = merge(var.tags, var.eip_tags)
}

# From version 6 the module makes a group of its own, with no way in unless rules are given, and every way out.
locals {
  create_group = var.version >= 6 && var.create && var.create_security_group && var.network_interface == null
  given_groups = var.version >= 6 && var.vpc_security_group_ids == null ? [] : var.vpc_security_group_ids
  groups = (
    var.version >= 6 && var.network_interface != null ? null
    : local.create_group ? concat(local.given_groups, aws_security_group.this[*].id) : local.given_groups
  )
  group_name = try(coalesce(var.security_group_name, var.name), "")
}

data "aws_subnet" "this" {
  count = local.create_group ? 1 : 0
  id    = var.subnet_id
}

resource "aws_security_group" "this" {
  count       = local.create_group ? 1 : 0
  name        = var.security_group_use_name_prefix ? null : local.group_name
  name_prefix = var.security_group_use_name_prefix ? "${local.group_name}-" : null
  vpc_id      = coalesce(var.security_group_vpc_id, data.aws_subnet.this[0].vpc_id)
  tags        = merge(var.tags, { Name = local.group_name }, var.security_group_tags)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.create_group && var.security_group_ingress_rules != null ? var.security_group_ingress_rules : {}

  security_group_id            = aws_security_group.this[0].id
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = try(coalesce(each.value.from_port, each.value.to_port), null)
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.create_group && var.security_group_egress_rules != null ? var.security_group_egress_rules : {}

  security_group_id            = aws_security_group.this[0].id
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
  ip_protocol                  = each.value.ip_protocol
  from_port                    = try(coalesce(each.value.from_port, each.value.to_port), null)
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), null)
}

# What the host may do, which decides whether Session Manager is a way in.
locals {
  create_profile = var.create && var.create_iam_instance_profile
  role_name      = try(coalesce(var.iam_role_name, var.name), "")
}

resource "aws_iam_role" "this" {
  count                = local.create_profile ? 1 : 0
  name                 = var.iam_role_use_name_prefix ? null : local.role_name
  name_prefix          = var.iam_role_use_name_prefix ? "${local.role_name}-" : null
  path                 = var.iam_role_path
  permissions_boundary = var.iam_role_permissions_boundary
  assume_role_policy   = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for name, policy in var.iam_role_policies : name => policy if local.create_profile }
  policy_arn = each.value
  role       = aws_iam_role.this[0].name
}

resource "aws_iam_instance_profile" "this" {
  count       = local.create_profile ? 1 : 0
  role        = aws_iam_role.this[0].name
  name        = var.iam_role_use_name_prefix ? null : local.role_name
  name_prefix = var.iam_role_use_name_prefix ? "${local.role_name}-" : null
  path        = var.iam_role_path
}
