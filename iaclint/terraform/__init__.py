"""Terraform and OpenTofu: from files to resources."""
