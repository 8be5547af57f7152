"""
`python -m iaclint` is `iaclint`.
"""

from iaclint.cli import main

if __name__ == "__main__":
    main()
