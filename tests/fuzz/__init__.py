"""Fuzzers and injectors: each looks for faults of one kind, from a seed, for as long as it is given.

    make fuzz                                        every fuzzer, ten minutes in all, seed 1
    make fuzz SECONDS=60 SEED=7 ONLY=readers          one fuzzer (or several: ONLY="readers signals")
    make fuzz ONLY=readers SEED=7 ROUND=1234          one round again, as a finding says

A fuzzer is a module `fuzz_NAME.py` of this folder with one function:

    def fuzz(rounds: Rounds) -> Iterator[Finding]:
        work = rounds.folder                         # a temporary folder of its own; what is dear is made here, once
        for chance in rounds:                        # a random.Random that this round alone has, made of seed and number
            text = mutate(chance, …)
            if not right(text):
                yield Finding("one line that says what is wrong", detail=text)

That is all: the module is found by its name, `make fuzz` runs it, and `make test` runs a few rounds of it (five, or as many as
the module's constant `SMOKE` says). Take every decision from `chance`, never from time, `hash`, or a generator that outlives its
round: then `ROUND=…` gives the same input again. A round that is about real time (signals) says so in its docstring, and is
as repeatable as time is. A round is short, some seconds at most: the time is looked at between rounds only. Equal first lines count as one
kind of finding; an exception that leaves `fuzz` is a finding of its own. The expectation is the right answer (an oracle, a rule, a
specification), never what the code gave last time.

A fault that a fuzzer finds becomes a case in the tests of what it is about, and then it is fixed.
"""
