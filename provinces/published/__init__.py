"""The province pack as staff publish it: versions of changed files over the files on the disk."""
