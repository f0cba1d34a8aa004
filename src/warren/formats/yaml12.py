"""YAML 1.2 into a tree in which every key and value knows its place.

In: the text of one file. Out: `Scalar`, `Sequence` and `Mapping` values, or `Refused` with every error that was found.
Never reads files, never makes objects from tags, never guesses: no merge keys, no duplicate keys, no second document.

Plain scalars follow the core schema of YAML 1.2: `true`, `null`, `0o17` and `0x1F` are values, `017` is 17 (not 15),
and `no`, `on`, `22:22` and `2024-01-01` are text. `Scalar.raw` keeps what was written. PyYAML's events are used instead
of its `compose()`: they need no recursion, so the depth of a hostile file is known before anything is built from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from warren.basis.diagnostic import Diagnostic, Place, Refused, error
from warren.formats.yaml12_mistakes import explain, quoted, shown
from warren.formats.yaml12_scalars import CORE, KINDS, is_kind, scalar_value
from warren.formats.yaml12_text import FORBIDDEN, character_name, forbidden, tabs_between, too_large
from warren.formats.yaml12_tree import Entry as Entry
from warren.formats.yaml12_tree import Mapping as Mapping
from warren.formats.yaml12_tree import Node as Node
from warren.formats.yaml12_tree import Plain as Plain
from warren.formats.yaml12_tree import Scalar as Scalar
from warren.formats.yaml12_tree import Sequence as Sequence
from warren.formats.yaml12_tree import Value as Value
from warren.formats.yaml12_tree import at as at
from warren.formats.yaml12_tree import plain as plain

MAXIMUM_NODES = 1_000_000
MAXIMUM_DEPTH = 40
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str, file: str) -> Node:
    """The tree of the only document in `text`."""
    if problems := too_large(text, file) or forbidden(text, file):
        raise Refused(problems)
    builder = _Builder(text, file)
    root = builder.build()
    if builder.errors:
        raise Refused(builder.errors)
    if root is None or (isinstance(root, Scalar) and root.value is None and not root.raw):
        raise Refused(
            [
                error(
                    "yaml-empty",
                    "the file is empty",
                    Place(file, 1, 1),
                    "`warren init other.yaml` writes one to start from",
                )
            ]
        )
    return root


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet. `size` and `height` are counted with aliases expanded."""

    is_mapping: bool
    place: Place
    anchor: str | None
    items: list[Node] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    seen: dict[str, Place] = field(default_factory=dict)
    key: Scalar | None = None
    size: int = 1
    height: int = 1

    @property
    def wants_key(self) -> bool:
        return self.is_mapping and self.key is None

    def closed(self) -> Node:
        return Mapping(tuple(self.entries), self.place) if self.is_mapping else Sequence(tuple(self.items), self.place)


class _Builder:
    """Turns events into nodes; one for each text. `errors` holds what was found on the way."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.errors: list[Diagnostic] = []
        self.root: Node | None = None
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int, int] | None] = {}
        self.nodes = 0
        self.documents = 0
        self.has_tabs = "\t" in text
        self.spans: list[tuple[int, int]] = []

    def build(self) -> Node | None:
        for event in self._events():
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event)
                case yaml.CollectionStartEvent():
                    self._start(event)
                case yaml.CollectionEndEvent():
                    self._end()
                case yaml.AliasEvent():
                    self._alias(event)
                case yaml.DocumentStartEvent():
                    self._document(event)
        if self.has_tabs:
            self.errors += tabs_between(self.text, self.file, self.spans)
        return self.root

    def _events(self) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(self.text, Loader=LOADER)
        except yaml.YAMLError as found:
            self._stop(explain(found, self.text, self.file))
        except (ValueError, OverflowError) as found:
            # The pure loader hands the numbers of `%YAML` and of `\U` escapes to int() and chr() unchecked.
            self._stop(error("yaml-syntax", f"this is not YAML: {shown(str(found))}", Place(self.file, 1, 1)))

    def _stop(self, last: Diagnostic) -> None:
        raise Refused([*self.errors, last]) from None

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _span(self, event: yaml.Event) -> tuple[int, int]:
        assert event.start_mark is not None and event.end_mark is not None
        return event.start_mark.index, event.end_mark.index

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        place = self._place(event)
        if self.documents > 1:
            self._stop(error("yaml-documents", "a second document starts here", place, "one file holds one document"))
        if event.version and tuple(event.version) != (1, 2):
            written = ".".join(map(str, event.version))
            self.errors.append(error("yaml-directive", f"the file is read as YAML 1.2, not as {written}", place))
        if event.tags:
            self.errors.append(error("yaml-tag", "tags cannot be declared here", place, "delete the line with %TAG"))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        raw, place = event.value, self._place(event)
        if self.has_tabs:
            self.spans.append(self._span(event))
        is_plain = not event.style
        value = scalar_value(raw) if is_plain else raw
        if event.tag is not None:
            value = self._tagged(event.tag, raw, place)
        elif event.style == '"' and (character := FORBIDDEN.search(raw)):
            summary = f"the text contains {character_name(character.group())}"
            self.errors.append(error("yaml-character", summary, place, "delete its escape"))
        elif is_plain and " - " in raw:
            self._check_swallowed(self._span(event), place)
        scalar = Scalar(value, raw, place)
        if self.open and self.open[-1].wants_key:
            self._check_key(scalar, is_plain)
        self._attach(scalar, event.anchor, 1, 0)

    def _tagged(self, tag: str, raw: str, place: Place) -> Value:
        name = tag.removeprefix(CORE) if tag.startswith(CORE) else None
        if name == "str":
            return raw
        if name not in KINDS:
            self._refuse_tag(tag, place)
            return raw
        value = scalar_value(raw)
        if not is_kind(value, name):
            self.errors.append(error("yaml-tag", f"`{shown(raw)}` is not what the tag `!!{name}` says", place))
        return float(value) if name == "float" and type(value) is int else value

    def _refuse_tag(self, tag: str, place: Place) -> None:
        written = tag.replace(CORE, "!!", 1)
        hint = "delete the tag, or put the value in quotes if the `!` belongs to it"
        self.errors.append(error("yaml-tag", f"the tag `{shown(written)}` has no meaning here", place, hint))

    def _check_swallowed(self, span: tuple[int, int], start: Place) -> None:
        # `- a` with `- b` indented deeper below it is one text "a - b" to YAML, and never what was meant.
        for offset, line in enumerate(self.text[slice(*span)].splitlines()):
            if offset and line.lstrip().startswith("- "):
                place = Place(self.file, start.line + offset, len(line) - len(line.lstrip()) + 1)
                summary = "this line is indented so deep that it continues the text above instead of being a list item"
                self.errors.append(error("yaml-indentation", summary, place, "align it with the items above"))
                return

    def _check_key(self, key: Scalar, is_plain: bool) -> None:
        if not is_plain:
            return
        if key.raw == "<<":
            hint = "write the keys out, or use an alias for a whole value"
            self.errors.append(error("yaml-merge", "merge keys (`<<`) are not part of YAML 1.2", key.place, hint))
        elif not key.raw:
            self.errors.append(error("yaml-key", "a key is missing before the colon", key.place))
        elif key.raw.endswith(":"):
            hint = f"write {quoted(key.raw + ':')}"
            self.errors.append(error("yaml-quote", "an address that ends with `::` must be in quotes", key.place, hint))

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        place = self._place(event)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag is not None and event.tag != CORE + ("map" if is_mapping else "seq"):
            self._refuse_tag(event.tag, place)
        if self.open and self.open[-1].wants_key:
            hint = "put text that starts with `{` or `[` in quotes"
            self.errors.append(error("yaml-key", "a key must be text, not a list or a mapping", place, hint))
        if event.anchor:
            self.anchors[event.anchor] = None
        self.open.append(_Open(is_mapping, place, event.anchor))
        self._check_depth(len(self.open), place)

    def _end(self) -> None:
        done = self.open.pop()
        self._attach(done.closed(), done.anchor, done.size, done.height)

    def _alias(self, event: yaml.AliasEvent) -> None:
        name, place = event.anchor or "", self._place(event)
        node: Node = Scalar(None, "", place)
        size, height = 1, 0
        if self.open and self.open[-1].wants_key:
            self.errors.append(error("yaml-key", "a key must be written out, not be an alias", place))
        elif name not in self.anchors:
            hint = f"write {quoted('*' + name)} if this is text"
            self.errors.append(error("yaml-alias", f"nothing above is marked `&{shown(name)}`", place, hint))
        elif (known := self.anchors[name]) is None:
            self.errors.append(error("yaml-alias", f"the alias `*{shown(name)}` stands inside what it names", place))
        else:
            node, size, height = known
            self._check_depth(len(self.open) + height, place)
        self._attach(node, None, size, height, place)

    def _check_depth(self, depth: int, place: Place) -> None:
        if depth > MAXIMUM_DEPTH:
            self._stop(error("yaml-too-deep", f"lists and mappings are nested deeper than {MAXIMUM_DEPTH}", place))

    def _attach(self, node: Node, anchor: str | None, size: int, height: int, place: Place | None = None) -> None:
        """Hang a finished node into the innermost open one; what is inside it has been counted already."""
        self.nodes += 1 if place is None else size
        if self.nodes > MAXIMUM_NODES:
            summary = f"the file has more than {MAXIMUM_NODES:,} values, counting an alias as all that it stands for"
            self._stop(error("yaml-too-many", summary, place or node.place))
        if anchor:
            self.anchors[anchor] = (node, size, height)
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        top.size += size
        top.height = max(top.height, height + 1)
        if not top.is_mapping:
            top.items.append(node)
        elif top.key is None:
            top.key = node if isinstance(node, Scalar) else Scalar(None, "", node.place)
        else:
            self._enter(top, top.key, node)

    def _enter(self, top: _Open, key: Scalar, node: Node) -> None:
        top.key = None
        if first := top.seen.get(key.raw):
            summary = f"the key `{shown(key.raw)}` is written twice, the first time in line {first.line}"
            self.errors.append(error("yaml-duplicate-key", summary, key.place, None, first))
            return
        top.seen[key.raw] = key.place
        top.entries.append(Entry(key.raw, key.place, node))
