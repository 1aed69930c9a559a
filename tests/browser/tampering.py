"""What a page has drawn for one user, and how others may send its widgets back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from google.protobuf.message import Message  # type: ignore[import-untyped] # no stubs
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from so24.people.users import DemoUser
from tests.browser.tabs import Tab

# what a widget sends, by its kind; all others send a text
PRESSED = frozenset({"button", "download_button"})
TICKED = frozenset({"checkbox"})
LISTS = {"multiselect": [], "button_group": [], "date_input": ["2026/11/30"]}
NUMBERS = frozenset({"number_input"})
# what is no widget, and files, which are sent otherwise
OTHERS = frozenset({"add_block", "popover", "expandable", "file_uploader", "tab_container"})
GRIDS = frozenset({"dataframe"})
ROWS = '{"selection":{"rows":[0],"columns":[],"cells":[[0,"Number"]]}}'


@dataclass
class Drawn:
    """The widgets (kind and id), fragments and pages (by their names) of one or more runs."""

    widgets: set[tuple[str, str]] = field(default_factory=set)
    fragments: set[str] = field(default_factory=set)
    pages: dict[str, str] = field(default_factory=dict)

    def add(self, messages: Iterable[ForwardMsg]) -> None:
        """Add what these messages draw."""
        for message in messages:
            self.pages |= {
                each.url_pathname: each.page_script_hash for each in message.navigation.app_pages
            }
            self.fragments |= {message.delta.fragment_id, message.auto_rerun.fragment_id} - {""}
            self.widgets |= set(_widgets_in(message.delta))


def _widgets_in(message: Message) -> Iterator[tuple[str, str]]:
    for named, value in message.ListFields():
        if not isinstance(value, Message):
            continue
        own = {each.name: given for each, given in value.ListFields()}
        if named.name not in OTHERS and str(own.get("id", "")).startswith("$$"):
            yield named.name, str(own["id"])
        yield from _widgets_in(value)


def press(
    widgets: Iterable[tuple[str, str]] = (), *, page: str = "", fragment: str = ""
) -> BackMsg:
    """A request to run a page, or one of its fragments, with these widgets pressed or filled in."""
    asked = BackMsg()
    asked.rerun_script.page_script_hash = page
    asked.rerun_script.fragment_id = fragment
    asked.rerun_script.widget_states.widgets.extend(_state(*each) for each in widgets)
    return asked


def fill_in(values: dict[str, str], pressed: str) -> BackMsg:
    """A request to run with these texts, by the ids of their fields, and a button pressed."""
    asked = press([("button", pressed)])
    for name, value in values.items():
        asked.rerun_script.widget_states.widgets.add(id=name, string_value=value)
    return asked


def _state(kind: str, name: str) -> WidgetState:
    state = WidgetState(id=name)
    if kind in PRESSED:
        state.trigger_value = True
    elif kind in TICKED:
        state.bool_value = True
    elif kind in LISTS:
        state.string_array_value.data.extend(LISTS[kind])
    elif kind in NUMBERS:
        state.double_value = 4711
    else:
        state.string_value = ROWS if kind in GRIDS else "tampered"
    return state


def sign_in(tab: Tab, user: DemoUser) -> str:
    """Sign in by the form that the tab shows; what is drawn then."""
    tab.run()
    form = Drawn()
    form.add(tab.received)
    fields = sorted(name for kind, name in form.widgets if kind == "text_input")
    [button] = [name for kind, name in form.widgets if kind == "button"]
    labels = {
        element.id: element.label
        for element in (each.delta.new_element.text_input for each in tab.received)
        if element.id
    }
    values = {name: user.name if labels[name] == "User name" else user.password for name in fields}
    return tab.answer(fill_in(values, button)) + tab.run("start")
