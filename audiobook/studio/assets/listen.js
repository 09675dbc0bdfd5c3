// A finished book: its check is made when it is asked for, and other formats tell when they are there.
import { find, load, reload } from "./studio.js";

const check = find("#check");
check?.addEventListener("toggle", () => {
  const part = find("[data-lazy-part]", check);
  if (check.open && !part.turn) load(part, part.dataset.lazyPart);
});
// What the check found is played, and any place of its waveform.
check?.addEventListener("click", ({ target, clientX }) => {
  const audio = find("#player audio"), link = target.closest("a[href^='#t=']"), drawing = target.closest(".plot svg");
  if (!audio || (!link && !drawing)) return;
  const box = drawing?.getBoundingClientRect();
  audio.currentTime = link ? Number(link.hash.slice(3)) : (audio.dataset.seconds * (clientX - box.left)) / box.width;
  audio.play().catch(() => {}); // the player tells why
});
document.addEventListener("stage", ({ detail }) => {
  if (detail.id !== find("[data-book-id]").dataset.bookId || !detail.before || detail.stage !== "done") return;
  // The book that is heard was made anew; whoever listens to the old one is not disturbed.
  const isMadeAnew = find("#build")?.dataset.pressed, audio = find("#player audio");
  if (isMadeAnew && (!audio || audio.paused)) location.reload();
  else reload("/part/files");
});
find("#build")?.addEventListener("click", ({ currentTarget }) => { currentTarget.dataset.pressed = "true"; });
