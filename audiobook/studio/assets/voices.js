// The voices: a sample is heard, files are fetched while the list tells how far they are.
import { all, find, hear, load, post, tell } from "./studio.js";

const part = find("[data-part='/part/voices']");
document.addEventListener("click", async (event) => {
  const sample = event.target.closest("[data-hear-voice]"), fetching = event.target.closest("[data-fetch-voice]");
  if (sample) hear(`/voices/${encodeURIComponent(sample.dataset.hearVoice)}/hear`, { text: find("#sample").value }, sample);
  if (fetching && fetching.ariaDisabled !== "true") {
    try { await post(`/voices/${encodeURIComponent(fetching.dataset.fetchVoice)}/fetch`); } catch { return; }
    follow();
  }
});
async function follow() {
  await load(part);
  if (all("[data-fetching]").length) setTimeout(follow, 700);
}
if (all("[data-fetching]").length) follow();

// --- a voice of one's own -----------------------------------------------------------------------

const own = find("#own"), record = find("#own-record"), length = find("#own-length"), clip = find("#own-clip");
let recorded = null, recorder = null, timer = 0;
record.hidden = !navigator.mediaDevices || !window.MediaRecorder;
record.addEventListener("click", async () => {
  if (recorder) { recorder.stop(); return; }
  let stream;
  try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch (problem) { tell(problem.message, { bad: true }); return; }
  const parts = [], began = Date.now();
  recorder = new MediaRecorder(stream);
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.addEventListener("stop", () => {
    recorded = new Blob(parts, { type: recorder.mimeType });
    for (const track of stream.getTracks()) track.stop();
    clearInterval(timer);
    recorder = null;
    clip.value = "";
    record.textContent = record.dataset.record;
  });
  record.textContent = record.dataset.stop;
  timer = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    length.textContent = `${seconds} s`;
    if (seconds >= 30) recorder?.stop();
  }, 500);
  recorder.start();
});
clip.addEventListener("change", () => { recorded = null; length.textContent = ""; });
own.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = clip.files[0] ?? recorded;
  if (!body) { clip.focus(); return; }
  const button = find("[type=submit]", own);
  const { name, accent, sex } = Object.fromEntries(new FormData(own));
  const agreed = find("#own-agreed").checked ? "yes" : "";
  button.disabled = true;
  own.setAttribute("aria-busy", "true");
  try {
    await post(`/voices/clone?${new URLSearchParams({ name, accent, sex, agreed })}`, {}, body);
    own.reset();
    recorded = null;
    await load(part);
  } catch { /* told */ }
  button.disabled = false;
  own.removeAttribute("aria-busy");
});
