"""
Network ACLs see every packet that crosses the border of a subnet, there and back.
"""
