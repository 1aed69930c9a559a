// The shortcuts that Streamlit has no word for; so24/ui/keyboard/shortcuts.py lists them.
// It presses what is on the page and changes nothing itself; at the end it brings in sight what a
// link has asked for, opens the links between pages of the help, and remembers a tab's ticks.
// What comes first here is written by the server: const SO24 = {pages, help, off, list, ticks, asked, languages,
// search, texts, place, words}
"use strict";
(() => {
  const PATIENCE = 1500; // milliseconds between the two keys that open a page
  const FIELDS =
    "input, textarea, select, [contenteditable=true], [role=listbox], [role=menu], [role=spinbutton]";
  const ONCE = 600; // milliseconds in which a second press of Ctrl+Enter is the same one
  let leading = -PATIENCE; // when G was pressed
  let pressed = -ONCE; // when Ctrl+Enter was

  const isSeen = (element) => element.getClientRects().length > 0;
  const find = (where, what) => [...where.querySelectorAll(what)].find(isSeen);
  const dialog = () => [...document.querySelectorAll('[role="dialog"]')].filter(isSeen).at(-1);
  const searches = SO24.search.map((word) => `input[aria-label^="${word}"]`).join(", ");
  const searchOf = (where) => find(where, searches);

  const press = (button) => {
    if (document.activeElement?.matches(FIELDS)) document.activeElement.blur(); // it counts
    button?.click();
    return Boolean(button);
  };
  const pressBlue = (event) => {
    const again = event.repeat || event.timeStamp - pressed < ONCE;
    const question = dialog();
    // a disabled one is not passed over: nothing behind a question is meant by its key
    const blue = find(question ?? document, 'button[kind^="primary"]');
    const isReady = Boolean(blue) && !blue.disabled;
    if (again || isReady) pressed = event.timeStamp; // one that presses nothing holds nothing up
    if (again) return true; // what comes next has not been read yet
    return isReady ? press(blue) : Boolean(question);
  };
  // It hears Escape itself while the cursor is in it.
  const crosses = ["Close", ...Object.values(SO24.words).map((words) => words.Close)];
  const closes = crosses.map((word) => `button[aria-label="${word}"]`).join(", ");
  const closeQuestion = () => press(dialog()?.querySelector(closes));
  const openPage = (name) =>
    press(document.querySelector(`[data-testid="stSidebarNav"] a[href$="/${name}"]`));
  const search = () => {
    const field = searchOf(dialog() ?? document);
    field?.focus();
    field?.select();
    return Boolean(field);
  };
  const enterList = () => {
    const cells = '[data-testid="stDataFrame"] canvas td[data-testid^="glide-cell-1-"]';
    const cell = (dialog() ?? document).querySelector(cells);
    cell?.closest('[data-testid="stDataFrame"]').scrollIntoView({ block: "nearest" });
    cell?.focus();
    return Boolean(cell);
  };
  // The grids know Shift+Space only; by Space alone they open the cell over which it stands.
  const tick = (event) => {
    const cell = event.target.closest?.("canvas");
    if (!cell?.querySelector('[aria-multiselectable="true"]')) return false;
    const key = { key: " ", code: "Space", keyCode: 32, shiftKey: true, bubbles: true };
    event.target.dispatchEvent(new KeyboardEvent("keydown", key));
    return true;
  };

  const answerAlone = (event, key) => {
    if (document.querySelector(`.st-key-${SO24.off}`)) return false;
    const led = event.timeStamp - leading < PATIENCE;
    leading = -PATIENCE;
    if (led && SO24.pages[key] && !dialog()) return openPage(SO24.pages[key]);
    if (key === "/") return search();
    if (key === "?" && !dialog()) return openPage(SO24.help);
    if (key === "g") leading = event.timeStamp;
    return key === "g";
  };
  const answer = (event) => {
    const writes = event.target.closest?.(FIELDS);
    const held = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && held && !event.altKey) return pressBlue(event);
    if (held || event.altKey) return false;
    if (event.key === "Escape" && event.target === document.body) return closeQuestion();
    if (event.key === " " && !event.shiftKey && !writes) return tick(event);
    if (event.key === "ArrowDown" && !event.shiftKey) {
      const starts = event.target === document.body || event.target === searchOf(document);
      return starts && enterList();
    }
    return !writes && !event.repeat && answerAlone(event, event.key.toLowerCase());
  };

  window.addEventListener(
    "keydown",
    (event) => {
      if (!event.isTrusted || event.isComposing || !answer(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // Streamlit has shortcuts of its own
    },
    true,
  );

  // The page says in which language it is, for who has it read aloud; its user may choose another.
  const told = Object.entries(SO24.languages).map(([mark, language]) => [
    document.getElementsByClassName(mark), // live
    language,
  ]);
  const follow = () => {
    const drawn = told.filter(([marked]) => marked.length > 0);
    // while one page takes another's place both may be there for a moment
    if (drawn.length === 1 && document.documentElement.lang !== drawn[0][1])
      document.documentElement.lang = drawn[0][1];
  };
  new MutationObserver(follow).observe(document.body ?? document.documentElement, {
    attributeFilter: ["class"],
    childList: true,
    subtree: true,
  });

  // Whoever opens the page to sign in begins to write at once.
  const form = new MutationObserver(() => {
    if (document.querySelector('[data-testid="stSidebar"]')) form.disconnect();
    const name = find(document, 'form input[autocomplete="username"], [data-testid="stForm"] input');
    if (!name) return;
    form.disconnect();
    if (document.activeElement === document.body) name.focus();
  });
  form.observe(document, { childList: true, subtree: true });

  // A link to a list of the page that is open: the list stands below, where nobody may see it come.
  // So does a place on a page of the help, on whichever page the link to it stands.
  const SETTLING = 3000; // milliseconds in which it is drawn
  const OPENING = 20000; // and where the whole app is opened before
  const BELOW_THE_TOP = 70; // pixels, of the bar that lies over the page
  const bringInSight = (name, patience = SETTLING) => {
    const look = () => {
      const list = document.querySelector(`.st-key-${name}`);
      const top = list?.getBoundingClientRect().top;
      const main = list?.closest('[data-testid="stMain"]');
      if (top > window.innerHeight / 2 || top < 0) main?.scrollBy(0, top - BELOW_THE_TOP);
    };
    const drawing = new MutationObserver(look);
    const leave = () => drawing.disconnect();
    drawing.observe(document.body, { childList: true, subtree: true });
    look();
    window.setTimeout(leave, patience);
    for (const moves of ["wheel", "keydown", "pointerdown"])
      window.addEventListener(moves, leave, { once: true, capture: true });
  };
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const asked = link && new URL(link.href, location.href);
    const list = asked?.searchParams.get(SO24.asked);
    if (list && asked.pathname === location.pathname) bringInSight(`${SO24.asked}-${list}`);
    if (asked?.searchParams.get(SO24.place.asked)) bringInSight(SO24.place.name);
  }, true);
  // Whoever opens such a link and has to sign in first has pressed keys by then.
  const entering = new MutationObserver(() => {
    if (!document.querySelector('[data-testid="stSidebar"]')) return;
    entering.disconnect();
    const opened = new URLSearchParams(location.search);
    if (opened.get(SO24.place.asked)) bringInSight(SO24.place.name, OPENING);
  });
  entering.observe(document, { childList: true, subtree: true });

  // Streamlit opens each link of a text in a tab of its own. One from page to page of the help is
  // followed in this one, as a step back would be; whoever holds a key down has asked for another.
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.(`.st-key-${SO24.texts} a[href]`);
    const isHelp = link && link.origin === location.origin && link.pathname === location.pathname;
    if (!isHelp || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    history.pushState(history.state, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    if (!new URL(link.href).searchParams.get(SO24.place.asked))
      document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  });

  // What is ticked is kept by the server under a mark, which the address of the list names. Other
  // pages' addresses do not: the tab remembers it, and names it where one of them is loaded anew.
  const MARK = "so24-ticks";
  const marked = () => new URLSearchParams(location.search).get(SO24.ticks);
  const withMark = (mark, url = location.href) => {
    const told = new URL(url, location.href);
    if (mark) told.searchParams.set(SO24.ticks, mark);
    else told.searchParams.delete(SO24.ticks);
    return told.href;
  };
  const note = () => {
    if (marked()) sessionStorage.setItem(MARK, marked());
    else if (location.pathname.endsWith(`/${SO24.list}`)) sessionStorage.removeItem(MARK);
  };
  const pushState = history.pushState;
  history.pushState = function (state, unused, url) {
    // a step back that takes nothing away but the mark would change nothing on the screen
    const isSame = Boolean(url) && withMark("", url) === withMark("");
    (isSame ? history.replaceState : pushState).call(this, state, unused, url);
    note();
  };
  const kept = sessionStorage.getItem(MARK);
  const isAnew = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  if (kept && isAnew && !marked()) history.replaceState(history.state, "", withMark(kept));
  note();
})();
