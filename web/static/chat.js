// Copying; a new question at the top of the window, and nothing that moves after that; controls completed.

const COPIED_SHOWS_FOR = 2500; // milliseconds

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Browsers give the clipboard to https and localhost only; this older way works on a plain address too.
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || button.dataset.copied) return;
  const before = button.innerHTML;
  await copy(button.dataset.copy);
  button.dataset.copied = "yes";
  button.textContent = "Copied";
  document.getElementById("said").textContent = "Copied";
  setTimeout(() => {
    delete button.dataset.copied;
    button.innerHTML = before;
    document.getElementById("said").textContent = "";
  }, COPIED_SHOWS_FOR);
});

// What a reader says about an answer goes to the page that a browser without this file would open; what that
// page has to say or to ask stands then in the place of the form, also when the exchange is drawn anew.
const cameBack = new Map(); // from where a form went to what came back

function after(form) {
  const panel = document.createElement("div");
  panel.className = "feedback";
  panel.tabIndex = -1;
  panel.append(...cameBack.get(form.action).map((part) => part.cloneNode(true)));
  form.closest(".feedback, .tell").replaceWith(panel);
  return panel;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest('form[action^="/answers/"]');
  if (!form) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const response = await fetch(form.action, { method: "POST", body }).catch(() => null);
  const text = response?.ok ? await response.text().catch(() => "") : "";
  const answer = new DOMParser().parseFromString(text, "text/html").getElementById("said-of-answer");
  const told = answer?.querySelector("p")?.textContent ?? "That did not go through. Try again in a moment.";
  document.getElementById("said").textContent = told;
  if (answer) {
    cameBack.set(form.action, [...answer.childNodes]);
    const panel = after(form);
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" }); // reasons may reach below what is asked next
  } else {
    form.dataset.trouble = told; // the style sheet shows it
  }
});

function bringAnswersBack() {
  for (const form of document.querySelectorAll("form.feedback, form.tell")) {
    if (cameBack.has(form.action)) after(form);
  }
}

let shown = 0; // the number of the exchange that was brought up

// The two panels do not change in the same moment: wait until the exchange before has taken its place above.
function bringNewQuestionUp() {
  const current = document.querySelector(".exchange.current");
  const number = Number(current?.dataset.number ?? 0);
  const above = document.querySelector("#earlier .exchange:last-child");
  if (number > 1 && Number(above?.dataset.number) !== number - 1) return;
  if (number === 1 && number !== shown) window.scrollTo(0, 0);
  if (number > 1 && number !== shown) current.scrollIntoView({ block: "start" });
  shown = number;
}

// What Gradio complains of is shown in our words, as long as it does so.
function tellTrouble() {
  document.getElementById("trouble").hidden = !document.querySelector(".toast-body.error");
}

// Gradio loads the page anew when a lost connection is back: what was being written must outlive that.
addEventListener("pagehide", () => {
  sessionStorage.setItem("draft", document.querySelector("#question textarea")?.value ?? "");
});

function bringDraftBack() {
  const box = document.querySelector("#question textarea");
  const draft = sessionStorage.getItem("draft");
  if (!box || !draft) return;
  sessionStorage.removeItem("draft");
  box.value = draft;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

// Gradio leaves these out.
function completeControls() {
  document.querySelector("#question textarea")?.setAttribute("dir", "auto");
  const opener = document.querySelector("#limits > button");
  opener?.setAttribute("aria-expanded", String(opener.classList.contains("open")));
  for (const remove of document.querySelectorAll("#limits .token-remove")) {
    const what = remove.closest(".token")?.innerText.trim() ?? "all";
    remove.setAttribute("aria-label", `Remove ${what}`);
    remove.title = `Remove ${what}`;
  }
}

new MutationObserver(() => {
  bringNewQuestionUp();
  tellTrouble();
  bringDraftBack();
  completeControls();
  bringAnswersBack();
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-number", "class"] });
