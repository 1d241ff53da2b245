"""C identifiers, each given out once."""

import re
from dataclasses import dataclass, field

RESERVED = frozenset(
    """alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl const
    constexpr const_cast continue decltype default delete do double dynamic_cast else enum explicit
    export extern false float for friend goto hls if in inline int licc long main mutable namespace
    new noexcept not not_eq nullptr operator or or_eq out private protected public register
    reinterpret_cast return short signed sizeof static static_assert static_cast std struct switch
    template this thread_local throw true try typedef typeid typename union unsigned using virtual
    void volatile wchar_t while xor xor_eq""".split()
)


@dataclass
class Names:
    """Hands out identifiers of one scope."""

    taken: set[str] = field(default_factory=lambda: set(RESERVED))

    def claim(self, text: str) -> str:
        """An unused identifier like `text`: `g_a.0 mac` gives g_a_0_mac, the next time
        g_a_0_mac_2."""
        base = re.sub(r"[^0-9A-Za-z]+", "_", text).strip("_")
        if not base or base[0].isdigit():
            base = f"x{base}"
        name, number = base, 1
        while name in self.taken:
            number += 1
            name = f"{base}_{number}"
        self.taken.add(name)
        return name
