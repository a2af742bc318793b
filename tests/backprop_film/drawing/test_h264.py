"""The bits of a repeated picture, by hand and by FFmpeg's decoder."""

import pytest

from backprop_film.drawing.h264 import BitReader, BitWriter, Stream, units

# x264's, of a picture of 1920 × 1080: as `piece` asks for it,
HELD = bytes.fromhex("000000016764002aacb403c0113f2cd4040405000003000100000300788f1832a00000000168ee1f2c")
# with weighted prediction,
WEIGHTED = bytes.fromhex("000000016764002aacb403c0113f2c20000003002000000f11e306540000000168ef06f2c0")
# ``ultrafast``, without CABAC,
PLAIN = bytes.fromhex("000000016742c02ada01e0089f9610000003001000000788f1832a0000000168ce0fc8")
# and ``medium``, whose pictures are not stored in the order in which they are shown.
REORDERED = bytes.fromhex("000000016764002aacd940780227e584000003000400000301e03c60c6580000000168ebe3cb22c0")


def test_parameter_sets_say_what_is_needed():
    assert Stream.of(HELD) == Stream(macroblocks=120 * 68, number_bits=4, quality=25, deblocking=True)


@pytest.mark.parametrize(
    ("extradata", "message"),
    [
        (WEIGHTED, "weighted_pred_flag 1, expected 0"),
        (PLAIN, "entropy_coding_mode_flag 0, expected 1"),
        (REORDERED, "pic_order_cnt_type 0, expected 2"),
        (HELD[:-8], r"units \[7\], expected a stream's parameter sets"),
        (HELD[:-3], "the end of a unit within a number"),
    ],
)
def test_a_stream_of_another_kind_is_refused(extradata, message):
    with pytest.raises(ValueError, match=message):
        Stream.of(extradata)


def test_a_repeated_picture_bit_by_bit():
    """Clause 7.3.3: first_mb 1, P 00110, set 1, number, override 11, no changes 00, init 011, QP + 26, filter 010."""
    slice_ = Stream(macroblocks=1, number_bits=4, quality=25, deblocking=True).repeated(17)
    head = "1 00110 1 0001 1 1 0 0 011 00000110100 010".replace(" ", "")
    bits = head.ljust(32, "1") + "111100101" + 7 * "0"
    assert slice_ == b"\0\0\0\1\x41" + int(bits, 2).to_bytes(6, "big")


@pytest.mark.parametrize("value", [0, 1, 2, 7, 8, 8160, 65534])
def test_numbers_are_read_as_they_are_written(value):
    bits = BitWriter()
    bits.u(3, 5)
    bits.ue(value)
    bits.se(-value)
    bits.align("1")
    reader = BitReader(bits.bytes())
    assert (reader.u(3), reader.ue(), reader.se()) == (5, value, -value)


def test_signed_numbers_take_turns():
    bits = BitWriter()
    for code in range(5):
        bits.ue(code)
    bits.align("1")
    reader = BitReader(bits.bytes())
    assert [reader.se() for _ in range(5)] == [0, 1, -1, 2, -2]


def test_pictures_are_counted_on_and_nothing_else_of_them_changes():
    stream = Stream(macroblocks=8160, number_bits=4, quality=25, deblocking=True)
    # x264's: 41, then 1 00110 1 and the number 2, then the rest, which ends in what must be escaped.
    packet = bytes.fromhex("00000001 06 05 80 00000001 41 9a4c 1100 0003 01ff")
    assert stream.renumbered(packet, 0) == packet
    assert stream.renumbered(packet, 16) == packet
    assert stream.renumbered(packet, 3) == bytes.fromhex("00000001 06 05 80 00000001 41 9aac 1100 0003 01ff")
    assert stream.renumbered(packet, 15) == bytes.fromhex("00000001 06 05 80 00000001 41 9a2c 1100 0003 01ff")


def test_a_number_that_makes_a_start_code_is_escaped():
    stream = Stream(macroblocks=1, number_bits=16, quality=25, deblocking=True)
    # Number 0x0ff0 counted on to 0: its bits begin after seven others, and zeros follow it.
    bits = "1001101" + f"{0x0FF0:016b}" + "0" * 17 + "1" * 8
    before = b"\x41" + int(bits, 2).to_bytes(6, "big")
    (after,) = units(stream.renumbered(b"\0\0\0\1" + before, 0x10000 - 0x0FF0))
    assert after.count(b"\0\0\3") == 1
    assert after.replace(b"\0\0\3", b"\0\0") == b"\x41" + int("1001101" + "0" * 33 + "1" * 8, 2).to_bytes(6, "big")
