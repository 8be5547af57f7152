# Every output of version 2 is a list; from 3 there is one host.
locals {
  single = var.version < 3 ? 0 : 1
  hosted = concat(aws_instance.this[*], aws_instance.ignore_ami[*], aws_spot_instance_request.this[*])
  ids = concat(aws_instance.this[*].id, aws_instance.ignore_ami[*].id,
  var.version < 6 ? aws_spot_instance_request.this[*].id : aws_spot_instance_request.this[*].spot_instance_id)
}

output "id" { value = [local.ids, try(local.ids[0], null)][local.single] }
output "arn" { value = [local.hosted[*].arn, try(local.hosted[0].arn, null)][local.single] }
output "ami" { value = try(local.hosted[0].ami, null) }
output "availability_zone" { value = [local.hosted[*].availability_zone, try(local.hosted[0].availability_zone, null)][local.single] }
output "primary_network_interface_id" { value = [local.hosted[*].primary_network_interface_id, try(local.hosted[0].primary_network_interface_id, null)][local.single] }
output "private_dns" { value = [local.hosted[*].private_dns, try(local.hosted[0].private_dns, null)][local.single] }
output "public_dns" { value = [local.hosted[*].public_dns, try(local.hosted[0].public_dns, null)][local.single] }
output "private_ip" { value = [local.hosted[*].private_ip, try(local.hosted[0].private_ip, null)][local.single] }
output "public_ip" { value = [local.hosted[*].public_ip, try(aws_eip.this[0].public_ip, local.hosted[0].public_ip, null)][local.single] }
output "ipv6_addresses" { value = [local.hosted[*].ipv6_addresses, try(local.hosted[0].ipv6_addresses, [])][local.single] }
output "password_data" { value = [local.hosted[*].password_data, try(local.hosted[0].password_data, null)][local.single] }
output "spot_instance_id" { value = try(aws_spot_instance_request.this[0].spot_instance_id, null) }

# Of version 2 only.
output "key_name" { value = local.hosted[*].key_name }
output "subnet_id" { value = local.hosted[*].subnet_id }
output "instance_count" { value = var.instance_count }

output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, null) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, null) }
output "iam_instance_profile_id" { value = try(aws_iam_instance_profile.this[0].id, null) }
output "iam_instance_profile_arn" { value = try(aws_iam_instance_profile.this[0].arn, null) }
