"""What is told of the place of a session: enough to know one's own, too little to follow anyone."""

from ipaddress import ip_address, ip_network

# In this order: a browser names those that it descends from.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"))
SYSTEMS = (
    *(("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Mac OS", "Mac"), ("Linux", "Linux")),
)


def device_of(user_agent: str) -> str:
    """Return the browser and the system in words: « Firefox, Windows »."""
    browser = _first(BROWSERS, user_agent) or ("Safari" if "Safari" in user_agent else "")
    words = [word for word in (browser, _first(SYSTEMS, user_agent)) if word]
    return ", ".join(words) or "Appareil inconnu"


def place_of(address: str) -> str:
    """Return the network of an address: the first 24 bits (IPv4) or 48 (IPv6), in its notation."""
    try:
        bits = 24 if ip_address(address).version == 4 else 48
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{bits}", strict=False))


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((word for mark, word in names if mark in user_agent), "")
