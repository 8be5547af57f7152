"""
What AWS, Terraform or CloudFormation refuse, and what can never do what it says.
"""
