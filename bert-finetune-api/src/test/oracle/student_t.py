"""Student's t for StudentTTest: how far from 0 a variable lies at most with a probability, scipy's t.ppf((1 + p) / 2, n)."""

from scipy.stats import t

for n in (1, 2, 3, 4, 5, 9, 29, 100, 1001):
    for p in (0.5, 0.95, 0.99):
        print(f"{n}, {p}, {t.ppf((1 + p) / 2, n):.10g}")
