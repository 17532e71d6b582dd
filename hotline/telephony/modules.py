"""The Asterisk modules that the hotline loads: these and no others.

A module that is not loaded cannot be attacked, and a short list starts in under a second.
Left out on purpose: the anonymous endpoint identifier (strangers are nobody) and ARI. The
manager and the web server are no modules: the one listens on this machine alone, the other serves
nothing but the WebSocket of telephones in the browser. Who can register, be rung or
dialled is loaded only where the settings want it.
"""

MODULES = (
    # where configuration objects and clocks come from
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "res_timing_timerfd",
    # SIP, and who may use it
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_pubsub",  # chan_pjsip will not load without it
    "res_pjsip_sdp_rtp",
    "res_pjsip_acl",
    "res_pjsip_authenticator_digest",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_caller_id",  # the caller's number from From or P-Asserted-Identity
    "res_pjsip_nat",
    "res_pjsip_dtmf_info",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_outbound_registration",
    "res_rtp_asterisk",
    "chan_pjsip",
    # sound
    "codec_alaw",
    "codec_ulaw",
    "format_pcm",
    "format_wav",
    "app_playback",
    "app_record",
    # the dialplan and its way to our software
    "pbx_config",
    "app_stack",
    "app_verbose",
    "func_callerid",
    "func_channel",
    "func_env",
    "func_logic",
    "func_rand",
    "func_strings",
    "func_timeout",
    "res_speech",  # res_agi will not load without it
    "res_agi",
)

# Operators sign in, take calls from the queue and hand them on.
QUEUE_MODULES = (
    "res_pjsip_registrar",
    "res_pjsip_header_funcs",
    "res_pjsip_rfc3326",  # why a telephone hung up
    "res_musiconhold",
    "app_dial",
    "app_queue",
    "func_devstate",  # whether a telephone can ring, before a caller is led to it
    "func_global",  # SHARED: what one channel tells another
    "bridge_simple",
)
# Operators' telephones in the browser: WebSocket, encrypted sound; supervisors who listen.
PHONE_MODULES = (
    "res_http_websocket",
    "res_pjsip_transport_websocket",
    "res_srtp",
    "app_chanspy",
    "app_originate",  # the tone that tells of it
    "bridge_softmix",
)
# Callers are connected to emergency numbers.
DIAL_MODULES = ("app_dial", "bridge_simple")
# The hotline rings people back.
OUTGOING_MODULES = ("pbx_spool",)
# Callers are listened to: Asterisk is a client of the speech service, and still serves nothing.
SPEECH_MODULES = (
    "res_http_websocket",
    "res_websocket_client",
    "res_aeap",
    "res_speech_aeap",
    "app_speech_utils",
)
