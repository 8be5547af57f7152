"""
A security group lets in what one of its rules names, and nothing else.
"""
