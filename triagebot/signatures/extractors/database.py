"""What a database said: the condition by PostgreSQL's names, and the object that it names.

Wording of PostgreSQL (asyncpg, psycopg, JDBC, Go), SQLite, MySQL, SQLAlchemy, Alembic, Redis, MongoDB and Kafka.
Conditions: PostgreSQL documentation, appendix A "PostgreSQL Error Codes".
"""

import re
from functools import cache

from triagebot.signatures.mask import mask
from triagebot.signatures.subject import Finding, Subject, finding

_O = r"[`'\"]?(?P<object>[\w.$-]{1,120})[`'\"]?"
_CONDITIONS: tuple[tuple[str, str, str], ...] = (
    ("undefined_table", "no such table", rf"no such table: {_O}"),
    ("undefined_table", "relation", rf"relation {_O} does not exist"),
    ("undefined_table", "doesn't exist", rf"[Tt]able {_O} doesn't exist"),
    ("undefined_table", "table", rf"(?:[Tt]able|view) {_O} (?:does not exist|not found)"),
    ("undefined_column", "no such column", rf"no such column: {_O}"),
    ("undefined_column", "has no column", rf"table \w{{1,80}} has no column named {_O}"),
    ("undefined_column", "column", rf"column {_O}(?: of relation \"\w{{1,80}}\")? does not exist"),
    ("undefined_column", "unknown column", rf"Unknown column {_O}"),
    ("undefined_function", "function", r"function (?P<object>[\w.]{1,120})\([^)\n]{0,200}\) does not exist"),
    ("undefined_database", "database", rf"database {_O} does not exist"),
    ("undefined_database", "unknown database", rf"Unknown database {_O}"),
    ("undefined_role", "role", rf"role {_O} does not exist"),
    ("undefined_schema", "schema", rf"schema {_O} does not exist"),
    ("unique_violation", "unique constraint", rf"unique constraint {_O}"),
    ("unique_violation", "unique constraint failed", rf"UNIQUE constraint failed: {_O}"),
    ("unique_violation", "duplicate entry", rf"Duplicate entry .{{1,200}}? for key {_O}"),
    ("unique_violation", "e11000", rf"E11000 duplicate key error collection: {_O}"),
    ("foreign_key_violation", "foreign key", rf"foreign key constraint {_O}"),
    ("foreign_key_violation", "foreign key constraint f", r"FOREIGN KEY constraint failed|foreign key constraint fails"),
    ("not_null_violation", "not null constraint", rf"NOT NULL constraint failed: {_O}"),
    ("not_null_violation", "null value in column", rf"null value in column {_O}"),
    ("check_violation", "check constraint failed", r"CHECK constraint failed: (?P<object>[^\n]{1,80})"),
    ("check_violation", "check constraint", rf"check constraint {_O}"),
    ("string_data_right_truncation", "value too long", r"value too long for type [\w ()]{1,60}"),
    ("deadlock_detected", "deadlock", r"deadlock detected|Deadlock found when trying to get lock"),
    ("serialization_failure", "serialize access", r"could not serialize access"),
    ("lock_not_available", "database is locked", r"database is locked|database table is locked"),
    ("lock_not_available", "lock wait", r"Lock wait timeout exceeded"),
    ("lock_not_available", "obtain lock", rf"could not obtain lock on (?:relation|row in relation) {_O}"),
    ("lock_timeout", "lock timeout", r"canceling statement due to lock timeout"),
    ("statement_timeout", "statement timeout", r"canceling statement due to statement timeout"),
    ("invalid_password", "password authentication", rf"password authentication failed for user {_O}"),
    ("invalid_password", "access denied for user", rf"Access denied for user {_O}"),
    ("too_many_connections", "connection", r"too many connections|too many clients already|remaining connection slots|Too many connections"),
    ("pool_exhausted", "queuepool", r"QueuePool limit of size"),
    ("pool_exhausted", "get a connection", r"couldn't get a connection after"),
    ("pool_exhausted", "pool", r"connection pool (?:exhausted|is full)|pool is (?:exhausted|closed)"),
    ("insufficient_privilege", "permission denied for", rf"permission denied for (?:table|relation|schema|database|sequence) {_O}"),
    ("read_only_sql_transaction", "read-only", r"read-only transaction|attempt to write a readonly database|READONLY You can't write"),
    ("read_only_sql_transaction", "readonly", r"attempt to write a readonly database|READONLY You can't write"),
    ("admin_shutdown", "administrator command", r"terminating connection due to administrator command"),
    ("cannot_connect_now", "starting up", r"the database system is (?:starting up|shutting down|in recovery mode)"),
    ("migration", "revision", r"Can't locate revision identified by '(?P<object>\w{1,60})'"),
    ("migration", "up to date", r"Target database is not up to date"),
    ("migration", "multiple head", r"Multiple head revisions are present"),
    ("no_auth", "authentication required", r"(?:NOAUTH )?Authentication required"),
    ("invalid_password", "username-password", r"(?:WRONGPASS )?invalid username-password pair"),
    ("too_many_connections", "number of clients", r"max number of clients reached"),
    ("wrong_type", "wrongtype", r"WRONGTYPE Operation against a key"),
    ("cannot_connect_now", "loading redis", r"LOADING Redis is loading"),
    ("out_of_memory", "oom command", r"OOM command not allowed"),
    ("cluster_down", "clusterdown", r"CLUSTERDOWN"),
    ("busy", "busy redis", r"BUSY Redis is busy"),
    ("misconfigured", "misconf", r"MISCONF Redis is configured"),
    ("no_primary", "not primary", r"not primary|not master"),
    ("no_primary", "no primary", r"No primary available|No replica set members"),
    ("undefined_topic", "unknown_topic", r"UNKNOWN_TOPIC_OR_PART\w{0,10}|UnknownTopicOrPartition\w{0,10}"),
    ("undefined_topic", "unknowntopic", r"UnknownTopicOrPartition\w{0,10}"),
    ("disk_full", "could not extend", r"could not extend file|database or disk is full"),
    ("disk_full", "disk is full", r"database or disk is full"),
    ("not_a_database", "not a database", r"file is not a database"),
    ("corrupted", "malformed", r"database disk image is malformed"),
    ("cannot_open", "unable to open", r"unable to open database file"),
    ("syntax_error", "syntax error", r"syntax error at or near \"(?P<object>[^\"\n]{1,60})\"|near \"(?P<near>[^\"\n]{1,60})\": syntax error"),
    ("closed", "closed", r"connection is closed|cursor already closed|Cannot operate on a closed database|the connection is closed"),
    ("in_failed_transaction", "current transaction", r"current transaction is aborted"),
)  # fmt: skip
_ALWAYS = frozenset((
    "no such table", "unique constraint failed", "not null constraint", "queuepool", "e11000",
    "authentication required", "username-password", "number of clients", "get a connection",
    "obtain lock", "wrongtype", "clusterdown", "misconf", "unknown_topic", "deadlock",
    "database is locked", "password authentication", "null value in column", "duplicate entry",
    "foreign key", "relation", "revision", "no such column", "unique constraint", "starting up",
    "administrator command", "statement timeout", "check constraint", "unable to open", "malformed",
    "not a database", "current transaction", "unknown column", "oom command",
))  # fmt: skip
_UNTYPED = tuple(condition for condition in _CONDITIONS if condition[1] in _ALWAYS)
_TYPES = re.compile(
    r"^(?:OperationalError|ProgrammingError|IntegrityError|InternalError|DataError|InterfaceError|DatabaseError|"
    r"DBAPIError|PostgresError|UniqueViolation(?:Error)?|Undefined(?:Table|Column|Function|Object)(?:Error)?|"
    r"ForeignKeyViolation(?:Error)?|NotNullViolation(?:Error)?|CheckViolation(?:Error)?|InvalidPassword(?:Error)?|"
    r"Invalid\w{1,40}Error|DeadlockDetected(?:Error)?|TooManyConnections(?:Error)?|SerializationFailure"
    r"|QueryCanceled(?:Error)?|"
    r"ResponseError|RedisError|ReadOnlyError|AuthenticationError|DuplicateKeyError|OperationFailure|PyMongoError|"
    r"ServerSelectionTimeoutError|NotPrimaryError|CommandError|KafkaError|UnknownTopicOrPartitionError"
    r"|InsufficientPrivilege(?:Error)?|"
    r"PSQLException|SQLException|SqliteError|SQLiteError|PoolTimeout|CannotConnectNowError"
    r"|LockNotAvailable(?:Error)?)$"
)
"""Classes of drivers and of SQLAlchemy; what they say is about a database.

Hit: `OperationalError`
Miss: `ValueError`
"""
_VERBATIM = frozenset(("migration", "check_violation"))
_MODULES = ("asyncpg.exceptions", "psycopg.errors", "psycopg2.errors")
_BY_TYPE = {
    "BusyLoadingError": "cannot_connect_now", "ReadOnlyError": "read_only_sql_transaction", "NoPermissionError": "insufficient_privilege",
    "ClusterDownError": "cluster_down", "MasterDownError": "no_primary", "OutOfMemoryError": "out_of_memory",
    "AuthenticationWrongNumberOfArgsError": "no_auth", "ExecutionTimeout": "statement_timeout",
}  # fmt: skip
_CODE_NAMES = {
    "authentication_failed": "invalid_password", "unauthorized": "insufficient_privilege", "max_time_msexpired": "statement_timeout",
    "not_writable_primary": "no_primary", "namespace_not_found": "undefined_table", "write_conflict": "serialization_failure",
}  # fmt: skip
_CODE_NAME = re.compile(r"'codeName': '(\w{1,80})'")
"""MongoDB's name of a code. Hit: `'codeName': 'NotWritablePrimary'`. Miss: `'code': 10107`."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a word ends in camel case. Hit: `NotPrimary`. Miss: `primary`."""
_RELATION = re.compile(r"relation \"([\w.$-]{1,120})\"")
"""The table that PostgreSQL names. Hit: `relation "orders" does not exist`. Miss: `column "state" does not exist`."""
_SQLSTATE = re.compile(r"SQLSTATE[ :=\[(]{1,3}([0-9A-Z]{5})\b|\(SQLSTATE ([0-9A-Z]{5})\)")
"""A code of the SQL standard. Hit: `SQLSTATE[42P01]`. Hit: `(SQLSTATE 42P01)`. Miss: `state 42P01`."""
_STATES = {
    "42P01": "undefined_table", "42703": "undefined_column", "42883": "undefined_function", "3D000": "undefined_database",
    "23505": "unique_violation", "23503": "foreign_key_violation", "23502": "not_null_violation", "23514": "check_violation",
    "40P01": "deadlock_detected", "40001": "serialization_failure", "55P03": "lock_not_available", "28P01": "invalid_password",
    "53300": "too_many_connections", "42501": "insufficient_privilege", "57014": "statement_timeout", "57P01": "admin_shutdown",
    "57P03": "cannot_connect_now", "25P02": "in_failed_transaction", "42601": "syntax_error", "22001": "string_data_right_truncation",
}  # fmt: skip


def database(subject: Subject) -> Finding | None:
    """`database` with the condition and the object; gated by the driver's class or by words only a database says."""
    low = subject.lowered
    typed = _TYPES.match(subject.type) is not None or subject.qualified.startswith(_MODULES)
    for name, gate, pattern in _CONDITIONS if typed else _UNTYPED:
        if gate in low and (found := _compiled(pattern).search(subject.text)):
            groups = found.groupdict()
            return _finding(name, groups.get("object") or groups.get("near") or "", found[0])
    return _by_class(subject) or _by_state(subject)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when a failure first needs it: compiling all of them takes longer than judging a small report."""
    return re.compile(pattern)


def _by_class(subject: Subject) -> Finding | None:
    """Classes of asyncpg and psycopg are named for PostgreSQL's conditions."""
    if subject.type in _BY_TYPE:
        return _finding(_BY_TYPE[subject.type], "", subject.type)
    if not subject.qualified.startswith(_MODULES):
        return None
    name = subject.type.removesuffix("Error").removeprefix("Postgres")
    if not name or name.startswith(
        ("Interface", "Operational", "Programming", "Internal", "Database", "Integrity", "Data")
    ):
        return None
    relation = _RELATION.search(subject.text)
    return _finding(_HUMP.sub("_", name).lower(), relation[1] if relation else "", subject.type)


def _by_state(subject: Subject) -> Finding | None:
    """An SQLSTATE, from the text or from the plugin; or MongoDB's name of a code."""
    if "'codename'" in subject.lowered and (code := _CODE_NAME.search(subject.text)):
        name = _HUMP.sub("_", code[1]).lower()
        return _finding(_CODE_NAMES.get(name, name), "", code[0])
    found = _SQLSTATE.search(subject.text) if "sqlstate" in subject.lowered else None
    state = (found[1] or found[2]) if found else subject.attribute("sqlstate")
    return _finding(_STATES.get(state, state), "", found[0] if found else state) if state else None


def _finding(condition: str, name: str, span: str) -> Finding:
    name = name if condition in _VERBATIM else mask(name)
    words = condition.replace("_", " ")
    of = f": {name}" if name else ""
    return finding("database", f"Database: {words}{of}", span, error=condition, object=name)
