// Small comforts; every page is complete without them.

// A change of a limit searches at once, and the focus returns to where it was.
const searchForm = document.getElementById("search");
const limits = document.getElementById("narrow");
if (searchForm && limits) {
  limits.addEventListener("change", (event) => {
    sessionStorage.setItem("changed", `${event.target.name}=${event.target.value}`);
    searchForm.requestSubmit();
  });
  const changed = sessionStorage.getItem("changed");
  sessionStorage.removeItem("changed");
  if (changed) {
    const same = (input) => `${input.name}=${input.value}` === changed;
    [...limits.querySelectorAll("input, select")].find(same)?.focus({ preventScroll: true });
  }
}

// Copying needs the browser's leave, so the buttons show only where it is given.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
    });
  }
}
