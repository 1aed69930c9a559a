"""Small rule files as Schematron compiles to them: XSLT whose result is SVRL."""

from __future__ import annotations

from pathlib import Path

from tests.sources.ehf.bills import UBL

_SHEET = """<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:svrl="http://purl.oclc.org/dsdl/svrl" xmlns:cbc="{ubl}CommonBasicComponents-2">
{more}<xsl:template match="/">
<svrl:schematron-output>{found}</svrl:schematron-output></xsl:template>
</xsl:stylesheet>"""
NOTED = "/*/cbc:Note = '{}'"


def found_if(test: str, code: str, words: str, *, flag: str = "fatal", id_: bool = True) -> str:
    """A finding where the test is true; without a flag it is an error, as in Schematron."""
    named = f' id="{code}"' if id_ else ""
    weight = f' flag="{flag}"' if flag else ""
    return (
        f'<xsl:if test="{test}"><svrl:failed-assert{named}{weight} location="/*">'
        f"<svrl:text>[{code}]-{words}</svrl:text></svrl:failed-assert></xsl:if>"
    )


def write_rules(path: Path, found: str, more: str = "") -> Path:
    """The rule file at the path."""
    path.write_text(_SHEET.format(ubl=UBL, found=found, more=more))
    return path


def value_of(expression: str) -> str:
    """A finding whose words are what the expression gives."""
    return (
        '<svrl:failed-assert id="X" flag="fatal"><svrl:text>'
        f'<xsl:value-of select="{expression}"/></svrl:text></svrl:failed-assert>'
    )
