"""Which addresses a zone may have: the question the door asks of every address, just before it connects.

| address                                     | onprem       | cloud, by name | cloud, by literal or localhost |
|---------------------------------------------|--------------|----------------|--------------------------------|
| metadata, link-local, multicast, unspecified | never        | never          | never                          |
| loopback                                    | yes          | no (rebinding) | yes                            |
| private: RFC 1918, 100.64/10, fc00::/7      | yes          | if attested    | yes                            |
| public                                      | if attested  | yes            | yes                            |

A cloud name that suddenly resolves to a private address is DNS rebinding, unless somebody attested that it is a
private link of the provider. IPv4 addresses inside IPv6 ones are judged as what they reach.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, Literal

from haechi.domain.destination import Zone

Address = IPv4Address | IPv6Address
Kind = Literal["never", "loopback", "private", "public"]

METADATA: Final = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",  # AWS, Azure, GCP, Naver Cloud
        "169.254.170.2",  # AWS ECS credentials
        "100.100.100.200",  # Alibaba Cloud
        "192.0.0.192",  # Oracle Cloud
        "168.63.129.16",  # Azure WireServer
        "fd00:ec2::254",  # AWS over IPv6
        "fd20:ce::254",  # GCP over IPv6
    )
)
"""Where clouds hand out a machine's own credentials; some lie in ranges that would otherwise be private."""

_PRIVATE: Final = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("100.64.0.0/10"),
)
_UNIQUE_LOCAL: Final = IPv6Network("fc00::/7")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_LOCAL_NAT64: Final = IPv6Network("64:ff9b:1::/48")
"""RFC 8215: a site's own translator. It may put the IPv4 address at the end, as above, or further in front and
zeros behind (RFC 6052, 2.2); where is not known from outside."""


def kind(address: Address) -> Kind:
    """What sort of place `address` is.

    >>> kind(ip_address("10.1.2.3")), kind(ip_address("::ffff:127.0.0.1")), kind(ip_address("fe80::1"))
    ('private', 'loopback', 'never')
    """
    if isinstance(address, IPv6Address) and (inner := _inner(address)) is not None:
        return kind(inner)
    if address in METADATA:
        return "never"
    if address.is_loopback:
        return "loopback"
    private = (
        address in _UNIQUE_LOCAL
        if isinstance(address, IPv6Address)
        else any(address in network for network in _PRIVATE)
    )
    if private:
        return "private"
    return "public" if address.is_global and not address.is_multicast else "never"


def allowed(address: Address, zone: Zone, *, attested: bool, explicit: bool) -> bool:
    """Whether a destination of `zone` may be at `address`. `explicit`: the URL names a literal or localhost."""
    place = kind(address)
    if place == "never":
        return False
    if zone == "onprem":
        return attested or place != "public"
    return explicit or place == "public" or (attested and place == "private")


def literal(host: str) -> Address | None:
    """`host` as an address, if it is one."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _LOCAL_NAT64:
        at_the_end = int(address) & 0xFFFF_FFFF
        in_front = at_the_end & 0xFF_FFFF == 0  # nobody is at x.0.0.0; 0.0.0.0 goes nowhere
        return IPv4Address(0 if in_front else at_the_end)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
