// An SMSC by another library than ours: node smsc.js PORT. Prints each submit_sm as a line of JSON.
"use strict";
const smpp = require("smpp");

let count = 0;
const server = smpp.createServer({}, (session) => {
  session.on("error", () => {});
  session.on("bind_transceiver", (pdu) => {
    const known = pdu.system_id === "hotline" && pdu.password === "secret";
    session.send(pdu.response(known ? {} : { command_status: smpp.ESME_RBINDFAIL }));
  });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => session.send(pdu.response()));
  session.on("submit_sm", (pdu) => {
    const id = `node-${++count}`;
    const body = pdu.short_message;
    console.log(JSON.stringify({
      id,
      to: pdu.destination_addr,
      from: pdu.source_addr,
      coding: pdu.data_coding,
      esm_class: pdu.esm_class,
      text: body.message,
      headers: (body.udh || []).map((header) => Buffer.from(header).toString("hex")),
    }));
    session.send(pdu.response({ message_id: id }));
    session.deliver_sm({
      source_addr: pdu.destination_addr,
      destination_addr: pdu.source_addr,
      esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 text:`,
    });
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("ready"));
