"""
An instance that people outside reach needs an address they can use: a public IPv4 address or
an IPv6 address.
"""
