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

function say(words, trouble = false) {
  told.textContent = words;
  told.classList.toggle("trouble", trouble);
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

// One save at a time: what is typed meanwhile is saved by the next.
function save() {
  clearTimeout(timer);
  saving ??= send().finally(() => {
    saving = null;
  });
  return saving;
}

async function send() {
  if (!unsaved || stopped) return;
  unsaved = false;
  say("Saving …");
  try {
    const body = new URLSearchParams(new FormData(form));
    const keepalive = body.toString().length < KEPT_ALIVE;
    const answer = await fetch(form.action, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
    hear(answer.status, await answer.json());
  } catch {
    unsaved = true;
    say("Not saved, trying again. Your text is still here.", true);
    later(AGAIN);
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
    return;
  }
  unsaved = true;
  say(said.message ?? said.detail ?? "Not saved. Your text is still here.", true);
  if (status === 409) {
    stopped = true;
    wayOut.hidden = said.revision === undefined;
    wayOut.dataset.revision = said.revision;
  } else {
    later(AGAIN);
  }
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

// A button waits for a save that is under way, or it would seem to come from another window.
form.addEventListener("submit", async (event) => {
  if (saving) {
    event.preventDefault();
    await saving;
    form.requestSubmit(event.submitter);
    return;
  }
  clearTimeout(timer);
  unsaved = false;
});
