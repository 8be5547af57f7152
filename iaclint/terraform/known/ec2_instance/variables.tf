variable "create" { default = true }
variable "putin_khuylo" { default = true }
variable "name" { default = "" }
variable "instance_count" { default = 1 }
variable "use_num_suffix" { default = false }
variable "num_suffix_format" { default = "-%d" }
variable "tags" { default = {} }
variable "instance_tags" { default = {} }

variable "ami" { default = null }
variable "ami_ssm_parameter" { default = null }
variable "ignore_ami_changes" { default = false }
variable "instance_type" { default = "t3.micro" }
variable "launch_template" { default = null }
variable "key_name" { default = null }
variable "get_password_data" { default = null }
variable "user_data" { default = null }
variable "user_data_base64" { default = null }

variable "availability_zone" { default = null }
variable "subnet_id" { default = null }
variable "subnet_ids" { default = [] }
variable "associate_public_ip_address" { default = null }
variable "private_ip" { default = null }
variable "private_ips" { default = [] }
variable "secondary_private_ips" { default = null }
variable "ipv6_address_count" { default = null }
variable "ipv6_addresses" { default = null }
variable "enable_primary_ipv6" { default = null }
variable "network_interface" { default = null }
variable "source_dest_check" { default = null }
variable "create_eip" { default = false }
variable "eip_domain" { default = "vpc" }
variable "eip_tags" { default = {} }

variable "create_spot_instance" { default = false }
variable "spot_type" { default = null }
variable "spot_wait_for_fulfillment" { default = null }

variable "vpc_security_group_ids" {
  type    = list(string)
  default = null
}
variable "create_security_group" { default = true }
variable "security_group_name" { default = null }
variable "security_group_use_name_prefix" { default = true }
variable "security_group_vpc_id" { default = null }
variable "security_group_tags" { default = {} }
variable "security_group_ingress_rules" {
  default = null
  type = map(object({
    cidr_ipv4                    = optional(string)
    cidr_ipv6                    = optional(string)
    prefix_list_id               = optional(string)
    referenced_security_group_id = optional(string)
    ip_protocol                  = optional(string, "tcp")
    from_port                    = optional(number)
    to_port                      = optional(number)
    description                  = optional(string)
    tags                         = optional(map(string), {})
  }))
}
variable "security_group_egress_rules" {
  default = {
    ipv4_default = { cidr_ipv4 = "0.0.0.0/0", ip_protocol = "-1" }
    ipv6_default = { cidr_ipv6 = "::/0", ip_protocol = "-1" }
  }
  type = map(object({
    cidr_ipv4                    = optional(string)
    cidr_ipv6                    = optional(string)
    prefix_list_id               = optional(string)
    referenced_security_group_id = optional(string)
    ip_protocol                  = optional(string, "tcp")
    from_port                    = optional(number)
    to_port                      = optional(number)
    description                  = optional(string)
    tags                         = optional(map(string), {})
  }))
}

variable "iam_instance_profile" { default = null }
variable "create_iam_instance_profile" { default = false }
variable "iam_role_name" { default = null }
variable "iam_role_use_name_prefix" { default = true }
variable "iam_role_path" { default = null }
variable "iam_role_policies" { default = {} }
variable "iam_role_permissions_boundary" { default = null }

# Of no matter to who gets in.
variable "capacity_reservation_specification" { default = null }
variable "cpu_core_count" { default = null }
variable "cpu_credits" { default = null }
variable "cpu_options" { default = null }
variable "cpu_threads_per_core" { default = null }
variable "disable_api_stop" { default = null }
variable "disable_api_termination" { default = null }
variable "ebs_block_device" { default = null }
variable "ebs_optimized" { default = null }
variable "ebs_volumes" { default = null }
variable "enable_volume_tags" { default = null }
variable "enclave_options_enabled" { default = null }
variable "ephemeral_block_device" { default = null }
variable "force_destroy" { default = null }
variable "hibernation" { default = null }
variable "host_id" { default = null }
variable "host_resource_group_arn" { default = null }
variable "iam_role_description" { default = null }
variable "iam_role_tags" { default = null }
variable "instance_initiated_shutdown_behavior" { default = null }
variable "instance_market_options" { default = null }
variable "maintenance_options" { default = null }
variable "metadata_options" { default = null }
variable "monitoring" { default = null }
variable "placement_group" { default = null }
variable "placement_group_id" { default = null }
variable "placement_partition_number" { default = null }
variable "private_dns_name_options" { default = null }
variable "root_block_device" { default = null }
variable "security_group_description" { default = null }
variable "spot_block_duration_minutes" { default = null }
variable "spot_instance_interruption_behavior" { default = null }
variable "spot_launch_group" { default = null }
variable "spot_price" { default = null }
variable "spot_valid_from" { default = null }
variable "spot_valid_until" { default = null }
variable "tenancy" { default = null }
variable "timeouts" { default = null }
variable "user_data_replace_on_change" { default = null }
variable "volume_tags" { default = null }
