"""The process that runs rule files: a program of its own, which imports nothing of so24.

It reads one JSON object (rule files by name, documents in order) and writes one: what each rule
file says of each document, as SVRL, or why it cannot be run. Rule files are programs of others.
They are kept from everything but the document: Saxon may read and write nothing over any protocol
(files included), call nothing outside, and the process has no environment. A crash or a flood of
memory ends this process only.
"""

from __future__ import annotations

import json
import sys
from typing import Any

_FEATURE = "http://saxon.sf.net/feature/"
_LOCKED = {"allowedProtocols": "none", "allow-external-functions": "false"}
_LONGEST = 300


def judge(rules: dict[str, str], documents: list[str]) -> dict[str, Any]:
    """``faults``: why a rule file is no program, by its name; ``said``: of each document, by rule
    file, its result (``svrl``) or why it has none (``error``).
    """
    from saxonche import PySaxonProcessor

    faults: dict[str, str] = {}
    said: list[dict[str, dict[str, str]]] = [{} for _ in documents]
    with PySaxonProcessor(license=False) as saxon:
        for feature, value in _LOCKED.items():
            saxon.set_configuration_property(_FEATURE + feature, value)
        nodes = [saxon.parse_xml(xml_text=document) for document in documents]
        compiler = saxon.new_xslt30_processor()
        for name, text in rules.items():
            try:
                sheet = compiler.compile_stylesheet(stylesheet_text=text)
            except Exception as error:  # whatever is wrong with it: it is named, and not asked
                faults[name] = _cut(error)
                continue
            for node, answers in zip(nodes, said, strict=True):
                try:
                    sheet.set_global_context_item(xdm_item=node)
                    answers[name] = {"svrl": sheet.transform_to_string(xdm_node=node) or ""}
                except Exception as error:  # it fails on this document, and may judge others
                    answers[name] = {"error": _cut(error)}
    return {"faults": faults, "said": said}


def _cut(error: Exception) -> str:
    return " ".join(str(error).split())[:_LONGEST]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(judge(asked["rules"], asked["documents"]), sys.stdout)
