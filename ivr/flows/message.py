"""A message in the caller's own words, filed at once: for a flood, and where nobody is free."""

from ivr.dialogue import DANGER, PERSON, RECORD_END_KEYS, heed, record
from ivr.flows.call import Call, Part
from ivr.flows.filing import file_draft, tell_reference
from ivr.steps import Flow, Record, Say


def leave_message(call: Call) -> Flow[Part]:
    """One recording, one reference. Without a recording the keys tell what there is to tell."""
    if not call.recorded:
        return Part.REPORT
    draft = call.draft
    if not draft.heard:
        said = yield from record(call.talk, Record("message", end_keys=RECORD_END_KEYS))
        if said is not None and not said.silent:
            draft.recording, draft.heard = said.name, True
        if said is not None and said.key == DANGER:
            heed(said.key)
        if said is not None and said.key == PERSON and not call.restricted:
            heed(said.key)
    if not draft.worth_filing:
        yield Say("nothing_received")
        return Part.END
    filed = yield from file_draft(call, partial=False)
    return (yield from tell_reference(call, filed, "message_kept"))
