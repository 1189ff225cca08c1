// Runs once for each panel of the chat: a press on one of its buttons becomes an event of ours, "ask" or "again".
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-do]");
  if (pressed) trigger(pressed.dataset.do, { ...pressed.dataset });
});
