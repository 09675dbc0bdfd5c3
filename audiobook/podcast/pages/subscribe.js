// The address of a feed is copied; and the links open the one that stands on the page.
import { all, find } from "./page.js";

const address = find("#address"), copy = find("#copy"), status = find("#status");
const bare = address.textContent.replace(/^\w+:\/\//, "");

// A server that is asked at another address puts that one on the page in place of its own.
for (const link of all("[data-scheme]")) {
  const { scheme } = link.dataset;
  link.href = scheme + (scheme.endsWith("=") ? encodeURIComponent(address.textContent) : bare);
}

function select() {
  const range = document.createRange();
  range.selectNodeContents(address);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

copy.addEventListener("click", async () => {
  let done = false;
  try {
    await navigator.clipboard.writeText(address.textContent);
    done = true;
  } catch { // forbidden, or the page came over plain HTTP
    select();
    done = document.execCommand("copy");
  }
  if (!done) select();
  status.textContent = done ? copy.dataset.done : copy.dataset.failed;
});
