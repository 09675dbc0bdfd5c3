// The pages are whole without this; with it they listen along, remember, and answer the keyboard.
"use strict";
(() => {
  const root = new URL(".", document.currentScript.src).pathname;
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const player = find("#player");
  const status = find("#status");

  // What a browser keeps for this site; one that keeps nothing still plays.
  const memory = {
    get(key) {
      try { return JSON.parse(localStorage.getItem(`audiobook:${key}`)); } catch { return null; }
    },
    set(key, value) {
      try { localStorage.setItem(`audiobook:${key}`, JSON.stringify(value)); } catch { /* full, or forbidden */ }
    },
  };

  // Where the reader is in a book: [second, length of the book in seconds].
  const place = (book) => {
    const kept = memory.get(root + book);
    const right = Array.isArray(kept) && kept.length === 2 && kept.every(Number.isFinite);
    return right && kept[0] > 0 ? kept : null;
  };
  const finished = ([second, length]) => second > length - 3;

  const clock = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (number) => String(number).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  };

  // Keys that a field, a button or the browser has a use for are theirs.
  const taken = (event, selector) =>
    event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(selector);

  if (player) book(player.dataset.book);
  else if (find("#filter")) library();

  function library() {
    const field = find("#filter");
    const letters = (text) =>
      text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
    const books = all(".shelf [data-book]").map((item) => {
      const text = letters(item.textContent);
      const kept = place(item.dataset.book);
      if (kept) {
        const part = Math.round((100 * kept[0]) / kept[1]);
        const told = finished(kept) ? "đã nghe xong" : `đã nghe ${part}%`;
        const meter = Object.assign(document.createElement("progress"), { max: 100, value: part });
        meter.setAttribute("aria-label", told);
        find(".quiet", item).append(` · ${told}`);
        item.append(meter);
      }
      return [item, text];
    });
    let telling;
    const filter = () => {
      const wanted = letters(field.value).split(/\s+/).filter(Boolean);
      let count = 0;
      for (const [item, text] of books) {
        item.hidden = !wanted.every((word) => text.includes(word));
        count += !item.hidden;
      }
      clearTimeout(telling); // once the typing rests
      telling = setTimeout(() => {
        status.textContent = wanted.length ? (count ? `${count} sách` : "Không có sách nào như vậy.") : "";
      }, 250);
    };
    field.form.hidden = books.length < 2;
    field.form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", filter);
    if (field.value) filter();
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || taken(event, "input, textarea, select")) return;
      event.preventDefault();
      field.focus();
    });
  }

  function book(name) {
    const audio = find("audio", player);
    const length = Number(audio.dataset.seconds);
    const seconds = (element) => Number(element.dataset.at);
    const lines = all("#text [data-at]");
    const times = lines.map(seconds);
    const links = all("#contents [data-at]");
    const starts = links.map(seconds);
    const [begin, away, play, slider, speed] = ["#begin", "#away", "#play", "#seek", "#speed"].map((one) => find(one));
    const [now, past, left] = ["#now", "#past", "#left"].map((one) => find(one));
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const title = find("h1").textContent;
    let line = -1, chapter = -1, jumped = false, dragging = false, saved = 0, shown = -1;

    // The last that has begun; -1 before the first.
    const latest = (begins, second) => {
      let [low, high] = [0, begins.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (begins[middle] <= second + 0.005) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    };
    const bounds = () => [starts[chapter] ?? 0, starts[chapter + 1] ?? length];

    // --- what is heard is marked, and stays in sight while the reader looks at it ---------------

    const floor = () => player.getBoundingClientRect().top;
    const inSight = (element) => {
      const box = element.getBoundingClientRect();
      return box.bottom > 0 && box.top < floor();
    };
    const show = (element) => {
      const box = element.getBoundingClientRect();
      const near = Math.abs(box.top) < 2 * innerHeight && !calm.matches;
      element.scrollIntoView({ block: "center", behavior: near ? "smooth" : "auto" });
    };
    const watch = new IntersectionObserver(
      ([entry]) => { away.hidden = entry.isIntersecting || !audio.played.length; },
      { rootMargin: `0px 0px -${player.offsetHeight}px` },
    );
    const mark = (list, old, next) => {
      list[old]?.removeAttribute("aria-current");
      list[next]?.setAttribute("aria-current", "true");
    };

    function tick() {
      const second = audio.currentTime;
      const next = latest(times, second);
      if (next !== line || jumped) {
        const follow = jumped || (!audio.paused && line >= 0 && inSight(lines[line]));
        mark(lines, line, next);
        line = next;
        jumped = false;
        watch.disconnect();
        if (line < 0) away.hidden = true;
        else {
          const box = lines[line].getBoundingClientRect();
          if (follow && (box.top < 72 || box.bottom > floor() - 0.2 * innerHeight)) show(lines[line]);
          watch.observe(lines[line]);
        }
      }
      const part = latest(starts, second);
      if (part !== chapter) {
        mark(links, chapter, part);
        chapter = part;
        enter();
      }
      if (Math.floor(second) !== shown) {
        shown = Math.floor(second);
        if (!dragging) draw(second);
        if (!audio.paused && Math.abs(second - saved) >= 5) save();
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
      slider.value = second - start;
      slider.style.setProperty("--done", `${(100 * slider.value) / slider.max}%`);
      slider.setAttribute("aria-valuetext", `${clock(second - start)} trên ${clock(end - start)}`);
    }

    function loop() {
      tick();
      if (!audio.paused) requestAnimationFrame(loop);
    }

    // --- what the reader can do -----------------------------------------------------------------

    function seek(second, { start = false } = {}) {
      audio.currentTime = Math.min(Math.max(0, second), Math.max(0, length - 0.05));
      jumped = true;
      if (start) go();
      tick();
    }
    const go = () => audio.play().catch(() => {}); // the error event tells why
    const toggle = () => {
      if (!audio.paused) return audio.pause();
      if (audio.ended) return seek(0, { start: true });
      jumped = true;
      return go();
    };
    const skip = (by) => seek(audio.currentTime + by);
    // Back from the midst of a sentence is to its beginning, as players of music have it.
    const step = (by) => {
      const within = audio.currentTime - (times[line] ?? 0);
      const to = by < 0 && within > 1.5 ? line : line + by;
      seek(times[Math.min(Math.max(0, to), times.length - 1)] ?? 0);
    };
    const save = () => {
      saved = audio.currentTime;
      memory.set(root + name, [audio.ended ? length : saved, length]);
    };
    const toContents = () => {
      const folded = find("#contents details");
      if (folded) folded.open = true;
      const target = links[Math.max(0, chapter)] ?? find("#text");
      target.focus();
    };

    audio.controls = false;
    find(".controls").hidden = find("#help").hidden = begin.hidden = false;
    document.body.classList.add("ready");
    if (matchMedia("(max-width: 59.99rem)").matches && links.length > 6)
      find("#contents details").open = false;

    play.addEventListener("click", toggle);
    begin.addEventListener("click", () => (audio.paused ? toggle() : jumpBack()));
    find("#back").addEventListener("click", () => skip(-15));
    find("#forth").addEventListener("click", () => skip(30));
    const jumpBack = () => { if (line >= 0) show(lines[line]); };
    away.addEventListener("click", () => { jumpBack(); play.focus({ preventScroll: true }); });
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
      seek(seconds(link), { start: true });
    });
    find("#text").addEventListener("click", (event) => {
      const sentence = event.target.closest("[data-at]");
      if (sentence && getSelection().isCollapsed) seek(seconds(sentence), { start: true });
    });

    speed.value = String(memory.get("speed") ?? 1);
    if (!speed.value) speed.value = "1";
    audio.defaultPlaybackRate = audio.playbackRate = Number(speed.value);
    speed.addEventListener("change", () => {
      audio.defaultPlaybackRate = audio.playbackRate = Number(speed.value);
      memory.set("speed", audio.playbackRate);
    });

    const keys = find("#keys");
    keys.checked = memory.get("keys") ?? true;
    keys.addEventListener("change", () => memory.set("keys", keys.checked));
    document.addEventListener("keydown", (event) => {
      if (!keys.checked) return;
      const act = {
        " ": () => !taken(event, "input, textarea, select, button, summary") && toggle,
        ArrowLeft: () => !taken(event, "input, textarea, select") && (() => (event.shiftKey ? step(-1) : skip(-15))),
        ArrowRight: () => !taken(event, "input, textarea, select") && (() => (event.shiftKey ? step(1) : skip(30))),
        "/": () => !taken(event, "input:not([type=range]), textarea, select") && toContents,
      }[event.key]?.();
      if (!act) return;
      event.preventDefault();
      act();
    });

    // --- what the sound does --------------------------------------------------------------------

    const turn = () => {
      player.toggleAttribute("data-playing", !audio.paused);
      play.setAttribute("aria-label", audio.paused ? "Phát" : "Tạm dừng");
      const second = audio.currentTime;
      begin.textContent = !audio.paused ? "Đang nghe" : second > 1 && !audio.ended ? `Nghe tiếp từ ${clock(second)}` : "Nghe từ đầu";
    };
    audio.addEventListener("play", () => { turn(); loop(); });
    audio.addEventListener("pause", () => { turn(); save(); });
    audio.addEventListener("ended", () => { turn(); save(); });
    audio.addEventListener("seeked", () => { tick(); turn(); save(); });
    audio.addEventListener("timeupdate", tick); // frames rest while the page is hidden
    audio.addEventListener("error", () => {
      status.classList.remove("unseen");
      status.textContent = "Không tải được phần tiếng. Hãy kiểm tra mạng rồi mở lại trang.";
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
      previoustrack: () => seek(starts[Math.max(0, chapter - 1)] ?? 0),
      nexttrack: () => seek(starts[chapter + 1] ?? length),
    };
    for (const [action, answer] of Object.entries(system)) {
      try { navigator.mediaSession?.setActionHandler(action, answer); } catch { /* not known here */ }
    }

    // --- where to begin -------------------------------------------------------------------------

    const asked = () => Number(/^#t=(\d+(?:\.\d+)?)$/.exec(location.hash)?.[1] ?? NaN);
    addEventListener("hashchange", () => { if (asked() >= 0) seek(asked()); });
    const kept = place(name);
    if (asked() >= 0) seek(asked());
    else if (kept && !finished(kept)) audio.currentTime = Math.min(kept[0], length);
    tick();
    turn();
  }
})();
