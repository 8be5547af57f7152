"""
A packet needs a gateway to come in by, and its reply a route to go back.
"""
