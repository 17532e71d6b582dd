"""A stand-in for Twilio that answers as its documentation tells.

`account`, `documents` and `voice` are calls, within the test's process. `rest`, `messages` and
`recordings` are a small HTTP server for SMS and for what is asked about calls;
`python -m tests.fake_twilio` runs it for SMS as a process of its own, to be killed and started
again: what it took it keeps in a folder.
"""
