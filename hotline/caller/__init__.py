"""A scripted caller: places real SIP calls, hears as a caller hears, and tells what happened."""
