// Answers without a network: with pages that were opened, and with sound that the listener keeps.
// offline.js puts both into caches; each address holds the place of its site, so that several
// sites of one host, or several listeners of a private one, never get what is another's.
const PATIENCE = 5000; // milliseconds for which a page is waited for that is here already
const PIECE = 1 << 20; // bytes: sound is kept, and answered, in pieces of this size

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  if (request.mode === "navigate") event.respondWith(openPage(event));
  else if (request.destination === "audio") event.respondWith(openSound(request));
  // Their addresses hold the hash of their content: what is here is what the page asks for.
  else if (["style", "script", "image"].includes(request.destination))
    event.respondWith(openFile(request));
});

const openFile = async (request) =>
  (await caches.match(request, { ignoreVary: true })) ?? fetch(request);

// The page as it is now; as it was, if the network or the server has none.
async function openPage(event) {
  const page = event.request.url.replace(/[?#].*/, "").replace(/\/index\.html$/, "/");
  const kept = await caches.match(page);
  const current = fetch(event.request);
  if (!kept) return current;
  try {
    const answer = await Promise.race([current, giveUp()]);
    if (answer.status === 404 || answer.status === 410) event.waitUntil(forget(page));
    if (answer.status < 500) return answer;
  } catch { /* no network */ }
  return kept;
}

const giveUp = () => new Promise((_, fail) => { setTimeout(fail, PATIENCE); });
const forget = (page) =>
  Promise.all(["text", "sound"].map((kind) => caches.delete(`audiobook ${kind} ${page}`)));

// A part of the sound from its pieces; a player asks on at the end of each answer (RFC 9110, 15.3.7).
async function openSound(request) {
  const kept = await caches.match(request.url);
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!kept || !range || !(range[1] || range[2])) return fetch(request);
  const size = Number(kept.headers.get("audiobook-size"));
  const start = range[1] ? Number(range[1]) : Math.max(0, size - Number(range[2]));
  const last = Math.min(range[1] && range[2] ? Number(range[2]) : size - 1, size - 1);
  if (start > last)
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${size}` } });
  const number = Math.floor(start / PIECE);
  const piece = await caches.match(`${request.url}?piece=${number}`);
  if (!piece) return fetch(request);
  const end = Math.min(last + 1, (number + 1) * PIECE);
  const part = (await piece.blob()).slice(start - number * PIECE, end - number * PIECE);
  return new Response(part, {
    status: 206,
    headers: {
      "accept-ranges": "bytes",
      "content-length": String(end - start),
      "content-range": `bytes ${start}-${end - 1}/${size}`,
      "content-type": "audio/mpeg",
    },
  });
}
