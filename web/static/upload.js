// Files are sent one by one, with a real bar each; the list below brings itself up to date.

const form = document.getElementById("send");
const list = document.getElementById("list");
const told = document.getElementById("told");
const AT_ONCE = 3;
const PAUSES = [2, 5, 15, 30, 60]; // seconds after each time that the line was lost
const waiting = [];
const sending = new Set();
const refused = new Map(); // reason -> the row of those that were not taken for it
let sent = 0;

const input = document.getElementById("files");
const endings = input.accept.split(",");
const limit = Number(form.dataset.limit);

// what is refused is said before it is sent: a slow line is not to carry it in vain
function trouble(file) {
  const name = file.name.toLowerCase();
  if (!endings.some((ending) => name.endsWith(ending))) {
    return "Files of this kind are not read here. Send it as PDF, Word, PowerPoint, text or captions.";
  }
  if (file.size > limit) {
    return `It has ${Math.round(file.size / 1e6)} MB, and ${Math.round(limit / 1e6)} MB is the most. Split it, or save it with smaller pictures.`;
  }
  return file.size ? "" : "The file is empty. Check that it was saved and copied in full.";
}

function take(file, path) {
  const row = document.getElementById("one-sent").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = path;
  document.getElementById("sending").append(row);
  const key = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const one = { file, path, row, key, tries: 0, request: null, cancelled: false };
  row.querySelector("[data-cancel]").addEventListener("click", () => cancel(one));
  const reason = trouble(file);
  if (reason) {
    fail(one, reason);
  } else {
    waiting.push(one);
    next();
  }
}

function say(one, words, look = "") {
  const state = one.row.querySelector("[data-state]");
  state.textContent = words;
  state.className = `state ${look}`;
}

// of a whole folder many may be refused alike: they share a row
function fail(one, reason) {
  one.row.remove();
  if (!refused.has(reason)) {
    refused.set(reason, document.getElementById("some-refused").content.firstElementChild.cloneNode(true));
    refused.get(reason).querySelector("[data-reason]").textContent = reason;
    document.getElementById("sending").append(refused.get(reason));
  }
  const row = refused.get(reason);
  const names = row.querySelector("[data-names]");
  const name = document.createElement("li");
  name.dir = "auto";
  name.textContent = one.path;
  names.append(name);
  const count = names.childElementCount;
  row.querySelector("[data-name]").textContent = count === 1 ? one.path : `${count} files`;
  row.querySelector("details").hidden = count === 1;
  told.textContent = count === 1 ? `${one.path}: ${reason}` : `${count} files: ${reason}`;
}

function cancel(one) {
  one.cancelled = true;
  one.request?.abort();
  sending.delete(one);
  one.row.remove();
  next();
}

function next() {
  while (sending.size < AT_ONCE && waiting.length) {
    const one = waiting.shift();
    if (!one.cancelled) {
      sending.add(one);
      send(one);
    }
  }
  if (!sending.size && sent) {
    told.textContent = `${sent} sent. You can close this page; it goes on.`;
    sent = 0;
  }
}

function send(one) {
  const body = new FormData(form);
  body.delete("files");
  body.append("key", one.key); // should the answer be lost, it is there once
  body.append("files", one.file, one.path);
  const request = new XMLHttpRequest();
  one.request = request;
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    const share = Math.round((100 * event.loaded) / event.total);
    one.row.querySelector("progress").value = share;
    one.row.querySelector("[data-share]").textContent = `${share} %`;
  });
  request.addEventListener("load", () => answered(one, request));
  request.addEventListener("error", () => again(one));
  say(one, "Being sent");
  request.send(body);
}

function answered(one, request) {
  if (request.status >= 500 && request.status !== 507) {
    again(one);
    return;
  }
  sending.delete(one);
  if (request.status === 200) {
    sent += 1;
    one.row.remove();
    refresh();
  } else {
    fail(one, request.response?.message ?? "It was not taken. Load this page again, sign in if you are asked to, and send it again.");
  }
  next();
}

function again(one) {
  const pause = PAUSES[one.tries];
  one.tries += 1;
  if (pause === undefined) {
    sending.delete(one);
    fail(one, "The line was lost several times. Send it again when you are connected.");
    next();
    return;
  }
  say(one, `The line was lost; trying again in ${pause} seconds`);
  setTimeout(() => one.cancelled || send(one), 1000 * pause);
}

// a folder is walked to its end; hidden files are left out
async function walk(entry) {
  if (entry.name.startsWith(".")) {
    return;
  }
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    take(file, entry.fullPath.replace(/^\//, ""));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) {
      return;
    }
    for (const inner of some) {
      await walk(inner);
    }
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  for (const file of input.files) {
    take(file, file.name);
  }
  input.value = "";
});

for (const kind of ["dragenter", "dragover"]) {
  form.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
form.addEventListener("dragleave", () => form.classList.remove("over"));
form.addEventListener("drop", async (event) => {
  event.preventDefault();
  form.classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) {
    // what comes from another program may be no file of the disk, and some browsers know no folders
    for (const file of event.dataTransfer.files) {
      take(file, file.name);
    }
  }
  for (const entry of entries) {
    await walk(entry);
  }
});
document.getElementById("drop-hint").hidden = false;

const folder = document.createElement("input");
folder.type = "file";
folder.webkitdirectory = true;
const chooseFolder = document.getElementById("choose-folder");
chooseFolder.hidden = !("webkitdirectory" in folder);
chooseFolder.addEventListener("click", () => folder.click());
folder.addEventListener("change", () => {
  for (const file of folder.files) {
    if (!file.webkitRelativePath.split("/").some((part) => part.startsWith("."))) {
      take(file, file.webkitRelativePath);
    }
  }
  folder.value = "";
});

addEventListener("beforeunload", (event) => {
  if (sending.size || waiting.length) {
    event.preventDefault();
  }
});

// While something goes on, the list is asked for again; a lost line only makes it late.
let asking = 0;
async function refresh() {
  clearTimeout(asking);
  asking = 0;
  let atWork = true;
  try {
    const answer = await fetch(`/uploads/list?number=${list.dataset.page}`);
    if (answer.ok) {
      const state = await answer.json();
      show(state.html);
      atWork = state.at_work;
    }
  } catch {
    // tried again below
  }
  if (atWork) {
    clearTimeout(asking);
    asking = setTimeout(refresh, 2000);
  }
}

function show(html) {
  if (list.dataset.shown === html) {
    return;
  }
  list.dataset.shown = html;
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const address = focused?.getAttribute("href");
  const id = focused?.id;
  const open = [...list.querySelectorAll("details[open]")].map((one) => one.id);
  list.innerHTML = html; // our own template, in which names are escaped
  open.forEach((one) => document.getElementById(one)?.setAttribute("open", ""));
  const same = id ? document.getElementById(id) : address ? list.querySelector(`a[href="${address}"]`) : null;
  same?.focus({ preventScroll: true });
  told.textContent = [...list.querySelectorAll(".batch label")].slice(0, 1).map((label) => label.textContent).join("");
}

if (list.dataset.atWork) {
  refresh();
}
