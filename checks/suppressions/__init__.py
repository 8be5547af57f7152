"""
What was accepted in a comment needs a reason, and has to be true still.
"""
