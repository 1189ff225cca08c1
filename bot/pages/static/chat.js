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

let shown = "";

// A moment later, when the exchange before has taken its place above; smoothly, it would be interrupted by the answer.
function bringNewQuestionUp() {
  const current = document.querySelector(".exchange.current");
  const number = current?.dataset.number ?? "";
  if (Number(number) > 1 && number !== shown) {
    setTimeout(() => current.scrollIntoView({ block: "start", behavior: "instant" }), 30);
  }
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
