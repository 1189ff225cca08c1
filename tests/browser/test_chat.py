"""The chat as readers meet it: asked, followed, narrowed, broken, on a phone, in the dark, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from index.scope import Scope
from tests.browser.serving import Site, opened
from tests.scripted import ARABIC, AWAY, BREAD, BREAKS, IN_KENYA, SEASONAL, STRANGE, WHO_PAYS

BOX = "#question textarea"
CURRENT = ".exchange.current"


def begin(page: Page, question: str) -> None:
    page.fill(BOX, question)
    page.press(BOX, "Enter")


def ask(page: Page, question: str, stage: str = "done") -> None:
    number = page.locator(".exchange").count() + 1
    begin(page, question)
    page.wait_for_selector(f'{CURRENT}[data-number="{number}"][data-stage="{stage}"]')


def test_the_first_visit_says_what_this_is_and_an_example_can_be_pressed(page: Page) -> None:
    expect(page.locator(".welcome .lead")).to_contain_text("labour migration")
    expect(page).to_have_title("Ask – Ujuzi")
    page.click(f".example:has-text('{WHO_PAYS}')")
    expect(page.locator(f"{CURRENT} .question")).to_contain_text(WHO_PAYS)
    expect(page.locator(".answer p")).to_have_count(3)


def test_an_answer_streams_in_and_every_sentence_has_its_source_beside_it(page: Page, site: Site) -> None:
    site.assistant.gate.close()
    begin(page, WHO_PAYS)
    expect(page.locator(".waiting")).to_contain_text("Searching the library")
    site.assistant.gate.let_pass(2)
    expect(page.locator(".answer p .mark")).to_have_count(1)
    expect(page.locator(".source-card")).to_have_count(1)
    assert page.get_attribute(CURRENT, "data-stage") == "answering"
    site.assistant.gate.open()
    page.wait_for_selector("[data-stage=done]")
    expect(page.locator(".answer p")).to_have_count(3)
    cards = page.locator(".source-card")
    expect(cards).to_have_count(3)
    expect(cards.nth(0).locator("mark")).to_have_text(re.compile("^The employer pays .* dollars of it.$"))
    expect(cards.nth(0).locator(".quote")).to_contain_text("Travel is the largest cost")
    expect(cards.nth(0)).to_contain_text("Good practice")
    expect(cards.nth(0)).to_contain_text("5 March 2024")
    expect(cards.nth(0).locator(".where")).to_have_text("“Financing”")
    expect(cards.nth(2).locator(".where")).to_have_text("12:41-12:55, Country liaison officer")
    expect(cards.nth(2)).to_contain_text("illustrative")
    expect(page.locator(".answer p .spoken")).to_have_text(["12:41-12:55, Country liaison officer"])
    answer, source = page.locator(".said").bounding_box(), cards.nth(0).bounding_box()
    assert answer and source and source["x"] > answer["x"] + answer["width"]


def test_the_waiting_state_does_not_wait_for_the_assistant(page: Page, site: Site) -> None:
    site.assistant.gate.close()
    begin(page, WHO_PAYS)
    expect(page.locator(f"{CURRENT} .question")).to_contain_text(WHO_PAYS)
    expect(page.locator(f"{CURRENT} .waiting")).to_be_visible()
    expect(page.locator(BOX)).to_have_value("")


def test_examples_that_come_late_do_not_replace_an_answer(page: Page, site: Site) -> None:
    """On a machine that has just started, finding them takes longer than a first question."""
    site.assistant.examples_gate.close()
    page.reload()
    expect(page.locator(".welcome .lead")).to_be_visible()
    expect(page.locator("#limits")).to_be_visible()
    ask(page, WHO_PAYS)
    site.assistant.examples_gate.open()
    expect(page.locator(".example")).to_have_count(3)
    expect(page.locator(".example >> nth=0")).to_be_hidden()
    ask(page, SEASONAL)
    expect(page.locator("#earlier .question")).to_contain_text(WHO_PAYS)
    expect(page.locator(f"{CURRENT} .answer")).to_contain_text("for every season anew")
    expect(page.locator(".welcome")).to_have_count(0)
    page.click("#anew")
    expect(page.locator(".example >> nth=0")).to_be_visible()


def test_a_question_that_is_quicker_than_the_opening_keeps_its_answer(page: Page, site: Site) -> None:
    """On a slow link someone writes and sends before the page has heard from the server."""
    opening: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if opening:
            route.continue_()
        else:
            opening.append(route)

    ask(page, IN_KENYA)
    page.route("**/queue/join*", hold_the_first)
    page.reload()
    expect(page.locator("#limits")).to_be_visible()
    ask(page, WHO_PAYS)
    assert opening
    opening[0].continue_()
    expect(page.locator(".example")).to_have_count(3)
    expect(page.locator(".exchange .question")).to_contain_text([WHO_PAYS])
    ask(page, SEASONAL)
    expect(page.locator("#earlier .question")).to_contain_text([WHO_PAYS])
    expect(page.locator(f"{CURRENT} .answer")).to_contain_text("for every season anew")


def test_a_citation_leads_to_its_card_and_the_card_to_the_words_in_the_document(page: Page) -> None:
    ask(page, WHO_PAYS)
    page.click(".mark >> nth=2")
    card = page.locator(".source-card:target")
    expect(card).to_contain_text("Webinar on financing")
    expect(card).to_be_in_viewport()
    with page.context.expect_page() as opening:
        card.get_by_role("link", name=re.compile("Open at 12:41")).click()
    document = opening.value
    assert "/sources/financing?version=1" in document.url
    expect(document.locator("mark").first).to_contain_text("Workers want to know the ceiling")


def test_a_follow_up_is_understood_and_another_tab_is_another_conversation(
    page: Page, site: Site, browser: Browser
) -> None:
    ask(page, WHO_PAYS)
    ask(page, SEASONAL)
    expect(page.locator(f"{CURRENT} .taken")).to_contain_text(
        "Who pays the airfare under PALM, and for seasonal"
    )
    expect(page.locator(f"{CURRENT} .answer")).to_contain_text("for every season anew")
    expect(page.locator("#earlier .exchange")).to_have_count(1)
    with opened(browser, site) as other:
        ask(other, SEASONAL)
        expect(other.locator(".nothing")).to_be_visible()


def test_a_new_question_stands_at_the_top_and_does_not_move_while_its_answer_grows(
    phone: Page, site: Site
) -> None:
    ask(phone, WHO_PAYS)
    for number in (2, 3):
        site.assistant.gate.close()
        begin(phone, WHO_PAYS)
        phone.wait_for_function(AT_THE_TOP, arg=number)
        before = place_of_question(phone)
        for sentences in (1, 2):
            site.assistant.gate.let_pass(2 if sentences == 1 else 1)
            expect(phone.locator(f"{CURRENT} .answer .mark")).to_have_count(sentences)
            assert place_of_question(phone) == before
        site.assistant.gate.open()
        phone.wait_for_selector(f'{CURRENT}[data-number="{number}"][data-stage="done"]')
        assert place_of_question(phone) == before
        phone.click("#limits > button")  # a taller composer


def test_in_a_low_window_the_first_question_is_seen_above_its_answer(browser: Browser, site: Site) -> None:
    with opened(browser, site, viewport={"width": 640, "height": 450}) as page:  # 1280 x 900 at 200 %
        page.mouse.wheel(0, 2_000)
        ask(page, WHO_PAYS)
        expect(page.locator(f"{CURRENT} .question")).to_be_in_viewport(ratio=1)
        expect(page.locator(".answer p").first).to_be_in_viewport()


def test_a_page_that_is_left_and_found_again_shows_its_conversation(page: Page) -> None:
    ask(page, WHO_PAYS)
    ask(page, IN_KENYA)
    page.get_by_role("link", name="Documents").click()
    page.wait_for_url("**/sources")
    page.go_back()
    expect(page.locator(f"{CURRENT} .question")).to_contain_text(IN_KENYA)
    expect(page.locator("#earlier .question")).to_contain_text(WHO_PAYS)
    page.get_by_role("button", name="Kenya: ask again without this limit").click()
    expect(page.locator(f"{CURRENT} .searched")).to_have_text("Searched: everything")
    ask(page, WHO_PAYS)
    ask(page, SEASONAL)
    expect(page.locator(f"{CURRENT} .taken")).to_contain_text("Who pays the airfare under PALM, and for")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".example")).to_have_count(3)
    page.reload()
    expect(page.locator(".example")).to_have_count(3)
    expect(page.locator(".exchange")).to_have_count(0)


def test_a_lost_connection_loses_nothing_and_is_told_in_plain_words(browser: Browser, site: Site) -> None:
    with opened(browser, site, forgiving=("ERR_INTERNET_DISCONNECTED",)) as page:
        ask(page, WHO_PAYS)
        page.context.set_offline(True)
        begin(page, SEASONAL)
        expect(page.locator("#trouble")).to_contain_text("The connection is broken")
        expect(page.locator(BOX)).to_have_value(SEASONAL)
        assert "server" not in page.locator("body").inner_text()
        page.evaluate("window.isOfBefore = true")
        page.context.set_offline(False)
        page.wait_for_function("() => !window.isOfBefore")  # Gradio loads its page again
        expect(page.locator("#trouble")).to_be_hidden()
        expect(page.locator(f"{CURRENT} .question")).to_contain_text(WHO_PAYS)
        expect(page.locator(BOX)).to_have_value(SEASONAL)
        ask(page, SEASONAL)
        expect(page.locator(f"{CURRENT} .answer")).to_contain_text("for every season anew")


def test_an_answer_that_was_cut_off_can_be_asked_for_again(page: Page, site: Site) -> None:
    site.assistant.gate.close()
    begin(page, WHO_PAYS)
    site.assistant.gate.let_pass(2)
    expect(page.locator(".answer .mark")).to_have_count(1)
    page.reload()
    expect(page.locator(f"{CURRENT} .trouble")).to_contain_text("The connection broke before the answer")
    site.assistant.gate.open()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(f"{CURRENT} .answer p")).to_have_count(3)


def test_a_narrowing_is_shown_and_can_be_undone(page: Page, site: Site) -> None:
    ask(page, WHO_PAYS)
    ask(page, IN_KENYA)
    page.get_by_role("button", name="Kenya: ask again without this limit").click()
    expect(page.locator(f"{CURRENT} .searched")).to_have_text("Searched: everything")
    expect(page.locator("#earlier .exchange")).to_have_count(1)
    assert [narrow for _, _, narrow in site.assistant.asked] == [True, True, False]


def test_what_the_library_does_not_say_is_said_with_what_comes_nearest(page: Page) -> None:
    ask(page, BREAD)
    expect(page.locator(".answer")).to_have_text("The library does not answer this.")
    expect(page.locator(".nearest a").first).to_have_attribute("href", re.compile("^/sources/"))
    expect(page.get_by_role("link", name="Search all documents for these words")).to_have_attribute(
        "href", "/search?q=What+does+bread+cost+in+Nairobi%3F"
    )
    expect(page.locator(".source-card")).to_have_count(0)


def test_a_search_can_be_narrowed_and_widened_again(page: Page, site: Site) -> None:
    page.click("#limits > button")
    page.get_by_label("Country").click()
    page.get_by_role("option", name="Tonga").click()
    expect(page.locator("#limits > button")).to_contain_text("Searching: Tonga")
    ask(page, BREAD)
    assert site.assistant.asked[-1][1] == Scope(countries=("Tonga",))
    expect(page.locator(f"{CURRENT} .searched")).to_contain_text("Tonga")
    page.get_by_role("button", name="Search everything").click()
    expect(page.locator(f"{CURRENT} .searched")).to_have_text("Searched: everything")
    expect(page.locator("#limits > button")).to_contain_text("Searching: everything")
    assert site.assistant.asked[-1][1:] == (Scope(), False)


def test_limits_stay_in_reach_in_a_low_window_and_each_can_be_removed(browser: Browser, site: Site) -> None:
    with opened(browser, site, viewport={"width": 640, "height": 360}) as page:
        ask(page, WHO_PAYS)
        page.click("#limits > button")
        page.get_by_label("Country").click()
        page.get_by_role("option", name="Tonga").click()
        page.get_by_role("option", name="Kenya").click()
        page.keyboard.press("Escape")
        expect(page.locator("#limits > button")).to_be_in_viewport(ratio=1)
        expect(page.locator(BOX)).to_be_in_viewport(ratio=1)
        remove = page.get_by_role("button", name="Remove Tonga")
        place = remove.bounding_box()
        assert place and min(place["width"], place["height"]) >= 44
        remove.click()
        expect(page.locator("#limits > button")).to_contain_text("Searching: Kenya")


def test_words_of_readers_and_documents_are_shown_and_never_run(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    attack = (
        '<img src=x onerror="alert(1)"><script>alert(2)</script> ${1+1} {{value}} [x](javascript:alert(3))'
    )
    ask(page, attack)
    expect(page.locator(f"{CURRENT} .question")).to_contain_text(attack)
    ask(page, STRANGE)
    card = page.locator(f"{CURRENT} .source-card")
    expect(card.locator(".title")).to_contain_text("<img src=x onerror=alert(1)> ${title} {{title}}")
    expect(card.locator("mark")).to_have_text("Its words hold <b>tags</b> and ${braces} and {{braces}}")
    expect(page.locator("#chat img")).to_have_count(0)


def test_a_failure_keeps_the_question_and_gives_a_code_and_no_more(
    page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    ask(page, BREAKS, stage="failed")
    trouble = page.locator(f"{CURRENT} .trouble")
    expect(trouble).to_contain_text("Your question is kept")
    code = trouble.locator(".code").inner_text()
    assert re.fullmatch("[0-9A-F]{4}", code)
    assert code in caplog.text and "secret of the machine" in caplog.text
    assert "secret" not in page.content()
    expect(page.locator(f"{CURRENT} .question")).to_contain_text(BREAKS)
    page.get_by_role("button", name="Ask again").click()
    expect(trouble.locator(".code")).not_to_have_text(code)
    ask(page, WHO_PAYS)
    expect(page.locator(f"{CURRENT} .answer p")).to_have_count(3)


def test_a_question_that_cannot_be_asked_stays_in_the_box(page: Page) -> None:
    page.press(BOX, "Enter")
    expect(page.locator("#hint")).to_have_text("Write your question first.")
    long = "why " * 600
    page.fill(BOX, long)
    page.press(BOX, "Enter")
    expect(page.locator("#hint")).to_contain_text("Your question has 2,399 characters. Shorten it to 2,000")
    assert page.input_value(BOX) == long
    ask(page, WHO_PAYS)
    expect(page.locator("#hint")).to_have_text("")
    assert page.input_value(BOX) == ""


def test_a_model_that_is_away_is_told_in_one_line(page: Page) -> None:
    ask(page, AWAY)
    expect(page.locator(f"{CURRENT} .notice")).to_contain_text("The language model did not answer")


def test_a_new_conversation_forgets_the_one_before(page: Page) -> None:
    ask(page, WHO_PAYS)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".example")).to_have_count(3)
    expect(page.locator(".exchange")).to_have_count(0)
    ask(page, SEASONAL)
    expect(page.locator(".taken")).to_have_count(0)


def test_while_an_answer_comes_another_question_waits_in_the_box(page: Page, site: Site) -> None:
    site.assistant.gate.close()
    begin(page, WHO_PAYS)
    page.wait_for_selector(".waiting")
    expect(page.get_by_role("button", name="New conversation")).to_be_disabled()
    begin(page, SEASONAL)
    site.assistant.gate.open()
    page.wait_for_selector("[data-stage=done]")
    expect(page.get_by_role("button", name="New conversation")).to_be_enabled()
    assert page.input_value(BOX) == SEASONAL
    expect(page.locator(".exchange")).to_have_count(1)


def test_an_answer_and_a_quote_can_be_taken_along_with_their_addresses(page: Page, site: Site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, WHO_PAYS)
    page.evaluate(REMEMBER_WHAT_IS_SAID)
    page.get_by_role("button", name="Copy answer with sources").click()
    page.wait_for_function("said.join() === 'Copied'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{WHO_PAYS}\n\nThe employer pays the international airfare first")
    assert "dollars of it. [1] The rest" in copied
    last = copied.splitlines()[-1]
    assert last.startswith(
        "[3] Webinar on financing: who carries the cost (webinar transcript, illustrative), 12:41"
    )
    assert f"{site.address}sources/financing?version=1&from=" in last
    page.get_by_role("button", name=re.compile("Cite source 1")).click()
    page.wait_for_function("said.join() === 'Copied,Copied'")
    cited = page.evaluate("navigator.clipboard.readText()")
    assert cited.startswith(
        "PALM: who pays for what, and when (good practice), “Financing”, 5 March 2024: “The emp"
    )


def test_everything_can_be_done_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to your question"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert page.evaluate("getComputedStyle(document.activeElement).boxShadow").endswith("2px inset")
    page.keyboard.type(WHO_PAYS)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-stage=done]")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.className") == "mark":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".source-card:target")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "open-link"


def test_controls_have_names_and_the_answer_is_announced(page: Page) -> None:
    ask(page, IN_KENYA)
    ask(page, WHO_PAYS)
    page.click("#limits > button")
    expect(page.locator("#limits > button")).to_have_attribute("aria-expanded", "true")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("h1").count() == 1
    assert (
        page.locator("[id]:not([id=''])").evaluate_all("all => all.length - new Set(all.map(e => e.id)).size")
        == 0
    )
    expect(page.locator(f"{CURRENT} .answer")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()
    nameless = page.locator("button:visible, a:visible, input:visible, textarea:visible").evaluate_all(
        """all => all.filter(e => !(e.innerText.trim() || e.ariaLabel || e.labels?.[0]?.innerText.trim()))
                     .map(e => e.outerHTML)"""
    )
    assert nameless == []
    small = page.locator("#chat button:visible, #chat .open-link:visible").evaluate_all(
        "all => all.filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []


def test_a_finger_finds_the_mark_of_a_source(page: Page) -> None:
    ask(page, WHO_PAYS)
    mark = page.locator(f"{CURRENT} .mark").first.bounding_box()
    assert mark
    across, down = mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2
    for aside, below in ((-21, 0), (21, 0), (0, -21), (0, 21)):  # a finger is 44 pixels wide
        found = "([x, y]) => document.elementFromPoint(x, y).className"
        assert page.evaluate(found, [across + aside, down + below]) == "mark"


@pytest.mark.parametrize("question", [WHO_PAYS, IN_KENYA, BREAD, STRANGE, ARABIC, "x" * 300])
def test_nothing_is_wider_than_a_phone(phone: Page, question: str) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth") == 320
    ask(phone, question)
    phone.click("#limits > button")
    assert phone.evaluate("document.documentElement.scrollWidth") == 320
    phone.locator(f"{CURRENT} summary").or_(phone.locator(f"{CURRENT} .nothing")).first.click()


def test_right_to_left_words_run_right_to_left(page: Page) -> None:
    ask(page, ARABIC)
    for part in (".question span[dir]", ".answer p", ".source-card .quote"):
        assert page.locator(f"{CURRENT} {part}").first.evaluate("e => getComputedStyle(e).direction") == "rtl"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_ground(browser: Browser, site: Site, scheme: str) -> None:
    with opened(browser, site, color_scheme=scheme) as page:
        assert page.evaluate(FAINT) == []
        ask(page, IN_KENYA)
        ask(page, BREAKS, stage="failed")
        ask(page, BREAD)
        ask(page, WHO_PAYS)
        page.click("#limits > button")
        expect(page.get_by_label("Country")).to_be_visible()
        page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        assert page.evaluate(FAINT) == []


def test_nothing_moves_for_readers_who_asked_for_that(browser: Browser, site: Site) -> None:
    with opened(browser, site, reduced_motion="reduce") as page:
        site.assistant.gate.close()
        begin(page, WHO_PAYS)
        dot = page.locator(".dots i").first
        assert dot.evaluate("e => getComputedStyle(e).animationName") == "none"


def place_of_question(page: Page) -> float:
    place = page.locator(f"{CURRENT} .question").bounding_box()
    assert place is not None
    return place["y"]


AT_THE_TOP = """(number) => {
  const current = document.querySelector(`.exchange.current[data-number="${number}"] .question`);
  const place = current?.getBoundingClientRect().top ?? -1;
  return 0 <= place && place < 60;
}"""

# What is announced stays for a moment only; a test that is slow must not miss it.
REMEMBER_WHAT_IS_SAID = """() => {
  const said = document.getElementById("said");
  window.said = [];
  const remember = () => said.textContent && window.said.push(said.textContent);
  new MutationObserver(remember).observe(said, { childList: true });
}"""

# The texts whose contrast with the ground behind them is below 4.5 (WCAG 2.2, 1.4.3), enabled ones only.
FAINT = """() => {
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parse = (css) => css.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const style = getComputedStyle(element);
    if (!own || element.disabled || !element.checkVisibility() || style.clipPath !== "none") continue;
    if (["SCRIPT", "STYLE", "NOSCRIPT"].includes(element.tagName)) continue;
    const [one, two] = [luminance(parse(style.color)), luminance(ground(element))];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${element.outerHTML.slice(0, 120)}`);
  }
  return faint;
}"""
