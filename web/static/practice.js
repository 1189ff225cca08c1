// The form of a good practice saves itself. Without this file its buttons do the same.

const form = document.getElementById("practice");
const told = document.getElementById("saved");
const wayOut = form.querySelector(".way-out");
const revision = form.elements.revision;

const PAUSE = 3_000; // ms after the last letter
const AGAIN = 10_000; // ms until a save that failed is tried again
const KEPT_ALIVE = 60_000; // bytes that a browser sends for a page that is gone

let unsaved = Boolean(document.getElementById("message")); // what came back from a save that was refused
let stopped = unsaved; // until somebody says which text counts
let timer = 0;
let saving = null;
let sent = false;

// Whoever comes back to this page sees what is saved, not what the browser kept: text of another revision.
form.setAttribute("autocomplete", "off");
window.addEventListener("pageshow", (event) => {
  if (event.persisted && !unsaved) location.reload();
});

function say(words, trouble = false) {
  told.textContent = words;
  told.classList.toggle("trouble", trouble);
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

// One save at a time: what is typed meanwhile is saved by the next. The answer: whether one can go on.
function save() {
  clearTimeout(timer);
  saving ??= send().finally(() => {
    saving = null;
  });
  return saving;
}

async function send() {
  if (!unsaved || stopped) return true;
  unsaved = false;
  say("Saving …");
  try {
    const body = new URLSearchParams(new FormData(form));
    const keepalive = body.toString().length < KEPT_ALIVE;
    const answer = await fetch(form.action, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
    return hear(answer.status, await answer.json());
  } catch {
    unsaved = true;
    say("Not saved, trying again. Your text is still here.", true);
    later(AGAIN);
    return false;
  }
}

function hear(status, said) {
  if (status === 200) {
    revision.value = said.revision;
    document.getElementById("words").textContent = said.words === 1 ? "1 word" : `${said.words.toLocaleString("en")} words`;
    const wrong = Object.values(said.problems);
    const clock = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    say([`Saved ${clock}`, ...wrong].join(". "), wrong.length > 0);
    if (unsaved) later(PAUSE);
    return true;
  }
  unsaved = true;
  say(said.message ?? said.detail ?? "Not saved. Your text is still here.", true);
  if (status === 409 || status === 404) {
    stopped = true;
    wayOut.hidden = said.revision === undefined;
    wayOut.dataset.revision = said.revision;
  } else {
    later(AGAIN);
  }
  return stopped; // the page that follows shows both texts
}

form.addEventListener("input", () => {
  unsaved = true;
  later(PAUSE);
});
form.addEventListener("change", save); // a field is left after it was changed
window.addEventListener("online", save);
window.addEventListener("focus", save); // back from the tab in which somebody signed in
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

wayOut.querySelector("[data-keep]").addEventListener("click", () => {
  revision.value = wayOut.dataset.revision;
  wayOut.hidden = true;
  stopped = false;
  save();
});

// A button goes on when all is saved: a line that breaks, or a disk that is full, leaves the text where it is.
form.addEventListener("submit", async (event) => {
  if (sent) {
    event.preventDefault(); // pressed twice
  } else if (event.submitter?.value === "save" && !stopped) {
    event.preventDefault(); // nothing moves under whoever saves
    unsaved = true;
    save();
  } else if (saving || (unsaved && !stopped)) {
    event.preventDefault();
    if (await save()) form.requestSubmit(event.submitter);
  } else {
    clearTimeout(timer);
    unsaved = false;
    sent = true;
    setTimeout(() => (sent = false), AGAIN); // where somebody stopped it
    say("One moment …");
  }
});
