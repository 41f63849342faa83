"""XGBoost's histograms on a matrix that the benchmark wrote: python3 trees_accuracy.py PATH ROWS COLUMNS THREADS SEED.

The file holds the columns, the labels and each row's side (0 train, 1 inner, 2 test) as 32-bit numbers. The probabilities of the inner side and then of the test side go to PATH.scores.
"""
import itertools, json, sys
import numpy as np, xgboost as xgb

path, rows, columns, threads, seed = sys.argv[1], *map(int, sys.argv[2:6])
values = np.fromfile(path, dtype=np.float32).reshape(columns + 2, rows)
x, y, side = np.ascontiguousarray(values[:columns].T), values[columns], values[columns + 1]
train, inner, test = (xgb.DMatrix(x[side == s], label=y[side == s], nthread=threads) for s in (0, 1, 2))
best = None
for depth, rate in itertools.product((4, 6, 8, 10), (0.05, 0.1)):
    booster = xgb.train(dict(objective="binary:logistic", tree_method="hist", max_bin=255, max_depth=depth, learning_rate=rate, subsample=0.8, colsample_bytree=0.8,
                             min_child_weight=1, reg_lambda=1, eval_metric="logloss", nthread=threads, seed=seed, base_score=float(y[side == 0].mean())),
                        train, 800, evals=[(inner, "inner")], early_stopping_rounds=50, verbose_eval=False)
    if best is None or booster.best_score < best[0].best_score:
        best = booster, depth, rate
booster, depth, rate = best
np.concatenate([booster.predict(part, iteration_range=(0, booster.best_iteration + 1)) for part in (inner, test)]).astype(np.float32).tofile(path + ".scores")
print(json.dumps(dict(depth=depth, rate=rate, rounds=booster.best_iteration + 1)))
