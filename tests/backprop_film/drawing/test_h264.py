"""The bits of a repeated picture, by hand and by FFmpeg's decoder."""

import pytest

from backprop_film.drawing.h264 import BitReader, BitWriter, Stream, units

# x264's, of a picture of 1920 × 1080: as `piece` asks for it,
HELD = bytes.fromhex("000000016764002aacb403c0113f2cd4040405000003000100000300788f1022a00000000168ee0b112110")
# with weighted prediction,
WEIGHTED = bytes.fromhex("000000016764002aacb403c0113f2c20000003002000000f11e306540000000168ef06f2c0")
# ``ultrafast``, without CABAC,
PLAIN = bytes.fromhex("000000016742c02ada01e0089f9610000003001000000788f1832a0000000168ce0fc8")
# and ``medium``, whose pictures are not stored in the order in which they are shown.
REORDERED = bytes.fromhex("000000016764002aacd940780227e584000003000400000301e03c60c6580000000168ebe3cb22c0")


def test_parameter_sets_say_what_is_needed():
    assert Stream.of(HELD) == Stream(macroblocks=120 * 68, number_bits=4, quality=24, deblocking=True)


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
    slice_ = Stream(macroblocks=1, number_bits=4, quality=25, deblocking=True).skipped(17)
    head = "1 00110 1 0001 1 1 0 0 011 00000110100 010".replace(" ", "")
    bits = head.ljust(32, "1") + "111100101" + 7 * "0"
    assert slice_ == b"\0\0\0\1\x41" + int(bits, 2).to_bytes(6, "big")


def test_a_part_of_a_picture_repeated_begins_in_its_place():
    whole = Stream(macroblocks=9, number_bits=4, quality=25, deblocking=True)
    head = "00111 00110 1 0001 1 1 0 0 011 00000110100 010".replace(" ", "")
    bits = head.ljust(40, "1") + "111100101" + 7 * "0"
    assert whole.skipped(17, first=6, count=1) == b"\0\0\0\1\x41" + int(bits, 2).to_bytes(7, "big")


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


# x264's picture: a remark (06), then a P slice (41): 1 00110 1, its number 2, 0 0 0, init 1, QP 1, filter 010, and 1s.
HEAD = "1 00110 1 0010 0 0 0 1 1 010".replace(" ", "").ljust(24, "1")
SMALL = bytes.fromhex("00000001 06 05 80 00000001 41") + int(HEAD, 2).to_bytes(3, "big")
STREAM = Stream(macroblocks=8160, number_bits=4, quality=25, deblocking=True)


def slice_of(bits, data):
    bits = bits.replace(" ", "")
    return b"\0\0\0\1\x41" + int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8), "big") + data


@pytest.mark.parametrize(
    ("number", "first", "begins"),
    [(2, 0, "1 00110 1 0010"), (5, 0, "1 00110 1 0101"), (17, 0, "1 00110 1 0001"), (2, 6, "00111 00110 1 0010")],
)
def test_a_slice_is_numbered_and_put_in_its_place_and_its_data_are_as_they_were(number, first, begins):
    data = bytes.fromhex("1100 0003 01ff")  # of which the 03 is no data: without it, a start code would stand there
    assert STREAM.placed(SMALL + data, number, first) == slice_of(begins + "0 0 0 1 1 010", data)


def test_a_key_picture_is_numbered_zero_in_all_of_its_slices():
    """IDR (65): 1 00111 1, number 0, idr_pic_id 2 (011), 0 0, QP 1, filter 010."""
    head = int("1 00111 1 0000 011 0 0 1 010".replace(" ", "").ljust(24, "1"), 2).to_bytes(3, "big")
    found = STREAM.placed(b"\0\0\0\1\x65" + head + b"\x55", 0, 3)
    assert found == slice_of("00100 00111 1 0000 1 0 0 1 010", b"\x55").replace(b"\x41", b"\x65")


@pytest.mark.parametrize(
    ("packet", "message"),
    [
        (SMALL[:7], "found 0 slices in a picture, expected 1"),
        (SMALL + SMALL, "found 2 slices in a picture, expected 1"),
        (b"\0\0\0\1\x41" + int("100110100100101".ljust(24, "1"), 2).to_bytes(3, "big"), "modification_flag_l0 1"),
        (b"\0\0\0\1\x41" + int("10011010010000111".ljust(24, "1"), 2).to_bytes(3, "big"), "filter_idc 0, expected 1"),
    ],
)
def test_a_picture_of_another_kind_is_refused(packet, message):
    with pytest.raises(ValueError, match=message):
        STREAM.placed(packet, 1)


def test_a_number_that_makes_a_start_code_is_escaped():
    stream = Stream(macroblocks=1, number_bits=20, quality=25, deblocking=True)
    bits = "1 00110 1" + f"{0x0FF0:020b}" + "0 0 0 1 1 010"
    (after,) = units(stream.placed(slice_of(bits, b"\xff"), 0x80000))
    assert after[:5] == bytes([0x41, 0b10011011, 0, 0, 3])
    assert after.replace(b"\0\0\3", b"\0\0") == slice_of(bits.replace(f"{0x0FF0:020b}", f"{0x80000:020b}"), b"\xff")[4:]
