"""A session that carries out the product's statements without SQLAlchemy's ceremony.

SQLAlchemy compiles each form of a statement once, as ever. From then on its parameters, converted
by the columns' own types, go straight to SQLite, and what comes back is made into the same rows and
objects. Whatever is not plain (a statement with options, an ORM update, a row read in parts) takes
SQLAlchemy's own way. A test holds that a history is the same, byte by byte, either way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.engine.row import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from tests.simulation.quick.answers import Answer, Written
from tests.simulation.quick.written_out import Convert, Parameters, Slot, fill_slots, name_values

MOST_CONVERTED = 4_096  # of each column: its times, amounts and codes come again and again


@dataclass
class Form:
    """A kind of statement: which of its values are lists that its text depends on."""

    expanding: tuple[int, ...] | None  # None: takes the long way
    plans: dict[Any, Plan] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """How a statement is carried out.

    ``parameters`` puts these together of the statement's own values and of those given by name.
    """

    sql: str
    parameters: Parameters
    read: Callable[[Session, list[Any]], Answer] | None
    flushes: bool
    asks: bool  # and changes nothing


class Noting(Protocol):
    """The connection to SQLite, which is told of each statement that may change a table."""

    def note(self, sql: str) -> None:
        """A statement is carried out."""

    def bare_cursor(self) -> sqlite3.Cursor:
        """A cursor that tells nothing by itself."""


_PARAMS = {"params"}
_forms: dict[Any, Form] = {}


class QuickSession(Session):
    """The product's session, on one connection to SQLite."""

    quick = False

    def __init__(self, database: Any, bind: sa.Connection, connection: Noting) -> None:
        super().__init__(bind, expire_on_commit=False, info={"database": database})
        self.sqlite = connection
        self._dialect = bind.dialect
        self._cursor = connection.bare_cursor()  # for all: what one brings is read at once
        self._itself = _Bare(self, super().connection)

    def exec(self, statement: Any, **more: Any) -> Any:
        """Carry out a statement."""
        done = None if more.keys() - _PARAMS else self._carry_out(statement, more.get("params"))
        if done is None:
            return super().exec(statement, **more)
        return done.scalars() if isinstance(statement, SelectOfScalar) else done

    def execute(self, statement: Any, params: Any = None, **more: Any) -> Any:
        """Carry out a statement."""
        done = None if more else self._carry_out(statement, params)
        return super().execute(statement, params, **more) if done is None else done

    def get(self, entity: Any, ident: Any, **more: Any) -> Any:
        """The object of this key, or None."""
        if (
            not self.quick
            or isinstance(ident, tuple)
            or sa.inspect(entity).identity_key_from_primary_key((ident,)) in self.identity_map
        ):
            return super().get(entity, ident, **more)
        return self.exec(_by_key(entity), params={"ident": ident}).first()

    def connection(self, **more: Any) -> Any:  # type: ignore[override]
        """This session itself does for one what a connection does."""
        return super().connection(**more) if more else self._itself

    @property
    def is_empty(self) -> bool:
        """Whether it holds no object."""
        return not (self.identity_map._dict or self._new or self._deleted)

    def forget(self) -> None:
        """Begin anew, after what went wrong; nothing is asked of the connection.

        Rows that are remembered are let go before, or they would be read anew when looked at.
        """
        self.expunge_all()
        self.rollback()

    def _carry_out(self, statement: Any, params: Any) -> Any:
        if not self.quick:
            return None
        plan, values = self._plan(statement, params)
        if plan is None:
            return None
        if plan.flushes and (self._new or self._deleted or self.identity_map._modified):
            self._autoflush()
        if not plan.asks:
            self.sqlite.note(plan.sql)
        cursor, parameters = self._cursor, plan.parameters
        try:
            if type(params) is list:
                cursor.executemany(plan.sql, [parameters(values, each) for each in params])
            else:
                cursor.execute(plan.sql, parameters(values, params))
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                plan.sql, params, error, sqlite3.Error, dialect=self._dialect
            ) from error
        if plan.read is None:
            return Written(cursor.rowcount)
        return plan.read(self, cursor.fetchall())

    def _plan(self, statement: Any, params: Any) -> tuple[Plan | None, Sequence[Any]]:
        """How this very statement was carried out before, else how one of its form is."""
        many = type(params) is list
        first = params[0] if many else params
        known = statement.__dict__.get("_carried_out")
        if known is None:
            known = statement.__dict__["_carried_out"] = {}
        wanted = (many, *first) if first else many
        if wanted not in known:
            known[wanted] = self._plan_form(statement, first, many)
        found: tuple[Plan | None, Sequence[Any]] = known[wanted]
        return found

    def _plan_form(
        self, statement: Any, first: Any, many: bool
    ) -> tuple[Plan | None, Sequence[Any]]:
        known = statement._generate_cache_key()
        if known is None:
            return None, ()
        names = tuple(sorted(first)) if first else ()
        kind = known.key, names, many
        form = _forms.get(kind)
        if form is None:
            form = _forms[kind] = _form_of(statement, known)
        if form.expanding is None:
            return None, ()
        values = known.bindparams
        lists = tuple([tuple(values[place].value) for place in form.expanding])
        plan = form.plans.get(lists)
        if plan is None:
            plan = form.plans[lists] = self._make(statement, known, names, many)
        return plan, values

    def _make(self, statement: Any, known: Any, names: Sequence[str], many: bool) -> Plan:
        compiled = statement._compiler(
            self._dialect, cache_key=known, column_keys=list(names), for_executemany=many
        )
        given = dict.fromkeys(names)
        state = compiled._process_parameters_for_postcompile(
            compiled.construct_params(given, extracted_parameters=known.bindparams,
                                      escape_names=False)
        )  # fmt: skip
        processors = {**compiled._bind_processors, **state.processors}
        bound = {
            compiled.bind_names[bind]: place
            for place, original in enumerate(known.bindparams)
            for bind in compiled._cache_key_bind_match[0][original]
            if bind in compiled.bind_names
        }
        keys = {name: bind.key for bind, name in compiled.bind_names.items()}
        lists = {name for bind, name in compiled.bind_names.items() if _is_list(bind.type)}
        defaults = _defaults(compiled)
        slots = []
        for name in state.positiontup:
            convert, place = processors.get(name), bound.get(name)
            if name not in lists:
                convert = _once(convert)
            key = str(keys.get(name, name))
            fixed = defaults.get(key, state.parameters[name])
            if place is None and key not in given:
                fixed = fixed if convert is None else convert(fixed)
            slots.append(Slot(key if key in given else None, place, convert, fixed))
        plugin = statement._propagate_attrs.get("compile_state_plugin")
        brings = statement.is_select or statement._returning
        read = _reader(statement, compiled, self._dialect) if brings else None
        asks = state.statement.startswith("SELECT")
        return Plan(state.statement, fill_slots(slots), read, plugin == "orm", asks)


def _is_list(kind: Any) -> bool:
    """Whether values of this type may be lists: what is kept as a long text is made of one."""
    return isinstance(getattr(kind, "impl_instance", None), sa.Text)


def _once(convert: Convert) -> Convert:
    """The same for values that never change, each of them converted once."""
    return convert and lru_cache(MOST_CONVERTED, typed=True)(convert)


def _defaults(compiled: Any) -> dict[str, Any]:
    """What the columns say that a statement does not name."""
    found = {}
    for column in (*compiled.insert_prefetch, *compiled.update_prefetch):
        if not column.default.is_scalar:
            raise NotImplementedError(f"the default of {column} is computed")
        found[column.key] = column.default.arg
    return found


@cache
def _by_key(entity: Any) -> Any:
    (column,) = sa.inspect(entity).primary_key
    return select(entity).where(column == sa.bindparam("ident"))


class _Bare:
    """A connection, for statements that no pending change is written before."""

    def __init__(self, session: QuickSession, connection: Callable[[], sa.Connection]) -> None:
        self._session = session
        self._connection = connection

    def execute(self, statement: Any, params: Any = None) -> Any:
        """Carry out a statement."""
        done = self._session._carry_out(statement, params)
        return self._connection().execute(statement, params) if done is None else done


def _form_of(statement: Any, known: Any) -> Form:
    if statement.is_select:
        plain = _entities_are_plain(statement)
    else:
        plain = statement.is_dml and "compile_state_plugin" not in statement._propagate_attrs
    if not plain:
        return Form(None)
    lists = [place for place, bind in enumerate(known.bindparams) if bind.expanding]
    return Form(tuple(lists))


def _entities_are_plain(statement: Any) -> bool:
    if statement._execution_options or statement._with_options:
        return False
    described = statement.column_descriptions
    return len(described) == 1 or not any(map(_is_whole, described))


def _is_whole(described: Mapping[str, Any]) -> bool:
    entity = described.get("entity")
    return entity is not None and described["expr"] is entity


def _reader(
    statement: Any, compiled: Any, dialect: sa.Dialect
) -> Callable[[Session, list[Any]], Answer]:
    columns = compiled._result_columns
    converts: list[Any] = [
        _once(each.type._cached_result_processor(dialect, None)) for each in columns
    ]
    described = statement.column_descriptions if statement.is_select else ()
    if described and _is_whole(described[0]):
        return _Objects(described[0]["entity"], columns, converts).read
    keys = [each["name"] for each in described] or [each.keyname for each in columns]
    meta: Any = SimpleResultMetaData(keys)

    def read(_: Session, rows: list[Any]) -> Answer:
        return Answer([Row(meta, converts, meta._key_to_index, row) for row in rows], keys)

    return read


class _Objects:
    """Makes objects of rows, each once in a session."""

    def __init__(self, entity: Any, columns: Any, converts: Sequence[Convert]) -> None:
        mapper: Mapper[Any] = sa.inspect(entity)
        places = {}
        for place, column in enumerate(columns):
            known = next(each for each in column.objects if each in mapper.columns.values())
            places[mapper.get_property_by_column(known).key] = place
        self.values = lru_cache(MOST_CONVERTED)(name_values(places, converts))
        self.manager = mapper.class_manager
        self.identity = mapper._identity_class
        keys = [places[mapper.get_property_by_column(each).key] for each in mapper.primary_key]
        self.key = itemgetter(*keys) if len(keys) > 1 else lambda row: (row[keys[0]],)
        if any(converts[place] for place in keys):
            raise NotImplementedError("a primary key that is converted")

    def read(self, session: Session, rows: list[Any]) -> Answer:
        """The objects, each alone in its row."""
        return Answer([(self._object(session, row),) for row in rows], ())

    def _object(self, session: Session, row: Any) -> Any:
        known = (self.identity, self.key(row), None)
        there = session.identity_map.get(known)
        if there is not None:
            return there
        made = self.manager.new_instance()
        state = instance_state(made)
        state.key = known
        state.session_id = session.hash_key
        session.identity_map._add_unpresent(state, known)
        made.__dict__.update(self.values(row))
        return made
