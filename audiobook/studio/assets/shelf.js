// The shelf: texts are dropped, chosen or pasted, and books are found without their accents.
import { all, find, load, post } from "./studio.js";

const veil = find("#veil"), arriving = find("#arriving"), part = find("[data-part='/part/shelf']");

// --- adding -------------------------------------------------------------------------------------

async function add(files) {
  if (files.length < 2) { await addEach(files); return; }
  const book = await askJoined(files);
  if (book?.isOne) await addJoined(book); else if (book) await addEach(files);
}

async function addEach(files) {
  let last = null;
  await send(files, "", (added) => { last = added; });
  if (last && files.length === 1) location.href = last.address;
  else if (last) await load(part);
}

async function addJoined({ files, title, chosen }) {
  const batch = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const names = [];
  await send(files, batch, ({ name }) => names.push(name));
  // What could not be read is told; a book of the others would not be the one that was wanted.
  if (names.length < files.length) return;
  try { location.href = (await post("/add/joined", { batch, names, title, chosen })).address; } catch { /* told */ }
}

async function send(files, batch, added) {
  for (const file of files) {
    const row = document.createElement("li");
    const name = Object.assign(document.createElement("bdi"), { textContent: file.name });
    const bar = Object.assign(document.createElement("progress"), { ariaLabel: file.name });
    row.append(name, bar);
    arriving.hidden = false;
    arriving.append(row);
    try {
      added(await post(`/add/file?${new URLSearchParams({ name: file.name, batch })}`, {}, file));
    } catch { /* told */ }
    row.remove();
    arriving.hidden = !arriving.childElementCount;
  }
}

// --- several files: one book, or a book each ----------------------------------------------------

const dialog = find("#join"), list = find("#join-files"), joinTitle = find("#join-title");

const COUNTED = /[\s._\-–([]*(?<![\p{L}\d])(?:tập|chương|phần|quyển|hồi|chuong|tap|chapter|part|volume|vol|ch)?[\d\s._\-–([]*$/iu;
// What the names of all files begin with, without what counts them.
function commonTitle(names) {
  const stems = names.map((name) => name.normalize("NFC").replace(/\.[^.]*$/, ""));
  let end = 0;
  while (end < stems[0].length && stems.every((stem) => stem[end] === stems[0][end])) end += 1;
  return stems[0].slice(0, end).replace(COUNTED, "").trim();
}

const arrow = (way, label) => {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "hear", ariaLabel: label });
  button.dataset.move = way;
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${way < 0 ? "M6 15l6-6 6 6" : "M6 9l6 6 6-6"}"/></svg>`;
  return button;
};

// A button at the end of the list stays, so that it keeps the focus, and only says that it is off.
function setArrows() {
  for (const button of all("[data-move]", list)) {
    const row = button.closest("li");
    const end = button.dataset.move < 0 ? row.previousElementSibling : row.nextElementSibling;
    button.ariaDisabled = end ? null : "true";
  }
}

list.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-move]");
  if (!button || button.ariaDisabled === "true") return;
  const row = button.closest("li");
  if (button.dataset.move < 0) row.previousElementSibling.before(row); else row.nextElementSibling.after(row);
  setArrows();
  button.focus();
  const place = all("li", list).indexOf(row) + 1;
  find("#join-told").textContent = list.dataset.place.replace("@", place).replace("%", list.childElementCount).replace("#", () => row.file.name);
});

// Return the files as one book, in the order that was chosen, or as several; null for neither.
function askJoined(files) {
  const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const sorted = [...files].sort((one, other) => compare(one.name, other.name));
  list.replaceChildren(...sorted.map((file) => {
    const row = Object.assign(document.createElement("li"), { file });
    const name = Object.assign(document.createElement("span"), { className: "grow", dir: "auto", textContent: file.name });
    const label = (text) => text.replace("#", () => file.name);
    row.append(name, arrow(-1, label(list.dataset.up)), arrow(1, label(list.dataset.down)));
    return row;
  }));
  setArrows();
  const common = joinTitle.value = commonTitle(sorted.map((file) => file.name));
  find("#join-told").textContent = "";
  dialog.returnValue = "";
  dialog.showModal();
  (common ? find("button[value=one]", dialog) : joinTitle).focus();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      const isOne = dialog.returnValue === "one", title = joinTitle.value.trim();
      const ordered = all("li", list).map((row) => row.file);
      answer(isOne || dialog.returnValue === "several" ? { isOne, files: ordered, title, chosen: title !== common } : null);
    }, { once: true });
  });
}

let depth = 0;
const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
addEventListener("dragenter", (event) => { if (holdsFiles(event)) { depth += 1; veil.hidden = false; } });
addEventListener("dragleave", (event) => { if (holdsFiles(event) && !--depth) veil.hidden = true; });
addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
addEventListener("drop", (event) => {
  depth = 0;
  veil.hidden = true;
  if (!holdsFiles(event)) return;
  event.preventDefault();
  add([...event.dataTransfer.files]);
});
find("#files").addEventListener("change", (event) => { add([...event.target.files]); event.target.value = ""; });
find("#paste").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = find("#pasted"), button = find("button", event.target);
  button.disabled = true;
  try { location.href = (await post("/add/text", { text: field.value })).address; } catch { field.focus(); }
  button.disabled = false;
});

// --- finding ------------------------------------------------------------------------------------

const field = find("#filter"), found = find("#found");
const letters = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
let telling = 0;
function filter() {
  const wanted = letters(field.value).split(/\s+/).filter(Boolean);
  let count = 0;
  const items = all("#books > li");
  for (const item of items) {
    item.letters ??= letters(item.dataset.name);
    item.hidden = !wanted.every((word) => item.letters.includes(word));
    count += !item.hidden;
  }
  field.form.hidden = items.length < 2;
  clearTimeout(telling);
  const { one, many, none } = field.dataset;
  telling = setTimeout(() => {
    found.textContent = !wanted.length ? "" : !count ? none : count === 1 ? one : many.replace("#", count);
  }, 250);
}
field.form.addEventListener("submit", (event) => event.preventDefault());
field.addEventListener("input", filter);
part.addEventListener("part", filter);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  field.focus();
});
filter();
