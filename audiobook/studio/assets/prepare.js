// A book before it is made: each choice is sent at once, and what depends on it is loaded anew.
import { all, find, focusOn, hear, post, reload, tell } from "./studio.js";

const book = `/books/${find("[data-book-id]").dataset.bookId}`;
const id = find("[data-book-id]").dataset.bookId;
const after = async (sending, ...parts) => {
  try { await sending; } catch { return false; }
  if (find("#wrong")) { location.reload(); return false; } // nothing is wrong any more, so all is shown
  isChanged();
  await reload(...parts);
  return true;
};

// A book that is made already is no longer what was chosen.
const isChanged = () => { if (find("#changed") && !find("#listen-tab").hidden) find("#changed").hidden = false; };

// --- voice, tags, format ------------------------------------------------------------------------

const cover = find("#planned-cover");
const drawCover = () => { if (cover) cover.src = `${cover.dataset.src}?${Date.now()}`; };
drawCover();

document.addEventListener("change", async (event) => {
  const field = event.target.closest("[data-setting]");
  if (!field) return;
  const isNumber = field.type === "range" || field.inputMode === "decimal";
  const value = isNumber ? Number(field.value.trim().replace(",", ".") || NaN) : field.value;
  const wanted = (field.dataset.refresh ?? "").split(" ").filter(Boolean);
  if (await after(post(`${book}/settings`, { [field.name]: value }), ...wanted.filter((one) => one !== "cover").map((one) => `/part/${one}`))) {
    isChanged();
    if (wanted.includes("cover")) drawCover();
    if (field.name === "voice") reload("/part/chapters", "/part/doubts");
    if (field.name === "speed") reload("/part/chapters");
  }
});
// Another tab, or a command, may have chosen something else; what is being written is left alone.
document.addEventListener("visibilitychange", async () => {
  if (document.hidden || !find("[data-setting]")) return;
  let page;
  try { page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html"); } catch { return; }
  for (const field of all("[data-setting]")) {
    const now = page.getElementById(field.id);
    if (!now || field === document.activeElement) continue;
    const { value } = now;
    if (field.options) field.replaceChildren(...now.children); // a voice may have been fetched
    field.value = value;
    field.dispatchEvent(new Event("input"));
  }
});
for (const range of all("input.range")) range.addEventListener("input", ({ target }) => { find(`#${target.id}-shown`).textContent = `${Number(target.value).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2 })}×`; });
find("#try-voice")?.addEventListener("click", ({ currentTarget }) =>
  hear(`${book}/hear`, { text: "" }, currentTarget));
find("#cover-file")?.addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (file) try { await post(`${book}/cover`, {}, file); drawCover(); } catch { /* told */ }
  target.value = "";
});

// A link to a setting leads to its very field, wherever that is folded away.
function goToField() {
  const field = document.getElementById(location.hash.slice(1));
  if (!field?.matches("[data-setting], #cover-file")) return;
  for (let folded = field.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", goToField);
document.addEventListener("click", ({ target }) => {
  if (target.closest("a")?.hash === location.hash && location.hash) setTimeout(goToField);
});
goToField();

// --- chapters -----------------------------------------------------------------------------------

// A box shows at once what was chosen, before the answer is there.
const tick = (box, read) => {
  box.checked = read;
  box.closest("li").classList.toggle("off", !read);
};

document.addEventListener("change", async (event) => {
  const box = event.target.closest("[data-chapter-key]"), title = event.target.closest("[data-title-key]");
  if (box) {
    tick(box, box.checked);
    const sent = await after(post(`${book}/chapter`, { key: box.dataset.chapterKey, read: box.checked }), "/part/estimate", "/part/doubts");
    if (!sent) tick(box, !box.checked);
  } else if (title) {
    await after(post(`${book}/chapter`, { key: title.dataset.titleKey, title: title.value }), "/part/chapters");
  }
});
document.addEventListener("click", async ({ target }) => {
  if (target.id !== "all-chapters" && target.id !== "no-chapters") return;
  const boxes = all("[data-chapter-key]"), before = boxes.map((box) => box.checked), read = target.id === "all-chapters";
  const keys = read ? [] : boxes.map((box) => box.dataset.chapterKey);
  for (const box of boxes) tick(box, read);
  const sent = await after(post(`${book}/chapter`, { keys }), "/part/chapters", "/part/estimate", "/part/doubts");
  if (!sent) boxes.forEach((box, place) => tick(box, before[place]));
});

// --- what is left out, misprints, readings ------------------------------------------------------

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.ocr !== undefined) {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true"; // it goes when the pages are recognised
    await after(post(`${book}/settings`, { ocr: button.dataset.ocr === "true" }), "/part/chapters", "/part/text", "/part/omissions", "/part/doubts", "/part/misprints", "/part/estimate");
    button.ariaDisabled = null;
    drawCover();
    return;
  }
  const { keep, keepStep, on, misprint, misprints, verdict, undo, instead, forget, confirm, hearField } = button.dataset;
  if (keep !== undefined || keepStep !== undefined) {
    const what = keep !== undefined ? { beginning: keep } : { step: keepStep };
    await after(post(`${book}/keep`, { ...what, keep: on === "true" }), "/part/omissions", "/part/chapters", "/part/estimate", "/part/doubts");
  } else if (misprints !== undefined) {
    await after(post(`${book}/misprint`, { all: true, verdict: "take" }), "/part/misprints");
  } else if (misprint !== undefined) {
    await after(post(`${book}/misprint`, { number: Number(misprint), verdict }), "/part/misprints");
  } else if (button.dataset.undoTogether !== undefined) {
    await after(post(`${book}/misprint`, { undo: true }), "/part/misprints");
  } else if (undo !== undefined) {
    await after(post(`${book}/misprint`, { undo, instead }), "/part/misprints");
  } else if (forget !== undefined) {
    await after(post(`${book}/reading`, { written: forget, spoken: "", case: "case" in button.dataset }), "/part/doubts");
  } else if (confirm !== undefined) {
    await teach(document.getElementById(confirm));
  } else if (hearField !== undefined) {
    const field = document.getElementById(hearField);
    if (field.value !== field.defaultValue) { if (!(await teach(field, { again: false }))) return; }
    hear(`${book}/hear`, { text: field.dataset.reading }, button);
  }
});
async function teach(field, { again = true } = {}) {
  const values = { written: field.dataset.reading, spoken: field.value, case: "case" in field.dataset };
  return after(post(`${book}/reading`, values), ...(again ? ["/part/doubts"] : []));
}
document.addEventListener("change", async ({ target }) => {
  if (target.dataset.reading === undefined) return;
  target.defaultValue = target.value;
  const values = { written: target.dataset.reading, spoken: target.value, case: "case" in target.dataset };
  try {
    await post(`${book}/reading`, values);
    find(`#${target.id.replace("reading", "saved")}`).textContent = find("#told").dataset.kept;
    isChanged();
    await hear(`${book}/hear`, { text: target.dataset.reading });
  } catch { /* told */ }
});
document.addEventListener("submit", async (event) => {
  if (event.target.id !== "teach") return;
  event.preventDefault();
  const { written, spoken } = Object.fromEntries(new FormData(event.target));
  if (await after(post(`${book}/reading`, { written, spoken }), "/part/doubts")) {
    find("#teach-written").focus();
    hear(`${book}/hear`, { text: written });
  }
});

// --- the text: hear a sentence, correct a reading -----------------------------------------------

document.addEventListener("change", ({ target }) => {
  if (target.dataset.go) location.href = target.dataset.go + target.value;
});
document.addEventListener("keydown", (event) => {
  if ((event.key !== "Enter" && event.key !== " ") || !event.target.matches(".say")) return;
  event.preventDefault();
  event.target.click();
});
const dialog = find("#correct");
let fixing = null, readings = new Map();
// The reading belongs to the word: another word has another, or none yet.
find("#correct-written")?.addEventListener("input", ({ target }) => {
  find("#correct-spoken").value = readings.get(target.value.trim()) ?? "";
});
document.addEventListener("click", (event) => {
  const say = event.target.closest("[data-hear]"), fix = event.target.closest("[data-fix]");
  if (say) {
    const chapter = Number(say.dataset.chapter) || null;
    hear(`${book}/hear`, { text: say.dataset.hear, ...(chapter ? { chapter } : {}) }, say);
  } else if (fix) {
    fixing = fix;
    const written = JSON.parse(fix.dataset.readings), spoken = JSON.parse(fix.dataset.spoken);
    readings = new Map(written.map((word, place) => [word, spoken[place].trim()]));
    const chosen = String(getSelection()).trim();
    find("#correct-sentence").textContent = fix.dataset.fix;
    find("#correct-written").value = chosen && fix.dataset.fix.includes(chosen) ? chosen : written[0] ?? "";
    find("#correct-spoken").value = readings.get(find("#correct-written").value) ?? "";
    // Each word that is said otherwise than written is one click from being corrected.
    const choices = written.length < 2 ? [] : written.map((word, place) => {
      const choice = Object.assign(document.createElement("button"), { type: "button", className: "pill small", textContent: word });
      choice.addEventListener("click", () => {
        find("#correct-written").value = word;
        find("#correct-spoken").value = spoken[place].trim();
        find("#correct-spoken").focus();
      });
      return choice;
    });
    find("#correct-readings").replaceChildren(...choices);
    dialog.showModal();
    find(written.length ? "#correct-spoken" : "#correct-written").focus();
  }
});
// Another take of a sentence is kept once it has been spoken; what was spoken before is not lost.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-step]");
  if (!button || button.ariaDisabled === "true") return;
  const sentence = button.closest(".sentence"), say = find("[data-hear]", sentence);
  const take = Number(button.dataset.take) + Number(button.dataset.step);
  const both = all("[data-step]", sentence);
  for (const one of both) one.ariaDisabled = "true";
  const heard = await hear(`${book}/take`, { text: say.dataset.hear, chapter: Number(say.dataset.chapter), take }, button, { anew: true });
  for (const one of both) one.ariaDisabled = null;
  if (heard?.take === undefined) return;
  for (const one of both) one.dataset.take = heard.take;
  const label = find(".take", sentence), earlier = find(".earlier", sentence);
  label.textContent = heard.take > 1 ? label.dataset.label.replace("#", heard.take) : "";
  if (heard.take === 1 && document.activeElement === earlier) find(".again", sentence).focus();
  earlier.hidden = heard.take === 1;
  tell(label.dataset.label.replace("#", heard.take));
  isChanged();
});
find("#correct-save")?.addEventListener("click", async ({ currentTarget }) => {
  const values = { written: find("#correct-written").value.trim(), spoken: find("#correct-spoken").value.trim() };
  if (!values.written || !values.spoken) return;
  try { await post(`${book}/reading`, values); } catch { return; }
  const chapter = Number(find("[data-chapter]").dataset.chapter);
  await hear(`${book}/hear`, { text: fixing.dataset.fix, chapter }, currentTarget);
  await reload("/part/text");
});

// What the source says of itself stands where nothing else was written.
document.addEventListener("part", ({ target }) => {
  const known = find("[data-known]", target);
  if (!known) return;
  find("#book-title").textContent = known.dataset.title;
  for (const name of ["title", "author", "narrator", "date", "description"]) {
    const field = find(`#meta-${name}`);
    if (field && !field.value) field.placeholder = known.dataset[name];
  }
});

// --- making it ----------------------------------------------------------------------------------

const IDLE = ["done", "failed", ""];
let stage = find("#making") && !find("#making").hidden ? "waiting" : "";
// The button is off while the book is made, and while no chapter is chosen.
const setBuild = () => {
  const button = find("#build");
  if (button) button.ariaDisabled = !IDLE.includes(stage) || find("#nothing-chosen") ? "true" : null;
};
document.addEventListener("part", setBuild);
document.addEventListener("posted", setBuild);

document.addEventListener("stage", ({ detail }) => {
  if (detail.id !== id || !find("#making")) return;
  stage = detail.stage;
  const ended = IDLE.includes(stage), paused = stage === "paused";
  const held = document.activeElement, build = find("#build");
  find("#making").hidden = ended;
  find("#pause").hidden = paused;
  find("#resume").hidden = !paused;
  find("#failure").hidden = stage !== "failed";
  if (stage === "failed") {
    find("#failure span").textContent = detail.problem;
    find("#failure a").hidden = !detail.field;
    find("#failure a").href = `#${detail.field}`;
  }
  // A build that had ended when the page was opened is shown by the page already.
  if (stage === "done" && (detail.before || find("#listen-tab").hidden)) {
    for (const place of ["#made", "#listen-tab"]) find(place).hidden = false;
    find("#changed").hidden = true;
    find("#listen").classList.add("main");
    build.classList.remove("main");
    build.textContent = build.dataset.again;
  } else find("#made").hidden = !ended || find("#listen-tab").hidden;
  setBuild();
  // A button that went away leaves the focus to the one that took its place.
  if (held === find("#pause") || held === find("#resume")) focusOn(find(stage === "done" ? "#listen" : ended ? "#build" : paused ? "#resume" : "#pause"), build);
});
