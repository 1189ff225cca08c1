"""Processes to be killed: copies of one that never had a thread and has loaded what is slow to load."""

from __future__ import annotations

from multiprocessing import get_context

COPIES = get_context("forkserver")
# one list, for there is one such process: whoever sets it last would set it for all
COPIES.set_forkserver_preload(
    ["tests.community.test_jobs", "tests.community.test_upload_kills", "tests.community.upload_warm"]
)
