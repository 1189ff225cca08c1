// The page of a webinar: the transcript follows the recording, and the recording plays on while one looks
// around. Without this file every link opens a page that says the same.

const player = document.getElementById("recording");
const follow = document.getElementById("follow");
let shown = location.pathname + location.search; // what #view shows: following turns pages on the quiet
let asked = 0; // swaps so far: of two that are under way the later one counts
let lastScrolled = 0; // when the reader last scrolled: following waits a while then
let lit = null;

const view = () => document.getElementById("view");
const spans = () => [...view().querySelectorAll("span[data-s]")];
const starts = (span) => Number(span.dataset.s);

// Parts of the page that change while the recording plays on.
async function swap(address, remember = true) {
  const own = ++asked;
  const response = await fetch(address).catch(() => null);
  const text = response?.ok ? await response.text().catch(() => null) : null;
  if (own !== asked) {
    return;
  }
  if (text === null) {
    location.assign(address); // where the browser says what is wrong, or we do
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const held = view().contains(document.activeElement);
  for (const part of ["#view", ".tabs"]) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
  if (held) {
    view().focus({ preventScroll: true }); // else whoever uses the keyboard starts at the top again
  }
  if (remember) {
    document.title = page.title;
    history.pushState(null, "", address);
    shown = location.pathname + location.search;
  }
  lit = null;
  document.dispatchEvent(new Event("swapped"));
}

const look = (address) => swap(address).then(() => view().focus({ preventScroll: true }));

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap], a[data-t]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return;
  }
  if (link.dataset.swap !== undefined) {
    event.preventDefault();
    look(link.href);
  } else if (player) {
    event.preventDefault();
    goTo(Number(link.dataset.t), link.href);
  }
});

// A moment of the recording, and its words: on this page if they stand here.
async function goTo(second, address) {
  playFrom(second);
  lastScrolled = 0;
  if (spans().some((span) => Math.floor(starts(span)) === second)) {
    history.replaceState(null, "", address);
    shown = location.pathname + location.search;
  } else {
    await swap(address);
  }
  light(second + 0.99);
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-swap]")) {
    event.preventDefault();
    look(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`);
  }
});

window.addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) {
    shown = location.pathname + location.search;
    swap(location.href, false);
  }
});

// The address of a moment, of the transcript that is shown.
function momentAddress(second) {
  const address = new URL(location.pathname, location.href);
  const transcript = new URLSearchParams(location.search).get("transcript");
  if (transcript) {
    address.searchParams.set("transcript", transcript);
  }
  address.searchParams.set("t", second);
  address.hash = `t=${second}`;
  return address.href;
}

// A link to a moment of which only the second half came through (#t=750) asks for the whole.
function whole() {
  const second = /^#t=(\d+)$/.exec(location.hash)?.[1];
  if (second !== undefined && !document.getElementById(`t=${second}`)) {
    location.replace(momentAddress(second));
  }
}
window.addEventListener("hashchange", whole);
whole();

function playFrom(second) {
  player.currentTime = second;
  player.play().catch(() => {}); // where the browser refuses, the reader presses play, and it starts there
}

// What is said at a moment, if it stands on this page: what began last, for files need not be in order.
function light(second) {
  const begun = spans().filter((span) => starts(span) <= second);
  const now = begun.reduce((last, span) => (last && starts(last) > starts(span) ? last : span), null);
  if (now === lit) {
    return;
  }
  lit?.classList.remove("now");
  lit = now;
  if (!now) {
    return;
  }
  now.classList.add("now");
  if (follow.checked && Date.now() - lastScrolled > 4000) {
    const { top, bottom } = now.getBoundingClientRect();
    if (top < innerHeight * 0.2 || bottom > innerHeight * 0.75) {
      window.scrollBy({ top: top - innerHeight * 0.4 });
    }
  }
}

// The part of the transcript in which a moment stands, where it is not the one that is shown.
function otherPart(second) {
  const script = view().querySelector("[data-starts]");
  const begins = script?.dataset.starts.split(" ").map(Number) ?? [];
  const latest = Math.max(...begins.filter((start) => start <= second));
  const part = begins.lastIndexOf(latest) + 1; // 0 before the first words
  if (!part || part === Number(script.dataset.part)) {
    return null;
  }
  const address = new URL(script.dataset.address, location.href);
  address.searchParams.set("part", part);
  return address;
}

if (player) {
  document.querySelector(".player-tools").hidden = false;
  let turning = false;
  player.addEventListener("timeupdate", () => {
    light(player.currentTime);
    const other = follow.checked && !turning && !player.paused ? otherPart(player.currentTime) : null;
    if (other) {
      turning = true;
      swap(other, false).finally(() => (turning = false));
    }
  });
  player.addEventListener("error", () => {
    document.getElementById("broken").hidden = false;
  });
  for (const kind of ["wheel", "touchmove", "keydown"]) {
    document.addEventListener(kind, () => (lastScrolled = Date.now()), { passive: true });
  }
  const copy = document.getElementById("copy-moment");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    const address = momentAddress(Math.floor(player.currentTime));
    await navigator.clipboard.writeText(address);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy link to this moment"), 2000);
  });
}
