"""Faults to put into the engine, each by exchanging one text of one file: `make mutants` wants every one of them noticed."""

from __future__ import annotations

from dataclasses import dataclass

TRUTH = ("tests/unit/test_condition.py",)
PROGRAM = ("tests/unit/test_durable_truth.py", "tests/unit/test_durable_program.py")
PROCESS = ("tests/unit/test_durable_process.py", "-k", "wrong_firing or right_when")
CHECKED = ("tests/unit/test_checked.py",)
FORMULA = ("tests/unit/test_formula.py", "tests/unit/test_derivation.py")
SCORING = ("tests/unit/test_scoring.py",)
BOUNDS = ("tests/test_properties.py", "-k", "exact or random_set_breaks")
SETTLED = ("tests/test_properties.py", "-k", "settled and random")
POINTS = ("tests/test_properties.py", "-k", "contributions or schema")
ROUNDING = ("tests/unit/test_render_rounding.py",)
COMPANY = ("tests/unit/test_company.py",)
EXAMPLES = ("tests/test_examples.py", "-k", "an_example_has or turn_out or dovetail")
LAYERS = ("tests/test_examples.py", "-k", "an_example_has")
PLACES = ("tests/diagnostics",)
PROOFS = ("tests/changes/test_mixing.py",)
TOLD = ("tests/changes/test_comparison.py",)
SHARED = ("tests/changes/test_attribution.py",)
MERGED = ("tests/differential/test_layers.py", "-k", "one_piece")
REVISIONS = ("tests/unit/test_revision.py",)
CANONICAL = ("tests/formatting/test_canonical_form.py",)
PROOF = ("tests/formatting/test_proof.py",)
WRITING = ("tests/editing/test_writing.py",)
COMPUTED = ("tests/computed",)
HISTORY = ("tests/exports/test_history.py", "tests/exports/test_order.py")
EXPORTS = ("tests/exports/test_bad_input.py", "tests/exports/test_notations.py", "tests/exports/test_workbooks.py")
SPLICING = ("tests/editing/test_splicing.py",)


@dataclass(frozen=True, slots=True)
class Fault:
    """`old` stands exactly once in `file`; at least one of `tests`, which are arguments of pytest, must fail with `new`."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def condition(name: str, old: str, new: str, tests: tuple[str, ...] = TRUTH) -> Fault:
    return Fault(name, "engine/condition.py", old, new, tests)


def scoring(name: str, old: str, new: str, tests: tuple[str, ...] = SCORING) -> Fault:
    return Fault(name, "engine/scoring.py", old, new, tests)


def bounds(name: str, old: str, new: str, tests: tuple[str, ...] = BOUNDS) -> Fault:
    return Fault(name, "engine/bounds.py", old, new, tests)


def recommendation(name: str, old: str, new: str, tests: tuple[str, ...] = SCORING) -> Fault:
    return Fault(name, "engine/recommendation.py", old, new, tests)


def backend(name: str, file: str, old: str, new: str, tests: tuple[str, ...] = PROGRAM) -> Fault:
    return Fault(name, f"engine/backends/{file}.py", old, new, tests)


FAULTS = (
    # the truth of a condition
    condition("less without the tolerance", "return v < x - tolerance(x)", "return v < x"),
    condition("greater without the tolerance", "return v > x + tolerance(x)", "return v > x"),
    condition("a tolerance that does not grow", "1e-9 * max(1.0, abs(threshold))", "1e-9"),
    condition("a wider tolerance", "return 1e-9 *", "return 1e-7 *"),
    condition(
        "below as at most",
        "case Operator.BELOW:\n            return less(v, x[0])",
        "case Operator.BELOW:\n            return not greater(v, x[0])",
    ),
    condition(
        "at least as above",
        "case Operator.AT_LEAST:\n            return not less(v, x[0])",
        "case Operator.AT_LEAST:\n            return greater(v, x[0])",
    ),
    condition("clearly below by the low end", "return less(high, x)", "return less(low, x)"),
    condition("covers by one end", "return not greater(low, x) and not less(high, x)", "return not greater(low, x)"),
    condition("missing taken as no", "return test.if_missing or Truth.UNKNOWN", "return test.if_missing or Truth.NO"),
    condition("if_missing forgotten", "return test.if_missing or Truth.UNKNOWN", "return Truth.UNKNOWN"),
    condition(
        "an interval nobody told is none",
        "if interval is None:\n        return Truth.UNKNOWN",
        "if interval is None:\n        return Truth.NO",
    ),
    condition(
        "unknown beats no",
        "return Truth.NO if Truth.NO in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES",
        "return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.NO if Truth.NO in found else Truth.YES",
    ),
    condition("one more than n", "found.count(Truth.YES) >= n", "found.count(Truth.YES) > n"),
    condition("not unknown is yes", ".get(truth, Truth.UNKNOWN)", ".get(truth, Truth.YES)"),
    # evidence, strength, score
    scoring("an open case is passed", "if answer is _NO:", "if answer is not _YES:"),
    scoring("no case holds is forgotten", "if not holds and not item.exhaustive", "if not holds and item.exhaustive"),
    scoring("the first open case decides", "if len(options) == 1 else", "if options else"),
    scoring("a cap is forgotten", "caps = [o.cap for o in outcomes if o.cap is not None]", "caps: list[float] = []"),
    scoring(
        "a floor is forgotten",
        "floors = [o.floor for o in outcomes if o.floor is not None]",
        "floors: list[float] = []",
        SCORING,
    ),
    scoring("the highest cap", "min(min(caps, default=1.0)", "min(max(caps, default=1.0)", SCORING),
    scoring(
        "a floor beats a cap",
        "return min(min(caps, default=1.0), max(max(floors, default=-1.0), mean))",
        "return max(max(floors, default=-1.0), min(min(caps, default=1.0), mean))",
        SCORING,
    ),
    scoring(
        "an unknown adjustment is applied",
        "is Truth.YES:\n            weights[",
        "is not Truth.NO:\n            weights[",
    ),
    scoring("an adjustment is not applied", "*= adjustment.by.number", "*= 1.0"),
    scoring("assessed without primary evidence", " and any(w.item.primary for w in decided)", ""),
    scoring("assessed from nothing", "assessed = not less(coverage, assessed_at)", "assessed = True"),
    scoring("coverage does not count", "* s.coverage * quality", "* quality"),
    scoring("quality does not count", "* s.coverage * quality[s.indicator.name]", "* s.coverage"),
    scoring("what is not assessed counts", "if s.assessed and s.value is not None", "if s.value is not None"),
    scoring("what is out of the score counts", "[s for s in strengths if s.indicator.in_score]", "list(strengths)"),
    scoring(
        "the end of a band belongs to it",
        "less(points, band.below.number)",
        "points <= band.below.number",
    ),
    Fault(
        "quality where it is missing",
        "engine/tally.py",
        "return 1.0 if indicator.quality.if_missing is None else indicator.quality.if_missing",
        "return 1.0",
        SCORING,
    ),
    Fault(
        "a verdict below the required coverage",
        "engine/tally.py",
        "not less(result.coverage, policy.required_coverage.number)",
        "result.coverage >= 0",
        SCORING,
    ),
    Fault(
        "supports beyond its threshold",
        "engine/tally.py",
        "if not less(result.value, supports)",
        "if result.value > supports",
        SCORING,
    ),
    # gates and the headline
    recommendation("the highest cap of the gates", "return min((gate.cap", "return max((gate.cap"),
    recommendation("an unknown gate does nothing", ", Truth.UNKNOWN: gate.if_unknown", ""),
    recommendation("an unknown gate fires", "Truth.UNKNOWN: gate.if_unknown", "Truth.UNKNOWN: gate.effect"),
    recommendation("a gate cannot withdraw", "if withdrawing:", "if not policy.gates:"),
    recommendation(
        "the headline before the caps", "if not less(cap, band.move_high) or", "if less(cap, band.move_high) or"
    ),
    recommendation("a cap that is missed by a tie", "if not less(band.move_high, reach)", "if band.move_high > reach"),
    recommendation("a negative cap moves the other way", "high = max(cap, 0.0)", "high = cap"),
    recommendation("an open gate is settled", "or matters(gate.if_unknown, facts, left)", ""),
    Fault(
        "forbidden actions are planned",
        "engine/planning.py",
        "if not dropped.intersection(a.tags)",
        "if not dropped.intersection(a.do)",
        SCORING,
    ),
    Fault(
        "gates before the score",
        "engine/strata.py",
        "rule.kind in (Kind.GATE, Kind.READING) or",
        "rule.kind is Kind.READING or",
        SCORING,
    ),
    Fault(
        "a late signal of a late signal is early",
        "engine/strata.py",
        "if reads_late or late.intersection(signals_read(signal.when))",
        "if reads_late",
        SCORING,
    ),
    # bounds
    bounds("nothing may stay out", "case.key in known.may_stay_open for case", "False for case", SCORING),
    bounds("adjustments one way", ".get(answer, (1.0, adjustment.by.number))", ".get(answer, (1.0,))"),
    bounds("quality that is unknown is full", "return (0.0, 1.0)\n", "return (1.0, 1.0)\n"),
    bounds("the present score may lie outside", "if present is not None:", "if present is None:"),
    bounds("if_missing is certain", "Truth.UNKNOWN if observation is None else fact_truth", "fact_truth"),
    bounds("caps do not lower", "return min(min(caps, default=inf), max(", "return min(inf, max("),
    bounds(
        "floors do not raise",
        "return min(level, max(max(floors, default=-inf), -lowest))",
        "return min(level, -lowest)",
    ),
    bounds("only with the caps that fire", "levels = {inf} |", "levels = set() |"),
    bounds("the lowest strengths at their least", "(most if i < n else least, s)", "(least if i < n else most, s)"),
    Fault("settled with open gates", "engine/evaluation.py", " and not found.open_gates", "", SETTLED),
    Fault("settled over two bands", "engine/evaluation.py", "return len(bands) == 1 and", "return", SETTLED),
    Fault(
        "contributions without the weight",
        "engine/findings.py",
        "scale = 100 * indicator.weight.value * quality",
        "scale = 100 * quality",
        POINTS,
    ),
    Fault("no line for a cap", "engine/findings.py", "if not result.limiting_case or", "if True or", POINTS),
    # facts
    Fault(
        "a narrower interval",
        "engine/statistics/distributions.py",
        "inv_cdf((1 - confidence) / 2)",
        "inv_cdf(1 - confidence)",
        ("tests/unit/test_interval.py",),
    ),
    Fault(
        "half of a term",
        "engine/statistics/proportion.py",
        "share + z * z / (2 * trials)",
        "share + z * z / trials",
        ("tests/unit/test_interval.py",),
    ),
    Fault(
        "dispersion that may shrink an error",
        "engine/statistics/trend.py",
        "sqrt(max(1.0, fit.dispersion))",
        "sqrt(fit.dispersion)",
        ("tests/statistics/test_trend.py",),
    ),
    Fault(
        "a season from one year",
        "engine/statistics/season.py",
        "Season.YEAR: (12, 2)",
        "Season.YEAR: (12, 1)",
        ("tests/statistics/test_trend.py",),
    ),
    Fault(
        "a flat volume that is not shown",
        "engine/statistics/volume.py",
        "-margin < slope.low and slope.high < margin",
        "-margin < slope.value < margin",
        ("tests/statistics/test_ranks.py",),
    ),
    Fault(
        "months without a win by chance left out",
        "engine/statistics/cohorts.py",
        "(1 - later.rate) ** without.trials >= BY_CHANCE",
        "not without.trials",
        ("tests/statistics/test_cohorts.py",),
    ),
    Fault(
        "a month is judged before its last lead had its time",
        "engine/statistics/cohorts.py",
        ">= month.last.toordinal() + window",
        ">= month.last.toordinal()",
        ("tests/statistics/test_cohorts.py",),
    ),
    Fault(
        "half a month counts as a month",
        "engine/statistics/cohorts.py",
        "return begin <= month.first and month.last <= as_of",
        "return begin <= month.last and month.first <= as_of",
        ("tests/statistics/test_cohorts.py",),
    ),
    Fault(
        "segments ranked that do not differ",
        "engine/statistics/ranking.py",
        "if tested.p_value > significance:",
        "if False:",
        ("tests/statistics/test_segments.py",),
    ),
    Fault(
        "the mix explains any change",
        "engine/statistics/mix.py",
        "return is_raw_clear and not are_rates_clear and",
        "return is_raw_clear and",
        (
            "tests/statistics/test_segments.py",
            "tests/statistics/test_stratified.py",
            "tests/statistics/test_difference.py",
        ),
    ),
    # facts from exports
    Fault(
        "a win after the window counts",
        "engine/computed/rates.py",
        """"{start}", "{end}") <= {ground.window.days}'""",
        """"{start}", "{end}") <= 10 * {ground.window.days}'""",
        COMPUTED,
    ),
    Fault(
        "every change has a direction",
        "engine/computed/rates.py",
        "clear = change.p_value < DIRECTION_AT",
        "clear = True",
        COMPUTED,
    ),
    Fault(
        "half a year stands for a year",
        "engine/computed/rates.py",
        "needed = computation.least or (number + 1) // 2 if computation.back else 1",
        "needed = 1",
        COMPUTED,
    ),
    Fault(
        "an export of wins alone shows a rate",
        "engine/computed/rates.py",
        '    if there:\n        return ""',
        '    if True:\n        return ""',
        COMPUTED,
    ),
    Fault(
        "a computed value beats a stated one",
        "engine/extraction.py",
        "{**sheet.facts, **company.facts}",
        "{**company.facts, **sheet.facts}",
        COMPUTED,
    ),
    Fault(
        "no word of two values",
        "engine/materiality.py",
        "return abs(a - b) > MATERIAL * max(abs(a), abs(b))",
        "return False",
        COMPUTED,
    ),
    Fault(
        "a deal that closed later is closed",
        "engine/exports/history.py",
        "CASE WHEN {later} THEN 'open' {undated_outcome} ELSE outcome END",
        "CASE WHEN false THEN 'open' {undated_outcome} ELSE outcome END",
        HISTORY,
    ),
    Fault(
        "the reason of a later loss is known",
        "engine/exports/history.py",
        """("reason", "competitor", "competitor_known")""",
        """("competitor", "competitor_known")""",
        HISTORY,
    ),
    Fault(
        "a month is known before it ends",
        "engine/exports/history.py",
        'return f"month + INTERVAL 1 MONTH <= {end}"',
        'return f"month < {end}"',
        HISTORY,
    ),
    Fault(
        "dates that may be either are day-first",
        "engine/exports/dates.py",
        "if order in (DAY_FIRST, MONTH_FIRST):",
        "if True:",
        EXPORTS,
    ),
    Fault(
        "the 13th may be a month",
        "engine/exports/dates.py",
        "s.second is not None and 12 < s.second < 32",
        "s.second is not None and 31 < s.second < 32",
        EXPORTS,
    ),
    Fault(
        "what lies ahead is known where the export is of today",
        "engine/exports/tables.py",
        "self.latest <= day",
        "True",
        HISTORY,
    ),
    Fault(
        "a day that lies ahead is the last of the exports",
        "engine/exports/spans.py",
        "_last(days[1::2]), _last(days[::2])",
        "_last(days[::2]), _last(days[1::2])",
        HISTORY,
    ),
    Fault(
        "a rank falls on the value before it",
        "engine/computed/amounts.py",
        "bisect_left(until, rank)",
        "bisect_left(until, rank - 1)",
        COMPUTED,
    ),
    Fault(
        "a column without values takes away the others",
        "engine/computed/derived_tables.py",
        "name in self.asked - _FOLLOWING and name not in given",
        "name in self.asked - _FOLLOWING and name in given",
        COMPUTED,
    ),
    condition(
        "a range counts as its middle",
        "    if observation.ranged:\n        return _ranged_truth(test, observation)\n",
        "",
    ),
    condition(
        "a range that lies above in part is above",
        "yes, no = greater(low, x[0]), not greater(high, x[0])",
        "yes, no = greater(high, x[0]), not greater(high, x[0])",
    ),
    Fault("a workbook may unpack to anything", "engine/exports/sheet.py", "and not bomb:", "or True:", EXPORTS),
    Fault(
        "a phrase that is denied counts",
        "engine/coding.py",
        "if not any(_longest(self.negations, words, before)[1]",
        "if not any(False and _longest(self.negations, words, before)[1]",
        ("tests/unit/test_coding.py",),
    ),
    Fault(
        "the first phrase wins over the longest",
        "engine/coding.py",
        "            found = length, min(endings)",
        "            return length, min(endings)",
        ("tests/unit/test_coding.py",),
    ),
    # many companies in a row
    backend(
        "answers in another order",
        "durable",
        "course = asked.popleft()",
        "course = asked.pop()",
        ("tests/differential/test_differential.py", "-k", "alike and 0"),
    ),
    backend(
        "a failure of the company in front",
        "durable",
        "error.company = self.number",
        "error.company = 0",
        ("tests/hazards/test_in_a_row.py",),
    ),
    backend(
        "what was begun is left in the pipe",
        "durable",
        "if process.is_busy or process is not self._process:",
        "if False:",
        ("tests/hazards/test_in_a_row.py",),
    ),
    Fault("a rate the wrong way", "engine/exchange.py", "else 1 / rate", "else rate", COMPANY),
    Fault("stale a day early", "engine/company.py", "and age > limit", "and age >= limit", COMPANY),
    Fault(
        "a sample without an interval is exact",
        "engine/observation.py",
        "Observation(value, interval_known=not self.definition.sampled)",
        "Observation(value)",
        COMPANY,
    ),
    Fault(
        "over zero is zero",
        "engine/formula/evaluation.py",
        "return None if b == 0 else _limited",
        "return 0.0 if b == 0 else _limited",
        FORMULA,
    ),
    Fault(
        "a divisor that may be zero",
        "engine/formula/evaluation.py",
        "right.ends[0] <= 0 <= right.ends[1]",
        "right.ends[0] < 0 < right.ends[1]",
        FORMULA,
    ),
    Fault(
        "the last that is known",
        "engine/formula/evaluation.py",
        "if quantity is not None or self.strict_first_known",
        "if self.strict_first_known",
        FORMULA,
    ),
    Fault(
        "a formula wins over what is stated",
        "engine/formula/derivation.py",
        "if stated is None:",
        "if stated is None or stated:",
        FORMULA,
    ),
    Fault(
        "a layer does not win",
        "engine/merging.py",
        "fields[key] = self._part(fields.get(key), node, shape.part(key), (*way, key), hand)",
        "self._part(fields.get(key), node, shape.part(key), (*way, key), hand)",
        LAYERS,
    ),
    Fault(
        "what is put before another comes after it",
        "engine/merging.py",
        'return known.index(wanted) + (key == "after")',
        "return known.index(wanted) + 1",
        MERGED,
    ),
    Fault(
        "a changed threshold keeps its grade",
        "engine/merging.py",
        "(kind.graded | {kind.value})",
        "(kind.graded)",
        MERGED,
    ),
    Fault(
        "a base that moved is not told",
        "engine/remembered.py",
        "elif not same(now, was) and not same(now, new):",
        "elif not same(now, was) and same(now, new):",
        PLACES,
    ),
    Fault(
        "a link is followed out of the repository",
        "engine/revision.py",
        "return Found(Kind.LINK_OUTSIDE)",
        "return None",
        REVISIONS,
    ),
    Fault(
        "a layer gives no reason",
        "engine/record.py",
        'if text(hand.patch, "because"):',
        'if text(hand.patch, "because") or hand.wrote:',
        PLACES,
    ),
    Fault(
        "up to without its end",
        "engine/policy.py",
        "operator = Operator.AT_MOST if upper[1] else Operator.BELOW",
        "operator = Operator.BELOW",
        SCORING,
    ),
    # the rules engine
    backend(
        "productions of equal salience fire in any order",
        "durable_rulesets",
        '"pri":{index + 1}',
        '"pri":{len(self.productions) - index}',
    ),
    backend("no tolerance below", "durable_program", "operand.number - tolerance(operand.number)", "operand.number"),
    backend(
        "no tolerance above",
        "durable_program",
        "operand.number + tolerance(operand.number), FactPart",
        "operand.number, FactPart",
    ),
    backend(
        "not is forgotten",
        "durable_program",
        "return self.alternatives(part, not wanted)",
        "return self.alternatives(part, wanted)",
    ),
    backend("a no one part too early", "durable_program", "len(parts) - n + 1)\n\n", "len(parts) - n)\n\n"),
    backend(
        "a missing fact is silent",
        "durable_program",
        "if test.if_missing is Truth.of(wanted) else NEVER",
        "if False else NEVER",
    ),
    backend(
        "a text that no rule mentions", "durable_productions", "self.texts.get(value, 0)", "self.texts.get(value, 1)"
    ),
    backend(
        "low for high",
        "durable_productions",
        "interval[0 if wanted.part is Part.LOW else 1]",
        "interval[1 if wanted.part is Part.LOW else 0]",
    ),
    backend(
        "exponents that the engine cannot read",
        "durable_rulesets",
        'return text if "." in text else text.replace("e", ".0e")',
        "return text",
    ),
    backend("every firing twice", "durable_worker", "fired.append(rule)", "fired += [rule, rule]"),
    backend(
        "the last firing is lost",
        "durable_worker",
        "    return fired\n\n\ndef conclude",
        "    return fired[:-1]\n\n\ndef conclude",
    ),
    backend(
        "conclusions are not told",
        "durable_worker",
        "for message in block.messages.get(goal, ()):",
        "for message in ():",
    ),
    backend(
        "goals of an earlier ruleset are lost",
        "durable_worker",
        "if goal in known for message",
        "if goal < 0 for message",
    ),
    backend("firings are believed", "durable", "if expected == sorted(fired)", "if expected != [-1]", PROCESS),
    backend(
        "firings are believed once each",
        "durable",
        "if expected == sorted(fired)",
        "if {*expected} == {*fired}",
        PROCESS,
    ),
    backend("activations of the noes", "durable_program", "ends[rule.key].yes: rule", "ends[rule.key].no: rule"),
    backend(
        "a missing part passes",
        "durable_productions",
        "(value := memory[index]) is not None and",
        "(value := memory[index] or 0.0) is not None and",
        PROGRAM,
    ),
    backend("open leaves support", "reference", "elif is_decided(leaf, facts.get(leaf.fact)):", "else:", CHECKED),
    backend(
        "signals of the early stratum are lost",
        "durable",
        "{**facts, **conclude(first)}, signal_truths(first), goals",
        "{**facts, **conclude(first)}, signal_truths(first), frozenset()",
    ),
    backend("differences are shown and not raised", "checked", "if different:", "if not expected.truths:", CHECKED),
    backend(
        "the order of the activations is a difference",
        "checked",
        "return (*truths, *_activation_differences(expected, found))",
        "return truths",
        CHECKED,
    ),
    backend(
        "the late stratum is not compared",
        "checked",
        "        self._compare({**defined.facts, **defined.concluded}, defined.late, found[1])\n",
        "",
        CHECKED,
    ),
    # what is shown
    Fault(
        "points that do not add up",
        "engine/render/rounding.py",
        "for n in range(left):",
        "for n in range(0):",
        ROUNDING,
    ),
    Fault(
        "rounded into another band",
        "engine/render/rounding.py",
        "return next(enough, MOST_DECIMALS)",
        "return fewest",
        ROUNDING,
    ),
    Fault("raised by all", "engine/sensitivity.py", '"raised": 1.5', '"raised": 2.0', SCORING),
    Fault("the worst question first", "engine/questions.py", "-round(within.gain", "round(within.gain", EXAMPLES),
    Fault(
        "gains that are never worked out again",
        "engine/questions.py",
        "if concerned[bundle].isdisjoint(concerned[best])",
        "",
        EXAMPLES,
    ),
    scoring(
        "a score a last bit beyond 100",
        "100 * (sum(part * value for part, value in parts) / divisor)",
        "100 * sum(part * value for part, value in parts) / divisor",
        ("tests/fuzz", "-k", "found_once"),
    ),
    # files of people
    Fault(
        "a file is replaced without a second look",
        "engine/writing.py",
        "            if bytes_of(path, name) == before:\n",
        "            if True:\n",
        WRITING,
    ),
    Fault(
        "a link is replaced",
        "engine/writing.py",
        "_replace(Path(os.path.realpath(path)), text)",
        "_replace(path, text)",
        WRITING,
    ),
    Fault(
        "a comment leaves its block",
        "engine/formatting/reading.py",
        "column(offset) < column:",
        "column(offset) <= column:",
        CANONICAL,
    ),
    Fault(
        "a blank line more in a text that keeps them",
        "engine/formatting/printing.py",
        "            yield _KEPT\n",
        "            yield None\n",
        CANONICAL,
    ),
    Fault("data is not compared", "engine/formatting/form.py", "if not same_data(root, found):", "if False:", PROOF),
    Fault(
        "comments are not compared", "engine/formatting/proof.py", " and _by_path(meant) == _by_path(found)", "", PROOF
    ),
    Fault("a form that is none yet", "engine/formatting/form.py", "if printed(again) != result:", "if False:", PROOF),
    Fault(
        "an edit that changes more",
        "engine/editing/proving.py",
        "if not comments or _canonical",
        "if not comments and _canonical",
        SPLICING,
    ),
    Fault(
        "a dash goes with its first key",
        "engine/editing/splicing.py",
        'and "-" in before',
        'and "+" in before',
        SPLICING,
    ),
    Fault(
        "comments of emptied brackets go",
        "engine/editing/splicing.py",
        "if begin <= offset < stop and not own[0] <= offset < own[1]",
        "if False",
        SPLICING,
    ),
    # changes of policy
    Fault(
        "a gate that caps decides nothing",
        "engine/changes/reach.py",
        "return effect.cap_move is not None or effect.withdraws_verdict",
        "return effect.withdraws_verdict",
        TOLD,
    ),
    Fault(
        "signals reach no verdict",
        "engine/changes/reach.py",
        "yield (Kind.SIGNAL, leaf.signal)",
        "yield from ()",
        TOLD,
    ),
    Fault(
        "thresholds of the old policy set in every mix",
        "engine/changes/mixing.py",
        'if (kind, cast("Signal", thing).name) in self.retuned',
        'if (kind, cast("Signal", thing).name) in ()',
        PROOFS,
    ),
    Fault(
        "fingerprints of a value that is gone",
        "engine/changes/telling.py",
        "(plain(before), plain(after))",
        "(plain(before), None)",
        TOLD,
    ),
    Fault(
        "parts in one order only",
        "engine/impact/attribution.py",
        "weights = [factorial(k) * factorial(size - k - 1) / factorial(size) for k in range(size)]",
        "weights = [float(k == 0) for k in range(size)]",
        SHARED,
    ),
)
