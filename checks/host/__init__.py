"""
What happens inside the host decides the login too: user data and cfn-init run before anybody can.
"""
