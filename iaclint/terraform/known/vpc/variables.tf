# The defaults are those of version 6; null where a default is another in earlier ones (main.tf says which).
variable "create_vpc" { default = true }
variable "tags" { default = {} }
variable "name" { default = "" }
variable "cidr" { default = null }
variable "secondary_cidr_blocks" {
  type    = list(string)
  default = []
}
variable "azs" {
  type    = list(string)
  default = []
}
variable "enable_dns_hostnames" { default = null }
variable "enable_dns_support" { default = true }
variable "use_ipam_pool" { default = false }
variable "ipv4_ipam_pool_id" { default = null }
variable "ipv4_netmask_length" { default = null }
variable "enable_ipv6" { default = false }
variable "ipv6_cidr" { default = null }
variable "ipv6_ipam_pool_id" { default = null }
variable "ipv6_netmask_length" { default = null }
variable "ipv6_cidr_block_network_border_group" { default = null }
variable "vpc_tags" { default = {} }
variable "vpc_block_public_access_options" { default = {} }
variable "vpc_block_public_access_exclusions" { default = {} }
variable "public_subnets" {
  type    = list(string)
  default = []
}
variable "public_subnet_assign_ipv6_address_on_creation" { default = null }
variable "create_multiple_public_route_tables" { default = false }
variable "public_subnet_ipv6_prefixes" {
  type    = list(string)
  default = []
}
variable "public_subnet_ipv6_native" { default = false }
variable "map_public_ip_on_launch" { default = null }
variable "public_subnet_names" {
  type    = list(string)
  default = []
}
variable "public_subnet_suffix" { default = "public" }
variable "public_subnet_tags" { default = {} }
variable "public_subnet_tags_per_az" { default = {} }
variable "public_route_table_tags" { default = {} }
variable "public_dedicated_network_acl" { default = false }
variable "public_inbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "public_outbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "public_acl_tags" { default = {} }
variable "private_subnets" {
  type    = list(string)
  default = []
}
variable "private_subnet_assign_ipv6_address_on_creation" { default = null }
variable "private_subnet_enable_dns64" { default = true }
variable "private_subnet_ipv6_prefixes" {
  type    = list(string)
  default = []
}
variable "private_subnet_ipv6_native" { default = false }
variable "private_subnet_names" {
  type    = list(string)
  default = []
}
variable "private_subnet_suffix" { default = "private" }
variable "create_private_nat_gateway_route" { default = true }
variable "private_subnet_tags" { default = {} }
variable "private_subnet_tags_per_az" { default = {} }
variable "private_route_table_tags" { default = {} }
variable "private_dedicated_network_acl" { default = false }
variable "private_inbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "private_outbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "private_acl_tags" { default = {} }
variable "database_subnets" {
  type    = list(string)
  default = []
}
variable "database_subnet_assign_ipv6_address_on_creation" { default = null }
variable "database_subnet_ipv6_prefixes" {
  type    = list(string)
  default = []
}
variable "database_subnet_ipv6_native" { default = false }
variable "database_subnet_names" {
  type    = list(string)
  default = []
}
variable "database_subnet_suffix" { default = "db" }
variable "create_database_subnet_route_table" { default = false }
variable "create_database_internet_gateway_route" { default = false }
variable "create_database_nat_gateway_route" { default = false }
variable "database_route_table_tags" { default = {} }
variable "database_subnet_tags" { default = {} }
variable "database_dedicated_network_acl" { default = false }
variable "database_inbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "database_outbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "database_acl_tags" { default = {} }
variable "redshift_subnets" {
  type    = list(string)
  default = []
}
variable "redshift_subnet_assign_ipv6_address_on_creation" { default = null }
variable "redshift_subnet_ipv6_prefixes" {
  type    = list(string)
  default = []
}
variable "redshift_subnet_ipv6_native" { default = false }
variable "redshift_subnet_names" {
  type    = list(string)
  default = []
}
variable "redshift_subnet_suffix" { default = "redshift" }
variable "enable_public_redshift" { default = false }
variable "create_redshift_subnet_route_table" { default = false }
variable "redshift_route_table_tags" { default = {} }
variable "redshift_subnet_tags" { default = {} }
variable "redshift_dedicated_network_acl" { default = false }
variable "redshift_inbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "redshift_outbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "redshift_acl_tags" { default = {} }
variable "elasticache_subnets" {
  type    = list(string)
  default = []
}
variable "elasticache_subnet_assign_ipv6_address_on_creation" { default = null }
variable "elasticache_subnet_ipv6_prefixes" {
  type    = list(string)
  default = []
}
variable "elasticache_subnet_ipv6_native" { default = false }
variable "elasticache_subnet_names" {
  type    = list(string)
  default = []
}
variable "elasticache_subnet_suffix" { default = "elasticache" }
variable "elasticache_subnet_tags" { default = {} }
variable "create_elasticache_subnet_route_table" { default = false }
variable "elasticache_route_table_tags" { default = {} }
variable "elasticache_dedicated_network_acl" { default = false }
variable "elasticache_inbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "elasticache_outbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "elasticache_acl_tags" { default = {} }
variable "intra_subnets" {
  type    = list(string)
  default = []
}
variable "intra_subnet_assign_ipv6_address_on_creation" { default = null }
variable "create_multiple_intra_route_tables" { default = false }
variable "intra_subnet_ipv6_prefixes" {
  type    = list(string)
  default = []
}
variable "intra_subnet_ipv6_native" { default = false }
variable "intra_subnet_names" {
  type    = list(string)
  default = []
}
variable "intra_subnet_suffix" { default = "intra" }
variable "intra_subnet_tags" { default = {} }
variable "intra_route_table_tags" { default = {} }
variable "intra_dedicated_network_acl" { default = false }
variable "intra_inbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "intra_outbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "intra_acl_tags" { default = {} }
variable "outpost_subnets" {
  type    = list(string)
  default = []
}
variable "outpost_subnet_assign_ipv6_address_on_creation" { default = null }
variable "outpost_az" { default = null }
variable "customer_owned_ipv4_pool" { default = null }
variable "outpost_subnet_ipv6_prefixes" {
  type    = list(string)
  default = []
}
variable "outpost_subnet_ipv6_native" { default = false }
variable "map_customer_owned_ip_on_launch" { default = false }
variable "outpost_arn" { default = null }
variable "outpost_subnet_names" {
  type    = list(string)
  default = []
}
variable "outpost_subnet_suffix" { default = "outpost" }
variable "outpost_subnet_tags" { default = {} }
variable "outpost_dedicated_network_acl" { default = false }
variable "outpost_inbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "outpost_outbound_acl_rules" {
  type    = list(map(string))
  default = [{ rule_number = 100, rule_action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" }]
}
variable "outpost_acl_tags" { default = {} }
variable "create_igw" { default = true }
variable "create_egress_only_igw" { default = true }
variable "igw_tags" { default = {} }
variable "enable_nat_gateway" { default = false }
variable "nat_gateway_destination_cidr_block" { default = "0.0.0.0/0" }
variable "single_nat_gateway" { default = false }
variable "one_nat_gateway_per_az" { default = false }
variable "reuse_nat_ips" { default = false }
variable "external_nat_ip_ids" {
  type    = list(string)
  default = []
}
variable "external_nat_ips" {
  type    = list(string)
  default = []
}
variable "nat_gateway_tags" { default = {} }
variable "nat_eip_tags" { default = {} }
variable "enable_vpn_gateway" { default = false }
variable "vpn_gateway_id" { default = "" }
variable "amazon_side_asn" { default = "64512" }
variable "vpn_gateway_az" { default = null }
variable "propagate_intra_route_tables_vgw" { default = false }
variable "propagate_private_route_tables_vgw" { default = false }
variable "propagate_public_route_tables_vgw" { default = false }
variable "vpn_gateway_tags" { default = {} }
variable "manage_default_vpc" { default = false }
variable "default_vpc_name" { default = null }
variable "default_vpc_enable_dns_support" { default = true }
variable "default_vpc_enable_dns_hostnames" { default = null }
variable "default_vpc_tags" { default = {} }
variable "manage_default_security_group" { default = null }
variable "default_security_group_name" { default = null }
variable "default_security_group_ingress" {
  type    = list(map(string))
  default = []
}
variable "default_security_group_egress" {
  type    = list(map(string))
  default = []
}
variable "default_security_group_tags" { default = {} }
variable "manage_default_network_acl" { default = null }
variable "default_network_acl_name" { default = null }
variable "default_network_acl_ingress" {
  type    = list(map(string))
  default = [
    { rule_no = 100, action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" },
    { rule_no = 101, action = "allow", from_port = 0, to_port = 0, protocol = "-1", ipv6_cidr_block = "::/0" },
  ]
}
variable "default_network_acl_egress" {
  type    = list(map(string))
  default = [
    { rule_no = 100, action = "allow", from_port = 0, to_port = 0, protocol = "-1", cidr_block = "0.0.0.0/0" },
    { rule_no = 101, action = "allow", from_port = 0, to_port = 0, protocol = "-1", ipv6_cidr_block = "::/0" },
  ]
}
variable "default_network_acl_tags" { default = {} }
variable "manage_default_route_table" { default = null }
variable "default_route_table_name" { default = null }
variable "default_route_table_propagating_vgws" {
  type    = list(string)
  default = []
}
variable "default_route_table_routes" {
  type    = list(map(string))
  default = []
}
variable "default_route_table_tags" { default = {} }
variable "putin_khuylo" { default = true }
variable "assign_ipv6_address_on_creation" { default = false }

# Of no matter to who gets in.
variable "create_database_subnet_group" { default = null }
variable "create_elasticache_subnet_group" { default = null }
variable "create_flow_log_cloudwatch_iam_role" { default = null }
variable "create_flow_log_cloudwatch_log_group" { default = null }
variable "create_redshift_subnet_group" { default = null }
variable "customer_gateway_tags" { default = null }
variable "customer_gateways" { default = null }
variable "database_subnet_enable_dns64" { default = null }
variable "database_subnet_enable_resource_name_dns_a_record_on_launch" { default = null }
variable "database_subnet_enable_resource_name_dns_aaaa_record_on_launch" { default = null }
variable "database_subnet_group_name" { default = null }
variable "database_subnet_group_tags" { default = null }
variable "database_subnet_private_dns_hostname_type_on_launch" { default = null }
variable "default_vpc_enable_classiclink" { default = null }
variable "dhcp_options_domain_name" { default = null }
variable "dhcp_options_domain_name_servers" { default = null }
variable "dhcp_options_ipv6_address_preferred_lease_time" { default = null }
variable "dhcp_options_netbios_name_servers" { default = null }
variable "dhcp_options_netbios_node_type" { default = null }
variable "dhcp_options_ntp_servers" { default = null }
variable "dhcp_options_tags" { default = null }
variable "dynamodb_endpoint_policy" { default = null }
variable "dynamodb_endpoint_private_dns_enabled" { default = null }
variable "dynamodb_endpoint_security_group_ids" { default = null }
variable "dynamodb_endpoint_subnet_ids" { default = null }
variable "dynamodb_endpoint_type" { default = null }
variable "elasticache_subnet_enable_dns64" { default = null }
variable "elasticache_subnet_enable_resource_name_dns_a_record_on_launch" { default = null }
variable "elasticache_subnet_enable_resource_name_dns_aaaa_record_on_launch" { default = null }
variable "elasticache_subnet_group_name" { default = null }
variable "elasticache_subnet_group_tags" { default = null }
variable "elasticache_subnet_private_dns_hostname_type_on_launch" { default = null }
variable "enable_classiclink" { default = null }
variable "enable_classiclink_dns_support" { default = null }
variable "enable_dhcp_options" { default = null }
variable "enable_dynamodb_endpoint" { default = null }
variable "enable_flow_log" { default = null }
variable "enable_network_address_usage_metrics" { default = null }
variable "enable_public_s3_endpoint" { default = null }
variable "enable_s3_endpoint" { default = null }
variable "flow_log_cloudwatch_iam_role_arn" { default = null }
variable "flow_log_cloudwatch_iam_role_conditions" { default = null }
variable "flow_log_cloudwatch_log_group_class" { default = null }
variable "flow_log_cloudwatch_log_group_kms_key_id" { default = null }
variable "flow_log_cloudwatch_log_group_name_prefix" { default = null }
variable "flow_log_cloudwatch_log_group_name_suffix" { default = null }
variable "flow_log_cloudwatch_log_group_retention_in_days" { default = null }
variable "flow_log_cloudwatch_log_group_skip_destroy" { default = null }
variable "flow_log_deliver_cross_account_role" { default = null }
variable "flow_log_destination_arn" { default = null }
variable "flow_log_destination_type" { default = null }
variable "flow_log_file_format" { default = null }
variable "flow_log_hive_compatible_partitions" { default = null }
variable "flow_log_log_format" { default = null }
variable "flow_log_max_aggregation_interval" { default = null }
variable "flow_log_per_hour_partition" { default = null }
variable "flow_log_traffic_type" { default = null }
variable "instance_tenancy" { default = null }
variable "intra_subnet_enable_dns64" { default = null }
variable "intra_subnet_enable_resource_name_dns_a_record_on_launch" { default = null }
variable "intra_subnet_enable_resource_name_dns_aaaa_record_on_launch" { default = null }
variable "intra_subnet_private_dns_hostname_type_on_launch" { default = null }
variable "outpost_subnet_enable_dns64" { default = null }
variable "outpost_subnet_enable_resource_name_dns_a_record_on_launch" { default = null }
variable "outpost_subnet_enable_resource_name_dns_aaaa_record_on_launch" { default = null }
variable "outpost_subnet_private_dns_hostname_type_on_launch" { default = null }
variable "private_subnet_enable_resource_name_dns_a_record_on_launch" { default = null }
variable "private_subnet_enable_resource_name_dns_aaaa_record_on_launch" { default = null }
variable "private_subnet_private_dns_hostname_type_on_launch" { default = null }
variable "public_subnet_enable_dns64" { default = null }
variable "public_subnet_enable_resource_name_dns_a_record_on_launch" { default = null }
variable "public_subnet_enable_resource_name_dns_aaaa_record_on_launch" { default = null }
variable "public_subnet_private_dns_hostname_type_on_launch" { default = null }
variable "redshift_subnet_enable_dns64" { default = null }
variable "redshift_subnet_enable_resource_name_dns_a_record_on_launch" { default = null }
variable "redshift_subnet_enable_resource_name_dns_aaaa_record_on_launch" { default = null }
variable "redshift_subnet_group_name" { default = null }
variable "redshift_subnet_group_tags" { default = null }
variable "redshift_subnet_private_dns_hostname_type_on_launch" { default = null }
variable "s3_endpoint_policy" { default = null }
variable "s3_endpoint_private_dns_enabled" { default = null }
variable "s3_endpoint_security_group_ids" { default = null }
variable "s3_endpoint_subnet_ids" { default = null }
variable "s3_endpoint_type" { default = null }
variable "vpc_endpoint_tags" { default = null }
variable "vpc_flow_log_iam_policy_name" { default = null }
variable "vpc_flow_log_iam_policy_use_name_prefix" { default = null }
variable "vpc_flow_log_iam_role_name" { default = null }
variable "vpc_flow_log_iam_role_path" { default = null }
variable "vpc_flow_log_iam_role_use_name_prefix" { default = null }
variable "vpc_flow_log_permissions_boundary" { default = null }
variable "vpc_flow_log_tags" { default = null }
