# Stands in for terraform-aws-modules/vpc/aws 2 to 6 where it is not installed.
# Facts: https://registry.terraform.io/modules/terraform-aws-modules/vpc/aws

variable "version" { type = number }

locals {
  create = var.create_vpc && var.putin_khuylo
  vpc    = try(aws_vpc.this[0].id, "")

  # How many subnets each tier has. A subnet that has no block of IPv4 counts by its block of IPv6.
  public_size      = local.create ? max(length(var.public_subnets), length(var.public_subnet_ipv6_prefixes)) : 0
  private_size     = local.create ? max(length(var.private_subnets), length(var.private_subnet_ipv6_prefixes)) : 0
  database_size    = local.create ? max(length(var.database_subnets), length(var.database_subnet_ipv6_prefixes)) : 0
  redshift_size    = local.create ? max(length(var.redshift_subnets), length(var.redshift_subnet_ipv6_prefixes)) : 0
  elasticache_size = local.create ? max(length(var.elasticache_subnets), length(var.elasticache_subnet_ipv6_prefixes)) : 0
  intra_size       = local.create ? max(length(var.intra_subnets), length(var.intra_subnet_ipv6_prefixes)) : 0
  outpost_size     = local.create ? max(length(var.outpost_subnets), length(var.outpost_subnet_ipv6_prefixes)) : 0

  # A zone is given by its name (eu-west-1a) or by its id (euw1-az1).
  zones = [for zone in var.azs : length(regexall("^[a-z]{2}-", zone)) > 0 ? { name = zone, id = null } : { name = null, id = zone }]

  # There are as many private route tables as there could be NAT gateways, whether there are any or not.
  longest = max(
    local.private_size, local.database_size, local.redshift_size, local.elasticache_size,
    var.version >= 4 ? local.public_size : 0,
    var.version == 4 ? local.intra_size : 0,
  )
  gateways  = var.single_nat_gateway ? 1 : var.one_nat_gateway_per_az ? length(var.azs) : local.longest
  translate = local.create && var.enable_nat_gateway
  dns64     = var.version >= 4 && var.enable_ipv6 && var.private_subnet_enable_dns64
  nat_ips   = var.reuse_nat_ips ? var.external_nat_ip_ids : aws_eip.nat[*].id
}

resource "aws_vpc" "this" {
  count = local.create ? 1 : 0

  cidr_block                           = var.use_ipam_pool ? null : coalesce(var.cidr, var.version < 4 ? "0.0.0.0/0" : "10.0.0.0/16")
  ipv4_ipam_pool_id                    = var.ipv4_ipam_pool_id
  ipv4_netmask_length                  = var.ipv4_netmask_length
  assign_generated_ipv6_cidr_block     = var.enable_ipv6 && !var.use_ipam_pool ? true : null
  ipv6_cidr_block                      = var.ipv6_cidr
  ipv6_ipam_pool_id                    = var.ipv6_ipam_pool_id
  ipv6_netmask_length                  = var.ipv6_netmask_length
  ipv6_cidr_block_network_border_group = var.ipv6_cidr_block_network_border_group
  enable_dns_hostnames                 = coalesce(var.enable_dns_hostnames, var.version >= 4)
  enable_dns_support                   = var.enable_dns_support
  tags                                 = merge({ Name = var.name }, var.tags, var.vpc_tags)
}

resource "aws_vpc_ipv4_cidr_block_association" "this" {
  count      = local.create ? length(var.secondary_cidr_blocks) : 0
  vpc_id     = aws_vpc.this[0].id
  cidr_block = var.secondary_cidr_blocks[count.index]
}

resource "aws_vpc_block_public_access_options" "this" {
  count                       = local.create && length(var.vpc_block_public_access_options) > 0 ? 1 : 0
  internet_gateway_block_mode = try(var.vpc_block_public_access_options.internet_gateway_block_mode, null)
}

resource "aws_vpc_block_public_access_exclusion" "this" {
  for_each = { for name, exclusion in var.vpc_block_public_access_exclusions : name => exclusion if local.create }

  vpc_id    = try(each.value.exclude_vpc, false) ? local.vpc : null
  subnet_id = try(each.value.exclude_subnet, false) ? local.subnets[each.value.subnet_type][each.value.subnet_index] : null

  internet_gateway_exclusion_mode = each.value.internet_gateway_exclusion_mode
}

locals {
  subnets = {
    public      = aws_subnet.public[*].id
    private     = aws_subnet.private[*].id
    database    = aws_subnet.database[*].id
    redshift    = aws_subnet.redshift[*].id
    elasticache = aws_subnet.elasticache[*].id
    intra       = aws_subnet.intra[*].id
    outpost     = aws_subnet.outpost[*].id
  }
}

# Gateways, and the routes to them.

resource "aws_internet_gateway" "this" {
  count  = local.public_size > 0 && var.create_igw ? 1 : 0
  vpc_id = local.vpc
  tags   = merge({ Name = var.name }, var.tags, var.igw_tags)
}

resource "aws_egress_only_internet_gateway" "this" {
  count  = local.create && var.create_egress_only_igw && var.enable_ipv6 && local.longest > 0 ? 1 : 0
  vpc_id = local.vpc
  tags   = merge({ Name = var.name }, var.tags, var.igw_tags)
}

resource "aws_eip" "nat" {
  count  = local.translate && !var.reuse_nat_ips ? local.gateways : 0
  domain = "vpc"
  tags   = merge({ Name = "${var.name}-${element(var.azs, var.single_nat_gateway ? 0 : count.index)}" }, var.tags, var.nat_eip_tags)
}

resource "aws_nat_gateway" "this" {
  count         = local.translate ? local.gateways : 0
  allocation_id = element(local.nat_ips, var.single_nat_gateway ? 0 : count.index)
  subnet_id     = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
  tags          = merge({ Name = "${var.name}-${element(var.azs, var.single_nat_gateway ? 0 : count.index)}" }, var.tags, var.nat_gateway_tags)
  depends_on    = [aws_internet_gateway.this]
}

resource "aws_route" "public_internet_gateway" {
  count                  = var.create_igw ? local.public_tables : 0
  route_table_id         = aws_route_table.public[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "public_internet_gateway_ipv6" {
  count                       = var.create_igw && var.enable_ipv6 ? local.public_tables : 0
  route_table_id              = aws_route_table.public[count.index].id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.this[0].id
}

resource "aws_route" "private_nat_gateway" {
  count                  = local.translate && var.create_private_nat_gateway_route ? local.gateways : 0
  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = var.nat_gateway_destination_cidr_block
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route" "private_dns64_nat_gateway" {
  count                       = local.translate && local.dns64 ? local.gateways : 0
  route_table_id              = element(aws_route_table.private[*].id, count.index)
  destination_ipv6_cidr_block = "64:ff9b::/96"
  nat_gateway_id              = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route" "private_ipv6_egress" {
  count = (
    local.private_size > 0 && var.create_egress_only_igw && var.enable_ipv6
    ? var.version < 5 ? local.private_size : local.gateways : 0
  )
  route_table_id              = element(aws_route_table.private[*].id, count.index)
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.this[0].id
}

resource "aws_route" "database_internet_gateway" {
  count                  = local.database_tables > 0 && var.create_igw && local.database_to_internet && !var.create_database_nat_gateway_route ? 1 : 0
  route_table_id         = aws_route_table.database[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "database_nat_gateway" {
  count                  = local.database_to_nat ? local.database_tables : 0
  route_table_id         = element(aws_route_table.database[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route" "database_dns64_nat_gateway" {
  count                       = local.database_to_nat && local.dns64 ? local.database_tables : 0
  route_table_id              = element(aws_route_table.database[*].id, count.index)
  destination_ipv6_cidr_block = "64:ff9b::/96"
  nat_gateway_id              = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route" "database_ipv6_egress" {
  count                       = local.database_tables > 0 && var.create_egress_only_igw && var.enable_ipv6 && local.database_to_internet ? 1 : 0
  route_table_id              = aws_route_table.database[0].id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.this[0].id
}

# A VPN gateway, made here or given.

locals {
  vpn = local.create && (var.enable_vpn_gateway || var.vpn_gateway_id != "")
  vgw = concat(aws_vpn_gateway.this[*].id, aws_vpn_gateway_attachment.this[*].vpn_gateway_id)
}

resource "aws_vpn_gateway" "this" {
  count             = local.create && var.enable_vpn_gateway ? 1 : 0
  vpc_id            = local.vpc
  amazon_side_asn   = var.amazon_side_asn
  availability_zone = var.vpn_gateway_az
  tags              = merge({ Name = var.name }, var.tags, var.vpn_gateway_tags)
}

resource "aws_vpn_gateway_attachment" "this" {
  count          = var.vpn_gateway_id != "" ? 1 : 0
  vpc_id         = local.vpc
  vpn_gateway_id = var.vpn_gateway_id
}

resource "aws_vpn_gateway_route_propagation" "public" {
  count          = local.vpn && var.propagate_public_route_tables_vgw ? 1 : 0
  route_table_id = element(aws_route_table.public[*].id, count.index)
  vpn_gateway_id = element(local.vgw, count.index)
}

resource "aws_vpn_gateway_route_propagation" "private" {
  count          = local.vpn && var.propagate_private_route_tables_vgw ? local.private_size : 0
  route_table_id = element(aws_route_table.private[*].id, count.index)
  vpn_gateway_id = element(local.vgw, count.index)
}

resource "aws_vpn_gateway_route_propagation" "intra" {
  count          = local.vpn && var.propagate_intra_route_tables_vgw ? local.intra_size : 0
  route_table_id = element(aws_route_table.intra[*].id, count.index)
  vpn_gateway_id = element(local.vgw, count.index)
}

# What AWS makes with a VPC, and from version 4 the module takes over: a group that lets nothing in or out,
# a table without routes, and an ACL that lets everything through.

locals {
  adopts       = var.version >= 4
  default_name = local.adopts ? "${var.name}-default" : var.name
}

resource "aws_default_vpc" "this" {
  count                = var.manage_default_vpc ? 1 : 0
  enable_dns_support   = var.default_vpc_enable_dns_support
  enable_dns_hostnames = coalesce(var.default_vpc_enable_dns_hostnames, var.version >= 4)
  tags                 = merge({ Name = coalesce(var.default_vpc_name, "default") }, var.tags, var.default_vpc_tags)
}

resource "aws_default_security_group" "this" {
  count  = local.create && coalesce(var.manage_default_security_group, local.adopts) ? 1 : 0
  vpc_id = aws_vpc.this[0].id
  tags   = merge({ Name = coalesce(var.default_security_group_name, local.default_name) }, var.tags, var.default_security_group_tags)

  dynamic "ingress" {
    for_each = var.default_security_group_ingress
    content {
      self             = try(ingress.value.self, null)
      cidr_blocks      = compact(split(",", try(ingress.value.cidr_blocks, "")))
      ipv6_cidr_blocks = compact(split(",", try(ingress.value.ipv6_cidr_blocks, "")))
      prefix_list_ids  = compact(split(",", try(ingress.value.prefix_list_ids, "")))
      security_groups  = compact(split(",", try(ingress.value.security_groups, "")))
      protocol         = try(ingress.value.protocol, "-1")
      from_port        = try(ingress.value.from_port, 0)
      to_port          = try(ingress.value.to_port, 0)
    }
  }

  dynamic "egress" {
    for_each = var.default_security_group_egress
    content {
      self             = try(egress.value.self, null)
      cidr_blocks      = compact(split(",", try(egress.value.cidr_blocks, "")))
      ipv6_cidr_blocks = compact(split(",", try(egress.value.ipv6_cidr_blocks, "")))
      prefix_list_ids  = compact(split(",", try(egress.value.prefix_list_ids, "")))
      security_groups  = compact(split(",", try(egress.value.security_groups, "")))
      protocol         = try(egress.value.protocol, "-1")
      from_port        = try(egress.value.from_port, 0)
      to_port          = try(egress.value.to_port, 0)
    }
  }
}

resource "aws_default_network_acl" "this" {
  count                  = local.create && coalesce(var.manage_default_network_acl, local.adopts) ? 1 : 0
  default_network_acl_id = aws_vpc.this[0].default_network_acl_id
  tags                   = merge({ Name = coalesce(var.default_network_acl_name, local.default_name) }, var.tags, var.default_network_acl_tags)

  dynamic "ingress" {
    for_each = var.default_network_acl_ingress
    content {
      rule_no         = ingress.value.rule_no
      action          = ingress.value.action
      protocol        = ingress.value.protocol
      from_port       = ingress.value.from_port
      to_port         = ingress.value.to_port
      icmp_type       = try(ingress.value.icmp_type, null)
      icmp_code       = try(ingress.value.icmp_code, null)
      cidr_block      = try(ingress.value.cidr_block, null)
      ipv6_cidr_block = try(ingress.value.ipv6_cidr_block, null)
    }
  }

  dynamic "egress" {
    for_each = var.default_network_acl_egress
    content {
      rule_no         = egress.value.rule_no
      action          = egress.value.action
      protocol        = egress.value.protocol
      from_port       = egress.value.from_port
      to_port         = egress.value.to_port
      icmp_type       = try(egress.value.icmp_type, null)
      icmp_code       = try(egress.value.icmp_code, null)
      cidr_block      = try(egress.value.cidr_block, null)
      ipv6_cidr_block = try(egress.value.ipv6_cidr_block, null)
    }
  }

  lifecycle {
    ignore_changes = [subnet_ids]
  }
}

resource "aws_default_route_table" "default" {
  count                  = local.create && coalesce(var.manage_default_route_table, local.adopts) ? 1 : 0
  default_route_table_id = aws_vpc.this[0].default_route_table_id
  propagating_vgws       = var.default_route_table_propagating_vgws
  tags                   = merge({ Name = coalesce(var.default_route_table_name, local.default_name) }, var.tags, var.default_route_table_tags)

  dynamic "route" {
    for_each = var.default_route_table_routes
    content {
      cidr_block                = try(route.value.cidr_block, null)
      ipv6_cidr_block           = try(route.value.ipv6_cidr_block, null)
      egress_only_gateway_id    = try(route.value.egress_only_gateway_id, null)
      gateway_id                = try(route.value.gateway_id, null)
      instance_id               = try(route.value.instance_id, null)
      nat_gateway_id            = try(route.value.nat_gateway_id, null)
      network_interface_id      = try(route.value.network_interface_id, null)
      transit_gateway_id        = try(route.value.transit_gateway_id, null)
      vpc_endpoint_id           = try(route.value.vpc_endpoint_id, null)
      vpc_peering_connection_id = try(route.value.vpc_peering_connection_id, null)
    }
  }
}
