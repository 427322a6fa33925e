"""The two integrals behind the distributions: incomplete gamma and incomplete beta, regularised to 0..1.

Series and continued fractions of M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 6.5.29, 6.5.31 and
26.5.8, the fractions evaluated as in W. J. Lentz, Applied Optics 15 (1976) 668-671. Relative error below 1e-10 for shapes up to
10,000 (degrees of freedom up to 20,000); the number of terms grows with the square root of the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from math import exp, lgamma, log, log1p, pi

TINY = 1e-300
EPSILON = 1e-16


def gamma_tail(shape: float, x: float) -> float:
    """Q(a, x): the part of the gamma integral above x. Raises ValueError unless shape > 0 and x >= 0."""
    if not (shape > 0 and x >= 0):
        raise ValueError(f"no gamma integral for shape {shape} at {x}")
    if x == 0:
        return 1.0
    if x >= 1e5 * (1 + shape):
        return 0.0
    front = exp(_log_gamma_density(shape, x))
    if x < shape + 1:
        return 1 - front * _gamma_series(shape, x)
    return front / _lentz(x + 1 - shape, ((-i * (i - shape), x + 2 * i + 1 - shape) for i in count(1)))


def _log_gamma_density(shape: float, x: float) -> float:
    """a ln x − x − ln Γ(a); for a large shape the three cancel, so that their difference is written out."""
    if shape < 100:
        return shape * log(x) - x - lgamma(shape)
    off = (x - shape) / shape
    rest = log1p(off) - off if off > -0.9 else log(x / shape) - off
    return shape * rest + (log(shape) - log(2 * pi)) / 2 - _stirling_rest(shape)


def _gamma_series(shape: float, x: float) -> float:
    term = total = 1 / shape
    n = shape
    while term > total * EPSILON:
        n += 1
        term *= x / n
        total += term
    return total


def beta_part(a: float, b: float, x: float, y: float) -> float:
    """I_x(a, b): the part of the beta integral below x. `y` is 1 − x, given apart so that neither end is rounded off.

    Raises ValueError unless a > 0, b > 0 and both parts lie in 0..1.
    """
    if not (a > 0 and b > 0 and 0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(f"no beta integral for ({a}, {b}) at {x}")
    if x == 0 or y == 0:
        return float(y == 0)
    if x * (a + b + 2) > a + 1:
        return 1 - _beta_fraction(b, a, y, x)
    return _beta_fraction(a, b, x, y)


def _beta_fraction(a: float, b: float, x: float, y: float) -> float:
    front = exp(a * log(x) + b * log(y) - log_beta(a, b)) / a
    return front / _lentz(1.0, ((_beta_numerator(a, b, x, n), 1.0) for n in count(1)))


def _beta_numerator(a: float, b: float, x: float, n: int) -> float:
    m = n // 2
    if n % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def log_beta(a: float, b: float) -> float:
    """ln B(a, b), without the loss of ln Γ(a + b) − ln Γ(a) where a is large."""
    small, large = sorted((a, b))
    if large < 100:
        return lgamma(a) + lgamma(b) - lgamma(a + b)
    total = small + large
    rise = (large - 0.5) * log1p(small / large) + small * log(total) - small
    return lgamma(small) - rise - (_stirling_rest(total) - _stirling_rest(large))


def _stirling_rest(x: float) -> float:
    """What Stirling's formula leaves out of ln Γ(x), for x >= 100 (Abramowitz and Stegun 6.1.41)."""
    return (1 / 12 - (1 / 360 - 1 / (1260 * x * x)) / (x * x)) / x


def _lentz(first: float, terms: Iterable[tuple[float, float]]) -> float:
    """The continued fraction first + n1 / (d1 + n2 / (d2 + …)) of pairs (n, d)."""
    value = c = first or TINY
    d = 0.0
    for numerator, denominator in terms:
        d = 1 / (denominator + numerator * d or TINY)
        c = denominator + numerator / c or TINY
        value *= c * d
        if abs(c * d - 1) < 10 * EPSILON:
            break
    return value


def solve_decreasing(tail: Callable[[float], float], target: float) -> float:
    """The x >= 0 at which a falling function of x, 1 at 0, comes down to `target`: doubled until past it, then halved to the last bit."""
    low, high = 0.0, 1.0
    while tail(high) > target:
        low, high = high, 2 * high
    while low < (middle := (low + high) / 2) < high:
        if tail(middle) > target:
            low = middle
        else:
            high = middle
    return high
