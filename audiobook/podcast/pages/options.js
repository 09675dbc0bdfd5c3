// What a listener may want besides playing: a sleep timer, bookmarks, a volume, a speed.
import { clock, find, memory, say } from "./page.js";

// Stops the sound after minutes of listening, or when the chapter ends.
export function openSleepTimer({ audio, announce }) {
  const choice = find("#sleep"), shown = find("#sleeping");
  let left = null, since = null;

  const draw = () => { shown.textContent = left === null ? "" : clock(left); };
  const spend = () => {
    const now = performance.now();
    if (left !== null && since !== null) left -= (now - since) / 1000;
    since = audio.paused ? null : now;
    if (left !== null && left <= 0) stop();
    draw();
  };
  const stop = () => {
    left = null;
    choice.value = "";
    audio.pause();
    announce(say("slept"));
    draw();
  };
  choice.addEventListener("change", () => {
    const minutes = Number(choice.value);
    left = minutes > 0 ? minutes * 60 : null;
    since = audio.paused ? null : performance.now();
    if (minutes > 0) announce(say("sleeping", { time: clock(left) }));
    else announce(say(choice.value ? "sleepingAtEnd" : "awake"));
    draw();
  });
  for (const event of ["play", "pause"]) audio.addEventListener(event, spend);
  setInterval(spend, 1000);
  return {
    get endsWithChapter() { return choice.value === "chapter"; },
    stop,
  };
}

// Places in a book, as seconds in order; kept in this browser alone.
export function openBookmarks({ key, audio, seek, textAt, announce }) {
  const list = find("#bookmarks"), none = find("#no-bookmarks");
  const read = () => {
    const kept = memory.get(`bookmarks:${key}`);
    return Array.isArray(kept) ? kept.filter(Number.isFinite).sort((a, b) => a - b) : [];
  };
  const write = (seconds) => {
    memory.set(`bookmarks:${key}`, seconds);
    draw(seconds);
  };
  const button = (label, name) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: name });
    made.setAttribute("aria-label", label);
    return made;
  };
  const draw = (seconds) => {
    none.hidden = seconds.length > 0;
    list.replaceChildren(...seconds.map((second) => {
      const item = document.createElement("li"), time = clock(second), text = textAt(second);
      const go = button(say("goTo", { time, text }), "go");
      const stamp = Object.assign(document.createElement("span"), { className: "time", textContent: time });
      go.append(stamp, " ", text);
      go.addEventListener("click", () => seek(second, { start: true }));
      const remove = button(say("remove", { time }), "remove");
      remove.textContent = "×";
      remove.addEventListener("click", () => {
        const beside = item.nextElementSibling ?? item.previousElementSibling;
        const place = [...list.children].indexOf(beside?.nextElementSibling ? beside : item);
        write(read().filter((other) => other !== second));
        (list.children[Math.min(place, list.children.length - 1)]?.lastElementChild ?? find("#mark")).focus();
        announce(say("unmarked"));
      });
      item.append(go, remove);
      return item;
    }));
  };
  const add = () => {
    const second = audio.currentTime;
    const others = read().filter((other) => Math.abs(other - second) >= 1);
    write([...others, second].sort((a, b) => a - b));
    announce(say("marked", { time: clock(second) }));
  };
  find("#mark").addEventListener("click", add);
  draw(read());
  return { add };
}

// How loud; where only the buttons of the device decide, as on an iPhone, nothing is offered.
export function openVolume({ audio }) {
  const slider = find("#volume"), mute = find("#mute");
  const kept = memory.get("volume");
  audio.volume = 0.5;
  find("#volume-option").hidden = audio.volume !== 0.5;
  audio.volume = Number.isFinite(kept) ? Math.min(Math.max(kept, 0), 1) : 1;
  const draw = () => {
    slider.value = audio.muted ? 0 : audio.volume;
    mute.setAttribute("aria-label", say(audio.muted ? "sound" : "mute"));
    mute.toggleAttribute("data-muted", audio.muted);
  };
  slider.addEventListener("input", () => {
    audio.muted = false;
    audio.volume = Number(slider.value);
    memory.set("volume", audio.volume);
  });
  const toggle = () => { audio.muted = !audio.muted; };
  mute.addEventListener("click", toggle);
  audio.addEventListener("volumechange", draw);
  draw();
  return { toggle };
}

export function openSpeed({ audio, changed }) {
  const speed = find("#speed");
  speed.value = String(memory.get("speed") ?? 1);
  if (!speed.value) speed.value = "1";
  const apply = () => { audio.defaultPlaybackRate = audio.playbackRate = Number(speed.value); };
  apply();
  speed.addEventListener("change", () => {
    apply();
    memory.set("speed", audio.playbackRate);
    changed();
  });
}
