"""
An open port is not yet a login: the key, the user name, and what Terraform dials have to fit too.
"""
