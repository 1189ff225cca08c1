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

// When an event is, in the reader's own zone, where that is another.
for (const time of document.querySelectorAll("time[data-end]")) {
  const [start, end] = [new Date(time.dateTime), new Date(time.dataset.end)];
  const there = /([+-])(\d\d):(\d\d)$/.exec(time.dateTime);
  const minutes = there ? Number(there[2]) * 60 + Number(there[3]) : 0;
  if (start.getTimezoneOffset() !== (there?.[1] === "-" ? minutes : -minutes)) {
    const clock = (moment) => moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const sameDay = start.getDate() === Number(time.dateTime.slice(8, 10));
    const day = sameDay ? "" : start.toLocaleDateString("en-GB", { day: "numeric", month: "long" }) + ", ";
    const own = document.createElement("span");
    own.textContent = `your time: ${day}${clock(start)} to ${clock(end)}`;
    time.parentElement.after(own);
  }
}

// Copying needs the browser's leave, so the buttons show only where it is given.
function offerCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
  }
}
offerCopying();
document.addEventListener("swapped", offerCopying); // part of a page was replaced
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  }
});
