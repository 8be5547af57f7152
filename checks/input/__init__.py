"""
What could not be read or understood is said with its place, and the rest is still checked.
"""
