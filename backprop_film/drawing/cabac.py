"""The arithmetic code of a picture in which every macroblock is skipped (ITU-T Rec. H.264, clause 9.3).

Each macroblock says twice what was to be expected: that it is skipped, and that it is not the last. Such bits cost the
less the more of them there have been: a picture of 8,160 macroblocks takes some forty bytes.
"""

from __future__ import annotations

from functools import cache

__all__ = ["INIT", "QUALITY", "all_skipped"]

#: ``cabac_init_idc`` and the slice's QP, with which ``mb_skip_flag`` begins nearest to certain.
INIT, QUALITY = 2, 51
#: State of the context 11 of ``mb_skip_flag`` at the start: m = 29, n = 16 (table 9-13), by equation 9-5.
_FIRST_STATE = ((29 * QUALITY) >> 4) + 16 - 64
_LAST_STATE = 62
#: ``rangeTabLPS`` (table 9-44) of states 44 to 62.
_LEAST_PROBABLE = (
    (14, 18, 21, 24), (14, 17, 20, 23), (13, 16, 19, 22), (12, 15, 18, 21), (12, 14, 17, 20), (11, 14, 16, 19),
    (11, 13, 15, 18), (10, 12, 15, 17), (10, 12, 14, 16), (9, 11, 13, 15), (9, 11, 12, 14), (8, 10, 12, 14),
    (8, 9, 11, 13), (7, 9, 11, 12), (7, 9, 10, 12), (7, 8, 10, 11), (6, 8, 9, 11), (6, 7, 9, 10), (6, 7, 8, 9),
)  # fmt: skip


class _Encoder:
    """Clause 9.3.4.2, as far as it is needed: bits that are as expected, and the one that ends a slice."""

    def __init__(self) -> None:
        self.bits: list[str] = []
        self._low, self._range, self._outstanding, self._first = 0, 510, 0, True

    def expected(self, state: int) -> None:
        """The more probable value."""
        self._range -= _LEAST_PROBABLE[state - _FIRST_STATE][self._range >> 6 & 3]
        self._renormalise()

    def end(self, last: bool) -> None:
        """Whether the slice ends here; if so, its last bits, and the one that ends the unit."""
        self._range -= 2
        if last:
            self._low += self._range
            self._range = 2
        self._renormalise()
        if last:
            self._put(self._low >> 9 & 1)
            self.bits.append(f"{self._low >> 7 & 3 | 1:02b}")

    def _renormalise(self) -> None:
        while self._range < 256:
            if self._low < 256:
                self._put(0)
            elif self._low >= 512:
                self._low -= 512
                self._put(1)
            else:
                self._low -= 256
                self._outstanding += 1
            self._range <<= 1
            self._low <<= 1

    def _put(self, bit: int) -> None:
        if self._first:
            self._first = False
        else:
            self.bits.append(str(bit))
        self.bits.append(str(1 - bit) * self._outstanding)
        self._outstanding = 0


@cache
def all_skipped(macroblocks: int) -> str:
    """The bits of a P slice's data, if all of its macroblocks are skipped; the last is the one that ends the unit.

    >>> all_skipped(1), len(all_skipped(8160))
    ('111100101', 311)
    """
    encoder, state = _Encoder(), _FIRST_STATE
    for index in range(macroblocks):
        encoder.expected(state)
        state = min(state + 1, _LAST_STATE)
        encoder.end(index == macroblocks - 1)
    return "".join(encoder.bits)
