"""golden/scored_metrics.json: SciPy, scikit-learn and the SQuAD script on random and on odd predictions."""
import json
import math
import warnings
from pathlib import Path

import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, mean_absolute_error, mean_squared_error, roc_auc_score
from transformers.data.metrics.squad_metrics import compute_exact, compute_f1, normalize_answer

FILE = Path(__file__).resolve().parent.parent / "resources" / "golden" / "scored_metrics.json"
BINS = [1, 10, 15]


def number(value):
    """JSON has no NaN: null."""
    return None if math.isnan(value) else float(value)


def regression(name, truths, predictions):
    truths, predictions = np.asarray(truths, dtype=float), np.asarray(predictions, dtype=float)
    return {
        "name": name,
        "truths": truths.tolist(),
        "predictions": predictions.tolist(),
        "pearson": number(pearsonr(predictions, truths).statistic) if len(truths) > 1 else None,
        "spearmanr": number(spearmanr(predictions, truths).statistic),
        "mse": mean_squared_error(truths, predictions),
        "mae": mean_absolute_error(truths, predictions),
    }


def calibration_error(right, confidences, bins):
    """Bin means by scikit-learn, which leaves out empty bins; right edges belong to the bin, there as here."""
    right_share, confidence = calibration_curve(right, confidences, n_bins=bins, strategy="uniform")
    bin_of = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidences)
    counts = np.bincount(bin_of)
    return float(np.sum(counts[counts > 0] * np.abs(right_share - confidence)) / len(confidences))


def classification(name, labels, truths, probabilities):
    """The positive label is the second; predicted is the most probable, the first of equals."""
    truths, probabilities = np.asarray(truths), np.asarray(probabilities, dtype=float)
    predictions = probabilities.argmax(axis=1)
    right, confidences = predictions == truths, probabilities.max(axis=1)
    is_positive = truths == 1
    if len(labels) == 2:
        macro = np.mean([roc_auc_score(truths == label, probabilities[:, label]) for label in (0, 1)])
    else:
        macro = roc_auc_score(truths, probabilities, multi_class="ovr", average="macro", labels=range(len(labels)))
    return {
        "name": name,
        "labels": labels,
        "truths": [labels[t] for t in truths],
        "predictions": [labels[p] for p in predictions],
        "probabilities": probabilities.tolist(),
        "roc_auc": number(roc_auc_score(is_positive, probabilities[:, 1])),
        "roc_auc_macro": number(macro),
        "average_precision": float(average_precision_score(is_positive, probabilities[:, 1])),
        "calibration_error": {str(bins): calibration_error(right, confidences, bins) for bins in BINS},
    }


def answer(truths, prediction):
    """transformers has the script of SQuAD 2.0, to which two answers of which nothing is left have F1 1, not 0."""
    left = normalize_answer(prediction) != ""
    return {
        "truths": truths,
        "prediction": prediction,
        "exact_match": 100.0 * max(compute_exact(truth, prediction) for truth in truths),
        "f1": 100.0 * max(compute_f1(truth, prediction) for truth in truths) if left else 0.0,
    }


def regressions(draw):
    for size, noise in ((3, 0.1), (50, 0.5), (200, 5.0)):
        truths = draw.normal(size=size)
        yield regression(f"{size} numbers", truths, truths + noise * draw.normal(size=size))
    truths = draw.uniform(0, 5, size=80)
    yield regression("falling", truths, 3 - truths + 0.3 * draw.normal(size=80))
    yield regression("ties", draw.integers(0, 5, size=60), draw.integers(0, 5, size=60))
    yield regression("zeros of both signs", [0.0, -0.0, 1.0, -1.0, 0.0], [-0.0, 1.0, 0.0, -1.0, 2.0])
    truths = draw.normal(size=100)
    yield regression("far from zero", 1e8 + truths, 1e8 + truths + draw.normal(size=100))
    yield regression("two numbers", [1.0, 2.0], [5.0, 7.0])
    yield regression("all right", [0.1, 0.2, 0.7], [0.1, 0.2, 0.7])
    yield regression("predictions all the same", [1.0, 2.0, 4.0], [0.1, 0.1, 0.1])
    yield regression("truths all the same", [0.1, 0.1, 0.1], [1.0, 2.0, 4.0])
    yield regression("one number", [1.0], [3.0])


def classifications(draw):
    words = ["alpha", "beta", "gamma", "delta"]

    def case(name, labels, truths, decimals=None):
        logits = draw.normal(size=(len(truths), labels)) + 1.2 * np.eye(labels)[truths]
        probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return classification(
            name, words[:labels], truths, probabilities if decimals is None else probabilities.round(decimals))

    yield case("two labels", 2, draw.integers(0, 2, size=60))
    yield case("two labels, equal probabilities", 2, draw.integers(0, 2, size=60), 1)
    yield case("two labels, one rare", 2, (draw.random(200) < 0.05).astype(int))
    yield case("two labels, the positive never true", 2, np.zeros(9, dtype=int))
    yield case("two labels, only the positive true", 2, np.ones(9, dtype=int))
    yield case("three labels", 3, draw.integers(0, 3, size=90))
    yield case("four labels, one never true", 4, draw.integers(0, 3, size=40))
    yield classification("all right and sure", words[:2], [0, 1, 1], [[1, 0], [0, 1], [0, 1]])
    yield classification("all wrong and sure", words[:2], [1, 0, 0], [[1, 0], [0, 1], [0, 1]])
    yield classification("one example", words[:2], [1], [[0.3, 0.7]])


def answers(draw):
    odd = [
        (["Denver Broncos"], "the Denver Broncos."),
        (["Denver Broncos"], "Broncos"),
        (["1,500"], "1500"),
        (["a theory", "theory of a game"], "The theory"),
        (["Panthers", "the Carolina Panthers"], "Carolina  Panthers"),
        (["banana"], "an anagram of the bananas"),
        (["U.S.A."], "usa"),
        (["state-of-the-art"], "state of the art"),
        (["snow snow snow"], "snow snow rain"),
        (["the"], "the"),
        (["the"], "a"),
        (["the", "the cat"], "cat"),
        (["cat"], ""),
        (["St.\u00a0Gallen"], "st gallen"),
        (["caf\u00e9 \u201cA\u201d"], "the caf\u00e9 a"),
        (["\u00e9tude an\u00e9e"], "\u00c9TUDE an\u00c9e"),
        (["a\u0301n the\u0301"], "n"),
        (["a\u00b2 a2 a_b"], "a2"),
        (["\u0130stanbul"], "istanbul"),
        (["\u9577\u5b89 a \u5317\u4eac"], "\u9577\u5b89 \u5317\u4eac"),
        (["\U0001d4b6the"], "the \U0001d4b6the"),
        (["one\u2003two\u0085three\u001ffour"], "one two three four"),
        (["$5 + $6 = <11>"], "5 6 11"),
        (["\u03a3\u0399\u03a3\u03a5\u03a6\u039f\u03a3"], "\u03c3\u03b9\u03c3\u03c5\u03c6\u03bf\u03c2"),
    ]
    yield from (answer(*case) for case in odd)
    words = ["The", "the", "a", "An", "river", "River,", "bridge", "of", "steel", "1932", "(1932)", "\u2013"]
    for _ in range(60):
        def some():
            return " ".join(draw.choice(words, size=draw.integers(1, 6)))

        yield answer([some() for _ in range(draw.integers(1, 4))], some())


def main():
    warnings.simplefilter("ignore")  # of undefined numbers
    golden = {
        "made_by": "bert-finetune-api/src/test/oracle/scored_metrics.py",
        "regressions": list(regressions(np.random.default_rng(1))),
        "classifications": list(classifications(np.random.default_rng(2))),
        "answers": list(answers(np.random.default_rng(3))),
    }
    FILE.write_text(json.dumps(golden, separators=(",", ":"), allow_nan=False) + "\n", encoding="ascii")
    print(FILE.name, FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
