# What the judged expressions refer to.

resource "terraform_data" "x" {
  input = "a"
}

resource "terraform_data" "many" {
  count = 2
  input = { name = "n${count.index}" }
}

resource "terraform_data" "each" {
  for_each = toset(["k1", "k2"])
  input    = each.value
}

variable "name" {
  default = "web"
}

variable "ports" {
  type    = list(number)
  default = ["22", 80, 443]
}

variable "tags" {
  type    = map(string)
  default = { b = 2, a = true, c = "x" }
}

variable "zones" {
  type    = set(string)
  default = ["b", "a", "c", "a"]
}

variable "server" {
  type = object({
    name  = string
    port  = optional(number, 22)
    tags  = optional(map(string), {})
    disks = optional(list(object({ size = optional(number, 8), kind = optional(string) })), [])
    extra = optional(string)
  })
  default = { name = 5, disks = [{}, { size = "20", kind = "gp3" }], ignored = true }
}

variable "servers" {
  type = map(object({ size = optional(string, "small"), count = optional(number) }))
  default = {
    one = {}
    two = { size = "large", count = "2" }
  }
}

variable "pair" {
  type    = tuple([string, number, bool])
  default = [1, "2", "true"]
}

variable "anything" {
  type    = any
  default = [1, "a", true]
}

variable "secret" {
  default   = "hush"
  sensitive = true
}

variable "nothing" {
  type    = string
  default = null
}

locals {
  numbers  = [3, 1, 2]
  mixed    = [1, "a", true, null]
  subnets  = { a = { cidr = "10.0.1.0/24", public = true }, b = { cidr = "10.0.2.0/24", public = false } }
  greeting = "Hello, $${name}! %%{ if yes }yes%%{ else }no%%{ endif }"
  matrix   = [[1, 2], [3, 4], []]
  unknown  = terraform_data.x.id
  text     = <<-EOT
    first
      second
    third
  EOT
}
