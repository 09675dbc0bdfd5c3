// The text of a book: what is heard is marked, and stays in sight while the reader looks at it.
import { all, find, latest } from "./page.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export const mark = (list, old, next) => {
  list[old]?.removeAttribute("aria-current");
  list[next]?.setAttribute("aria-current", "true");
};

// `seek` moves the sound to a second; `hasPlayed` tells whether anything was heard yet.
export function openText({ player, seek, hasPlayed }) {
  const text = find("#text"), away = find("#away");
  const sentences = all("[data-at]", text);
  const times = sentences.map((sentence) => Number(sentence.dataset.at));
  let current = -1, reached = null;

  const floor = () => player.getBoundingClientRect().top;
  const isInSight = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < floor();
  };
  const show = (element) => {
    const box = element.getBoundingClientRect();
    const near = Math.abs(box.top) < 2 * innerHeight && !calm.matches;
    element.scrollIntoView({ block: "center", behavior: near ? "smooth" : "auto" });
  };
  const watch = new IntersectionObserver(
    ([entry]) => { away.hidden = entry.isIntersecting || !hasPlayed(); },
    { rootMargin: `0px 0px -${player.offsetHeight}px` },
  );

  // One sentence is reached by Tab, and others from there by the arrow keys.
  const reach = (place) => {
    const sentence = sentences[Math.min(Math.max(0, place), sentences.length - 1)];
    if (!sentence || sentence === reached) return sentence;
    reached?.removeAttribute("tabindex");
    sentence.tabIndex = 0;
    reached = sentence;
    return sentence;
  };
  reach(0);
  text.addEventListener("keydown", (event) => {
    const place = sentences.indexOf(event.target);
    if (place < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      const sentence = reach(place + by);
      sentence.focus({ preventScroll: true });
      if (!isInSight(sentence)) show(sentence);
    } else if (event.key === "Enter") seek(times[place], { start: true });
    else return;
    event.preventDefault();
  });
  // Beside a sentence, the line that is clicked counts: the last sentence that begins in it or above.
  const besideOf = ({ target, clientY }) =>
    all("[data-at]", target.closest("p") ?? new DocumentFragment())
      .findLast((sentence) => sentence.getClientRects()[0].top <= clientY);
  text.addEventListener("click", (event) => {
    const sentence = event.target.closest("[data-at]") ?? besideOf(event);
    if (sentence && getSelection().isCollapsed) seek(Number(sentence.dataset.at), { start: true });
  });

  return {
    // Marks what is heard at a second, and follows it after a jump, or while it is looked at.
    hear(second, { jumped, playing }) {
      const next = latest(times, second);
      if (next === current && !jumped) return;
      const follows = jumped || (playing && current >= 0 && isInSight(sentences[current]));
      mark(sentences, current, next);
      if (document.activeElement !== reached) reach(next);
      current = next;
      watch.disconnect();
      if (next < 0) {
        away.hidden = true;
        return;
      }
      const box = sentences[next].getBoundingClientRect();
      if (follows && (box.top < 72 || box.bottom > floor() - 0.2 * innerHeight)) show(sentences[next]);
      watch.observe(sentences[next]);
    },
    showCurrent() { if (current >= 0) show(sentences[current]); },
    // Back from the midst of a sentence is to its beginning, as players of music have it.
    secondOf(by, second) {
      const within = second - (times[current] ?? 0);
      const to = by < 0 && within > 1.5 ? current : current + by;
      return times[Math.min(Math.max(0, to), times.length - 1)] ?? 0;
    },
    textAt: (second) => sentences[latest(times, second)]?.textContent ?? "",
  };
}
