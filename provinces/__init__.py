"""A province as data: folders of names, categories, units, hours and wording, and one loader."""
