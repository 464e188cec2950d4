"""The way of one failure: clean, read, choose the root, ask rules and extractors, else fall back; then the key.

In: one `Failure` and the `Settings`. Out: a `Judgement` with the signature and every step. It never looks at another
failure, at history or at any order, and it never raises on outside text.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from triagebot.config import Rule, Suite, named_suites
from triagebot.reports.model import Failure, Raised
from triagebot.signatures import rules
from triagebot.signatures.assertion import actual_error, is_bare, own_words
from triagebot.signatures.captured_tracebacks import has_traceback, unhandled
from triagebot.signatures.clean import clean, shorten, unwrap, was_cut, without_stamp
from triagebot.signatures.code_location import without_runner
from triagebot.signatures.extractors import EXTRACTORS
from triagebot.signatures.extractors.connection import connection
from triagebot.signatures.extractors.http import SAID, http
from triagebot.signatures.extractors.variables import variables
from triagebot.signatures.fallback import fallback, shows_values
from triagebot.signatures.host import hosts_in, role, without_given_port
from triagebot.signatures.key import key, rule_key
from triagebot.signatures.languages import elsewhere, is_python
from triagebot.signatures.languages.shape import telling, unquoted
from triagebot.signatures.mask import Masked
from triagebot.signatures.model import Judgement, Signature
from triagebot.signatures.root_exception import root
from triagebot.signatures.settings import Settings
from triagebot.signatures.subject import TEXT_CAP, Finding, Slots, Subject
from triagebot.signatures.traceback import ExceptionText, bare, read
from triagebot.signatures.wanted_status import counts

_TITLE_CHARS = 160
_PLAIN = Settings()
NO_SOURCE = "???"
"""What pytest writes in place of a statement whose file is not there, as in many containers."""
_PROGRAMMING = frozenset(
    ("AttributeError", "TypeError", "NameError", "UnboundLocalError", "IndexError", "ZeroDivisionError")
)
"""Exceptions about the code itself: what their messages name is code, not what happened to a connection."""
_CARRIED = ("econn", "enotfound", "circular import", "fetch failed")
_CUT_NOTE = ("the text was cut: a line or the field is longer than what is read",)
_OF_PYTEST = re.compile(r"\.pyx?(?:::|$)|^(?:Test\w{0,100}[.:]{1,2}){0,9}test_\w{1,200}(?:\[|$)")
"""An id of a test that pytest wrote. Hit: `tests/test_a.py::test_b`. Hit: `TestA::test_b[1]`. Miss: `cart › adds`."""
_MASK = re.compile(r"\*{3}|redacted:")
"""A host of which only the mask is left. Hit: `***`. Miss: `api.example`."""
_MASKED_HOST = re.compile(
    r"://(?:\*{3}|\[REDACTED:)|host='?(?:\*{3}|\[REDACTED:)|(?i:to host|to|from|host|at|refused:) ['\"]?(?:\*{3}|\[REDACTED:)"
)
"""The mask of a host. Hit: `https://***/v1`. Hit: `(host='***', port=443)`. Miss: `password ***`."""
_MODULE_OF_PYTEST = re.compile(r"(?:^|\.)test_\w{1,200}\.(?:\w{1,200}\.){0,9}test\w{0,200}(?:\[|$)")
"""A test's id with dots. Hit: `tests.test_a.TestB.test_c[1]`. Miss: `shop.Cart.adds`."""
_BARE = 2_000
"""Characters below which a text may be no more than values."""
_SOURCE = re.compile(r"^(?:>| {4}|\S{1,300}:\d{1,7}: in |\s{1,8}File \")", re.MULTILINE)
"""A line of a traceback with source. Hit: `>   check()`. Hit: `a.py:7: in test_a`. Miss: `a.py:7: assert 1 == 2`."""
_HOSTED = frozenset(("host", "peer"))


def sign(failure: Failure, settings: Settings = _PLAIN) -> Signature:
    """The signature of a failure."""
    return judge(failure, settings).signature


def judge(failure: Failure, settings: Settings = _PLAIN) -> Judgement:
    """What a failure is, and every step that led there.

    Optional inputs (host roles, in-app paths, the plugin's chain) may refine the key; the key without them is kept in
    the signature's `aliases`.
    """
    judgement = _judged(failure, settings)
    signature = judgement.signature
    if signature.key.startswith("rule-"):
        return judgement
    plain = _plain_key(failure, settings) if settings.refines or failure.chain else ""
    former = _judged(failure, replace(settings, algorithm=1)).signature.key if _read_less(judgement) else ""
    if {plain, former} <= {"", signature.key}:
        return judgement
    signature = replace(
        signature,
        aliases=(*signature.aliases, *_others(plain, signature.key)),
        former=_others(former, signature.key),
    )
    return replace(judgement, signature=signature)


def _others(key_: str, own: str) -> tuple[str, ...]:
    """A key where it is another one."""
    return (key_,) if key_ and key_ != own else ()


def names_its_test(failure: Failure) -> bool:
    """Whether a key may depend on the test's name: of other languages' assertions, and where no source is shown."""
    return (
        not _OF_PYTEST.search(failure.test)
        or NO_SOURCE in failure.text
        or _SOURCE.search(failure.text) is None
    )


def _plain_key(failure: Failure, settings: Settings) -> str:
    """The key without optional inputs."""
    return _judged(replace(failure, chain=()), settings.plain()).signature.key


def _read_less(judgement: Judgement) -> bool:
    """Whether the algorithm before read less of the message, or another status."""
    return judgement.signature.algorithm != 1 and (
        judgement.statement.strip() == NO_SOURCE or judgement.reread
    )


def _judged(failure: Failure, settings: Settings) -> Judgement:
    """The judgement with exactly these inputs."""
    text = clean(failure.text)
    chain = read(text)
    if failure.chain:
        chain = _recorded_chain(failure.chain, chain)
    maybe_foreign = settings.algorithm != 1 and not failure.chain and not is_python(text)
    foreign = maybe_foreign and not (_OF_PYTEST.search(failure.test) or _shows_values_of_pytest(failure))
    told_elsewhere = elsewhere(clean(failure.message), text) if maybe_foreign else ()
    if not foreign and not any(told.raised.frames for told in told_elsewhere):
        told_elsewhere = ()  # words alone are Python's where the test is
    if not chain and not told_elsewhere:
        text = _unclaimed_text(failure, text) if foreign else unwrap(clean(failure.message)) or text
        chain = tuple(replace(told, foreign=foreign) for told in bare(text))
    chain = told_elsewhere or chain
    parsed = bool(chain)
    chain = chain or (_unparsed(text, foreign=foreign),)
    chain = tuple(map(_as_the_test_saw_it, chain))
    chain = (*_of_the_server(failure, chain[-1], settings), *chain)
    at, reason, name, found, masks = _decided(chain, failure, settings)
    found = _with_roles(_without_given_ports(found, settings), settings)
    judgement = Judgement(
        signature=replace(_signature(found, chain), algorithm=settings.algorithm),
        failure=failure,
        chain=tuple(told.raised for told in chain),
        root=chain[at].raised,
        root_reason=reason if parsed else "no exception could be read from the text",
        extractor=name,
        span=found.span,
        masks=masks,
        statement=chain[at].statement,
        parsed=parsed,
        notes=_CUT_NOTE if was_cut(text) else (),
        reread=found.reread or (name == "fallback" and counts(chain[at].raised.message)),
    )
    plain = judgement.signature.key
    held = rules.first(settings.rules, failure, chain[at].raised, plain) if settings.rules else None
    return _ruled(judgement, *held, settings.suites) if held else judgement


def _shows_values_of_pytest(failure: Failure) -> bool:
    """Whether a test in a module of pytest's, as JUnit writes it, shows a bare assertion of Python's and nothing else."""
    said = (failure.text.strip() or failure.message.strip()).removeprefix("AssertionError: ")
    return len(said) < _BARE and _MODULE_OF_PYTEST.search(failure.test) is not None and shows_values(said)


def _decided(
    chain: Sequence[ExceptionText], failure: Failure, settings: Settings
) -> tuple[int, str, str, Finding, tuple[Masked, ...]]:
    """Index of the root, the reason, who decided, the finding, and what was masked."""
    subjects: dict[int, Subject] = {}
    asked: dict[int, tuple[str, Finding] | None] = {}

    def ask(at: int) -> Finding | None:
        if at not in asked:
            subjects[at] = _subject(chain[at], failure, settings)
            asked[at] = _grouped(subjects[at], chain[at], failure, settings) or _extracted(subjects[at])
        found = asked[at]
        return found[1] if found else None

    at, reason = root(chain, ask)
    ask(at)
    masks: list[Masked] = []
    name, found = asked[at] or ("fallback", fallback(subjects[at], masks))
    return at, reason, name, found, tuple(masks)


def _of_the_server(failure: Failure, last: ExceptionText, settings: Settings) -> tuple[ExceptionText, ...]:
    """What a server in the test process raised, where the test saw no more than that its connection was closed."""
    if not has_traceback(failure.sections):
        return ()
    found = connection(_subject(last, failure, settings))
    return unhandled(failure.sections) if found and ("state", "closed") in found.slots else ()


def _subject(told: ExceptionText, failure: Failure, settings: Settings) -> Subject:
    """What the extractors see of one exception."""
    raised = told.raised
    text = shorten(raised.message, TEXT_CAP)
    type_ = telling(raised.type) if told.foreign else _bare(raised)
    return Subject(
        type=type_,
        qualified=raised.type,
        text=text,
        lowered=text.lower(),
        statement=told.statement,
        frames=raised.frames,
        shown=told.source,
        phase=failure.phase,
        asserted=not told.foreign and type_ == "AssertionError" and is_bare(text),
        attributes=raised.attributes,
        in_app=settings.in_app,
        test=failure.join if told.foreign else _function(failure),
        sourceless=settings.algorithm != 1 and told.statement.strip() == NO_SOURCE,
        foreign=told.foreign,
        compares=settings.algorithm != 1,
        whole_test=failure.join.partition("[")[0],
    )


def _function(failure: Failure) -> str:
    """Class and function of a test, or module and function, without parameters."""
    return ".".join(failure.join.partition("[")[0].split(".")[-2:])


def _extracted(subject: Subject) -> tuple[str, Finding] | None:
    """The first extractor that knows this exception, and what it found."""
    if not (subject.text or subject.type or subject.statement or subject.shown or subject.frames):
        return None
    if subject.asserted:
        if found := http(subject):
            return "http", found
        return ("variables", found) if (found := variables(subject)) else _from_quoted(subject)
    if (
        subject.type in _PROGRAMMING
        and not subject.foreign
        and not any(map(subject.lowered.__contains__, _CARRIED))
    ):
        return None
    words, values = own_words(subject.text) if subject.type == "AssertionError" else ("", "")
    if not values:
        return _first(subject)
    said = f"{subject.statement}{SAID}{words}" if subject.compares else subject.statement
    return _first(_with_text(subject, words)) or _extracted(
        replace(_with_text(subject, values), asserted=True, statement=said)
    )


def _first(subject: Subject) -> tuple[str, Finding] | None:
    """What the first extractor that answers has found, with the extractor's name."""
    for name, extractor in EXTRACTORS.items():
        if found := extractor(subject):
            return name, found
    return None


def _from_quoted(subject: Subject) -> tuple[str, Finding] | None:
    """What is known of the error that an assertion was about."""
    type_, text = actual_error(subject)
    if not text:
        return None
    return _first(replace(_with_text(subject, text), type=type_, qualified=type_, asserted=False))


def _with_text(subject: Subject, text: str) -> Subject:
    return replace(subject, text=text, lowered=text.lower())


def _grouped(
    subject: Subject, told: ExceptionText, failure: Failure, settings: Settings
) -> tuple[str, Finding] | None:
    """An exception group as the sorted unique roots of its leaves; one leaf is that leaf, and a cancelled one never counts."""
    leaves = [leaf for leaf in told.raised.leaves if _bare(leaf) != "CancelledError"]
    if not leaves:
        return None
    found: dict[str, tuple[str, Finding]] = {}
    for leaf in leaves:
        chain = [ExceptionText(each) for each in (*leaf.before, leaf)]
        _at, _reason, name, finding, _masks = _decided(chain, failure, settings)
        found[key(finding.kind, finding.slots)] = (name, finding)
    if len(found) == 1:
        return next(iter(found.values()))
    titles = "; ".join(sorted({finding.title for _name, finding in found.values()}))
    slots: Slots = (("leaves", " ".join(sorted(found))),)
    return "group", Finding("exceptions", slots, f"{len(found)} failures at once: {titles}", subject.first)


def _recorded_chain(chain: Sequence[Raised], read_: Sequence[ExceptionText]) -> tuple[ExceptionText, ...]:
    """The chain that the plugin recorded, which beats text, with the source that only text shows.

    A fixture that is not there has its words in the text alone.
    """
    if chain[-1].type.endswith("FixtureLookupError") and read_:
        return tuple(read_)
    shown = {_bare(told.raised): told for told in read_}
    return tuple(_with_source(raised, shown.get(_bare(raised))) for raised in chain)


def _with_source(raised: Raised, told: ExceptionText | None) -> ExceptionText:
    """An exception of the plugin's with frames, statement and source of the one that the text tells."""
    if told is None or not told.raised.frames:
        return ExceptionText(raised)
    return replace(told, raised=replace(raised, frames=told.raised.frames))


def _bare(raised: Raised) -> str:
    return raised.type.rpartition(".")[2]


def _as_the_test_saw_it(told: ExceptionText) -> ExceptionText:
    """The exception as the test saw it, where the runner's own assertion raised it."""
    frames = without_runner(told.raised.frames)
    if not frames or len(frames) == len(told.raised.frames):
        return told
    return ExceptionText(replace(told.raised, frames=frames), frames[-1].code)


def _unclaimed_text(failure: Failure, text: str) -> str:
    """What a failure says that no language knows for its own: the text from where it says the message, else the message."""
    message = clean(failure.message).strip()
    at = text.find(message.partition("\n")[0])
    said = text[at:].strip() if at >= 0 else message
    return unquoted(said.removeprefix("Unknown Error: "))


def _unparsed(text: str, *, foreign: bool) -> ExceptionText:
    """Text in which no exception could be read, as it stands, without what log lines begin with."""
    lines = [without_stamp(line.strip()) for line in text.split("\n") if line.strip()]
    return ExceptionText(Raised("", "\n".join(lines[:40])), foreign=foreign)


def _signature(found: Finding, chain: Sequence[ExceptionText]) -> Signature:
    """The signature of a finding. Beside its own hosts stand those that an exception names: source code is about anything."""
    said = [raised.message for told in chain for raised in (told.raised, *told.raised.leaves)]
    hosts = tuple(dict.fromkeys((*found.hosts, *hosts_in("\n".join(said)))))
    slots = tuple(sorted(found.slots))
    title = " ".join(found.title.split())
    hostless = tuple(slot for slot in slots if slot[0] not in _HOSTED)
    return Signature(
        key(found.kind, slots),
        found.kind,
        slots,
        shorten(title, _TITLE_CHARS),
        hosts,
        bare=key(found.kind, hostless) if hostless != slots else "",
        masked=hostless == slots and any(_MASKED_HOST.search(text) for text in said),
    )


def _without_given_ports(found: Finding, settings: Settings) -> Finding:
    """The finding without masked hosts, and without ports that an orchestrator handed out, which are others tomorrow."""
    given = [
        (name, value) for name, value in found.slots if name in _HOSTED and (":" in value or "*" in value)
    ]
    bare = [(n, v, "" if _MASK.match(v) else without_given_port(v, settings.hosts)) for n, v in given]
    if settings.algorithm == 1 or all(value == host for _, value, host in bare):
        return found
    title, named = found.title, {name: host for name, _, host in bare}
    for _, value, host in bare:
        title = title.replace(
            value, host or ("a masked host" if _MASK.match(value) else value.rpartition(":")[0])
        )
    slots = ((name, named.get(name, value)) for name, value in found.slots)
    return replace(found, slots=tuple(slot for slot in slots if slot[1]), title=title, reread=True)


def _with_roles(found: Finding, settings: Settings) -> Finding:
    """The finding with hosts replaced by the roles that the config gives them."""
    if not settings.hosts or not any(name in _HOSTED for name, _value in found.slots):
        return found
    title = found.title
    slots = []
    for name, value in found.slots:
        said = role(value, settings.hosts) if name in _HOSTED else value
        title = title.replace(value, said) if said != value else title
        slots.append((name, said))
    return replace(found, slots=tuple(slots), title=title)


def _ruled(judgement: Judgement, number: int, rule: Rule, suites: Sequence[Suite]) -> Judgement:
    """The judgement under a user's rule."""
    signature = replace(
        judgement.signature, title=rule.title or judgement.signature.title, labels=rule.labels
    )
    if rule.key or rule.ignore:
        literal = rule_key(rule.key or f"ignored-{number}")
        signature = replace(signature, key=literal, kind="rule", slots=(), aliases=())
        note = f"rule {number} {'ignores this failure' if rule.ignore else f'gives the key {literal}'}"
        return replace(
            judgement,
            signature=signature,
            extractor=f"rule:{number}",
            ignored=rule.ignore,
            notes=(*judgement.notes, note),
        )
    slots = tuple(sorted({**dict(signature.slots), **_facts(judgement, rule, suites)}.items()))
    split = replace(signature, slots=slots, key=key(signature.kind, slots), aliases=(signature.key,))
    note = f"rule {number} splits by {', '.join(rule.split)}"
    return replace(judgement, signature=split, extractor=f"rule:{number}", notes=(*judgement.notes, note))


def _facts(judgement: Judgement, rule: Rule, suites: Sequence[Suite]) -> dict[str, str]:
    """What a splitting rule adds to the identity."""
    failure = judgement.failure
    known = {
        "test": failure.test.partition("[")[0],
        "module": failure.test.partition("::")[0],
        "phase": failure.phase,
        "host": " ".join(judgement.signature.hosts),
        "type": _bare(judgement.root),
        "suite": named_suites(failure.test, suites),
    }
    return {f"by_{name}": known[name] for name in rule.split}
