"""Callers by the hundred: sipp's scenario of the plain call, and what became of the calls."""

import csv
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from benchmarks.processes import cpu_s, free_udp_port

# sipp's own longest wait for the hangup after the key: a key that is lost shows as a failed call,
# since the question then goes on for longer than this.
HANGUP_WITHIN_MS = 4000
# A soft tone of 1 kHz: who is silent ends a recording.
A_LAW_TONE = b"\x95\x95\x95\x95\x15\x15\x15\x15"

_OFFER = """v=0
o=caller 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
a=ptime:20"""
_SCENARIO = Template("""<?xml version="1.0" encoding="UTF-8"?>
<scenario name="plain call">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:0912345678@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:0912345678@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

$offer
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rtd="true" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
$speak
$keys
<recv request="BYE" timeout="$hangup_within_ms"/>
$hush
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
""")
_KEY = Template("""<pause milliseconds="$after_ms"/>
<send retrans="500"><![CDATA[
INFO [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:0912345678@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: $cseq INFO
Max-Forwards: 70
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal=$key
Duration=100
]]></send>
<recv response="200"/>""")


@dataclass(frozen=True)
class Load:
    """How the callers come: `rate` a second until `calls` have; each presses its keys, each so many
    seconds after the one before. `media`: they send sound, too."""

    number: str
    rate: float
    calls: int
    keys: Sequence[tuple[float, str]]
    media: bool = True


@dataclass(frozen=True)
class Outcome:
    """What sipp counted, and the processor seconds it used itself."""

    ok: int
    failed: int
    retransmitted: int
    most_at_once: int
    lasted_s: float
    sipp_cpu_s: float


def sipp_version() -> str | None:
    """None where sipp is not installed."""
    if shutil.which("sipp") is None:
        return None
    said = subprocess.run(["sipp", "-v"], capture_output=True, text=True).stdout
    return next((line.strip(" .") for line in said.splitlines() if "SIPp v" in line), "sipp")


def place_calls(load: Load, sip_port: int, folder: Path) -> Outcome:
    """Place them all and wait until the last has ended."""
    lasts_s = sum(after_s for after_s, _ in load.keys)
    sound = folder / "caller.alaw"
    sound.write_bytes(A_LAW_TONE * 1000 * 90)
    scenario = folder / "caller.xml"
    scenario.write_text(
        _SCENARIO.substitute(
            offer=_OFFER,
            speak=_action(f'rtp_stream="{sound},1,8"') if load.media else "",
            hush=_action('rtp_stream="pause"') if load.media else "",
            keys="\n".join(
                _KEY.substitute(after_ms=round(after_s * 1000), key=key, cseq=cseq)
                for cseq, (after_s, key) in enumerate(load.keys, start=2)
            ),
            hangup_within_ms=HANGUP_WITHIN_MS,
        )
    )
    counts = folder / "counts.csv"
    counts.unlink(missing_ok=True)
    command = [
        *("sipp", f"127.0.0.1:{sip_port}", "-sf", str(scenario), "-s", load.number),
        *("-i", "127.0.0.1", "-p", str(free_udp_port())),
        *("-mp", "30000", "-rtp_threadtasks", "200"),
        *("-r", f"{load.rate:g}", "-m", str(load.calls), "-l", "5000", "-nostdin"),
        *("-trace_stat", "-fd", "1", "-stf", str(counts)),
        *("-trace_err", "-error_file", str(folder / "sipp-errors.log")),
        *("-timeout", f"{round(load.calls / load.rate + lasts_s + 30)}s"),
    ]
    began = time.monotonic()
    used_s = 0.0
    with (folder / "sipp.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            while process.poll() is None:
                try:
                    used_s = cpu_s(process.pid)
                except (OSError, IndexError):
                    break
                time.sleep(0.1)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
    lasted_s = time.monotonic() - began
    if not counts.exists():
        raise SystemExit(f"sipp did not run: {(folder / 'sipp.log').read_text().strip()[-300:]}")
    with counts.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    last = rows[-1]
    ok = int(last["SuccessfulCall(C)"])
    return Outcome(
        ok=ok,
        failed=load.calls - ok,
        retransmitted=int(last["Retransmissions(C)"]),
        most_at_once=max(int(row["CurrentCall"]) for row in rows),
        lasted_s=lasted_s,
        sipp_cpu_s=used_s,
    )


def _action(exec_: str) -> str:
    return f"<nop><action><exec {exec_}/></action></nop>"
