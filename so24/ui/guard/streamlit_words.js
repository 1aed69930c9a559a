// Streamlit says its own words in English only; so24/ui/guard/streamlit_words.py has others for them.
// They stand where Streamlit wrote its own: in these places, which hold no word of a document, and
// in the names that are read aloud. What comes first here is written by the server: SO24.words.
"use strict";
(() => {
  const ids = (...names) => names.map((name) => `[data-testid^="${name}"]`);
  const PLACES = [
    ...ids("InputInstructions", "stFileUploader", "stDataFrameColumnMenu", "stTooltipContent", "stFileChip"),
    ...ids("stDataFrameColumnFormattingMenu", "stDataFrameColumnVisibilityMenu", "stStatusWidget"),
    ...ids("stDateInput", "stSkipToContent", "stSelectbox", "stMultiSelect"),
    '[role="listbox"]',
    ".gdg-search-bar",
  ].join(", ");
  const A_FILE = '[data-testid="stFileChipName"]'; // its name is nobody's word
  const NAMED = "[aria-label]:not(canvas *)"; // a grid's cells are documents

  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const asPattern = (english) => new RegExp(`^${english.split("{what}").map(escape).join("(.+)")}$`);
  const readers = Object.entries(SO24.words).map(([language, words]) => {
    const forms = Object.entries(words).filter(([english]) => english.includes("{what}"));
    const patterns = forms.map(([english, word]) => [asPattern(english), word]);
    const tell = (english) => {
      if (Object.hasOwn(words, english)) return words[english];
      const [head, ...rest] = english.split(": "); // a button of a grid, and the grid's name
      if (rest.length > 0 && Object.hasOwn(words, head)) return [words[head], ...rest].join(": ");
      const [pattern, word] = patterns.find(([each]) => each.test(english)) ?? [];
      return pattern ? word.replace("{what}", () => tell(english.match(pattern)[1])) : english;
    };
    return [language, tell];
  });
  const tells = Object.fromEntries(readers);

  const said = new WeakMap(); // where something stands: what Streamlit has said, and what stands there
  const change = (where, shown, tell, write) => {
    const before = said.get(where);
    const english = before?.shown === shown ? before.english : shown;
    const bare = english.trim();
    const word = bare ? english.replace(bare, () => tell(bare)) : english;
    if (word !== shown) write(word);
    if (word !== english) said.set(where, { english, shown: word });
  };
  const changeTexts = (place, tell) => {
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      if (text.parentElement.closest(A_FILE)) continue;
      change(text, text.nodeValue, tell, (word) => (text.nodeValue = word));
    }
  };
  const asItIs = (english) => english;
  let waits = false;
  let told = false; // whether anything may stand there that is not Streamlit's
  const changeAll = () => {
    waits = false;
    const tell = tells[document.documentElement.lang] ?? asItIs;
    told ||= tell !== asItIs;
    if (!told) return;
    for (const place of document.querySelectorAll(PLACES)) changeTexts(place, tell);
    for (const named of document.querySelectorAll(NAMED)) {
      const write = (word) => named.setAttribute("aria-label", word);
      change(named, named.getAttribute("aria-label"), tell, write);
    }
  };
  const changeSoon = () => {
    if (!waits) window.requestAnimationFrame(changeAll);
    waits = true;
  };
  new MutationObserver(changeSoon).observe(document, {
    attributeFilter: ["aria-label", "lang"],
    characterData: true,
    childList: true,
    subtree: true,
  });
})();
