"""The Asterisk modules that the hotline loads: these and no others.

A module that is not loaded cannot be attacked, and a short list starts in under a second.
Left out on purpose: res_pjsip_registrar (nobody may register), the anonymous endpoint identifier
(strangers are nobody), app_dial and the AMI, ARI and HTTP servers (nothing dials out, nothing
listens but SIP).
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
    "func_strings",
    "func_timeout",
    "res_speech",  # res_agi will not load without it
    "res_agi",
)
