// Better with it: comments on the very words that are selected, and a checklist that survives a comment.

// An offset into what a passage says, in code points, as the server counts.
function offsetIn(said, node, at) {
  const before = document.createRange();
  before.setStart(said, 0);
  before.setEnd(node, at);
  return [...before.toString()].length;
}

for (const said of document.querySelectorAll(".said")) {
  const link = said.parentElement.querySelector(".comment-link");
  if (!link) continue;
  const [plainAddress, plainWords] = [link.href, link.innerHTML];
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const chosen = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const inside = chosen && said.contains(chosen.startContainer) && said.contains(chosen.endContainer);
    if (inside) {
      const start = Number(said.dataset.start);
      const address = new URL(plainAddress);
      address.searchParams.set("from", start + offsetIn(said, chosen.startContainer, chosen.startOffset));
      address.searchParams.set("to", start + offsetIn(said, chosen.endContainer, chosen.endOffset));
      link.href = address;
      link.textContent = "Comment on the selected words";
    } else if (!link.matches(":focus, :active")) {
      link.href = plainAddress;
      link.innerHTML = plainWords;
    }
  });
}

// What was filled in and not sent is there again after a comment was.
const checklist = document.querySelector("form[data-kept]");
if (checklist) {
  const key = `checklist-${checklist.dataset.kept}`;
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  if (!document.querySelector(".wrong, [role=alert]")) {
    for (const [name, value] of kept) {
      const field = checklist.elements[name];
      if (field) field.value = value;
    }
  }
  checklist.addEventListener("input", () => {
    const shown = [...new FormData(checklist)].filter(([name]) => !["version", "revision", "part"].includes(name));
    sessionStorage.setItem(key, JSON.stringify(shown));
  });
  checklist.addEventListener("submit", () => sessionStorage.removeItem(key));
}
