"""CloudFormation: from templates to resources."""
