"""Files of one look taken in: claimed in the store, imported, given a place, and moved there.

Each step is committed before the next one begins, so that whoever finds the folder after a kill
goes on where it stopped (the docstring of the folder says how).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from sqlmodel import Session

from so24.crashpoints import reach
from so24.errors import UnreadableFile, WrongUse
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.documents.content import Content, hash_content
from so24.sources.documents.documents import SourceFile
from so24.sources.documents.spool import kept_in
from so24.sources.import_reports import read_report
from so24.sources.inbox.arrivals import DONE, REFUSED, DroppedFile
from so24.sources.inbox.notes import came_in, write_note
from so24.sources.inbox.places import InboxFolder
from so24.sources.intake import land_sources, read_sources, refuse_file
from so24.sources.originals.finding import show_name
from so24.sources.reading import read_files
from so24.sources.sheets.spreadsheet import MEGABYTE
from so24.store.documents import inbox as store
from so24.store.tables.original_tables import InboxFile

MOST_ATTEMPTS = 5
_DIED = say(
    "{file} was begun with {times} times, and so24 never came to its end: it stopped, was killed, "
    "or met an error that its log tells of. It is left out so that it stops nothing else. Import "
    "it by `so24 import`, where the error shows, or split it."
)


@dataclass(frozen=True)
class Taken:
    """A file that was taken in or refused, and is at its place now."""

    path: str
    target: str
    import_ids: tuple[int, ...]

    def __str__(self) -> str:
        """What became of it, as it may be shown."""
        return show_name(f"{self.path}: {self.target}")

    @property
    def refused(self) -> bool:
        """Whether nothing of it came in."""
        return self.target.startswith(f"{REFUSED}/")


class TakingIn:
    """Takes files of a folder in, for a desk that may import."""

    def __init__(self, desk: Desk, folder: InboxFolder) -> None:
        self.desk = desk
        self.folder = folder

    def take_in(
        self, batch: Sequence[DroppedFile], excused: Collection[str] = ()
    ) -> Iterator[Taken]:
        """Take in files of one department, together; those that lie at their place come back.

        A file that has changed since it was looked at is left for another look. ``excused`` are
        those whose last attempt ended by nothing of theirs. Raises ``OSError`` where a file may
        not be read or moved.
        """
        most = self.desk.settings.upload_megabytes * MEGABYTE
        contents: dict[str, Content] = {}
        with kept_in(self.desk.settings.data_dir):
            for each in batch:
                content = self.folder.read(each, most)
                if content is not None:
                    contents[each.path] = content
        hashes = {path: self._hash(path, each) for path, each in contents.items()}
        with self.desk.writing(Permission.IMPORT) as session:
            for path in store.owed_files(session, self.folder.id, hashes):
                del contents[path], hashes[path]  # it is taken in, and waits to be moved
            attempts = store.claim_files(session, self.folder.id, hashes, excused)
        if not contents:
            return
        reach("inbox claimed", None)
        worn = [path for path, count in attempts.items() if count > MOST_ATTEMPTS]
        self._import(contents, worn, batch[0].department)
        reach("inbox landed", None)
        as_it_was = {each.path for each in batch if self.folder.still_is(each)}
        yield from self._settle(contents, as_it_was)

    def take_up(self) -> tuple[list[Taken], dict[str, OSError]]:
        """Bring to its end what another process, or an earlier look, has left.

        The errors are of files, by path, that are taken in and cannot be moved.
        """
        with self.desk.reading(Permission.IMPORT) as session:
            claims = store.claimed_files(session, self.folder.id)
            ended = {row.path for row in claims if store.all_ended(session, _imports_of(row))}
        taken: list[Taken] = []
        errors: dict[str, OSError] = {}
        for row in claims:
            try:
                taken += self._take_up(row, row.path in ended)
            except OSError as error:
                errors[row.path] = error
        return taken, errors

    def begun(self) -> set[str]:
        """Files that were begun with and have not come to their end."""
        with self.desk.reading(Permission.IMPORT) as session:
            claims = store.claimed_files(session, self.folder.id)
        return {row.path for row in claims if not row.target}

    def _take_up(self, row: InboxFile, ended: bool) -> list[Taken]:
        if row.target and self.folder.has(row.target):
            return [self._end(row)]  # it was moved; what is in the folder now came later
        if self.folder.hash(row.path) != row.sha256:
            self._drop([row.path])  # somebody has taken it away, or put another one there
        elif row.target:
            return [self._move(row)]
        elif ended:
            return list(self._settle([row.path], {row.path}))
        return []

    def _hash(self, path: str, content: Content) -> str:
        most = self.desk.settings.upload_megabytes * MEGABYTE
        return hash_content(content) if len(content) <= most else self.folder.hash(path)

    def _import(
        self, contents: Mapping[str, Content], worn: Collection[str], department: str
    ) -> None:
        names = {path: path.rpartition("/")[2] for path in contents}
        paths = {name: path for path, name in names.items()}
        refused = {path: say(_DIED, file=names[path], times=MOST_ATTEMPTS) for path in worn}
        sources = self._read(contents, names, refused, department)
        reach("inbox read", None)

        def note_imports(session: Session, imports: Mapping[str, Sequence[int]]) -> None:
            by_path = {paths[name]: ids for name, ids in imports.items()}
            store.note_imports(session, self.folder.id, by_path)
            reach("inbox opening", None)

        files = [(names[path], contents[path]) for path in contents if path not in refused]
        land_sources(
            self.desk, sources, files=files, opening=note_imports,
            progress=lambda done, total: reach("inbox landing", None),
        )  # fmt: skip
        for path, reason in refused.items():
            refuse_file(self.desk, names[path], contents[path], reason, note_imports)

    def _read(
        self,
        contents: Mapping[str, Content],
        names: Mapping[str, str],
        refused: dict[str, str],
        department: str,
    ) -> list[SourceFile]:
        """Read all but what is refused already; what cannot be read is put to that."""
        left = [path for path in contents if path not in refused]
        while left:
            files = [(names[path], contents[path]) for path in left]
            try:
                return read_sources(self.desk, files, department=department)
            except UnreadableFile:
                unreadable = self._find_unreadable(files)
                refused.update(
                    (path, unreadable[names[path]]) for path in left if names[path] in unreadable
                )
            except WrongUse as error:  # the department that their folder names
                refused.update(dict.fromkeys(left, error.words))
            left = [path for path in left if path not in refused]
        return []

    def _find_unreadable(self, files: Sequence[tuple[str, Content]]) -> dict[str, str]:
        """Why files cannot be read, by name: each is opened by itself."""
        found: dict[str, str] = {}
        for file in files:
            try:
                read_files([file], megabytes=self.desk.settings.upload_megabytes)
            except UnreadableFile as error:
                found[file[0]] = error.reason
        return found

    def _settle(self, paths: Collection[str], as_it_was: Collection[str]) -> Iterator[Taken]:
        """Give files whose imports have ended their places, and move them there."""
        with self.desk.reading(Permission.IMPORT) as session:
            claims = store.claimed_files(session, self.folder.id)
            wanted = [row for row in claims if row.path in set(paths)]
            rows = [row for row in wanted if store.all_ended(session, _imports_of(row))]
        taken: set[str] = set()
        read = cache(partial(read_report, self.desk))
        for row in rows:
            outcomes = [read(each) for each in _imports_of(row)]
            name = row.path.rpartition("/")[2]
            where = DONE if came_in(name, outcomes) else REFUSED
            row.target = self.folder.find_place(where, _imports_of(row)[0], name, taken)
            row.note = write_note(name, row.sha256, self.folder.owner(row.path), outcomes)
            taken.add(row.target)
        with self.desk.writing(Permission.IMPORT) as session:
            targets = {row.path: (row.target, row.note) for row in rows}
            store.note_targets(session, self.folder.id, targets)
        reach("inbox targets noted", None)
        for row in rows:
            if row.path in as_it_was:
                yield self._move(row)
            else:
                self._drop([row.path])  # what it has become is another arrival

    def _move(self, row: InboxFile) -> Taken:
        self.folder.write_note(row.path, row.target, row.note)
        reach("inbox note written", None)
        self.folder.move(row.path, row.target)
        reach("inbox file moved", None)
        return self._end(row)

    def _end(self, row: InboxFile) -> Taken:
        self._drop([row.path])
        reach("inbox claim dropped", None)
        return Taken(row.path, row.target, tuple(_imports_of(row)))

    def _drop(self, paths: Collection[str]) -> None:
        with self.desk.writing(Permission.IMPORT) as session:
            store.drop_claims(session, self.folder.id, paths)


def _imports_of(row: InboxFile) -> list[int]:
    ids: list[int] = json.loads(row.import_ids)
    return ids
