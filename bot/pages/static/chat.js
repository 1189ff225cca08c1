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

let shown = 1; // the number of the exchange that was brought up; the first is there already

// The two panels do not change in the same moment: wait until the exchange before has taken its place above.
function bringNewQuestionUp() {
  const current = document.querySelector(".exchange.current");
  const number = Number(current?.dataset.number ?? 1);
  const above = document.querySelector("#earlier .exchange:last-child");
  if (number > 1 && Number(above?.dataset.number) !== number - 1) return;
  if (number > 1 && number !== shown) current.scrollIntoView({ block: "start" });
  shown = number;
}

// Gradio leaves these out.
function completeControls() {
  document.querySelector("#question textarea")?.setAttribute("dir", "auto");
  const opener = document.querySelector("#limits > button");
  opener?.setAttribute("aria-expanded", String(opener.classList.contains("open")));
}

new MutationObserver(() => {
  bringNewQuestionUp();
  completeControls();
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-number", "class"] });
