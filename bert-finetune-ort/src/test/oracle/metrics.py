"""golden/metrics.json of the api module: scikit-learn's classification metrics on random predictions."""
import random

from sklearn.metrics import (
    accuracy_score,
    f1_score,
    matthews_corrcoef,
    precision_score,
    recall_score,
)

from common import ORACLE, save_json

API = ORACLE.parents[3] / "bert-finetune-api"
FOLDER = API / "src" / "test" / "resources" / "golden"


def measured(name, labels, y_true, y_pred, positive):
    scores = {"accuracy": accuracy_score(y_true, y_pred), "matthews_correlation": matthews_corrcoef(y_true, y_pred)}
    for metric, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        for average in ("micro", "macro", "weighted"):
            scores[f"{metric}_{average}"] = score(y_true, y_pred, labels=labels, average=average, zero_division=0)
        scores[f"{metric}_binary"] = score(
            [y == positive for y in y_true], [y == positive for y in y_pred], pos_label=True, zero_division=0
        )
    return {
        "name": name,
        "labels": labels,
        "positive": positive,
        "y_true": y_true,
        "y_pred": y_pred,
        "scores": {key: float(value) for key, value in scores.items()},
    }


def main():
    draw = random.Random(7)
    words = ["alpha", "beta", "gamma", "delta", "epsilon"]

    def case(name, labels, size, right, true_labels=None, predicted_labels=None):
        """right: the share of predictions that copy the truth where they may."""
        y_true = [draw.choice(true_labels or labels) for _ in range(size)]
        allowed = predicted_labels or labels
        y_pred = [y if y in allowed and draw.random() < right else draw.choice(allowed) for y in y_true]
        return measured(name, labels, y_true, y_pred, labels[1])

    yes_no = ["no", "yes"]
    cases = [
        case("two labels", yes_no, 40, 0.7),
        case("two labels, chance", yes_no, 31, 0.0),
        case("two labels, one never predicted", yes_no, 20, 0.5, predicted_labels=["no"]),
        case("two labels, one never true", yes_no, 20, 0.5, true_labels=["no"]),
        case("two labels, only the positive present", yes_no, 12, 1.0, ["yes"], ["yes"]),
        case("two labels, only the negative present", yes_no, 12, 1.0, ["no"], ["no"]),
        measured("two labels, all wrong", yes_no, ["no", "yes"] * 5, ["yes", "no"] * 5, "yes"),
        measured("one example", yes_no, ["yes"], ["yes"], "yes"),
        case("three labels", words[:3], 50, 0.6),
        case("three labels, unbalanced", words[:3], 60, 0.5, ["alpha"] * 8 + ["beta", "gamma"]),
        case("three labels, all right", words[:3], 15, 1.0),
        case("four labels, one never true, another never predicted", words[:4], 45, 0.5, words[:3], words[1:4]),
        case("five labels", words, 80, 0.5),
        case("five labels, two absent everywhere", words, 30, 0.5, words[:3], words[:3]),
    ]
    save_json(FOLDER / "metrics.json", {"made_by": "bert-finetune-ort/src/test/oracle/metrics.py", "cases": cases})


if __name__ == "__main__":
    main()
