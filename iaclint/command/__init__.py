"""
What each command does: one module per command, each a function `run(arguments) -> exit code`.
"""
