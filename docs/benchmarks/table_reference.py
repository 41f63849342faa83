"""XGBoost and scikit-learn on the split of `evaluate table --split hash:1..5`, for comparison.

Needs Debian's python3-xgboost, python3-sklearn and python3-pandas; nothing of the product uses it.
usage: python3 table_reference.py FILE.csv LABEL POSITIVE
"""
import csv, hashlib, itertools, sys
import numpy as np, pandas as pd, xgboost as xgb
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler


def bucket(key):
    return int.from_bytes(hashlib.md5(key.encode()).digest()[:4], "big") % 100


def split(rows, seed):
    leaders, test, inner = {}, [], []
    for number, row in enumerate(rows):
        leader = leaders.setdefault(tuple(row), number)
        test.append(bucket(f"{leader}:{seed}") < 20)
        inner.append(not test[-1] and bucket(f"{leader}:{seed}-inner") < 15)
    return np.array(test), np.array(inner)


path, label, positive = sys.argv[1:4]
with open(path, newline="", encoding="utf-8") as file:
    header, *rows = list(csv.reader(file))
frame = pd.read_csv(path, dtype={label: str})
y = (frame[label] == positive).astype(int).to_numpy()
x = pd.get_dummies(frame.drop(columns=[label]), dtype=float)
means = {"xgboost": [], "logistic": []}
for seed in range(1, 6):
    test, inner = split(rows, seed)
    train = ~test & ~inner
    check = hashlib.md5(",".join(map(str, np.flatnonzero(test))).encode()).hexdigest()[:12]
    best = None
    for depth, child in itertools.product((3, 4, 6, 8), (1, 5)):
        model = xgb.XGBClassifier(n_estimators=1000, learning_rate=0.05, max_depth=depth, min_child_weight=child, subsample=0.8, colsample_bytree=0.8,
                                  tree_method="hist", n_jobs=2, random_state=seed, early_stopping_rounds=50, eval_metric="logloss")
        model.fit(x[train], y[train], eval_set=[(x[inner], y[inner])], verbose=False)
        loss = log_loss(y[inner], model.predict_proba(x[inner])[:, 1])
        if best is None or loss < best[0]:
            best = (loss, depth, child, roc_auc_score(y[test], model.predict_proba(x[test])[:, 1]))
    scaler = StandardScaler().fit(x[train])
    logistic = min((LogisticRegression(C=c, max_iter=2000).fit(scaler.transform(x[train]), y[train]) for c in (0.001, 0.01, 0.1, 1, 10)),
                   key=lambda m: log_loss(y[inner], m.predict_proba(scaler.transform(x[inner]))[:, 1]))
    means["xgboost"].append(best[3])
    means["logistic"].append(roc_auc_score(y[test], logistic.predict_proba(scaler.transform(x[test]))[:, 1]))
    print(f"hash:{seed} split_check {check} xgboost {best[3]:.4f} (depth {best[1]}, child {best[2]}) logistic {means['logistic'][-1]:.4f}", flush=True)
print({name: round(float(np.mean(values)), 4) for name, values in means.items()}, "xgboost", xgb.__version__)
