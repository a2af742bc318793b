"""A clip as it is heard in the film: no silence around it, as loud as all others, no click at its ends."""

from __future__ import annotations

import numpy as np

from ..audio import RATE, factor, filtered, loudness, resampled

__all__ = ["LOUDNESS", "levelled"]

LOUDNESS = -18.0  # LUFS
_PEAK = -2.0  # dB; what an encoder adds stays below −1
_WINDOW = RATE // 100  # samples in 10 ms, over which it is decided whether anything is heard
_FLOOR = -45.0  # dB below the loudest window: below that, nothing is
_BEFORE, _AFTER = RATE // 200, RATE // 10  # samples kept around what is heard: a consonant begins and dies away there
_FADE_IN, _FADE_OUT = RATE // 200, RATE // 20
_SILENT = 1e-3  # of full scale
_LEAST = RATE  # samples that loudness is measured over; what is shorter is repeated


def levelled(samples: np.ndarray, rate: int) -> np.ndarray:
    """One channel at `RATE`: trimmed, at `LOUDNESS` when it is heard on both sides, faded in and out.

    Empty if nothing can be heard in it.
    """
    samples = np.nan_to_num(np.asarray(samples, np.float32))
    if not samples.size or np.abs(samples).max() < _SILENT:
        return np.zeros(0, np.float32)
    samples = resampled(samples, rate)
    begin, end = _heard(samples)
    often = -(-_LEAST // (end - begin))
    gain = factor(LOUDNESS - loudness([_both(np.tile(samples[begin:end], often))]))
    trimmed = samples[max(0, begin - _BEFORE) : end + _AFTER]
    options = f"limit={factor(_PEAK)}:attack=2:release=60:level=false:latency=true"
    limited = np.concatenate([f.to_ndarray()[0] for f in filtered([_both(gain * trimmed)], "alimiter", options)])
    limited[:_FADE_IN] *= np.linspace(0, 1, _FADE_IN, dtype=np.float32)[: limited.size]
    limited[-_FADE_OUT:] *= np.linspace(1, 0, _FADE_OUT, dtype=np.float32)[-limited.size :]
    return limited


def _both(samples: np.ndarray) -> np.ndarray:
    return np.broadcast_to(samples, (2, samples.size))


def _heard(samples: np.ndarray) -> tuple[int, int]:
    """Where something begins and ends to be heard."""
    windows = np.append(samples, np.zeros(-samples.size % _WINDOW)).reshape(-1, _WINDOW)
    power = np.square(windows).mean(axis=1)
    heard = np.flatnonzero(power > power.max() * 10 ** (_FLOOR / 10))
    return heard[0] * _WINDOW, min((heard[-1] + 1) * _WINDOW, samples.size)
