// Record a prompt in the page: take, listen, keep or throw away.
import { asked } from "../asking.js";
import { forget, keep, kept } from "./kept.js";
import { Denied, loudest, openMicrophone, wav } from "./microphone.js";

const SILENT = 0.005;

export function watchRecorder(box) {
  const part = (name) => box.querySelector(`[data-${name}]`);
  const buttons = { take: part("take"), listen: part("listen"), save: part("save"), drop: part("drop") };
  const meter = box.querySelector("meter");
  const form = document.querySelector("form[data-upload]");
  const words = box.dataset;
  const name = location.pathname;
  let microphone, sound, playing, opening;

  const tell = (text, wrong = false) => {
    part("told").textContent = text;
    part("told").classList.toggle("wrong", wrong);
  };
  const seconds = ({ samples, rate }) => (samples.length / rate).toFixed(1);
  const show = () => {
    buttons.take.textContent = microphone ? words.stop : words.start;
    buttons.take.classList.toggle("on", Boolean(microphone));
    for (const each of ["listen", "save", "drop"]) buttons[each].hidden = !sound || Boolean(microphone);
    buttons.listen.textContent = playing ? words.silence : words.play;
    meter.value = 0;
  };

  async function start() {
    if (opening) return; // a second microphone would stay open for ever
    if (!navigator.mediaDevices?.getUserMedia || !words.recorder) return tell(words.insecure, true);
    opening = true;
    try {
      microphone = await openMicrophone(words.recorder, (piece, length) => {
        meter.value = loudest(piece);
        if (length >= Number(words.mostS)) stop();
      });
    } catch (error) {
      microphone = undefined;
      return tell(error instanceof Denied ? words.denied : words.insecure, true);
    } finally {
      opening = false;
    }
    hush();
    show();
    tell(words.recording);
  }

  async function stop() {
    const open = microphone;
    if (!open || open.stopping) return;
    open.stopping = true;
    const taken = await open.stop();
    microphone = undefined;
    const most = Math.floor(words.mostS * taken.rate); // what comes in pieces may be a little more
    sound = { samples: taken.samples.slice(0, most), rate: taken.rate, words: form.elements.words.value };
    if (loudest(sound.samples) < SILENT) {
      sound = undefined;
      tell(words.silent, true);
    } else {
      await keep(name, sound);
      tell(words.ready.replace("{count}", seconds(sound)));
    }
    show();
    (sound ? buttons.listen : buttons.take).focus();
  }

  function hush() {
    playing?.close();
    playing = undefined;
  }

  function listen() {
    if (playing) {
      hush();
      return show();
    }
    for (const audio of document.querySelectorAll("audio")) audio.pause();
    playing = new AudioContext();
    const buffer = playing.createBuffer(1, sound.samples.length, sound.rate);
    buffer.copyToChannel(sound.samples, 0);
    const source = new AudioBufferSourceNode(playing, { buffer });
    source.connect(playing.destination);
    source.onended = () => {
      hush();
      show();
    };
    source.start();
    show();
  }

  async function save() {
    const sent = new FormData(form);
    sent.set("sound", wav(sound), "recording.wav");
    sent.set("words", sound.words); // those that were read: meanwhile the page may have others
    buttons.save.disabled = true;
    tell(words.saving);
    try {
      const answer = await asked(form.action, { beside: true, method: "POST", body: sent });
      if (answer.status === 201) {
        await forget(name);
        return location.assign(answer.headers.get("Location"));
      }
      if (answer.status === 401) return tell(words.signedOut, true);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      tell(page.querySelector("#refused, main h1")?.textContent ?? document.body.dataset.lost, true);
    } catch {
      tell(document.body.dataset.lost, true);
    } finally {
      buttons.save.disabled = false;
    }
  }

  async function drop() {
    hush();
    sound = undefined;
    await forget(name);
    tell("");
    show();
    buttons.take.focus();
  }

  buttons.take.addEventListener("click", () => (microphone ? stop() : start()));
  buttons.listen.addEventListener("click", listen);
  buttons.save.addEventListener("click", save);
  buttons.drop.addEventListener("click", drop);
  form.addEventListener("submit", (event) => {
    const [file] = form.elements.sound.files;
    if (!file || file.size <= Number(form.dataset.mostBytes)) return;
    event.preventDefault(); // nobody waits for megabytes that are refused in the end
    tell(words.tooLarge, true);
  });
  box.hidden = false;
  show();
  kept(name).then((found) => {
    if (!found || sound || microphone) return;
    sound = found;
    const other = sound.words !== form.elements.words.value;
    tell((other ? words.keptOther : words.kept).replace("{count}", seconds(sound)), other);
    show();
  });
}
