"""
The settings can declare which flows must work and which must not.
"""
