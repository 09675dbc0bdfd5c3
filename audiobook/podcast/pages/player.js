// The page of a book: its sound, its chapters, and where the listener is in it.
import { all, clock, find, isFinished, isTaken, keyOf, latest, memory, openOffline, placeIn, say } from "./page.js";
import { mark, openText } from "./reading.js";
import { openBookmarks, openSleepTimer, openSpeed, openVolume } from "./options.js";

const player = find("#player"), audio = find("audio", player), status = find("#status");
const name = player.dataset.book, length = Number(audio.dataset.seconds);
const links = all("#contents [data-at]"), starts = links.map((link) => Number(link.dataset.at));
const [begin, away, play, slider] = ["#begin", "#away", "#play", "#seek"].map((one) => find(one));
const [now, past, left, rest] = ["#now", "#past", "#left", "#rest"].map((one) => find(one));
const title = find("h1").textContent;
let chapter = -1, jumped = false, dragging = false, saved = 0, shown = -1;

// What happens is said aloud, and shown where the eye would not see it otherwise.
let hiding;
function announce(text, { stays = false } = {}) {
  status.textContent = text;
  clearTimeout(hiding);
  if (!stays) hiding = setTimeout(() => { status.textContent = ""; }, 5000);
}

// --- the sound ------------------------------------------------------------------------------------

function seek(second, { start = false } = {}) {
  audio.currentTime = Math.min(Math.max(0, second), Math.max(0, length - 0.05));
  jumped = true;
  if (start) go();
  tick();
  if (!audio.readyState) arriveAt(); // no event tells of a place in a sound that is not there yet
}
const arriveAt = () => { turn(); save(); };
const go = () => audio.play().catch(() => {}); // the error event tells why
const toggle = () => {
  if (!audio.paused) return audio.pause();
  if (audio.ended) return seek(0, { start: true });
  jumped = true;
  return go();
};
const skip = (by) => seek(audio.currentTime + by);
const step = (by) => seek(text.secondOf(by, audio.currentTime));
// Back from the midst of a chapter is to its beginning.
const turnTo = (by) => {
  const within = audio.currentTime - (starts[chapter] ?? 0);
  const to = Math.max(0, by < 0 && within > 3 ? chapter : chapter + by);
  if (to >= starts.length) return;
  seek(starts[to] ?? 0);
  announce(now.textContent);
};
const save = () => {
  saved = audio.currentTime;
  memory.set(keyOf(name), [audio.ended ? length : saved, length]);
};

const text = openText({ player, seek, hasPlayed: () => audio.played.length > 0 });
const sleep = openSleepTimer({ audio, announce });
const textAt = (second) => text.textAt(second) || links[latest(starts, second)]?.firstElementChild.textContent || "";
const bookmarks = openBookmarks({ key: keyOf(name), audio, seek, textAt, announce });
const volume = openVolume({ audio });
openSpeed({ audio, changed: () => draw(audio.currentTime) });

// --- what is shown of it --------------------------------------------------------------------------

const bounds = () => [starts[chapter] ?? 0, starts[chapter + 1] ?? length];

function tick() {
  const second = audio.currentTime, playing = !audio.paused;
  const part = latest(starts, second);
  if (part !== chapter) {
    if (part === chapter + 1 && playing && !jumped && chapter >= 0 && sleep.endsWithChapter) {
      sleep.stop();
      return seek(starts[part]);
    }
    mark(links, chapter, part);
    chapter = part;
    enter();
  }
  text.hear(second, { jumped, playing });
  jumped = false;
  if (Math.floor(second) !== shown) {
    shown = Math.floor(second);
    if (!dragging) draw(second);
    if (playing && Math.abs(second - saved) >= 5) save();
  }
}

function enter() {
  const [start, end] = bounds();
  slider.max = Math.max(1, Math.floor(end - start));
  const link = links[chapter];
  now.textContent = link ? link.firstElementChild.textContent : title;
  shown = -1;
  tellSystem();
  const side = find(".side");
  if (link && side.scrollHeight > side.clientHeight) {
    const [inner, outer] = [link.getBoundingClientRect(), side.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom)
      side.scrollTop += inner.top - outer.top - outer.height / 3;
  }
}

function draw(second) {
  const [start, end] = bounds();
  past.textContent = clock(second - start);
  left.textContent = `−${clock(end - second)}`;
  rest.textContent = say("rest", { time: clock((length - second) / audio.playbackRate) });
  slider.value = second - start;
  slider.style.setProperty("--done", `${(100 * slider.value) / slider.max}%`);
  slider.setAttribute("aria-valuetext", say("of", { past: clock(second - start), all: clock(end - start) }));
}

function loop() {
  tick();
  if (!audio.paused) requestAnimationFrame(loop);
}

const turn = () => {
  player.toggleAttribute("data-playing", !audio.paused);
  play.setAttribute("aria-label", say(audio.paused ? "play" : "pause"));
  const second = audio.currentTime;
  begin.textContent = !audio.paused ? say("pause") : second > 1 && !audio.ended ? say("resume", { time: clock(second) }) : say("begin");
};

// --- what the listener can do ---------------------------------------------------------------------

const toContents = () => {
  const folded = find("#contents details");
  if (folded) folded.open = true;
  (links[Math.max(0, chapter)] ?? find("#text")).focus();
};

audio.controls = false;
document.body.classList.add("ready");
play.addEventListener("click", toggle);
begin.addEventListener("click", toggle);
begin.disabled = false; // A click that came before would be lost.
find("#back").addEventListener("click", () => skip(-15));
find("#forth").addEventListener("click", () => skip(30));
find("#previous")?.addEventListener("click", () => turnTo(-1));
find("#next")?.addEventListener("click", () => turnTo(1));
away.addEventListener("click", () => { text.showCurrent(); play.focus({ preventScroll: true }); });
now.addEventListener("click", (event) => { event.preventDefault(); toContents(); });
slider.addEventListener("input", () => {
  dragging = true;
  draw(bounds()[0] + Number(slider.value));
});
slider.addEventListener("change", () => {
  dragging = false;
  seek(bounds()[0] + Number(slider.value));
});
find("#contents")?.addEventListener("click", (event) => {
  const link = event.target.closest("[data-at]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  seek(Number(link.dataset.at), { start: true });
});

const openOptions = () => {
  options.togglePopover();
  if (options.matches(":popover-open")) find("#sleep").focus();
};
const keys = find("#keys"), options = find("#options");
keys.checked = memory.get("keys") ?? true;
keys.addEventListener("change", () => memory.set("keys", keys.checked));
const fields = "input, textarea, select", words = "input:not([type=range]):not([type=checkbox]), textarea, select";
document.addEventListener("keydown", (event) => {
  if (!keys.checked) return;
  const act = {
    " ": () => !isTaken(event, `${fields}, button, summary`) && toggle,
    arrowleft: () => !isTaken(event, fields) && (() => (event.shiftKey ? step(-1) : skip(-15))),
    arrowright: () => !isTaken(event, fields) && (() => (event.shiftKey ? step(1) : skip(30))),
    "/": () => !isTaken(event, words) && toContents,
    p: () => !isTaken(event, words) && (() => turnTo(-1)),
    n: () => !isTaken(event, words) && (() => turnTo(1)),
    b: () => !isTaken(event, words) && bookmarks.add,
    m: () => !isTaken(event, words) && volume.toggle,
    s: () => !isTaken(event, words) && openOptions,
  }[event.key.toLowerCase()]?.();
  if (!act) return;
  event.preventDefault();
  act();
});

// --- what the sound does --------------------------------------------------------------------------

// Half a second of waiting is not worth a word.
let loading;
const wait = () => {
  clearTimeout(loading);
  loading = setTimeout(() => announce(say("loading"), { stays: true }), 500);
};
const arrive = () => {
  clearTimeout(loading);
  if (status.textContent === say("loading")) announce("");
};
audio.addEventListener("waiting", wait);
audio.addEventListener("stalled", () => { if (!audio.paused && audio.readyState < 3) wait(); });
for (const event of ["playing", "pause", "canplay"]) audio.addEventListener(event, arrive);
audio.addEventListener("play", () => { turn(); loop(); });
audio.addEventListener("pause", () => { turn(); save(); });
audio.addEventListener("ended", () => { turn(); save(); });
audio.addEventListener("seeked", () => { tick(); arriveAt(); });
audio.addEventListener("timeupdate", tick); // frames rest while the page is hidden
audio.addEventListener("error", () => {
  clearTimeout(loading);
  announce(say("broken"), { stays: true });
});
addEventListener("pagehide", () => { if (audio.played.length) save(); });

function tellSystem() {
  if (!("mediaSession" in navigator)) return;
  const picture = find("img.cover");
  navigator.mediaSession.metadata = new MediaMetadata({
    title: now.textContent,
    artist: find(".by")?.textContent ?? "",
    album: title,
    artwork: picture ? [{ src: picture.src }] : [],
  });
}
const system = {
  play: go,
  pause: () => audio.pause(),
  seekbackward: () => skip(-15),
  seekforward: () => skip(30),
  seekto: ({ seekTime }) => seek(seekTime),
  previoustrack: () => turnTo(-1),
  nexttrack: () => turnTo(1),
};
for (const [action, answer] of Object.entries(system)) {
  try { navigator.mediaSession?.setActionHandler(action, answer); } catch { /* not known here */ }
}

// --- where to begin -------------------------------------------------------------------------------

const asked = () => Number(/^#t=(\d+(?:\.\d+)?)$/.exec(location.hash)?.[1] ?? NaN);
addEventListener("hashchange", () => { if (asked() >= 0) seek(asked()); });
const kept = placeIn(name);
if (asked() >= 0) seek(asked());
else if (kept && !isFinished(kept)) {
  // The browser would scroll to where the page was left; what was heard last matters more.
  history.scrollRestoration = "manual";
  seek(kept[0]);
}
tick();
turn();
// The head of the sound holds a picture and the whole text, a megabyte at times: it comes when
// somebody is about to listen.
const fetchHead = () => { if (audio.preload === "none") audio.preload = "metadata"; };
player.addEventListener("pointerenter", fetchHead, { once: true });
for (const event of ["pointerdown", "keydown"]) addEventListener(event, fetchHead, { once: true });

openOffline().then((offline) => {
  if (offline) offline.openBook({ announce });
  else find("#keep")?.remove();
});
