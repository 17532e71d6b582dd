"""The operator's telephone: the page on which calls ring, and what may be done with them."""
