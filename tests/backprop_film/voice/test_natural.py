"""What the natural voice is given to read, and the sounds that it makes of it."""

import sys
import weakref
from types import SimpleNamespace

import pytest

from backprop_film.voice import engines, natural
from backprop_film.voice.natural import pronounced

SOUNDS = {
    "The cost is 1.00.": "ðə kˈɔst ɪz wˈʌn pYnt zˈɪɹO zˈɪɹO.",
    "A, L minus 1, is A.": "ˈA, ˈɛl mˈInəs wˈʌn, ɪz ˈA.",
    "A partial C by partial w L.": "ɐ pˈɑɹʃᵊl sˈi bI pˈɑɹʃᵊl dˈʌbᵊlju ˈɛl.",
    "Row j, column k.": "ɹˈO ʤˈA, kˈɑləm kˈA.",
    "b, y, z: relu.": "bˈi, wˈI, zˈɪi: ɹˈɛlu.",
    "4481 of 13,002": "fˈɔɹ θˈWzᵊnd fˈɔɹ hˈʌndɹəd ˈATi wˈʌn ʌv θˌɜɹtˈin θˈWzᵊnd tˈu",
    "23764690.93": "twˈɛnti θɹˈi mˈɪljᵊn sˈɛvən hˈʌndɹəd sˈɪksti fˈɔɹ θˈWzᵊnd sˈɪks hˈʌndɹəd nˈIndi pYnt nˈIn θɹˈi",
    "An Adélie is no Gentoo.": "ɐn ədˈAli ɪz nˈO ʤˈɛntˌu.",
    "minus 0.0739": "mˈInəs zˈɪɹO pYnt zˈɪɹO sˈɛvən θɹˈi nˈIn",
}


@pytest.mark.skipif(not engines.natural_is_installed(), reason="the extra 'voice' is not installed")
@pytest.mark.parametrize("spoken", SOUNDS)
def test_letters_and_digits_have_their_sounds(spoken):
    from backprop_film.voice.natural import _engine

    assert _engine().phonemize(pronounced(spoken)) == [SOUNDS[spoken].replace("pYnt", "pˈYnt")]


def test_what_stands_for_a_word_is_left_alone():
    assert pronounced("It's a thing: I see 54 of them.") == "It's a thing: I see 54 of them."
    assert pronounced("Größe") == "Größe".replace("ö", "o")


def test_what_the_network_takes_is_given_back(monkeypatch):
    class Hibari:
        pass

    monkeypatch.setitem(sys.modules, "hibari", SimpleNamespace(Hibari=Hibari))
    natural.forget()
    engine = natural._engine()
    assert natural._engine() is engine
    there = weakref.ref(engine)
    del engine
    natural.forget()
    assert there() is None
    monkeypatch.undo()
    natural.forget()
