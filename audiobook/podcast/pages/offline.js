// What was opened stays here to be read without a network, and sound if the listener wishes.
// worker.js at the root of the site answers with it; it counts in the same pieces.
import { all, find, say } from "./page.js";

const PIECE = 1 << 20; // bytes
const MOST_TEXTS = 100; // pages; the oldest make room
const root = new URL("../../", import.meta.url);
const page = location.href.replace(/[?#].*/, "").replace(/\/index\.html$/, "/");
const nameOf = (kind, address = page) => `audiobook ${kind} ${address}`;

export const register = () => navigator.serviceWorker.register(new URL("worker.js", root));

// Without a network, or where nothing may be kept, all is as it was.
const quietly = (work) => work.catch(() => {});

export async function openBook({ announce }) {
  await quietly(openKeeping({ announce }));
  await quietly(keepText());
}

export async function openLibrary({ mark }) {
  await quietly(findKept().then(mark));
  await quietly(keepText());
}

// --- the text -------------------------------------------------------------------------------------

const isSame = (kept, current) =>
  kept && ["etag", "last-modified"].some((name) => {
    const mark = current.headers.get(name);
    return mark && mark === kept.headers.get(name);
  });

// The files that a page needs to be shown: those that it names, and pictures that were looked at.
function filesOf(markup) {
  const parsed = new DOMParser().parseFromString(markup, "text/html");
  const named = all("link[rel=stylesheet], link[rel=modulepreload], link[rel=icon]", parsed)
    .map((link) => link.getAttribute("href"));
  const scripts = all("script[src]", parsed).map((script) => script.getAttribute("src"));
  const main = scripts.map((script) => script.replace(/[^/]*$/, "offline.js"));
  const shown = all("img").filter((image) => image.complete && image.naturalWidth);
  const addresses = [...named, ...scripts, ...main, ...shown.map((image) => image.currentSrc)];
  return [...new Set(addresses.map((address) => new URL(address, page).href))];
}

async function keepText() {
  const current = await fetch(location.href);
  const kept = await caches.match(page);
  if (!current.ok || isSame(kept, current)) return;
  const markup = await current.text();
  const cache = await caches.open(nameOf("text"));
  const files = filesOf(markup);
  await Promise.all(files.map(async (file) => {
    // What the page has loaded is in the browser, and need not come again.
    const answer = (await caches.match(file)) ?? (await fetch(file, { cache: "force-cache" }));
    if (!answer.ok) throw new Error(file);
    await cache.put(file, answer);
  }));
  const headers = new Headers({ "content-type": "text/html; charset=utf-8" });
  for (const name of ["etag", "last-modified"])
    if (current.headers.has(name)) headers.set(name, current.headers.get(name));
  await cache.put(page, new Response(markup, { headers }));
  for (const { url } of await cache.keys())
    if (url !== page && !files.includes(url)) await cache.delete(url);
  await makeRoom();
}

async function makeRoom() {
  const names = await caches.keys();
  const texts = names.filter((name) => name.startsWith(nameOf("text", root)));
  for (const name of texts.slice(0, -MOST_TEXTS))
    if (name !== nameOf("text") && !names.includes(name.replace(" text ", " sound ")))
      await caches.delete(name);
}

// --- the sound ------------------------------------------------------------------------------------

// The books of the library whose sound is here as a whole, by the addresses of their pages.
async function findKept() {
  const start = nameOf("sound", root);
  const names = (await caches.keys()).filter((name) => name.startsWith(start));
  const complete = await Promise.all(names.map(async (name) => {
    const sounds = await (await caches.open(name)).keys();
    return sounds.some(({ url }) => !url.includes("?"));
  }));
  const pages = names.map((name) => name.slice(nameOf("sound", "").length));
  return pages.filter((_, place) => complete[place]);
}

// Takes bytes as they come, and keeps them in pieces; the last may be shorter.
async function keepPieces(cache, media, { first, size, signal, tell }) {
  const answer = await fetch(media, {
    cache: "no-store", headers: first ? { range: `bytes=${first * PIECE}-` } : {}, signal,
  });
  if (!answer.ok) throw new Error(answer.status);
  const reader = answer.body.getReader();
  let number = answer.status === 206 ? first : 0, bytes = [], length = 0, total = number * PIECE;
  for (let end = false; !end;) {
    const { done, value } = await reader.read();
    end = done;
    if (value) { bytes.push(value); length += value.length; total += value.length; }
    while (length >= PIECE || (end && length)) {
      const blob = new Blob(bytes);
      await cache.put(`${media}?piece=${number}`, new Response(blob.slice(0, PIECE)));
      number += 1;
      const rest = blob.slice(PIECE);
      [bytes, length] = rest.size ? [[rest], rest.size] : [[], 0];
    }
    tell(total / size);
  }
  if (total !== size) throw new Error(`${total} of ${size} bytes`);
}

const hasRoom = async (bytes) => {
  const { quota, usage } = await navigator.storage.estimate();
  return quota - usage > bytes;
};

// The button that keeps the sound of the book of this page, and lets it go again.
async function openKeeping({ announce }) {
  const button = find("#keep"), audio = find("audio");
  const media = new URL(audio.getAttribute("src"), page).href;
  const size = Number(button.dataset.bytes), shownSize = button.dataset.size;
  let state = "", loading = null;

  const show = (next, part = 0) => {
    state = next;
    button.dataset.state = next;
    button.style.setProperty("--done", `${part}%`);
    const text = say(next, { part, size: shownSize });
    if (button.textContent !== text) button.textContent = text;
  };
  const look = async () => {
    const name = nameOf("sound");
    const sounds = (await caches.has(name)) ? await (await caches.open(name)).keys() : [];
    const own = sounds.map(({ url }) => url).filter((url) => url.split("?")[0] === media);
    if (sounds.length && !own.length) await caches.delete(name); // it is of an earlier edition
    const pieces = own.filter((url) => url.includes("?")).length;
    if (own.includes(media)) show("kept", 100);
    else show(pieces ? "goOn" : "keep", Math.floor((100 * pieces * PIECE) / size));
    return pieces;
  };
  const keep = async () => {
    const first = await look();
    if (!(await hasRoom(size - first * PIECE))) return announce(say("noRoom", { size: shownSize }));
    navigator.storage.persist(); // or the browser may make room with it; some ask the listener
    loading = new AbortController();
    show("keeping", Math.floor((100 * first * PIECE) / size));
    announce(say("begun"));
    try {
      const cache = await caches.open(nameOf("sound"));
      const tell = (part) => show("keeping", Math.floor(100 * part));
      await keepPieces(cache, media, { first, size, signal: loading.signal, tell });
      await cache.put(media, new Response(null, { headers: { "audiobook-size": String(size) } }));
      announce(say("canBeHeard"));
    } catch (problem) {
      const isStopped = loading.signal.aborted, isFull = problem.name === "QuotaExceededError";
      if (isStopped) await caches.delete(nameOf("sound"));
      announce(say(isStopped ? "letGo" : isFull ? "noRoom" : "brokeOff", { size: shownSize }));
    }
    loading = null;
    await look();
  };
  const letGo = async () => {
    await caches.delete(nameOf("sound"));
    announce(say("letGo"));
    await look();
  };
  button.addEventListener("click", () => {
    if (loading) loading.abort();
    else if (state === "kept") letGo();
    else keep();
  });
  await look();
  button.classList.add("offered");
}
