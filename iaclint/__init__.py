"""
iaclint reads Terraform and CloudFormation and says, before deploy, which instances nobody will
be able to reach by SSH, RDP or ping, and why, hop by hop.
"""

__version__ = "0.1.0"
