import numpy as np

from hotline.caller.tape import Tape


def test_a_gap_becomes_silence_of_the_same_length() -> None:
    tape = Tape()
    tape.put(np.full(160, 5, np.int16), 0.02)
    tape.put(np.full(160, 7, np.int16), 1.02)

    samples = tape.sound().samples
    assert len(samples) == 8160
    assert samples[159] == 5 and samples[160:8000].max() == 0 and samples[8000] == 7


def test_packets_that_come_unevenly_leave_no_hole() -> None:
    tape = Tape()
    for number, late_s in enumerate([0.0, 0.05, 0.01, 0.08, 0.0]):
        tape.put(np.full(160, 1 + number, np.int16), 0.02 * (number + 1) + late_s)

    assert len(tape.sound().samples) == 5 * 160


def test_an_empty_tape_is_an_empty_sound() -> None:
    assert len(Tape().sound().samples) == 0
