// The library: a book is found by its name, with or without accents; what was heard is shown.
import { all, find, isFinished, isTaken, openOffline, placeIn, say } from "./page.js";

const letters = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

const books = all(".shelf [data-book]").map((item) => {
  const text = letters(item.textContent);
  const kept = placeIn(item.dataset.book);
  if (kept) {
    const part = Math.round((100 * kept[0]) / kept[1]);
    const told = isFinished(kept) ? say("finished") : say("part", { part });
    const meter = Object.assign(document.createElement("progress"), { max: 100, value: part });
    meter.setAttribute("aria-label", told);
    find(".quiet", item).append(` · ${told}`);
    item.append(meter);
  }
  return [item, text];
});

const field = find("#filter"), status = find("#status");
let telling;
function filter() {
  const wanted = letters(field.value).split(/\s+/).filter(Boolean);
  let count = 0;
  for (const [item, text] of books) {
    item.hidden = !wanted.every((word) => text.includes(word));
    count += !item.hidden;
  }
  clearTimeout(telling); // once the typing rests
  telling = setTimeout(() => {
    status.textContent = wanted.length ? say({ 0: "none", 1: "one" }[count] ?? "many", { count }) : "";
  }, 250);
}

if (field) {
  field.form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", filter);
  if (field.value) filter();
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || isTaken(event, "input, textarea, select")) return;
    event.preventDefault();
    field.focus();
  });
}

openOffline().then((offline) => offline?.openLibrary({
  // What is kept is marked where it stands: the sound of these books needs no network.
  mark(pages) {
    for (const [item] of books)
      if (pages.includes(find("a", item).href.replace(/\/index\.html$/, "/")))
        find(".quiet", item).append(` · ${say("kept")}`);
  },
}));
