"""Second looks at ways to reach somebody: mailboxes, telephones, addresses of the internet."""

import re
from ipaddress import IPv6Address, ip_interface
from typing import Final

from haechi.gateway.classify.checks.digits import digits_of
from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, PLAIN, STRONG, Verdict

_ROLES: Final = re.compile(
    r"info|help|helpdesk|support|no[-_.]?reply|do[-_.]?not[-_.]?reply|admin|administrator|contact|sales|webmaster|postmaster|hostmaster"
    r"|root|git|hr|recruit|careers?|jobs|privacy|press|pr|media|billing|finance|account(?:s|ing)?|office|service|cs|abuse"
    r"|security|legal|marketing|newsletter|news|notification[s]?|alerts?|ops|dev|team|master|customer|partners?|inquiry"
)
_RESERVED: Final = re.compile(r"(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$")
"""Domains that belong to nobody: RFC 2606, RFC 6761."""
_FILE: Final = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|ico|css|js|mjs|ts|tsx|json|ya?ml|html?|md|txt|zip|tgz|gz|service|socket|timer|target)$"
)


def _mailbox(matched: str) -> tuple[str, str] | None:
    """The mailbox and its domain; `None` for a login in an address, a file or a unit of systemd."""
    if "://" in matched or _FILE.search(matched):
        return None
    mailbox, _, domain = matched.lower().replace(" ", "").rpartition("@")
    return (
        None
        if (mailbox, domain.split(".")[0]) == ("git", "github") or mailbox == "git"
        else (mailbox, domain)
    )


def _is_desk(mailbox: str, domain: str) -> bool:
    return _ROLES.fullmatch(mailbox) is not None or _RESERVED.search(domain) is not None


def personal_mailbox(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The mailbox of a person."""
    found = _mailbox(groups[0] or "")
    return STRONG if found and not _is_desk(*found) else NO


def desk_mailbox(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The mailbox of a desk, which is nobody's, or one in a domain that belongs to nobody."""
    found = _mailbox(groups[0] or "")
    return STRONG if found and _is_desk(*found) else NO


_COUNTRY: Final = re.compile(
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[146]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[789]\d|8[0578]\d|9[679]\d"
)


def foreign_phone(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """E.164: a country code that is given out, nine to fifteen digits. Korean numbers have rules of their own."""
    digits = digits_of(matched)
    if not 9 <= len(digits) <= 15 or digits.startswith("82"):
        return NO
    return STRONG if _COUNTRY.match(digits) else NO


_FREE: Final = re.compile(r"(?:1\D)?(?:800|88[0-9]|877|866|855|844|833)\D")


def named_phone(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A number abroad that is called a telephone; those free of charge are public."""
    return PLAIN if 10 <= len(digits_of(matched)) <= 16 and not _FREE.match(matched) else NO


_SECTION: Final = re.compile(
    r"(?i)(?:제|§|¶|[가-힣]항|표|그림|부록|별표|별지|조항|항목"
    r"|(?:section|sec\.|clause|article|annex|appendix|table|fig(?:ure|\.)?|chapter)) ?$"
)
_SMALL: Final = 40
"""Sections are numbered so far; one address in two thousand has no greater figure."""


def _address(matched: str, groups: tuple[str | None, ...]) -> str | None:
    """`public` or `inner`; `None` for what only looks like an address of version four."""
    network = ip_interface(matched)
    figures = [int(each) for each in matched.split("/")[0].split(".")]
    if max(figures) < (10 if figures[0] == 10 else _SMALL) or _SECTION.search(groups[-2] or ""):
        return None  # a section or a version
    return "public" if network.ip.is_global else "inner"


def small_address(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Four small figures: an address only where one is spoken of."""
    return PLAIN if max(map(int, matched.split("."))) < _SMALL and not matched.startswith("10.") else NO


def public_address(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """An address that the world can reach; a version looks the same, so that name beats it."""
    return DOUBTFUL if _address(matched, groups) == "public" else NO


def inner_address(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A private, loopback, reserved or documentation address."""
    return DOUBTFUL if _address(matched, groups) == "inner" else NO


_KNOWN_BEGINNING: Final = re.compile(
    r"(?i)2[0-9a-f]{3}:|fe[89ab][0-9a-f]:|f[cd][0-9a-f]{2}:|ff[0-9a-f]{2}:|::ffff:|64:ff9b:"
)


def _six(matched: str) -> str | None:
    """`public` or `inner`; `None` for times, hardware addresses, names of C++ and slices of Python."""
    groups = [group for group in re.split("[:/%]", matched) if group]
    if (
        not _KNOWN_BEGINNING.match(matched)
        and len(groups) < 4
        and not (matched.startswith("::1") and len(groups) == 1)
    ):
        return None
    if len(groups) < 2 and matched != "::1":
        return None
    try:
        address = ip_interface(matched).ip
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return "public" if address.ipv4_mapped.is_global else "inner"
    if all(len(group) == 2 for group in groups) and "::" not in matched:
        return None  # a hardware address of eight bytes
    return "public" if address.is_global else "inner"


def public_six(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """An address of version six that the world can reach."""
    return STRONG if _six(matched) == "public" else NO


def inner_six(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A local, private or documentation address of version six."""
    return STRONG if _six(matched) == "inner" else NO
