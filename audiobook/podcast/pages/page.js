// What the scripts of all pages share: finding elements, times, and what a browser keeps.
export const find = (selector, from = document) => from.querySelector(selector);
export const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// What is said in the language of the page; {name} in it stands for a value.
const words = JSON.parse(find("[data-words]")?.dataset.words ?? "{}");
export const say = (name, values = {}) =>
  (words[name] ?? "").replace(/\{(\w+)\}/g, (all, value) => values[value] ?? all);

// What a browser keeps for this site; one that keeps nothing still plays.
export const memory = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(`audiobook:${key}`)); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(`audiobook:${key}`, JSON.stringify(value)); } catch { /* full, or forbidden */ }
  },
};

// A book by its name in the addresses of the site, whose scripts lie in assets/VERSION/.
const root = new URL("../../", import.meta.url).pathname;
export const keyOf = (book) => root + book;

// What works without a network comes when all else is there. It needs a worker, which browsers allow
// over https and on this machine alone; null where there is none.
export async function openOffline() {
  const mayWork = "offline" in document.body.dataset && location.protocol !== "file:";
  if (!mayWork || !isSecureContext || !navigator.serviceWorker) return null;
  if (document.readyState !== "complete")
    await new Promise((done) => { addEventListener("load", done, { once: true }); });
  try {
    const offline = await import("./offline.js");
    await offline.register();
    return offline;
  } catch { return null; /* forbidden, or not fetched */ }
}

// Where the listener is in a book: [second, length of the book in seconds].
export const placeIn = (book) => {
  const kept = memory.get(keyOf(book));
  const right = Array.isArray(kept) && kept.length === 2 && kept.every(Number.isFinite);
  return right && kept[0] > 0 ? kept : null;
};
export const isFinished = ([second, length]) => second > length - 3;

export const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

// The last of some times that has come; -1 before the first.
export const latest = (times, second) => {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= second + 0.005) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

// Keys that a field, a button or the browser has a use for are theirs.
export const isTaken = (event, selector) =>
  event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(selector);
