"""
What lies between networks: peering, transit gateways, VPNs, load balancers, account policies.
"""
