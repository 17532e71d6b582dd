"""The flow checker: walks every flow and holds it against the rules of good prompts.

`cases` are the callers and hours it is walked for, `answers` what may come back from each wait,
`walk` makes the graph, `rules` and `wording` judge it. Reasons: docs/decisions/0004.
"""
