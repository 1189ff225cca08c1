// Runs when the chat opens: the name, unknown to all others, by which this tab finds its conversation again.
// The conversation itself, the second thing that the server asks for, is with the server.
() => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const made = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const tab = sessionStorage.getItem("tab") ?? made;
  sessionStorage.setItem("tab", tab);
  return [tab, null];
}
