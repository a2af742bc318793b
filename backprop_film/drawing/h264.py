"""What of a picture repeats the one before, as H.264: a slice of some fifty bytes, whose macroblocks are all skipped.

A skipped macroblock of a P slice is the one at its place in the picture before (if, as here, nothing near it has
moved). Encoders write the same when nothing changes; they only take a hundredth of a second to find it out.
Clauses and syntax elements are those of ITU-T Rec. H.264 (08/2021).

A picture may consist of several slices, one below the other: those that repeat, and those of encoders that are given
only a part of the picture, each as a small picture of its own. No slice needs anything of another one as long as
nothing is filtered across their edges, and no block is taken from beyond them (`piece` sees to both). Every picture is
a reference picture, and these are numbered (``frame_num``): `Stream.placed` writes number and place into what an
encoder has made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from .cabac import INIT, QUALITY, all_skipped

__all__ = ["BitReader", "BitWriter", "Stream", "units"]

_START = b"\0\0\0\1"
_SLICE, _IDR, _SPS, _PPS = 1, 5, 7, 8  # nal_unit_type
_P_ONLY = 5  # slice_type: P, as all slices of the picture
_HEADER = 32  # bytes that a slice's header has at most
_WITH_CHROMA_FORMAT = (100, 110, 122, 244)  # profile_idc of the profiles whose parameter sets say more


class BitReader:
    """Reads fixed-length and Exp-Golomb codes (clause 9.1).

    >>> bits = BitReader(bytes([0b1_010_0110, 0b0_0000000]))
    >>> bits.ue(), bits.ue(), bits.se()
    (0, 1, -1)
    """

    def __init__(self, data: bytes) -> None:
        self._bits = "".join(f"{byte:08b}" for byte in data)
        self.position = 0

    def u(self, count: int) -> int:
        """An unsigned number of so many bits."""
        self.position += count
        if self.position > len(self._bits):
            raise ValueError("H.264: found the end of a unit within a number")
        return int(self._bits[self.position - count : self.position] or "0", 2)

    def ue(self) -> int:
        """An unsigned Exp-Golomb code."""
        zeros = 0
        while self.u(1) == 0:
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        """A signed Exp-Golomb code: 0, 1, −1, 2, −2, …"""
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)


class BitWriter:
    """Writes what `BitReader` reads.

    >>> bits = BitWriter()
    >>> for value in (0, 1, 2):
    ...     bits.ue(value)
    >>> bits.align("1")
    >>> bits.bytes().hex()  # 1 010 011, and a 1
    'a7'
    """

    def __init__(self) -> None:
        self._bits = ""

    def u(self, count: int, value: int) -> None:
        """An unsigned number of so many bits."""
        self._bits += f"{value:0{count}b}"

    def ue(self, value: int) -> None:
        """An unsigned Exp-Golomb code."""
        code = f"{value + 1:b}"
        self._bits += "0" * (len(code) - 1) + code

    def se(self, value: int) -> None:
        """A signed Exp-Golomb code."""
        self.ue(2 * value - 1 if value > 0 else -2 * value)

    def align(self, bit: str) -> None:
        """Such bits up to a whole byte."""
        self._bits += bit * (-len(self._bits) % 8)

    def append(self, bits: str) -> None:
        """These bits."""
        self._bits += bits

    def bytes(self) -> bytes:
        """All bits, which must be whole bytes."""
        return int(self._bits, 2).to_bytes(len(self._bits) // 8, "big")


def units(data: bytes) -> list[bytes]:
    r"""The units of a byte stream (annex B), without their start codes.

    >>> units(bytes.fromhex("00000001 6742 000001 68ce"))
    [b'gB', b'h\xce']
    """
    # A byte stream may have zeros before a start code; a unit itself never ends with one.
    return [unit for unit in re.split(rb"\x00\x00+\x01", data) if unit]


def _unescaped(unit: bytes) -> bytes:
    return unit.replace(b"\0\0\3", b"\0\0")


def _escaped(unit: bytes) -> bytes:
    """With the bytes that prevent a start code within a unit (clause 7.4.1.1)."""
    return re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\0\0\3", unit)


@dataclass(frozen=True)
class Stream:
    """What the parameter sets of a stream say, as far as it is needed to write on.

    Macroblocks in a picture; the bits of ``frame_num``; the QP of slices that do not say another; whether slices speak
    of deblocking.
    """

    macroblocks: int
    number_bits: int
    quality: int
    deblocking: bool

    @classmethod
    def of(cls, extradata: bytes) -> Self:
        """From a stream's parameter sets. ``ValueError`` if they are of another kind than `piece` asks x264 for."""
        found = {unit[0] & 31: BitReader(_unescaped(unit[1:])) for unit in units(extradata)}
        if not {_SPS, _PPS} <= found.keys():
            raise ValueError(f"H.264: found units {sorted(found)}, expected a stream's parameter sets (7 and 8)")
        macroblocks, number_bits = _sequence(found[_SPS])
        return cls(macroblocks, number_bits, *_picture(found[_PPS]))

    def skipped(self, number: int, first: int = 0, count: int | None = None) -> bytes:
        """So many macroblocks from ``first`` as in the picture before; all, if it is not said how many.

        ``number`` counts the pictures since the last that stands for itself.
        """
        bits = BitWriter()
        bits.ue(first)  # first_mb_in_slice
        bits.ue(_P_ONLY)
        bits.ue(0)  # pic_parameter_set_id
        bits.u(self.number_bits, number % (1 << self.number_bits))
        bits.u(1, 1)  # num_ref_idx_active_override_flag:
        bits.ue(0)  # one reference, the picture before
        bits.u(1, 0)  # ref_pic_list_modification_flag_l0
        bits.u(1, 0)  # adaptive_ref_pic_marking_mode_flag
        bits.ue(INIT)  # cabac_init_idc
        bits.se(QUALITY - self.quality)  # slice_qp_delta
        if self.deblocking:
            bits.ue(1)  # disable_deblocking_filter_idc
        bits.align("1")  # cabac_alignment_one_bit
        bits.append(all_skipped(self.macroblocks if count is None else count))
        bits.align("0")
        return _START + _escaped(bytes([2 << 5 | _SLICE]) + bits.bytes())

    def placed(self, packet: bytes, number: int, first: int = 0) -> bytes:
        """The encoder's picture as the part of a larger one that begins with macroblock ``first``.

        Its number is ``number``. What the encoder says beside its slices is left out.
        """
        found = [unit for unit in units(packet) if unit[0] & 31 in (_SLICE, _IDR)]
        if len(found) != 1:
            raise ValueError(f"H.264: found {len(found)} slices in a picture, expected 1")
        return _START + _escaped(self._placed(_unescaped(found[0]), number, first))

    def _placed(self, slice_: bytes, number: int, first: int) -> bytes:
        """Clause 7.3.3, its data as they are: they begin with a whole byte."""
        key = slice_[0] & 31 == _IDR
        old, new = BitReader(slice_[:_HEADER]), BitWriter()
        new.u(8, old.u(8))
        old.ue()
        new.ue(first)
        for _ in range(2):  # slice_type, pic_parameter_set_id
            new.ue(old.ue())
        old.u(self.number_bits)
        new.u(self.number_bits, number % (1 << self.number_bits))
        if key:
            old.ue()
            new.ue(0)  # idr_pic_id, the same in all of a picture's slices
            new.u(2, old.u(2))  # no_output_of_prior_pics_flag, long_term_reference_flag
        else:
            new.u(1, override := old.u(1))
            if override:
                new.ue(old.ue())
            for name in ("ref_pic_list_modification_flag_l0", "adaptive_ref_pic_marking_mode_flag"):
                _expect(name, old.u(1), 0)
                new.u(1, 0)
            new.ue(old.ue())  # cabac_init_idc
        new.se(old.se())  # slice_qp_delta
        if self.deblocking:
            _expect("disable_deblocking_filter_idc", old.ue(), 1)
            new.ue(1)
        new.align("1")
        return new.bytes() + slice_[-(-old.position // 8) :]


def _sequence(bits: BitReader) -> tuple[int, int]:
    """Macroblocks and bits of ``frame_num`` of a sequence parameter set (clause 7.3.2.1.1)."""
    profile = bits.u(8)
    bits.u(16)
    bits.ue()  # seq_parameter_set_id
    if profile in _WITH_CHROMA_FORMAT:
        _expect("chroma_format_idc", bits.ue(), 1)
        bits.ue()
        bits.ue()
        bits.u(1)
        _expect("seq_scaling_matrix_present_flag", bits.u(1), 0)
    number_bits = bits.ue() + 4
    _expect("pic_order_cnt_type", bits.ue(), 2)  # shown in the order of storage
    _expect("max_num_ref_frames", bits.ue(), 1)
    bits.u(1)
    macroblocks = (bits.ue() + 1) * (bits.ue() + 1)
    _expect("frame_mbs_only_flag", bits.u(1), 1)
    return macroblocks, number_bits


def _picture(bits: BitReader) -> tuple[int, bool]:
    """QP, and whether slices speak of deblocking, by a picture parameter set (clause 7.3.2.2)."""
    _expect("pic_parameter_set_id", bits.ue(), 0)
    bits.ue()  # seq_parameter_set_id
    _expect("entropy_coding_mode_flag", bits.u(1), 1)  # CABAC
    bits.u(1)
    _expect("num_slice_groups_minus1", bits.ue(), 0)
    bits.ue()
    bits.ue()
    _expect("weighted_pred_flag", bits.u(1), 0)
    bits.u(2)
    quality = 26 + bits.se()
    bits.se()  # pic_init_qs_minus26
    bits.se()  # chroma_qp_index_offset
    deblocking = bool(bits.u(1))
    bits.u(1)
    _expect("redundant_pic_cnt_present_flag", bits.u(1), 0)
    return quality, deblocking


def _expect(name: str, found: int, expected: int) -> None:
    if found != expected:
        raise ValueError(f"H.264 stream: found {name} {found}, expected {expected}")
