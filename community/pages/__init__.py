"""The web face of the community: server-rendered forms, complete without JavaScript, better with it."""
