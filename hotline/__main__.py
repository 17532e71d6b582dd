"""`python -m hotline` is the program `hotline`."""

from hotline.cli import main

main()
