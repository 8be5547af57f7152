"""AWS resource types: how each is written in both languages, one file per noun."""
