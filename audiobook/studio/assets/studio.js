// What every page does: changes are sent, parts are loaded, progress is shown, sentences are heard.
const token = document.querySelector("meta[name=audiobook-token]").content;
const told = document.querySelector("#told");
const voice = document.querySelector("#voice");
let run = "", quieting = 0;

export const find = (selector, from = document) => from.querySelector(selector);
export const all = (selector, from = document) => [...from.querySelectorAll(selector)];

export function tell(text, { bad = false } = {}) {
  clearTimeout(quieting);
  told.classList.toggle("bad", bad);
  // What is told begins like a sentence, whatever it is part of elsewhere.
  told.textContent = text.charAt(0).toLocaleUpperCase(document.documentElement.lang) + text.slice(1);
  quieting = setTimeout(() => { told.textContent = ""; }, bad ? 12000 : 3500);
}

// Send a change; what went wrong is told, and thrown to whoever must put something back.
export async function post(address, values = {}, body = null) {
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { "x-audiobook-token": token, ...(body ? {} : { "content-type": "application/json" }) },
      body: body ?? JSON.stringify(values),
    });
  } catch (problem) {
    tell(told.dataset.offline, { bad: true });
    throw problem;
  }
  if (response.status === 409) {
    tell(told.dataset.stale, { bad: true });
    setTimeout(() => location.reload(), 900);
    throw new Error("stale");
  }
  const answer = await response.json().catch(() => ({ problem: response.statusText }));
  if (!response.ok) {
    tell(answer.problem ?? response.statusText, { bad: true });
    throw new Error(answer.problem);
  }
  if (answer.told) tell(answer.told);
  return answer;
}

// --- the focus ----------------------------------------------------------------------------------

const CONTROLS = "button:not([hidden]), input, select, textarea, a[href], summary";
const rowOf = (element) => element.closest("li, details");
const isShown = (element) => Boolean(element.getClientRects().length);

// Remember where the focus is, and return what puts it back: on the same control; where that is
// gone, on one of the same row, of the row that took its place, or on the heading above.
function keepFocus(area) {
  const focused = area.contains(document.activeElement) ? document.activeElement : null;
  if (!focused) return () => {};
  const { id, selectionStart: at } = focused;
  const row = rowOf(focused), rowId = row?.querySelector("[id^=voice-]")?.id ?? row?.dataset.key;
  const order = row ? all(CONTROLS, row).indexOf(focused) : 0;
  const place = row ? [...row.parentElement.children].indexOf(row) : -1;
  const lists = all("ul, ol", area), list = row ? lists.indexOf(row.parentElement) : -1;
  return () => {
    const same = id ? document.getElementById(id) : null;
    const named = rowId ? document.getElementById(rowId)?.closest("li") ?? find(`details[data-key="${CSS.escape(rowId)}"]`, area) : null;
    const successor = all("ul, ol", area)[list]?.children[place];
    const row = named ?? (rowId ? null : successor);
    const controls = row ? all(CONTROLS, row).filter(isShown) : [];
    const next = controls[Math.min(order, controls.length - 1)];
    focusOn(same && isShown(same) ? same : next, area);
    if (same && typeof at === "number" && same.setSelectionRange) try { same.setSelectionRange(at, at); } catch { /* has no text */ }
  };
}

// Focus an element, or the heading of the section where there is none.
export function focusOn(element, area) {
  const target = element ?? find("h2, h3", area.closest("section") ?? area) ?? find("h1");
  if (!target) return;
  if (!element) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// Load a part of the page anew; the focus stays where it was.
export async function load(part, address = part.dataset.part) {
  const turn = (part.turn = (part.turn ?? 0) + 1);
  part.setAttribute("aria-busy", "true");
  let text;
  try {
    const response = await fetch(address);
    text = await response.text();
    if (!response.ok) return;
  } catch {
    return;
  } finally {
    if (turn === part.turn) part.setAttribute("aria-busy", "false");
  }
  if (turn !== part.turn) return;
  const refocus = keepFocus(part);
  const open = new Map(all("details", part).map((one) => [one.dataset.key, one.open]));
  part.innerHTML = text;
  for (const one of all("details[data-key]", part)) if (open.has(one.dataset.key)) one.open = open.get(one.dataset.key);
  refocus();
  part.dispatchEvent(new CustomEvent("part", { bubbles: true }));
}

export const reload = (...names) =>
  Promise.all(all("[data-part]").filter((part) => names.some((name) => part.dataset.part.split("?")[0].endsWith(name))).map((part) => load(part)));

// --- hearing ----------------------------------------------------------------------------------

let sounding = null, until = 0;
const hush = () => { sounding?.removeAttribute("data-sounding"); sounding?.removeAttribute("aria-busy"); sounding = null; };
voice.addEventListener("timeupdate", () => { if (until && voice.currentTime >= until) { voice.pause(); hush(); } });
voice.addEventListener("ended", hush);

// A second click on the same button is silence, unless each click has something else to say.
export async function hear(address, values, button = null, { anew = false } = {}) {
  if (button && button === sounding && !anew) { voice.pause(); hush(); return; }
  voice.pause();
  hush();
  sounding = button;
  button?.setAttribute("data-sounding", "");
  button?.setAttribute("aria-busy", "true");
  let heard = null;
  try {
    heard = await post(address, values);
    if (sounding !== button) return heard; // another was asked for meanwhile
    until = heard.end;
    const wanted = new URL(heard.address, location.href).href;
    if (voice.src !== wanted) voice.src = wanted;
    voice.currentTime = heard.start;
    await voice.play();
    document.body.dataset.heard = values.text ?? "";
  } catch { hush(); } finally { button?.removeAttribute("aria-busy"); }
  return heard;
}

// --- what stands on many pages ------------------------------------------------------------------

function agreed(question) {
  const dialog = find("#ask");
  find("#ask-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  find("[value=no]", dialog).focus();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-post]");
  // A button that is disabled would lose the focus, so it only says that it is off.
  if (!button || button.ariaDisabled === "true" || (button.dataset.ask && !(await agreed(button.dataset.ask)))) return;
  button.ariaDisabled = "true";
  try {
    await post(button.dataset.post, JSON.parse(button.dataset.body ?? "{}"));
    if (button.dataset.then) location.href = button.dataset.then;
    if (button.dataset.refreshPart) await load(find(`[data-part="${button.dataset.refreshPart}"]`));
  } catch { /* told */ } finally { button.ariaDisabled = null; document.dispatchEvent(new Event("posted")); }
});

// A long list shows its beginning until all of it is asked for.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-unfold]");
  if (!button) return;
  const area = button.closest("[data-part]");
  const hidden = all(".fold > li", button.closest("p").parentElement).find((item) => !isShown(item));
  area.classList.add("unfolded");
  focusOn(hidden && all(CONTROLS, hidden).find(isShown), area);
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-form]");
  if (!form) return;
  event.preventDefault();
  const button = find("button", form);
  button.ariaDisabled = "true";
  try {
    await post(form.dataset.form, Object.fromEntries(new FormData(form)));
    if (form.dataset.refreshPart) await load(find(`[data-part="${form.dataset.refreshPart}"]`));
  } catch { /* told */ }
  button.ariaDisabled = null;
});

// --- progress -----------------------------------------------------------------------------------

const stages = new Map();

function show(state) {
  if (run && run !== state.run) { location.reload(); return; }
  run = state.run;
  const badge = find("#queue-count");
  const active = state.builds.filter((build) => !build.ended);
  badge.hidden = !active.length;
  badge.textContent = active.length || "";
  for (const place of all("[data-recognising]")) {
    const pages = state.recognised[place.dataset.recognising];
    place.hidden = !pages;
    if (!pages) continue;
    find("p", place).textContent = pages.line;
    find("progress", place).value = pages.share;
  }
  let moved = stages.size !== state.builds.length;
  for (const build of state.builds) {
    for (const place of all(`[data-build="${build.id}"]`)) if (place.textContent !== build.line) place.textContent = build.line;
    for (const bar of all(`[data-share="${build.id}"]`)) bar.value = build.share;
    for (const [number, share] of Object.entries(build.chapters))
      for (const bar of all(`[data-chapter-share="${build.id} ${number}"]`)) bar.value = share;
    const before = stages.get(build.id);
    if (before !== build.stage) {
      moved = true;
      if (before && build.ended) tell(`${build.title}: ${build.problem || build.line}`, { bad: Boolean(build.problem) });
      document.dispatchEvent(new CustomEvent("stage", { detail: { ...build, before } }));
    }
  }
  for (const [id, before] of stages) {
    if (state.builds.some((build) => build.id === id)) continue;
    moved = true; // it was taken out of the queue
    document.dispatchEvent(new CustomEvent("stage", { detail: { id, stage: "", before } }));
  }
  stages.clear();
  for (const build of state.builds) stages.set(build.id, build.stage);
  if (moved && show.first === false) for (const part of all("[data-live=stages], [data-part='/part/shelf']")) load(part);
  show.first = false;
}

// A browser keeps few connections to one place open, so only the tab that is looked at holds one.
let events = null, lost = 0;
function listen() {
  events?.close();
  events = document.hidden ? null : new EventSource("/events");
  if (!events) return;
  events.onmessage = (event) => { lost = 0; show(JSON.parse(event.data)); };
  // A browser tries again by itself; once may fail, but a program that ended must not look busy.
  events.onerror = () => { lost += 1; if (lost > 1) tell(told.dataset.offline, { bad: true }); };
}
document.addEventListener("visibilitychange", () => {
  listen();
  if (document.hidden) return;
  // Another tab, or a command, may have changed something; what is being written is left alone.
  for (const part of all("[data-fresh]")) if (!part.contains(document.activeElement)) load(part);
});
addEventListener("pagehide", () => events?.close());
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
// Only when the other scripts of the page can hear of it: none of them may miss what comes first.
addEventListener("DOMContentLoaded", () => {
  listen();
  for (const part of all("[data-part]:not([data-loaded])")) load(part);
});
