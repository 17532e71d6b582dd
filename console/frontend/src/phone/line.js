// The line to Asterisk: signs in, rings, talks. It knows nothing of the page; `on` is told of it.
import JsSIP from "jssip";

const REGISTER_S = 60;
const OUT_OF_ORDER = "Q.850;cause=27"; // not hung up: whoever talks to us goes back to the queue

export class Line {
  constructor(on) {
    this.on = on;
    this.session = null;
    this.agent = null;
    this.leaving = false;
  }

  // `access`: seat, password, address and ice, as the server gave them.
  open(access) {
    this.ice = access.ice;
    this.agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(access.address)],
      uri: `sip:${access.seat}@hotline.invalid`,
      // An address, for Asterisk would ask the DNS for a name; where we really are, it sees itself.
      contact_uri: `sip:${access.seat}@127.0.0.1;transport=ws`,
      authorization_user: access.seat,
      password: access.password,
      register_expires: REGISTER_S,
      session_timers: false, // a reload would not answer them; lost sound is noticed sooner
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 5,
      user_agent: "hotline console",
    });
    const { agent } = this;
    const now = (tell) => (event) => {
      if (this.agent === agent) tell(event); // one that was closed still says good-bye
    };
    this.agent.on("registered", now(() => this.on.open()));
    this.agent.on("disconnected", now(() => this.on.lost()));
    this.agent.on("registrationFailed", now((event) => this.on.refused(event.cause)));
    this.agent.on("newRTCSession", (event) => {
      if (event.originator === "remote") this.#ring(event.session);
    });
    this.agent.start();
  }

  close() {
    const { agent } = this;
    this.agent = null;
    agent?.stop();
  }

  // The page goes away in mid-call.
  leave() {
    this.leaving = true;
    try {
      this.session?.terminate({ extraHeaders: [`Reason: ${OUT_OF_ORDER}`] });
    } catch {
      // it had not been answered
    }
    this.agent?.stop();
  }

  answer() {
    this.session?.answer({
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: this.ice },
    });
  }

  hangUp() {
    this.session?.terminate();
  }

  hold() {
    if (this.session?.isOnHold().local) this.session.unhold();
    else this.session?.hold();
  }

  mute() {
    if (this.session?.isMuted().audio) this.session.unmute();
    else this.session?.mute();
  }

  press(digit) {
    this.session?.sendDTMF(digit, { transportType: "RFC2833" });
  }

  #ring(session) {
    if (this.session) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    const hear = (connection) => {
      connection.addEventListener("track", (event) => this.on.sound(event.streams[0]));
    };
    if (session.connection) hear(session.connection);
    session.on("peerconnection", (event) => hear(event.peerconnection));
    const over = () => {
      if (this.session !== session) return;
      this.session = null;
      if (!this.leaving) this.on.ended();
    };
    session.on("accepted", () => this.on.talking());
    session.on("hold", () => this.on.changed());
    session.on("unhold", () => this.on.changed());
    session.on("muted", () => this.on.changed());
    session.on("unmuted", () => this.on.changed());
    session.on("ended", over);
    session.on("failed", over);
    this.on.rings();
  }
}
