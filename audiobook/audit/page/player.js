
(() => {
  const audio = document.querySelector("audio");
  const bars = [...document.querySelectorAll(".seek")];
  const total = Number(bars[0].dataset.seconds);
  const clock = (seconds) => {
    const two = (number) => String(number).padStart(2, "0");
    const whole = Math.floor(seconds), hours = Math.floor(whole / 3600);
    const minutes = Math.floor(whole / 60) % 60;
    return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(whole % 60);
  };
  const show = () => {
    for (const bar of bars) {
      bar.firstChild.style.left = (100 * Math.min(audio.currentTime / total, 1)) + "%";
      bar.setAttribute("aria-valuenow", Math.round(audio.currentTime));
      bar.setAttribute("aria-valuetext", clock(audio.currentTime));
    }
  };
  const seek = (seconds) => { audio.currentTime = Math.max(0, Math.min(seconds, total)); show(); };
  const play = (seconds) => { seek(seconds); audio.play().catch(() => {}); };
  audio.addEventListener("timeupdate", show);
  audio.addEventListener("error", () => {
    document.querySelector(".player p").hidden = false;
    audio.hidden = true;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-at]");
    if (button) return play(Number(button.dataset.at));
    const svg = event.target.closest(".plot svg");
    if (!svg) return;
    const box = svg.getBoundingClientRect();
    play(total * (event.clientX - box.left) / box.width);
  });
  const steps = { ArrowLeft: -10, ArrowDown: -10, ArrowRight: 10, ArrowUp: 10, PageUp: 60, PageDown: -60 };
  for (const bar of bars) bar.addEventListener("keydown", (event) => {
    const now = audio.currentTime;
    if (event.key in steps) seek(now + steps[event.key]);
    else if (event.key === "Home") seek(0);
    else if (event.key === "End") seek(total);
    else if (event.key === "Enter" || event.key === " ") audio.paused ? play(now) : audio.pause();
    else return;
    event.preventDefault();
  });
})();
